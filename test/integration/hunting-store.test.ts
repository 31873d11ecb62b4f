import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../demo/random.ts';
import { encodeRows } from '../../src/event/batch.ts';
import { emptyEvent, type Event } from '../../src/event/event.ts';
import {
  FIELD_NAMES,
  fieldOf,
  operatorsOf,
  WITHOUT_VALUE,
  WITH_MANY,
  type FieldName,
} from '../../src/hunting/event-fields.ts';
import { termsIn, type Clause, type Condition, type EventFilter } from '../../src/hunting/event-filter.ts';
import { HuntingDesk } from '../../src/hunting/hunting-desk.ts';
import { storeClient, type StoreAddress, type StoreClient } from '../../src/store/client.ts';
import { BAR_WIDTHS, HuntingQueries } from '../../src/store/hunting-queries.ts';
import { HuntingRuns } from '../../src/store/hunting-runs.ts';
import { migrate } from '../../src/store/migrate.ts';
import { RunningQueries } from '../../src/store/running-queries.ts';
import { StoreWriter } from '../../src/store/writer.ts';
import { labelledLines } from '../access/masking/corpus.ts';
import { passes } from '../hunting/plain-filter.ts';
import { startStore, type StoreProcess } from './store-process.ts';

const SEED = 4201;
const EVENTS = 600;
const BEGIN = Date.parse('2026-03-01T00:00:00+08:00');
const SPAN_MS = 4 * 86_400_000;
const random = new Random(SEED);
const one = <T>(all: readonly T[]): T => random.pick(all);

const TEXTS = [
  '',
  'zhang.wei',
  'Li-Na',
  '统计局',
  '部门_A',
  '100%',
  "o'neil\\",
  '"quoted"',
  'a_b',
  'ab',
  'DROP TABLE',
  '导出 社保',
  '{p0:String}',
];
const ADDRESSES = ['', '10.20.3.4', '10.20.200.1', '192.0.2.77', '2001:db8::5', 'app01.gov.example', '0.0.0.0'];
const COUNTS = [0, 1, 7, 412, 52_310, 9_007_199_254_740_991];

function drawn(n: number): Event {
  const text = (): string => one(TEXTS);
  const time = BEGIN + random.int(0, SPAN_MS / 3_600_000 - 1) * 3_600_000 + one([0, 0, 1, 999]);
  const names = Object.fromEntries(
    FIELD_NAMES.filter((field) => ['name', 'text'].includes(fieldOf(field).type)).map((field) => [field, text()]),
  );
  return {
    ...emptyEvent(),
    ...names,
    ...{ id: randomUUID(), time, ingestTime: time + one([500, 60_000, 86_400_000]), sequence: n },
    ...{
      source: one(['population-db', 'portal-web', 'syslog/192.0.2.77']),
      outcome: one(['', 'success', 'failure']),
      assetLevel: one(['', 'core']),
    },
    ...{
      clientAddress: one(ADDRESSES),
      rows: one(COUNTS),
      bytes: one(COUNTS),
      classUid: one([0, 6005]),
      severity: one([0, 3]),
    },
    ...{ privileged: one([true, false]), authenticated: one([true, false]) },
    ...{ fields: [text(), text()].filter(Boolean), dataSubjects: one([[], ['ds_1'], ['ds_1', 'ds_2']]) },
    ...{
      attributes: one([[], ['db', text()], ['db', 'hr', 'Key', text()]]),
      message: `${text()} ${text()}`,
      raw: `<134> ${text()}`,
    },
  };
}
const events = Array.from({ length: EVENTS }, (_, n) => drawn(n));
const WHOLE: EventFilter = { from: BEGIN, to: BEGIN + SPAN_MS, zone: 'Asia/Shanghai', asOf: BEGIN + 2 * SPAN_MS };

let store: StoreProcess;
let client: StoreClient;
let queries: HuntingQueries;
let desk: HuntingDesk;
let address: StoreAddress;
beforeAll(async () => {
  console.log(`seed ${SEED}`);
  store = await startStore();
  address = { url: store.url, user: 'default', password: store.password, database: 'wanglou' };
  await migrate(address, { retentionDays: 4_000 });
  client = storeClient(address);
  queries = new HuntingQueries(client);
  desk = new HuntingDesk(queries, BAR_WIDTHS);
  await write(events);
  // Some twice, as after a crash.
  await write(events.slice(0, 50));
});
afterAll(async () => {
  await client.close();
  await store.stop();
});

async function write(some: readonly Event[]): Promise<void> {
  const writer = new StoreWriter({ client });
  writer.start();
  const block = Buffer.from(encodeRows(some, some.map((_, index) => ({ partition: 0, offset: 0, index })))); // prettier-ignore
  writer.add(block, some.length, { partition: 0, offset: 0 });
  await writer.flushed();
  writer.stop();
}

