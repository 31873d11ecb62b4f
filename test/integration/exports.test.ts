import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPublicKey, randomUUID, verify } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { auditEntry } from '../../src/access/audit/entry.ts';
import { makeExport } from '../../src/export-maker.ts';
import { startExport } from '../../src/exports/export-process.ts';
import { encodeRows } from '../../src/event/batch.ts';
import { emptyEvent, type Event } from '../../src/event/event.ts';
import { columnsOf } from '../../src/exports/columns.ts';
import type { ExportDesk, Exporter } from '../../src/exports/export-desk.ts';
import { EXPORT_FORMATS, RECORD_KINDS, type ExportFormat, type ExportQuery, type RecordKind, type RecordQuery } from '../../src/exports/export-job.ts'; // prettier-ignore
import type { TableColumn } from '../../src/exports/table.ts';
import { keepExports } from '../../src/keep-exports.ts';
import { storeClient, type StoreAddress, type StoreClient } from '../../src/store/client.ts';
import { LedgerWriter } from '../../src/store/ledger-writer.ts';
import { migrate } from '../../src/store/migrate.ts';
import { TableWriter } from '../../src/store/table-writer.ts';
import { AUDIT, FINDINGS, LIVES } from '../../src/store/tables.ts';
import { StoreWriter } from '../../src/store/writer.ts';
import { labelledLines } from '../access/masking/corpus.ts';
import { testParts, type TestParts } from '../api/parts.ts';
import { openInDuckDb, readInDuckDb } from '../exports/duckdb.ts';
import { HOSTILE } from '../exports/hostile-cells.ts';
import { rowsOfXlsx } from '../exports/xlsx-reader.ts';
import { KnownValues } from './known-values.ts';
import { departmentWith, type Owned } from './scope-walk.ts';
import { startStore, type StoreProcess } from './store-process.ts';

const NOW = Date.now();
const OWNERS: readonly Owned[] = [departmentWith('canarya', NOW), departmentWith('canaryb', NOW)];
const personal = labelledLines(77, 15);
const known = new KnownValues(personal.flatMap((line) => line.personal));
const lines = [...personal.map(({ text }) => text), ...HOSTILE];
const odd = lines.map((text, n): Event => ({
  ...emptyEvent(),
  ...{
    id: randomUUID(),
    time: NOW - 3_600_000 - (n % 7),
    ingestTime: NOW - 3_600_000,
    sequence: n,
    format: 'unparsed',
  },
  ...{ raw: text, message: text, target: HOSTILE[n % HOSTILE.length]!, recipient: 'somewhere', action: 'share' },
  ...{ source: 'odd', asset: 'canaryb-asset', rows: n, attributes: ['note', text], fields: ['xm', HOSTILE[n % 9]!] },
}));
const events = [...OWNERS.flatMap((one) => one.events), ...odd];
const ALL: Exporter = { account: 'wang', roles: ['auditor'], scope: null };

let store: StoreProcess;
let address: StoreAddress;
let client: StoreClient;
let parts: TestParts;
let dataDir: string;
let desk: ExportDesk;

