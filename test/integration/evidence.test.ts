import { randomUUID, generateKeyPairSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditEntry, type AuditEntry } from '../../src/access/audit/entry.ts';
import { encodeRows } from '../../src/event/batch.ts';
import { readConfig } from '../../src/config.ts';
import { emptyEvent, type Event } from '../../src/event/event.ts';
import { sealedRecordsOf } from '../../src/export-seals.ts';
import type { ExportQuery } from '../../src/exports/export-job.ts';
import { runExport } from '../../src/exports/run-export.ts';
import { EmbeddedEventLog } from '../../src/event-log/embedded.ts';
import { canonicalOf } from '../../src/evidence/canonical.ts';
import { linesOf } from '../../src/evidence/event-blocks.ts';
import { evidenceFiles, STREAMS } from '../../src/evidence/evidence-export.ts';
import { Expiry } from '../../src/evidence/expiry.ts';
import type { Hold } from '../../src/evidence/hold.ts';
import { HoldDesk } from '../../src/evidence/hold-desk.ts';
import { leafOf } from '../../src/evidence/merkle.ts';
import { publicPemOf, readSeal, type Note } from '../../src/evidence/seal.ts';
import { Sealer } from '../../src/evidence/sealer.ts';
import type { Finding } from '../../src/finding/finding.ts';
import { keepSeals } from '../../src/keep-seals.ts';
import { checkRetention, RetentionInForce } from '../../src/retention.ts';
import { StoreQueries } from '../../src/store/queries.ts';
import { storeClient, type StoreAddress, type StoreClient } from '../../src/store/client.ts';
import { HoldQueries } from '../../src/store/hold-queries.ts';
import { migrate } from '../../src/store/migrate.ts';
import { SealQueries } from '../../src/store/seal-queries.ts';
import { EVENT_FIELDS } from '../../src/store/sealed-columns.ts';
import { TableCheck } from '../../src/store/table-check.ts';
import { TableWriter } from '../../src/store/table-writer.ts';
import { AUDIT, FINDINGS } from '../../src/store/tables.ts';
import { StoreWriter } from '../../src/store/writer.ts';
import { Leaves } from '../../src/verifier/canonical.ts';
import { verifyExport, type Report } from '../../src/verifier/verify.ts';
import { TOPICS } from '../event-log/conformance-topics.ts';
import { aFinding } from '../store/a-finding.ts';
import { sealAndKill, SEALER_STEPS } from './sealer-process.ts';
import { SealedStore } from './tampering/sealed-store.ts';
import { someTamperings, wholeTamperings, type Tried } from './tampering/tamper-rounds.ts';
import { startStore, type StoreProcess } from './store-process.ts';

const dir = mkdtempSync(join(tmpdir(), 'wanglou-evidence-'));
const key = generateKeyPairSync('ed25519').privateKey;
const keys = { signer: async () => ({ key, notes: [] }), current: async () => key };
const log = new EmbeddedEventLog({
  dir: join(dir, 'log'),
  topics: { ...TOPICS, events: { ...TOPICS.events, partitions: 2 } },
  onProblem: () => undefined,
  onFatal: (error) => {
    throw error;
  },
});
let store: StoreProcess;
let address: StoreAddress;
let client: StoreClient;
let queries: SealQueries;
let exports = 0;
let kills = 0;

beforeAll(async () => {
  store = await startStore();
  address = { url: store.url, user: 'default', password: store.password, database: 'wanglou' };
  await migrate(address, { retentionDays: 400 });
  client = storeClient(address);
  queries = new SealQueries(client);
  await log.start();
});
afterAll(async () => {
  await log.stop();
  await client.close();
  await store.stop();
  rmSync(dir, { recursive: true, force: true });
});

function anEvent(n: number): Event {
  return {
    ...emptyEvent(),
    ...{ id: randomUUID(), time: 1_790_000_000_000 + n, ingestTime: Date.now(), sequence: n, source: 'gateway' },
    ...{ account: `李娜${n}`, privileged: n % 2 === 0, fields: ['姓名', 'id:1'], attributes: ['b', '1', 'a', '3:x'] },
    ...{ message: `导出 "${n}"\n\\ / \t 第二行 \u0000 \ud83d\ude00 ${'x'.repeat(n)}`, rows: 2 ** 40 + n },
  };
}

