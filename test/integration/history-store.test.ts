import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DayKeeper } from '../../src/day-keeper.ts';
import { storeClient, type StoreAddress, type StoreClient } from '../../src/store/client.ts';
import { DayStatements } from '../../src/store/day-statements.ts';
import { ForecastQueries } from '../../src/store/forecast-queries.ts';
import { migrate } from '../../src/store/migrate.ts';
import { StoreQueries } from '../../src/store/queries.ts';
import { readerWithin } from '../../src/store/reader.ts';
import { daysOf, hasWord, insertOf, WORDS, type Day, type Year } from '../bench/history/generated.ts';
import { expanded, readDashboards } from '../dashboards/grafana-files.ts';
import { asGrafanaSees, seedGrafana } from './grafana-store.ts';
import { startStore, type StoreProcess } from './store-process.ts';

const DAY_MS = 86_400_000;
/** Some 1,500 events a day. */
const YEAR: Year = { seed: 3, from: Math.floor(Date.now() / DAY_MS - 40) * DAY_MS, events: 500_000 };
const DAYS = daysOf(YEAR).slice(0, 3);
const ALL = { from: YEAR.from - 30 * DAY_MS, to: YEAR.from + 40 * DAY_MS };
const SLOTS = 'SELECT sum(events) AS events, sum(rows) AS rows, sum(late) AS late FROM event_slots_once';
const EVENTS = `SELECT count() AS events, sum(rows) AS rows, countIf(time < ingest_time - INTERVAL 1 HOUR) AS late FROM events_once`;

let store: StoreProcess;
let address: StoreAddress;
let client: StoreClient;
let statements: DayStatements;

beforeAll(async () => {
  store = await startStore();
  address = { url: store.url, user: 'default', password: store.password, database: 'wanglou' };
  await migrate(address, { retentionDays: 400 });
  client = storeClient(address);
  statements = new DayStatements(client);
  for (const day of DAYS)
    for (const again of [false, true]) await client.command({ query: insertOf(YEAR, day, again) });
});
afterAll(async () => {
  await client.close();
  await store.stop();
});

async function ask<T = Record<string, unknown>>(query: string): Promise<T[]> {
  return (await client.query({ query, format: 'JSONEachRow' })).json<T>();
}

/** What `serve` does with days that are over, as it would do it later. */
async function keepDays(): Promise<string[]> {
  const problems: string[] = [];
  const keeper = new DayKeeper({
    store: statements,
    clock: { offsetMs: () => 0 },
    now: () => ALL.to,
    restShare: 0,
    onProblem: (error, day) => problems.push(`${day}: ${error.message}`),
  });
  await keeper.look();
  return problems;
}

const partsOf = (day: Day) =>
  ask<{ rows: string; indexes: string }>(
    `SELECT sum(rows) AS rows, sum(secondary_indices_compressed_bytes) AS indexes FROM system.parts
     WHERE database = 'wanglou' AND table = 'events' AND active
       AND partition = '${new Date(day.at).toISOString().slice(0, 10).replaceAll('-', '')}' GROUP BY name`,
  );

