import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditEntry, type AuditEntry } from '../../src/access/audit/entry.ts';
import { readConfig } from '../../src/config.ts';
import { sealedRecordsOf } from '../../src/export-seals.ts';
import type { ExportQuery } from '../../src/exports/export-job.ts';
import { runExport } from '../../src/exports/run-export.ts';
import { canonicalOf } from '../../src/evidence/canonical.ts';
import { linesOf } from '../../src/evidence/event-blocks.ts';
import { leafOf } from '../../src/evidence/merkle.ts';
import { readSeal } from '../../src/evidence/seal.ts';
import type { Finding } from '../../src/finding/finding.ts';
import { keepSeals } from '../../src/keep-seals.ts';
import { checkRetention } from '../../src/retention.ts';
import { StoreQueries } from '../../src/store/queries.ts';
import { EVENT_FIELDS } from '../../src/store/sealed-columns.ts';
import { TableCheck } from '../../src/store/table-check.ts';
import { TableWriter } from '../../src/store/table-writer.ts';
import { AUDIT, FINDINGS } from '../../src/store/tables.ts';
import { Leaves } from '../../src/verifier/canonical.ts';
import { aFinding } from '../store/a-finding.ts';
import { sealAndKill, SEALER_STEPS } from './sealer-process.ts';
import { SealedStore } from './tampering/sealed-store.ts';
import { someTamperings, wholeTamperings, type Tried } from './tampering/tamper-rounds.ts';
import { awkwardEvent, Sealing } from './sealing.ts';

let sealing: Sealing;
let kills = 0;