/** As detection stores and commits them; the first batch twice, as after a crash. */
async function storeEvents(partition: number, offset: number, events: readonly Event[]): Promise<void> {
  const writer = new StoreWriter({ client });
  writer.start();
  const block = Buffer.from(encodeRows(events, events.map((_, index) => ({ partition, offset, index })))); // prettier-ignore
  for (let times = 0; times < 2; times++) {
    writer.add(block, events.length, { partition, offset });
    await writer.flushed();
  }
  writer.stop();
  await log.commit('detect', [{ topic: 'events', partition, offset: offset + 1 }]);
}

function sealer(digest: 'sha256' | 'sm3' = 'sha256', notes: Note[] = []): Sealer {
  return new Sealer({
    ...{ log, store: queries, keys, digest, program: '0.1.0', access: 'full' },
    notes: () => notes.splice(0),
    onProblem: (_, error) => {
      throw error;
    },
  });
}

async function exported(): Promise<string> {
  const folder = join(dir, `export-${exports++}`);
  const range = { from: 0, to: Date.now() + 60_000, streams: STREAMS, by: 'lina' };
  const files = evidenceFiles(queries, { key, folder, program: '0.1.0' }, range);
  while ((await files.next()).done !== true);
  return folder;
}

async function verified(): Promise<Report> {
  return verifyExport({ folder: await exported(), key: publicPemOf(key) });
}

interface Line {
  metadata: { uid: string; profiles?: string[] };
  attestation?: {
    uid: string;
    chain_uid: string;
    authority_uid: string;
    fingerprint: { algorithm: string; value: string };
  };
}

/** The lines of an export as OCSF, with nothing in them that the store has but ids and what is of seals. */
async function exportedLines(query: ExportQuery): Promise<Line[]> {
  const path = join(dir, `lines-${exports++}.ndjson`);
  const masked = <T>(data: T): T => ({ ...(data as object), message: 'masked', raw_data: 'masked' }) as T;
  await runExport(path, { query, asked: {}, format: 'ndjson', zone: 'UTC', bom: false }, {
    records: () => expect.unreachable(),
      sql: () => expect.unreachable(),
    sealed: (asked) => sealedRecordsOf(client, queries, asked),
    ...{ mask: masked, onProgress: () => undefined, limits: { maxBytes: 1e9, used: () => Promise.resolve(0) } },
  }); // prettier-ignore
  return readFileSync(path, 'utf8').trim().split('\n').map((line) => JSON.parse(line) as Line); // prettier-ignore
}

const ALL_EVENTS: ExportQuery = {
  of: 'events',
  filter: { from: 0, to: 1_800_000_000_000, zone: 'UTC', asOf: 1_900_000_000_000 },
};

/** Digests of all records of an evidence export, as the verifier computes them, by what the verifier calls their stream and place. */
async function verifierLeaves(digestOfSeal: (seal: number) => 'sha256' | 'sm3'): Promise<Set<string>> {
  const folder = await exported();
  const found = new Set<string>();
  for (const name of readdirSync(folder).filter((one) => one.startsWith('records-'))) {
    let leaves = new Leaves('sha256');
    for (const line of readFileSync(join(folder, name), 'utf8').trim().split('\n')) {
      const bytes = Buffer.from(line);
      if (line.startsWith('{')) leaves = new Leaves(digestOfSeal((JSON.parse(line) as { seal: number }).seal));
      else found.add(leaves.leafOf(bytes, 0, bytes.length)!.toString('hex'));
    }
  }
  return found;
}

async function tamper(query: string): Promise<void> {
  await client.command({ query, clickhouse_settings: { mutations_sync: '1' } });
}