beforeAll(async () => {
  store = await startStore();
  address = { url: store.url, user: 'default', password: store.password, database: 'wanglou' };
  await migrate(address, { retentionDays: 400 });
  client = storeClient(address);
  dataDir = mkdtempSync(join(tmpdir(), 'wanglou-export-'));
  parts = await testParts();
  await parts.registry.record(OWNERS.flatMap(({ registry }) => registry), { origin: 'api', by: 'the test' }); // prettier-ignore
  await fill();
  desk = newDesk();
  await desk.start();
}, 120_000);
afterAll(async () => {
  await desk.stop();
  parts.remove();
  await client.close();
  await store.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

/** @param start in this process, which is quicker, unless a test is about the process */
function newDesk(start: typeof startExport = startHere, at = address): ExportDesk {
  const { registry, trail } = parts;
  const none = { sealKeyFile: '', clickhouseUrl: '', clickhouseSqlUser: '', clickhouseSqlPassword: '' };
  const config = { ...none, dataDir, exportQuotaGb: 1, exportKeepDays: 1, exportsPerPerson: 3 };
  return keepExports(config, { address: at, store: client, registry, trail, log: { warn: console.warn } }, start);
}

const startHere: typeof startExport = (order, onProgress) => ({
  ended: makeExport(order, onProgress).then(
    (file) => ({ file }),
    (error: unknown) => ({ failure: { reason: 'fault', message: String(error) } }),
  ),
  kill: () => undefined,
});

/** As after a restart of the program. */
async function restart(...how: Parameters<typeof newDesk>): Promise<void> {
  await desk.stop();
  desk = newDesk(...how);
  await desk.start();
}

async function fill(): Promise<void> {
  const place = { partition: 0, offset: 0 };
  const writer = new LedgerWriter(new StoreWriter({ client }), new StoreWriter({ client, table: 'diffusion' }), () => true, encodeRows); // prettier-ignore
  writer.start();
  // Some twice, as after a crash.
  for (const some of [events, events.slice(0, 20)]) {
    const block = Buffer.from(encodeRows(some, some.map((_, index) => ({ ...place, index })))); // prettier-ignore
    writer.add(block, some.length, place, some);
    await writer.flushed();
  }
  writer.stop();
  await new TableWriter(client, FINDINGS).write(OWNERS.flatMap((one) => one.findings));
  await new TableWriter(client, LIVES).write(OWNERS.flatMap((one) => one.lives));
  const said = lines.map((text, n) =>
    auditEntry({
      id: randomUUID(),
      at: NOW - 1_000 - n,
      action: 'triage.note',
      account: 'li',
      reason: text,
      outcome: 'success',
    }),
  );
  await new TableWriter(client, AUDIT).write(said);
}

const range = { from: NOW - 90_000_000, to: NOW + 1 };
const QUERIES: Readonly<Record<RecordKind, RecordQuery>> = {
  events: { of: 'events', filter: { ...range, zone: 'Asia/Shanghai', asOf: NOW } },
  findings: { of: 'findings', filter: {}, asOf: NOW },
  audit: { of: 'audit', search: range, asOf: NOW },
  sharing: { of: 'sharing', range, asOf: NOW },
};
const ROWS: Readonly<Record<RecordKind, number>> = { events: events.length, findings: 4, audit: lines.length, sharing: events.length }; // prettier-ignore

interface Made {
  path: string;
  id: string;
  rows: number;
  rowsDigest: string;
  text: string;
}

async function make(of: RecordKind, format: ExportFormat, who = ALL): Promise<Made> {
  return makeOf(QUERIES[of], format, columnsIn(of, format).length, who);
}

async function makeOf(query: ExportQuery, format: ExportFormat, columns: number, who = ALL): Promise<Made> {
  const wish = { query, asked: { text: personal[0]!.text }, format, zone: 'Asia/Shanghai', bom: false };
  const { id } = await desk.create(wish, who);
  await vi.waitFor(() => expect(desk.of(id, who).state).not.toMatch(/queued|running/), 60_000);
  expect(desk.of(id, who)).toMatchObject({ state: 'done' });
  const { path, job } = desk.fileOf(id, who);
  return { path, id, ...job.result, text: await textIn(path, format, columns) };
}

/** Everything that stands in the file, unpacked. */
async function textIn(path: string, format: ExportFormat, columns: number): Promise<string> {
  if (format === 'parquet') return JSON.stringify(await readInDuckDb(path, format, 'SELECT * FROM t'));
  if (format !== 'xlsx') return readFileSync(path, 'utf8');
  const rows: string[] = [];
  for await (const cells of rowsOfXlsx(path, columns)) rows.push(cells.join('\n'));
  return rows.join('\n');
}

function columnsIn(of: RecordKind, format: ExportFormat): readonly TableColumn[] {
  return format === 'ndjson' ? [{ name: 'line', type: 'text' }] : columnsOf(of);
}

/** As docs/exports.md says how. */
function isSigned(manifest: string): boolean {
  const [text, rest] = manifest.slice('{"manifest":'.length).split(',\n"signature":') as [string, string];
  const { value } = JSON.parse(rest.slice(0, -2)) as { value: string };
  const key = createPublicKey(readFileSync(join(dataDir, 'access', 'seal-key.pem')));
  return verify(null, Buffer.from(text), key, Buffer.from(value, 'base64'));
}

describe.each(EXPORT_FORMATS)('an export as %s', (format) => {
  it.each(RECORD_KINDS)(
    'of %s opens elsewhere with the rows and the digest of its manifest, and nobody in it',
    async (of) => {
      const { path, id, rows, rowsDigest, text } = await make(of, format);
      expect(rows).toBe(ROWS[of]);
      expect(await openInDuckDb(path, format, columnsIn(of, format))).toEqual({ rows, digest: rowsDigest });
      expect(known.in(text)).toEqual([]);
      const manifest = await desk.manifestOf(id, ALL);
      expect(isSigned(manifest)).toBe(true);
      expect(isSigned(manifest.replace('"exporter":"wang"', '"exporter":"li"'))).toBe(false);
      expect(JSON.parse(manifest)).toMatchObject({
        manifest: {
          ...{
            id,
            exporter: 'wang',
            scope: 'everything',
            of,
            asOf: new Date(NOW).toISOString(),
            zone: 'Asia/Shanghai',
          },
          seals: { state: 'not sealed yet' },
          rows: {
            count: rows,
            digest: rowsDigest,
            columns: columnsIn(of, format).map(({ name, type }) => ({ name, type })),
          },
        },
      });
      expect(known.in(manifest)).toEqual([]);
    },
  );

  it('has only what is of the scope of who asked', async () => {
    const who = { ...ALL, scope: OWNERS[0]!.scope };
    for (const of of ['events', 'findings', 'sharing'] as const) {
      const { text, rows } = await make(of, format, who);
      expect(text).toContain('canarya');
      expect(text).not.toContain('canaryb');
      expect(rows).toBe(of === 'findings' ? 2 : OWNERS[0]!.events.length);
    }
  });
});

const SQL_COLUMNS: readonly TableColumn[] = [
  ...(['id', 'line', 'words'] as const).map((name) => ({ name, type: 'text' as const })),
  { name: 'time', type: 'time' },
  { name: 'n', type: 'integer' },
  { name: 'large', type: 'unsigned' },
  { name: 'exact', type: 'integer' },
  { name: 'third', type: 'number' },
  { name: 'odd', type: 'flag' },
  { name: 'some', type: 'unsigned' },
];
const SQL: ExportQuery = {
  of: 'sql',
  sql: `SELECT toString(id) AS id, raw AS line, [raw, message] AS words, time, toInt32(rows) AS n,
      bitXor(toUInt64(n), 18446744073709551615) AS large, toInt64(9007199254740993) + n AS exact,
      round(n / 4, 2) AS third, toBool(n % 2) AS odd, if(odd, NULL, rows) AS some
    FROM events WHERE source = {source:String} ORDER BY time, id`,
  parameters: { source: 'odd' },
};

describe.each(EXPORT_FORMATS)('a query in SQL, exported as %s', (format) => {
  it('opens elsewhere with the rows and the digest of its manifest, which says when it ran, and nobody in it', async () => {
    const begun = Date.now();
    const columns = format === 'ndjson' ? [{ name: 'line', type: 'text' } as const] : SQL_COLUMNS;
    const { path, id, rows, rowsDigest, text } = await makeOf(SQL, format, columns.length);
    expect(rows).toBe(odd.length);
    expect(await openInDuckDb(path, format, columns)).toEqual({ rows, digest: rowsDigest });
    expect(known.in(text)).toEqual([]);
    expect(text).toContain('18446744073709551615');
    const manifest = await desk.manifestOf(id, ALL);
    expect(isSigned(manifest)).toBe(true);
    expect(known.in(manifest)).toEqual([]);
    const said = (JSON.parse(manifest) as { manifest: { ranAt: string } }).manifest;
    expect(said).toMatchObject({ of: 'sql', asOf: null, seals: { state: 'computed' }, rows: { count: rows, columns } });
    expect(Date.parse(said.ranAt)).toBeGreaterThanOrEqual(begun);
  });
});

describe('a query in SQL, exported', () => {
  it('has only what is of the scope of who asked, whatever it joins', async () => {
    const who = { ...ALL, scope: OWNERS[0]!.scope };
    const sql = `SELECT raw FROM events UNION ALL SELECT text FROM triage UNION ALL SELECT asset FROM findings
      UNION ALL SELECT asset FROM diffusion UNION ALL SELECT toString(count()) FROM events`;
    const { text } = await makeOf({ of: 'sql', sql, parameters: {} }, 'csv', 1, who);
    expect(text).toContain('canarya');
    expect(text).not.toContain('canaryb');
    expect(text).toMatch(new RegExp(`^${OWNERS[0]!.events.length}\r$`, 'm'));
  });

  it('ends in the store when it is cancelled', async () => {
    await restart(startExport);
    const sql = 'SELECT sum(sipHash64(number)) AS endless FROM numbers(1000000000000)';
    const wish = { query: { of: 'sql' as const, sql, parameters: {} }, asked: { sql }, format: 'csv' as const };
    const { id } = await desk.create({ ...wish, zone: 'UTC', bom: false }, ALL);
    const running = async (): Promise<number> => {
      const query = "SELECT count() AS n FROM system.processes WHERE query LIKE concat('%AS end', 'less FROM%')";
      return Number((await (await client.query({ query, format: 'JSONEachRow' })).json<{ n: string }>())[0]!.n);
    };
    await vi.waitFor(async () => expect(await running()).toBe(1), 60_000);
    await desk.remove(id, ALL);
    await vi.waitFor(async () => expect(await running()).toBe(0), 60_000);
    expect(desk.of(id, ALL).state).toBe('cancelled');
    await restart();
  });

  it('says what the store says against it, and leaves nothing', async () => {
    await restart(startExport);
    const sql = 'SELECT toInt32(raw) AS n FROM events';
    const wish = { query: { of: 'sql' as const, sql, parameters: {} }, asked: { sql }, format: 'csv' as const };
    const { id } = await desk.create({ ...wish, zone: 'UTC', bom: false }, ALL);
    await vi.waitFor(() => expect(desk.of(id, ALL).state).toBe('failed'), 60_000);
    expect(desk.of(id, ALL).failure).toMatchObject({ reason: 'refused', message: expect.stringMatching(/Cannot parse/i) as string }); // prettier-ignore
    await restart();
  });
});

describe('an export', () => {
  it('is made again, and the same, when the program is killed in the middle of it', async () => {
    const { text } = await make('events', 'csv');
    await restart(startExport);
    const wish = { query: QUERIES.events, asked: {}, format: 'csv' as const, zone: 'Asia/Shanghai', bom: false };
    const { id } = await desk.create(wish, ALL);
    await restart(startExport); // ends the process that makes it by SIGKILL
    await vi.waitFor(() => expect(desk.of(id, ALL).state).toBe('done'), 60_000);
    expect(readFileSync(desk.fileOf(id, ALL).path, 'utf8')).toBe(text);
  });

  it('says that the store is away when it goes away, and leaves nothing', async () => {
    await restart(startExport, { ...address, url: 'http://127.0.0.1:9' });
    const wish = { query: QUERIES.events, asked: {}, format: 'csv' as const, zone: 'Asia/Shanghai', bom: false };
    const { id } = await desk.create(wish, ALL);
    await vi.waitFor(() => expect(desk.of(id, ALL)).toMatchObject({ failure: { reason: 'store-away' } }), 60_000);
  });
});