describe('days of events that are over', () => {
  it('are counted exactly before they are kept, repeats left out', async () => {
    const [events] = await ask(EVENTS);
    expect(Number(events!['events'])).toBe(DAYS.reduce((sum, day) => sum + day.events, 0));
    expect(await ask(SLOTS)).toEqual([events]);
  });

  it('have one part each afterwards, with its indexes and without repeats, and the same sums', async () => {
    const [before] = await ask(EVENTS);
    expect(await keepDays()).toEqual([]);
    for (const day of DAYS) {
      const parts = await partsOf(day);
      expect(parts.map(({ rows }) => Number(rows))).toEqual([day.events]);
      expect(Number(parts[0]!.indexes)).toBeGreaterThan(0);
    }
    expect(await ask(SLOTS)).toEqual([before]);
    expect(await ask('SELECT sum(events) AS events FROM event_slots')).toEqual([{ events: before!['events'] }]);
    expect(await statements.unkept('2999-01-01')).toEqual([]);
  });

  it('have their text indexes, which are left out of all other merges', async () => {
    const [row] = await ask<{ made: string }>(
      "SELECT create_table_query AS made FROM system.tables WHERE database = 'wanglou' AND name = 'events'",
    );
    expect(row!.made).toContain("exclude_materialize_skip_indexes_on_merge = 'words_of_message, words_of_raw'");
    const explained = await ask<{ explain: string }>(
      "EXPLAIN indexes = 1 SELECT id FROM events WHERE lower(message) LIKE '%no such word%' OR lower(raw) LIKE '%no such word%'",
    );
    const text = explained.map(({ explain }) => explain.trim()).join('\n');
    expect(text).toMatch(/Name: words_of_raw/);
    expect(text.split('\n').findLast((line) => line.startsWith('Granules:'))).toMatch(/^Granules: 0\//);
  });

  it('are counted from their events again when some come late, until they are kept again', async () => {
    const [day] = DAYS;
    const again = insertOf(YEAR, { ...day!, first: day!.first + 500_000_000, events: 700 }, false);
    await client.command({ query: again });
    const [events] = await ask(EVENTS);
    expect(await ask(SLOTS)).toEqual([events]);
    expect((await statements.unkept('2999-01-01')).map((one) => one.day)).toEqual([new Date(day!.at).toISOString().slice(0, 10)]); // prettier-ignore
    expect(await keepDays()).toEqual([]);
    expect(await ask(SLOTS)).toEqual([events]);
    expect(await statements.unkept('2999-01-01')).toEqual([]);
  });

  it('count for a scope with what is of it', async () => {
    const none = new Set<string>();
    const reach = { departments: new Set(['dep07']), systems: none, assets: none, sources: none, vendors: none };
    const reader = readerWithin(client, reach as unknown as Parameters<typeof readerWithin>[1]);
    const query = 'SELECT department, sum(events) AS events FROM event_slots_once GROUP BY department';
    const within = await (await reader.query({ query, format: 'JSONEachRow' })).json();
    expect(within).toEqual(await ask(`SELECT department, count() AS events FROM events_once WHERE department = 'dep07' GROUP BY department`)); // prettier-ignore
  });

  it('give the same rows by day of Shanghai from their sums as from their events', async () => {
    const queries = new ForecastQueries(client);
    const midnight = YEAR.from - 8 * 3_600_000;
    const range = { step: 'day', from: midnight, to: midnight + 20 * DAY_MS } as const;
    const days = await queries.rowsByDepartment({ ...range, zone: 'Asia/Shanghai' });
    const counted = await ask(
      `SELECT toInt64(toDate(time, 'Asia/Shanghai')) AS at, toString(department) AS id, sum(rows) AS value FROM events_once
       WHERE time >= fromUnixTimestamp64Milli(${range.from}) AND time < fromUnixTimestamp64Milli(${range.to})
       GROUP BY at, id`,
    );
    const sorted = (all: { at: number | string; id: string; value: number | string }[]) =>
      all.map(({ at, id, value }) => `${at} ${id} ${value}`).sort();
    expect(sorted(days)).toEqual(sorted(counted as Parameters<typeof sorted>[0]));
    expect(days.length).toBeGreaterThan(100);
  });
});

describe('a search over years', () => {
  const queries = (): StoreQueries => new StoreQueries(client);

  it('finds every event with a word once, newest first, page by page, whatever day it is of', async () => {
    const { text } = WORDS[4]; // one of 211 events
    const [expected] = await ask<{ n: string }>(`SELECT count() AS n FROM events_once WHERE position(message, '${text}') > 0`); // prettier-ignore
    expect(hasWord(4)).toContain('211');
    const times: number[] = [];
    const ids = new Set<string>();
    for (let cursor = ''; ;) {
      const page = await queries().searchEvents({ text, ...ALL, limit: 20, cursor });
      for (const { id, time } of page.events) {
        ids.add(id);
        times.push(time);
      }
      if (page.next === '') break;
      cursor = page.next;
    }
    expect(ids.size).toBe(Number(expected!.n));
    expect(times).toEqual(times.toSorted((a, b) => b - a));
    expect(times).toHaveLength(ids.size);
  });

  it('finds what was taken in weeks after its time', async () => {
    const [late] = await ask<{ id: string; message: string; ms: string }>(
      `SELECT id, message, toUnixTimestamp64Milli(time) AS ms FROM events_once
       ORDER BY time LIMIT 1`,
    );
    const time = Number(late!.ms);
    const found = await queries().searchEvents({ text: late!.message, from: time, to: time + 1, limit: 10 });
    expect(found.events.map(({ id }) => id)).toEqual([late!.id]);
  });
});

describe('the dashboards of Grafana, with no other columns than their account may read', () => {
  const range = { from: YEAR.from - DAY_MS, to: YEAR.from + 5 * DAY_MS, stepSeconds: 3_600 };
  const panels = [...readDashboards().values()].flatMap((dashboard) =>
    dashboard.panels.map((panel) => ({ name: `${dashboard.uid}: ${panel.title}`, panel, dashboard })),
  );
  let grafana: StoreClient;

  beforeAll(async () => {
    await seedGrafana(client, YEAR.from + DAY_MS);
    grafana = await asGrafanaSees(client, address);
  });
  afterAll(() => grafana.close());

  it.each(panels)('$name has what its panel needs', async ({ panel }) => {
    for (const { rawSql, format } of panel.targets) {
      const answer = await grafana.query({ query: expanded(rawSql, range), format: 'JSONCompact' });
      const { meta = [], data } = await answer.json<unknown[]>();
      const types = meta.map(({ name, type }) => ({ name, kind: kindOf(type) }));
      expect(data.length).toBeGreaterThan(0);
      if (format === 0) expect(types[0]).toEqual({ name: 'time', kind: 'time' });
      expect(types.some(({ kind }) => kind === 'number')).toBe(true);
      if (['piechart', 'barchart'].includes(panel.type))
        expect(types.map(({ kind }) => kind)).toEqual(['text', 'number']);
      if (['stat', 'gauge'].includes(panel.type)) expect(data).toHaveLength(1);
    }
  });

  it('find the values of their variables, and narrow to those that are chosen', async () => {
    for (const { panels: all, templating } of readDashboards().values())
      for (const { name, query } of templating.list) {
        if (typeof query === 'string') continue;
        const answer = await grafana.query({ query: expanded(query.rawSql, range), format: 'JSONCompact' });
        const values = (await answer.json<string[]>()).data.map(([value]) => value!);
        expect(values.length).toBeGreaterThan(0);
        const narrowed = all.flatMap(({ targets }) => targets).filter(({ rawSql }) => rawSql.includes(`$${name}`));
        expect(narrowed.length).toBeGreaterThan(0);
        for (const { rawSql } of narrowed) {
          const query = `EXPLAIN ${expanded(rawSql, range, { [name]: ["o'neil", values[0]!] })}`;
          expect(await (await grafana.query({ query, format: 'JSON' })).text()).toContain("o\\\\'neil");
        }
      }
  });
});

function kindOf(type: string): 'time' | 'number' | 'text' {
  if (/^(Nullable\()?Date/.test(type)) return 'time';
  return /^(Nullable\()?(U?Int|Float|Decimal)/.test(type) ? 'number' : 'text';
}