describe('evidence in the real store', () => {
  it('is hashed by the engine as everybody can hash it from an export', async () => {
    await storeEvents(
      0,
      0,
      Array.from({ length: 50 }, (_, n) => anEvent(n)),
    );
    const places = { partition: 0, from: 0, to: 1 };
    const leaves = await queries.leaves(places);
    const lines = linesOf(await queries.lines(places));
    expect(lines.length).toBe(50);
    expect(leaves.map(({ leaf }) => leaf)).toEqual(lines.map((fields) => leafOf('sha256', canonicalOf(fields)).toString('hex'))); // prettier-ignore
    const field = (name: string): string => lines[3]![EVENT_FIELDS.indexOf(name) + 1]!;
    expect([
      field('account'),
      field('privileged'),
      field('fields'),
      field('attributes'),
      field('rows'),
      field('index'),
    ]).toEqual([...['李娜3', '0', '6:姓名4:id:1', '1:a3:3:x1:b1:1', String(2 ** 40 + 3), '3']]);
  });

  it('is intact in an export, with what was inserted twice once', async () => {
    await storeEvents(
      1,
      0,
      Array.from({ length: 30 }, (_, n) => anEvent(n)),
    );
    const entry = auditEntry({ id: randomUUID(), at: Date.now(), action: 'reveal', reason: '核实 "线索"' });
    await log.append([{ topic: 'audit', partition: 0, key: entry.id, value: Buffer.from(JSON.stringify(entry)) }]);
    await sealer().seal();
    await storeEvents(
      0,
      1,
      Array.from({ length: 20 }, (_, n) => anEvent(n)),
    );
    const lines = await exportedLines(ALL_EVENTS);
    expect(lines.filter(({ attestation }) => attestation !== undefined)).toHaveLength(80);
    const plain = lines.filter(({ metadata }) => metadata.profiles === undefined);
    expect(plain.map(({ attestation }) => attestation)).toEqual(Array.from({ length: 20 }));
    await sealer('sm3').seal();
    expect(await verified()).toMatchObject({ result: 'intact', records: 101, blocks: 4, problems: [] });
  });

  it('has in exports of events the digest that the verifier computes, of whichever kind its seal is', async () => {
    const lines = await exportedLines(ALL_EVENTS);
    expect(lines).toHaveLength(100);
    const leaves = await verifierLeaves((seal) => (seal === 1 ? 'sha256' : 'sm3'));
    const { chain, key: keyId } = readSeal((await queries.lastSeal())!);
    const kinds = new Map<string, number>();
    for (const { metadata, attestation } of lines) {
      expect(metadata.profiles).toEqual(['record_integrity']);
      expect(attestation).toMatchObject({ chain_uid: chain, authority_uid: keyId });
      expect(leaves).toContain(attestation!.fingerprint.value);
      const kind = `seal ${attestation!.uid.split('/', 1)[0]}, ${attestation!.fingerprint.algorithm}`;
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    }
    expect(Object.fromEntries(kinds)).toEqual({ 'seal 1, SHA-256': 80, 'seal 2, SM3': 20 });
    expect(new Set(lines.map(({ attestation }) => attestation!.uid)).size).toBe(100);
  });

  it.each([
    [
      'changed',
      "ALTER TABLE events UPDATE account = 'nobody' WHERE partition = 1 AND `index` = 7",
      'record-changed',
      7,
    ],
    ['removed', 'ALTER TABLE events DELETE WHERE partition = 1 AND `index` = 11', 'record-removed', 11],
    [
      'inserted',
      'INSERT INTO events SELECT * REPLACE (generateUUIDv4() AS id) FROM events_once WHERE partition = 1 AND `index` = 3',
      'record-inserted',
      4,
    ],
  ] as const)('shows what was %s in the store, and which record it is', async (_, statement, kind, record) => {
    await client.command({ query: 'CREATE TABLE spare AS events' });
    await client.command({ query: 'INSERT INTO spare SELECT * FROM events_once' });
    await tamper(statement);
    const report = await verified();
    const [problem] = report.problems;
    expect(report.problems.length).toBe(1);
    expect(problem).toMatchObject({ kind, stream: 'events/1', seal: 1 });
    expect(Math.abs(problem!.record! - record)).toBeLessThanOrEqual(1);
    await client.command({ query: 'TRUNCATE TABLE events' });
    await client.command({ query: 'INSERT INTO events SELECT * FROM spare' });
    await client.command({ query: 'DROP TABLE spare' });
    expect((await verified()).result).toBe('intact');
  });
});