/** Values that occur, and parts of them. */
function valueFor(field: FieldName): fc.Arbitrary<string | number> {
  const { type } = fieldOf(field);
  if (type === 'number') return fc.constantFrom(...COUNTS, 6005, 3);
  if (type === 'id') return fc.constantFrom(...events.slice(0, 5).map(({ id }) => id));
  const given = field === 'source' ? ['population-db', 'portal-web'] : field === 'outcome' ? ['success', 'failure'] : field === 'dataSubjects' ? ['ds_1', 'ds_2'] : field === 'clientAddress' ? ADDRESSES : [...TEXTS, 'hr', 'LI', 'zhang', '计局', '%', "'", 'x_y']; // prettier-ignore
  return fc.constantFrom(...given.filter(Boolean));
}

const condition: fc.Arbitrary<Condition> = fc.constantFrom(...FIELD_NAMES).chain((field) =>
  fc.constantFrom(...operatorsOf(field)).chain((op): fc.Arbitrary<Condition> => {
    const value = op.endsWith('network') ? fc.constantFrom('10.20.0.0/16', '10.20.3.4/32', '2001:db8::/32', '0.0.0.0/0') : valueFor(field); // prettier-ignore
    const many = fc.array(value, { minLength: 1, maxLength: 3 });
    const said = WITHOUT_VALUE.includes(op) ? fc.constant({}) : op === 'between' ? fc.tuple(value, value).map((both) => ({ value: both })) : (WITH_MANY.includes(op) ? many : value).map((each) => ({ value: each })); // prettier-ignore
    const key = fieldOf(field).type === 'attribute' ? fc.constantFrom('db', 'Key', 'none').map((name) => ({ key: name })) : fc.constant({}); // prettier-ignore
    return fc.tuple(said, key).map(([with_, keyed]) => ({ field, op, ...keyed, ...with_ }));
  }),
);
const { clause } = fc.letrec<{ clause: Clause }>((tie) => ({
  clause: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    condition,
    fc.array(tie('clause'), { maxLength: 3 }).map((all) => ({ all })),
    fc.array(tie('clause'), { maxLength: 3 }).map((any) => ({ any })),
    tie('clause').map((not) => ({ not })),
  ),
}));
const filter: fc.Arbitrary<EventFilter> = fc.record(
  {
    from: fc.integer({ min: BEGIN, max: BEGIN + SPAN_MS / 2 }),
    to: fc.integer({ min: BEGIN + SPAN_MS / 2, max: BEGIN + SPAN_MS }),
    zone: fc.constantFrom('Asia/Shanghai', 'Asia/Kathmandu', 'UTC'),
    asOf: fc.constantFrom(WHOLE.asOf, BEGIN + SPAN_MS * 0.75),
    text: fc.constantFrom('', '统计', 'wei -导出', '"导出 社保"', '-"drop table" 100%').map((text) => termsIn(text).map((term) => ({ ...term, isWhole: false }))), // prettier-ignore
    where: clause,
  },
  { requiredKeys: ['from', 'to', 'zone', 'asOf'] },
);

const newestFirst = (a: Event, b: Event): number => b.time - a.time || (a.id < b.id ? 1 : -1);
const plainly = (of: EventFilter): Event[] => events.filter((event) => passes(event, of)).sort(newestFirst);

describe('a filter, in the real store', () => {
  it('finds what a plain reading of it finds, whatever it is', async () => {
    let found = 0;
    await fc.assert(
      fc.asyncProperty(filter, async (of) => {
        const window = await queries.window(of, 'newest', 0, EVENTS);
        const expected = plainly(of);
        expect(window.map(({ id }) => id).sort()).toEqual(expected.map(({ id }) => id).sort());
        found += expected.length;
      }),
      { numRuns: 40, seed: SEED },
    );
    expect(found).toBeGreaterThan(1_000);
  }, 120_000);

  it('counts each event once, in the days of the zone', async () => {
    const { width, bars, total } = await desk.histogram({ ...WHOLE, zone: 'Asia/Kathmandu' });
    expect([width, total]).toEqual(['hour', EVENTS]);
    expect(bars.every(({ at, to }) => to - at === 3_600_000 && (at + 5.75 * 3_600_000) % 3_600_000 === 0)).toBe(true);
    const days = await queries.histogram(WHOLE, 'day');
    expect(days.map(({ at }) => new Date(at).toISOString())).toEqual(
      [0, 1, 2, 3].map((n) => new Date(BEGIN + n * 86_400_000).toISOString()),
    );
    expect(days.reduce((sum, { failures }) => sum + failures, 0)).toBe(events.filter(({ outcome }) => outcome === 'failure').length); // prettier-ignore
  });

  it.each(['newest', 'oldest'] as const)(
    'has its rows in windows, each row once and in order: %s first',
    async (order) => {
      const seen: Event[] = [];
      for (let from = 0; from < EVENTS; from += 150) seen.push(...(await desk.rows(WHOLE, order, from, 150)).events);
      const expected = events.toSorted((a, b) => newestFirst(a, b) * (order === 'newest' ? 1 : -1));
      expect(seen.map(({ time }) => time)).toEqual(expected.map(({ time }) => time));
      expect(new Set(seen.map(({ id }) => id)).size).toBe(EVENTS);
    },
  );

  it('has its values counted, and two fields against each other', async () => {
    const by = (of: (event: Event) => string) => {
      const counts = new Map<string, number>();
      for (const event of events) counts.set(of(event), (counts.get(of(event)) ?? 0) + 1);
      return counts;
    };
    const { source } = await desk.facets(WHOLE, ['source', 'outcome', 'fields']);
    expect(new Map(source!.map(({ value, count }) => [value, count]))).toEqual(by((event) => event.source));
    const pivot = await desk.pivot(WHOLE, { rows: 'source', columns: 'outcome', measure: 'events' });
    const cells = new Map(pivot.cells.map(({ row, column, count }) => [`${row}|${column}`, count]));
    expect(cells).toEqual(by((event) => `${event.source}|${event.outcome}`));
    expect(pivot.total).toBe(EVENTS);
    const suggested = await desk.suggestions(WHOLE, 'source', 'POPULATION');
    expect(suggested.map(({ value }) => value)).toEqual(['population-db']);
    expect((await desk.suggestions(WHOLE, 'attributes', 'ke')).map(({ value }) => value)).toEqual(['Key']);
    expect((await desk.cost(WHOLE)).rows).toBeGreaterThanOrEqual(EVENTS);
  });
});

