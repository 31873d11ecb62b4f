import { readSeal, signSeal, hashOfSeal, type SignedSeal } from '../../../src/evidence/seal.ts';
import { openLmdb } from '../../../src/event-log/lmdb-files.ts';
import { decodeRecord, encodeRecord, recordKey } from '../../../src/event-log/record-codec.ts';
import { TOPIC_NUMBERS } from '../../../src/event-log/topics.ts';
import { strangerKey, type Draw } from '../../verifier/tampering.ts';
import type { Finds } from './row-tamperings.ts';
import { TABLES, type Row, type SealedStore, type TableName } from './sealed-store.ts';
import { join } from 'node:path';
import type { Site } from './sites.ts';

export interface LogTampering {
  streams: readonly string[];
  /** Where it can be done; everywhere when left out. */
  fits?: (site: Site) => boolean;
  /** @returns what undoes it. */
  apply: (store: SealedStore, site: Site) => Promise<() => Promise<void>>;
}

const TOPICS = ['findings', 'triage', 'incidents', 'audit'] as const;

/** Writes into the data file of the log, past the program that owns it. */
async function inFile(
  store: SealedStore,
  { stream, place }: Site,
  changed: (value: Buffer) => Buffer | undefined,
): Promise<() => Promise<void>> {
  // prettier-ignore
  const { records } = openLmdb(join(store.dir, 'log'));
  const key = recordKey(TOPIC_NUMBERS[stream as (typeof TOPICS)[number]], 0, Number(place));
  const before = Buffer.from(records.get(key)!);
  const record = decodeRecord(key, before)!;
  const value = changed(Buffer.from(record.value));
  if (value === undefined) await records.remove(key);
  else await records.put(key, encodeRecord(key, { ...record, value }));
  return async () => {
    await records.put(key, before);
  };
}

async function inTable(
  store: SealedStore,
  { row }: Site,
  changed: (value: Buffer) => Buffer | undefined,
): Promise<() => Promise<void>> {
  // prettier-ignore
  const { key, record } = store.rows.get('sealed_records')![row] as { key: string; record: string };
  const table = store.log.table('registry');
  await table.put([[key, changed(Buffer.from(record))]]);
  return () => table.put([[key, Buffer.from(record)]]);
}