describe('a sealer that is killed', () => {
  it.each(SEALER_STEPS)('before %s, leaves no gap and no fork: the next one goes on', async (killBefore) => {
    const before = (await queries.lastSeal())!;
    const offset = kills++;
    await storeEvents(
      1,
      1 + offset,
      Array.from({ length: 5 }, (_, n) => anEvent(n)),
    );
    const entry = auditEntry({ id: randomUUID(), at: Date.now(), action: 'reveal' });
    await log.append([{ topic: 'audit', partition: 0, key: entry.id, value: Buffer.from(JSON.stringify(entry)) }]);
    const pem = key.export({ type: 'pkcs8', format: 'pem' }) as string;
    const at = { url: store.url, password: store.password };
    await sealAndKill({ logDir: join(dir, 'log'), store: at, key: pem, killBefore });
    await sealer().seal();
    const last = readSeal((await queries.lastSeal())!);
    expect(last.ends['events/1']).toMatchObject({ to: 2 + offset, records: 35 + 5 * offset });
    expect(last.ends['audit']).toEqual({ to: 2 + offset, records: 2 + offset });
    expect(last.number).toBeGreaterThan(readSeal(before).number);
    expect(await verified()).toMatchObject({ result: 'intact', records: 107 + 6 * offset, problems: [] });
  });
});

describe('the store compared with its seals', () => {
  it('differs where a table that people query was changed behind its back', async () => {
    const tables = new TableCheck(client, { days: { audit: 1_826 }, storedTo: async () => Infinity });
    const found = (): Promise<unknown[]> =>
      queries.records('audit', 0, 10).then((all) => tables.differing('audit', all));
    expect(await found()).toHaveLength(1 + kills);
    const entries = (await queries.records('audit', 0, 10)).map(({ record }) => JSON.parse(record) as AuditEntry);
    await new TableWriter(client, AUDIT).write(entries);
    expect(await found()).toEqual([]);
    const lines = await exportedLines({ of: 'audit', search: { from: 0, to: Date.now() + 1 }, asOf: Date.now() });
    const leaves = await verifierLeaves((seal) => (seal === 2 ? 'sm3' : 'sha256'));
    expect(lines).toHaveLength(1 + kills);
    for (const { attestation } of lines) expect(leaves).toContain(attestation!.fingerprint.value);
    await tamper("ALTER TABLE audit UPDATE reason = 'nothing' WHERE reason != ''");
    expect(await found()).toMatchObject([{ stream: 'audit', place: 0 }]);
  });
});

describe('a store and a log that somebody tampers with who may write to both', () => {
  const sealed = new SealedStore();
  beforeAll(() => sealed.start(4, store));
  afterAll(() => sealed.stop());

  async function missed(tries: AsyncIterable<Tried>): Promise<Tried[]> {
    const found: Tried[] = [];
    for await (const one of tries) if (!one.located) found.push(one);
    return found;
  }

  /** `npm run bench -- tampering` tries thousands. */
  it('differ from their seals at the very place, whatever was changed, removed, inserted, hidden or moved', async () => {
    expect(await sealed.differences()).toEqual([]);
    expect(await missed(someTamperings(sealed, 25, Date.now()))).toEqual([]);
  }, 120_000);

  it('differ where a whole table, a day, a view or a part of the chain was put in the place of another', async () => {
    expect(await missed(wholeTamperings(sealed, Date.now()))).toEqual([]);
    expect(await sealed.differences()).toEqual([]);
    expect((await sealed.verified()).result).toBe('intact');
  }, 120_000);
});

const DAY_MS = 86_400_000;
const OLD_DAYS = [410, 405, 402] as const;

/** The day so many days ago, UTC. */
function dayAgo(days: number): number {
  return Math.floor(Date.now() / DAY_MS) * DAY_MS - days * DAY_MS;
}

async function daysOfEvents(): Promise<number[]> {
  await client.command({ query: 'OPTIMIZE TABLE events FINAL' });
  const result = await client.query({
    query: 'SELECT DISTINCT toUnixTimestamp(toStartOfDay(ingest_time)) * 1000 AS day FROM events ORDER BY day',
    format: 'JSONEachRow',
    clickhouse_settings: { output_format_json_quote_64bit_integers: 0 },
  });
  return (await result.json<{ day: number }>()).map(({ day }) => day);
}