describe('a text that is looked for', () => {
  const lines = labelledLines(SEED, 60);
  const personal = lines.flatMap((line, n) => line.personal.map((value) => ({ ...value, n })));
  const NUMBERS = new Set(['id-card', 'mobile', 'phone', 'bank-card', 'permit', 'mail', 'plate']);

  beforeAll(async () => {
    const written = lines.map(({ text }, n) => ({ ...drawn(n), time: BEGIN + SPAN_MS + n, message: '', raw: text }));
    await write(written.map((event) => ({ ...event, ingestTime: BEGIN + SPAN_MS })));
  });

  const foundBy = async (text: string, isWhole: boolean): Promise<number[]> => {
    const of = {
      ...WHOLE,
      from: BEGIN + SPAN_MS,
      to: BEGIN + SPAN_MS + lines.length,
      text: [{ text, isNot: false, isWhole }],
    };
    return (await queries.window(of, 'oldest', 0, EVENTS)).map(({ time }) => time - BEGIN - SPAN_MS);
  };

  it('finds no number, mail address or plate of a person by a part of it', async () => {
    const numbers = personal.filter(({ kind, written }) => NUMBERS.has(kind) && written.length > 6);
    const parts = numbers.flatMap(({ kind, written }) => [written.slice(0, -2), ...(kind === 'mail' ? [] : [written.slice(-5)])]); // prettier-ignore
    expect(parts.length).toBeGreaterThan(500);
    const told: string[] = [];
    for (let at = 0; at < parts.length; at += 100) {
      const any = parts.slice(at, at + 100).map((value): Condition => ({ field: 'raw', op: 'contains', value }));
      const of = { ...WHOLE, from: BEGIN + SPAN_MS, to: BEGIN + SPAN_MS + lines.length, where: { any } };
      told.push(...(await queries.window(of, 'oldest', 0, EVENTS)).map(({ raw }) => raw));
    }
    expect(told).toEqual([]);
  }, 60_000);

  it('finds the lines with a whole number of somebody, and ordinary words', async () => {
    const mobile = personal.find(({ kind, written }) => kind === 'mobile' && /^1\d{10}$/.test(written))!;
    expect(await foundBy(mobile.written, true)).toContain(mobile.n);
    const word = lines.findIndex(({ text }) => text.includes('gateway'));
    expect(await foundBy('gateway', false)).toContain(word);
  });
});

describe('a run', () => {
  it('is followed and ended by its name', async () => {
    const running = new RunningQueries(address);
    const runs = new HuntingRuns(running);
    const endless = runs.reader.query({
      query: 'SELECT count() FROM numbers(1e12) WHERE sipHash64(number) = 1',
      query_id: 'lina/1',
    });
    const ended = expect(endless).rejects.toMatchObject({ code: 'WL_QUERY_CANCELLED' });
    await expect
      .poll(async () => (await runs.progress('lina/1'))?.rowsRead ?? 0, { timeout: 30_000 })
      .toBeGreaterThan(0);
    expect(await runs.progress('wu/1')).toBeUndefined();
    expect(await runs.cancel('wu/1')).toBe(false);
    expect(await runs.cancel('lina/1')).toBe(true);
    await ended;
    expect(await runs.progress('lina/1')).toBeUndefined();
    await running.stop();
  }, 60_000);
});