const another = (value: Buffer): Buffer => Buffer.from(value.toString().replace(/:"[^"]*"/, ':"forged"'));

export const LOG_TAMPERINGS: Readonly<Record<string, LogTampering>> = {
  'change a record of the log': { streams: TOPICS, apply: (store, site) => inFile(store, site, another) },
  'delete a record of the log': {
    streams: TOPICS,
    // The log lets go of its oldest records at any time: without its first one it is no other than it may be.
    fits: ({ place }) => place !== '0',
    apply: (store, site) => inFile(store, site, () => undefined),
  },
  'change an entry of a table of the log': { streams: ['registry'], apply: (store, site) => inTable(store, site, another) }, // prettier-ignore
  'delete an entry of a table of the log': { streams: ['registry'], apply: (store, site) => inTable(store, site, () => undefined) }, // prettier-ignore
};

/** Done to all of it, and found alone. */
type WholeTampering = (store: SealedStore, draw: Draw) => Promise<{ finds: Finds; undo?: () => Promise<void> }>;

const rowsOf = (store: SealedStore, table: TableName): readonly Row[] => store.rows.get(table)!;
const inChain =
  (seal: number): Finds =>
  (found) =>
    found.in === 'chain' && found.seal === seal;

export const WHOLE_TAMPERINGS: Readonly<Record<string, WholeTampering>> = {
  'roll a table back to an older copy': async (store, draw) => {
    const table = TABLES[draw(TABLES.length - 1)]!; // seals: below
    const kept = Math.floor(rowsOf(store, table).length / 2);
    const sorted = [...rowsOf(store, table)].sort((a, b) => orderOf(a) - orderOf(b));
    await store.write(table, [sorted.slice(0, kept)]);
    const within = table === 'sealed_blocks' ? 'chain' : ['events', 'sealed_records'].includes(table) ? 'sealed' : 'table'; // prettier-ignore
    return { finds: (found) => found.in === within && found.seal > 1 };
  },
  "drop a day's partition": async (store, draw) => {
    const days = [...new Set(rowsOf(store, 'events').map((row) => String(row['ingest_time']).slice(0, 10)))];
    const day = days[draw(days.length)]!;
    await store.write('events', [rowsOf(store, 'events')]);
    await store.command(`ALTER TABLE events DROP PARTITION ${day.replaceAll('-', '')}`);
    const gone = rowsOf(store, 'events').find((row) => String(row['ingest_time']).startsWith(day))!;
    return { finds: ({ in: within, stream, times }) => within === 'sealed' && stream.startsWith('events/') && timeText(times[0]).startsWith(day) && gone !== undefined }; // prettier-ignore
  },
  'cut the newest seals off': async (store, draw) => {
    const seals = inOrder(rowsOf(store, 'seals'));
    const kept = seals.length - 1 - draw(3);
    await store.write('seals', [seals.slice(0, kept)]);
    return { finds: inChain(kept + 1) };
  },
  'cut the oldest seals off': async (store, draw) => {
    const cut = 1 + draw(3);
    await store.write('seals', [inOrder(rowsOf(store, 'seals')).slice(cut)]);
    return { finds: inChain(cut) };
  },
  'number an old seal as the newest': async (store, draw) => {
    const seals = rowsOf(store, 'seals');
    const number = 10_000 + draw(1_000_000);
    await store.write('seals', [[...seals, { ...seals[draw(seals.length)]!, number }]]);
    return { finds: inChain(number) };
  },
  'say with a forged seal that all has expired': async (store) => {
    const seals = inOrder(rowsOf(store, 'seals'));
    const last = seals.at(-1)! as unknown as SignedSeal & Row;
    const note = { kind: 'expired', stream: 'events', before: Date.UTC(2100, 0, 1), days: 400 } as const;
    const number = seals.length + 1;
    const forged = signSeal({ ...readSeal(last), number, previous: hashOfSeal(last, 'sha256'), notes: [note], blocks: [] }, strangerKey()); // prettier-ignore
    await store.write('seals', [[...seals, { ...last, ...forged, number, hash: hashOfSeal(forged, 'sha256') }]]);
    return { finds: inChain(number) };
  },
  'sign the whole chain with another key': async (store) => {
    const key = strangerKey();
    let previous = '';
    const forged = inOrder(rowsOf(store, 'seals')).map((row) => {
      const signed = signSeal({ ...readSeal(row as unknown as SignedSeal), previous }, key);
      previous = hashOfSeal(signed, 'sha256');
      return { ...row, ...signed, hash: previous };
    });
    await store.write('seals', [forged]);
    return { finds: inChain(1) };
  },
  'put another view in the place of one': async (store, draw) => {
    const views = { events_once: 'events', findings_latest: 'findings', audit_once: 'audit', incidents_latest: 'incidents' }; // prettier-ignore
    const names = Object.keys(views) as (keyof typeof views)[];
    const name = names[draw(names.length)]!;
    const select = async (): Promise<string> => {
      const result = await store.client.query({ query: 'SELECT as_select FROM system.tables WHERE database = currentDatabase() AND name = {name:String}', query_params: { name }, format: 'JSONEachRow' }); // prettier-ignore
      return (await result.json<{ as_select: string }>())[0]!.as_select;
    };
    const before = await select();
    await store.command(`CREATE OR REPLACE VIEW ${name} AS SELECT * FROM ${views[name]} WHERE toString(id) < 'e'`);
    return {
      finds: (found) => found.in === 'view' && found.place === name,
      undo: () => store.command(`CREATE OR REPLACE VIEW ${name} AS ${before}`),
    };
  },
};

function inOrder(seals: readonly Row[]): Row[] {
  return [...seals].sort((a, b) => Number(a['number']) - Number(b['number']));
}

/** When a row came, as far as it says. */
function orderOf(row: Row): number {
  if ('seal' in row) return Number(row['seal']);
  if ('place' in row) return Number(row['place']);
  return Date.parse(String(row['ingest_time'] ?? row['at'] ?? row['last_time']));
}

function timeText(ms: number): string {
  return new Date(ms).toISOString();
}