describe('what is older than it is kept', () => {
  const retention = { retentionDays: 400 };
  let expiry: Expiry;
  let desk: HoldDesk;
  let forged: readonly string[];

  /** What a program that starts makes a desk of. */
  const holdParts = () => {
    const holds = new HoldQueries(client, queries, retention);
    return {
      ...{ table: log.table('holds'), needsTwo: true, onProblem: () => undefined },
      enforce: (all: readonly Hold[]) => holds.enforce(all),
      onForged: (ids: readonly string[]) => (forged = ids),
    };
  };

  beforeAll(async () => {
    const holds = new HoldQueries(client, queries, retention);
    const enforceHolds = () => desk.enforce();
    expiry = new Expiry({ store: holds, days: { events: 400 }, enforceHolds, onProblem: () => undefined });
    desk = new HoldDesk(holdParts());
  });

  it('stays for as long as a legal hold is about it, however the programs start again, and other days go', async () => {
    const held = await desk.place({ name: '案件-7', from: 0, to: Date.now(), assets: ['people'], actors: [], incident: '' }, '检察院来函', 'lina'); // prettier-ignore
    expect(held.isEnforced).toBe(true);
    for (const [n, days] of OLD_DAYS.entries()) {
      const ingestTime = dayAgo(days) + 3_600_000;
      const asset = days === 405 ? 'people' : 'roads';
      const events = Array.from({ length: 10 }, (_, at) => ({
        ...anEvent(at),
        ingestTime,
        asset: at === 4 ? asset : 'roads',
      }));
      await storeEvents(0, 2 + n, events);
      await sealer().seal();
    }
    await new HoldDesk(holdParts()).enforce();
    expect((await daysOfEvents()).slice(0, 3)).toEqual(OLD_DAYS.map(dayAgo));
    await expiry.look();
    await sealer('sha256', expiry.takeNotes()).seal();
    await expiry.look();
    expect((await daysOfEvents()).slice(0, 2)).toEqual([dayAgo(405), expect.any(Number)]);
    expect((await daysOfEvents())[1]).toBeGreaterThan(dayAgo(400));
    expect(await verified()).toMatchObject({ result: 'intact', expired: 2, problems: [] });
  });

  it('is missed by the verifier when it went in spite of the hold', async () => {
    await client.command({ query: 'CREATE TABLE spare AS events' });
    await client.command({
      query: `INSERT INTO spare SELECT * FROM events WHERE ingest_time < now() - INTERVAL 400 DAY`,
    });
    await tamper('ALTER TABLE events DELETE WHERE ingest_time < now() - INTERVAL 400 DAY');
    expect((await verified()).problems).toMatchObject([{ kind: 'block-removed', stream: 'events/0' }]);
    await client.command({ query: 'INSERT INTO events SELECT * FROM spare' });
    await client.command({ query: 'DROP TABLE spare' });
    expect((await verified()).result).toBe('intact');
  });

  it('stays when somebody takes the hold out of the store: it is put back', async () => {
    await tamper('ALTER TABLE holds DELETE WHERE 1');
    await desk.enforce();
    expect(await new HoldQueries(client, queries, retention).anyHold()).toBe(true);
  });

  it('stays when somebody writes into the store that the hold is released: that is undone, told, and expires nothing', async () => {
    await client.command({ query: "INSERT INTO holds SELECT * REPLACE ('released' AS state, 4000000000 AS version) FROM holds FINAL" }); // prettier-ignore
    const [hold] = await desk.list();
    await expiry.look();
    expect(forged).toEqual([hold!.id]);
    expect(await new HoldQueries(client, queries, retention).anyHold()).toBe(true);
    expect((await daysOfEvents())[0]).toBe(dayAgo(405));
    expect(expiry.takeNotes()).toEqual([]);
  });

  it('goes when two people have released it, and the chain says so', async () => {
    const [hold] = await desk.list();
    await desk.askRelease(hold!.id, '案件已结', 'lina');
    await expect(desk.decideRelease(hold!.id, true, 'lina')).rejects.toThrow('lina asked for this');
    expect((await daysOfEvents())[0]).toBe(dayAgo(405));
    expect(await desk.decideRelease(hold!.id, true, 'sun')).toMatchObject({ hold: { state: 'released', releasedBy: 'sun' }, isEnforced: true }); // prettier-ignore
    await expiry.look();
    await sealer('sha256', expiry.takeNotes()).seal();
    await tamper('ALTER TABLE events MATERIALIZE TTL');
    expect((await daysOfEvents())[0]).toBeGreaterThan(dayAgo(400));
    expect(await verified()).toMatchObject({ result: 'intact', expired: 3, problems: [] });
  });
});