beforeAll(async () => {
  sealing = await Sealing.start();
});
afterAll(() => sealing.stop());

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
  const path = sealing.newPath('lines.ndjson');
  const masked = <T>(data: T): T => ({ ...(data as object), message: 'masked', raw_data: 'masked' }) as T;
  await runExport(path, { query, asked: {}, format: 'ndjson', zone: 'UTC', bom: false }, {
    records: () => expect.unreachable(),
      sql: () => expect.unreachable(),
    sealed: (asked) => sealedRecordsOf(sealing.client, sealing.queries, asked),
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
  const folder = await sealing.exported();
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

describe('evidence in the real store', () => {
  it('is hashed by the engine as everybody can hash it from an export', async () => {
    await sealing.storeEvents(
      0,
      0,
      Array.from({ length: 50 }, (_, n) => awkwardEvent(n)),
    );
    const places = { partition: 0, from: 0, to: 1 };
    const leaves = await sealing.queries.leaves(places);
    const lines = linesOf(await sealing.queries.lines(places));
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
    await sealing.storeEvents(
      1,
      0,
      Array.from({ length: 30 }, (_, n) => awkwardEvent(n)),
    );
    const entry = auditEntry({ id: randomUUID(), at: Date.now(), action: 'reveal', reason: '核实 "线索"' });
    await sealing.log.append([
      { topic: 'audit', partition: 0, key: entry.id, value: Buffer.from(JSON.stringify(entry)) },
    ]);
    await sealing.sealer().seal();
    await sealing.storeEvents(
      0,
      1,
      Array.from({ length: 20 }, (_, n) => awkwardEvent(n)),
    );
    const lines = await exportedLines(ALL_EVENTS);
    expect(lines.filter(({ attestation }) => attestation !== undefined)).toHaveLength(80);
    const plain = lines.filter(({ metadata }) => metadata.profiles === undefined);
    expect(plain.map(({ attestation }) => attestation)).toEqual(Array.from({ length: 20 }));
    await sealing.sealer('sm3').seal();
    expect(await sealing.verified()).toMatchObject({ result: 'intact', records: 101, blocks: 4, problems: [] });
  });

  it('has in exports of events the digest that the verifier computes, of whichever kind its seal is', async () => {
    const lines = await exportedLines(ALL_EVENTS);
    expect(lines).toHaveLength(100);
    const leaves = await verifierLeaves((seal) => (seal === 1 ? 'sha256' : 'sm3'));
    const { chain, key: keyId } = readSeal((await sealing.queries.lastSeal())!);
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
    await sealing.client.command({ query: 'CREATE TABLE spare AS events' });
    await sealing.client.command({ query: 'INSERT INTO spare SELECT * FROM events_once' });
    await sealing.tamper(statement);
    const report = await sealing.verified();
    const [problem] = report.problems;
    expect(report.problems.length).toBe(1);
    expect(problem).toMatchObject({ kind, stream: 'events/1', seal: 1 });
    expect(Math.abs(problem!.record! - record)).toBeLessThanOrEqual(1);
    await sealing.client.command({ query: 'TRUNCATE TABLE events' });
    await sealing.client.command({ query: 'INSERT INTO events SELECT * FROM spare' });
    await sealing.client.command({ query: 'DROP TABLE spare' });
    expect((await sealing.verified()).result).toBe('intact');
  });
});

describe('a sealer that is killed', () => {
  it.each(SEALER_STEPS)('before %s, leaves no gap and no fork: the next one goes on', async (killBefore) => {
    const before = (await sealing.queries.lastSeal())!;
    const offset = kills++;
    await sealing.storeEvents(
      1,
      1 + offset,
      Array.from({ length: 5 }, (_, n) => awkwardEvent(n)),
    );
    const entry = auditEntry({ id: randomUUID(), at: Date.now(), action: 'reveal' });
    await sealing.log.append([
      { topic: 'audit', partition: 0, key: entry.id, value: Buffer.from(JSON.stringify(entry)) },
    ]);
    const pem = sealing.key.export({ type: 'pkcs8', format: 'pem' }) as string;
    const at = { url: sealing.store.url, password: sealing.store.password };
    await sealAndKill({ logDir: join(sealing.dir, 'log'), store: at, key: pem, killBefore });
    await sealing.sealer().seal();
    const last = readSeal((await sealing.queries.lastSeal())!);
    expect(last.ends['events/1']).toMatchObject({ to: 2 + offset, records: 35 + 5 * offset });
    expect(last.ends['audit']).toEqual({ to: 2 + offset, records: 2 + offset });
    expect(last.number).toBeGreaterThan(readSeal(before).number);
    expect(await sealing.verified()).toMatchObject({ result: 'intact', records: 107 + 6 * offset, problems: [] });
  });
});

describe('the store compared with its seals', () => {
  it('differs where a table that people query was changed behind its back', async () => {
    const tables = new TableCheck(sealing.client, { days: { audit: 1_826 }, storedTo: async () => Infinity });
    const found = (): Promise<unknown[]> =>
      sealing.queries.records('audit', 0, 10).then((all) => tables.differing('audit', all));
    expect(await found()).toHaveLength(1 + kills);
    const entries = (await sealing.queries.records('audit', 0, 10)).map(
      ({ record }) => JSON.parse(record) as AuditEntry,
    );
    await new TableWriter(sealing.client, AUDIT).write(entries);
    expect(await found()).toEqual([]);
    const lines = await exportedLines({ of: 'audit', search: { from: 0, to: Date.now() + 1 }, asOf: Date.now() });
    const leaves = await verifierLeaves((seal) => (seal === 2 ? 'sm3' : 'sha256'));
    expect(lines).toHaveLength(1 + kills);
    for (const { attestation } of lines) expect(leaves).toContain(attestation!.fingerprint.value);
    await sealing.tamper("ALTER TABLE audit UPDATE reason = 'nothing' WHERE reason != ''");
    expect(await found()).toMatchObject([{ stream: 'audit', place: 0 }]);
  });
});

describe('a store and a log that somebody tampers with who may write to both', () => {
  const sealed = new SealedStore();
  beforeAll(() => sealed.start(4, sealing.store));
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

describe('a finding in an export', () => {
  it('has the digest of the revision that it is of, and none while that is not sealed', async () => {
    const now = Date.now();
    const sealed = aFinding({ id: randomUUID(), revision: 1, lastTime: now, causedAt: now });
    const value = Buffer.from(JSON.stringify(sealed));
    await sealing.log.append([{ topic: 'findings', partition: 0, key: sealed.id, value }]);
    await sealing.sealer().seal();
    const unsealed = { ...sealed, id: randomUUID() };
    await new TableWriter(sealing.client, FINDINGS).write([sealed, unsealed]);
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
    mkdirSync(join(sealing.dir, 'access'));
    writeFileSync(join(sealing.dir, 'access', 'seal-key.pem'), sealing.key.export({ type: 'pkcs8', format: 'pem' }));
    await sealing.log.commit('store-audit', [{ topic: 'audit', partition: 0, offset: 1 + kills }]);
    const config = readConfig({ WANGLOU_DATA_DIR: sealing.dir, WANGLOU_ACCESS: 'trial' });
    const seals = await keepSeals(
      config,
      checkRetention(config),
      sealing.log,
      sealing.client,
      new StoreQueries(sealing.client),
      pino({ level: 'silent' }),
    );
    for (let times = 0; times < 2; times++) {
      seals.desk.startCheck();
      await expect.poll(async () => (await seals.desk.chain()).check.state, { timeout: 60_000 }).toBe('done');
    }
    const findings: Finding[] = [];
    for await (const { value } of sealing.log.readRange(
      'findings',
      0,
      0,
      (await sealing.log.bounds('findings', 0)).next,
    ))
      findings.push(JSON.parse(Buffer.from(value).toString()) as Finding);
    const ofAudit = findings.filter(({ explanation }) => explanation.en.includes('stream audit, at 0'));
    expect(ofAudit).toMatchObject([
      { detector: 'log-tampering', severity: 'critical', source: 'wanglou', alert: true },
    ]);
    await seals.stop();
  });
});