describe('a finding in an export', () => {
  it('has the digest of the revision that it is of, and none while that is not sealed', async () => {
    const now = Date.now();
    const sealed = aFinding({ id: randomUUID(), revision: 1, lastTime: now, causedAt: now });
    const value = Buffer.from(JSON.stringify(sealed));
    await log.append([{ topic: 'findings', partition: 0, key: sealed.id, value }]);
    await sealer().seal();
    const unsealed = { ...sealed, id: randomUUID() };
    await new TableWriter(client, FINDINGS).write([sealed, unsealed]);
    const lines = await exportedLines({ of: 'findings', filter: {}, asOf: now + 1_000 });
    const [own, other] = [sealed, unsealed].map(({ id }) => lines.find(({ metadata }) => metadata.uid.startsWith(id)));
    const leaf = leafOf('sha256', canonicalOf(['wanglou-record-1', 'findings', '0', sealed.id, value.toString()]));
    expect(own!.attestation!.fingerprint).toEqual({
      algorithm_id: 3,
      algorithm: 'SHA-256',
      value: leaf.toString('hex'),
    });
    expect(own!.attestation!.uid).toMatch(/^\d+\/findings\/0$/);
    expect(other!.attestation).toBeUndefined();
  });
});

describe('differences between the store and its seals', () => {
  it('lead to a critical finding for operators where they differ, once however often they are compared', async () => {
    mkdirSync(join(dir, 'access'));
    writeFileSync(join(dir, 'access', 'seal-key.pem'), key.export({ type: 'pkcs8', format: 'pem' }));
    await log.commit('store-audit', [{ topic: 'audit', partition: 0, offset: 1 + kills }]);
    const config = readConfig({ WANGLOU_DATA_DIR: dir, WANGLOU_ACCESS: 'trial' });
    const seals = await keepSeals(
      config,
      checkRetention(config),
      log,
      client,
      new StoreQueries(client),
      pino({ level: 'silent' }),
    );
    for (let times = 0; times < 2; times++) {
      seals.desk.startCheck();
      await expect.poll(async () => (await seals.desk.chain()).check.state, { timeout: 60_000 }).toBe('done');
    }
    const findings: Finding[] = [];
    for await (const { value } of log.readRange('findings', 0, 0, (await log.bounds('findings', 0)).next))
      findings.push(JSON.parse(Buffer.from(value).toString()) as Finding);
    const ofAudit = findings.filter(({ explanation }) => explanation.en.includes('stream audit, at 0'));
    expect(ofAudit).toMatchObject([
      { detector: 'log-tampering', severity: 'critical', source: 'wanglou', alert: true },
    ]);
    await seals.stop();
  });
});

describe('how long events are kept', () => {
  it('is as long as was agreed on, until somebody agrees to less', async () => {
    let agreed = checkRetention({ retentionDays: 400 });
    const retention = new RetentionInForce({ retentionDays: 200 }, () => agreed);
    const holds = new HoldQueries(client, queries, retention);
    const parts = { table: log.table('holds'), needsTwo: true, onProblem: () => undefined };
    const desk = new HoldDesk({ ...parts, retention, enforce: (all) => holds.enforce(all) });
    await desk.enforce();
    expect(await daysBeforeEventsExpire()).toBe(400);
    agreed = checkRetention({ retentionDays: 200 });
    await desk.enforce();
    expect(await daysBeforeEventsExpire()).toBe(200);
  });
});

async function daysBeforeEventsExpire(): Promise<number> {
  const query =
    "SELECT create_table_query AS made FROM system.tables WHERE database = currentDatabase() AND name = 'events'";
  const [row] = await (await client.query({ query, format: 'JSONEachRow' })).json<{ made: string }>();
  return Number(/toIntervalDay\((\d+)\)/.exec(row!.made)?.[1]);
}
