import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DayKeeper } from '../../../src/day-keeper.ts';
import { storeClient, type StoreAddress, type StoreClient } from '../../../src/store/client.ts';
import { DayStatements } from '../../../src/store/day-statements.ts';
import { migrate } from '../../../src/store/migrate.ts';
import { startStore } from '../../integration/store-process.ts';
import { verify, type BenchContext } from '../bench.ts';
import { expectDay, prepareExpected } from './expected.ts';
import { daysOf, insertOf, lengthOf, type Day, type Year } from './generated.ts';

const DAY_MS = 86_400_000;
const SEED = 7;
const WAIT_MS = 3_600_000;
const PASSWORD = 'store-secret';
/** Text is searched over a month: days before it get no text index here, which would take hours more. */
export const SEARCHED_DAYS = 31;

/** A running store with a year of events that ends today, kept as it is after some days. */
export interface FilledStore {
  year: Year;
  days: readonly Day[];
  /** Where the store is, for a platform beside. */
  address: StoreAddress;
  /** Waits for an hour. */
  client: StoreClient;
  pid: number;
}

let opened: Promise<FilledStore> | undefined;

/** The same for all scenarios of a run; it ends with the last of them. */
export function filledStore(context: BenchContext): Promise<FilledStore> {
  return (opened ??= open(context));
}

async function open(context: BenchContext): Promise<FilledStore> {
  const dir = context.keep === undefined ? mkdtempSync(join(tmpdir(), 'wanglou-bench-year-')) : resolve(context.keep);
  const year = yearOf(dir, context.events);
  const store = await startStore({ dataDir: dir, password: PASSWORD, maxExecutionMs: WAIT_MS });
  // The programs of a run end with it; what is stored is on the disk.
  process.once('exit', () => {
    process.kill(store.pid, 'SIGKILL');
    if (context.keep === undefined) rmSync(dir, { recursive: true, force: true });
  });
  const address = { url: store.url, user: 'default', password: PASSWORD, database: 'wanglou' };
  await migrate(address, { retentionDays: 400 });
  const client = storeClient(address, WAIT_MS);
  const days = daysOf(year);
  await fill(client, year, days, context);
  await keep(client, year, context);
  return { year, days, address, client, pid: store.pid };
}

/** What the folder holds already; else a year that ends with yesterday. @throws for another number of events. */
function yearOf(dir: string, events: number): Year {
  const file = join(dir, 'year.json');
  if (!existsSync(file)) {
    mkdirSync(dir, { recursive: true });
    const from = (Math.floor(Date.now() / DAY_MS) - lengthOf({ events })) * DAY_MS;
    writeFileSync(file, `${JSON.stringify({ seed: SEED, from, events } satisfies Year)}\n`);
  }
  const year = JSON.parse(readFileSync(file, 'utf8')) as Year;
  verify(year.events === events, `${dir} is for ${year.events} events, not ${events}: name another folder`);
  return year;
}

/** Goes on where it was ended: a day that is inserted twice is there once. */
async function fill(client: StoreClient, year: Year, days: readonly Day[], context: BenchContext): Promise<void> {
  await prepareExpected(client);
  const rows = await rowsByDay(client);
  const expected = await rowsByDay(client, 'expected_use');
  const began = performance.now();
  let done = 0;
  for (const [n, day] of days.entries()) {
    if (!expected.has(nameOf(day))) await expectDay(client, year, day);
    if ((rows.get(nameOf(day)) ?? 0) >= day.events) continue;
    for (const again of [false, true]) await client.command({ query: insertOf(year, day, again) });
    done += day.events;
    const rate = Math.round((done * 1_000) / (performance.now() - began));
    if (n % 20 === 0) context.progress(`  ${n + 1} of ${days.length} days, ${rate} events/s`);
  }
}

async function rowsByDay(client: StoreClient, table = 'events'): Promise<Map<string, number>> {
  const result = await client.query({
    query: `SELECT partition, toUInt32(sum(rows)) AS rows FROM system.parts
      WHERE database = currentDatabase() AND table = {table:String} AND active GROUP BY partition`,
    query_params: { table },
    format: 'JSONEachRow',
  });
  const all = await result.json<{ partition: string; rows: number }>();
  return new Map(all.map(({ partition, rows }) => [partition, rows]));
}

/** What `serve` does with days that are over, without its rests: first those with text indexes, then two at a time. */
async function keep(client: StoreClient, year: Year, context: BenchContext): Promise<void> {
  const end = endOf(year);
  const searchedFrom = new Date(end - SEARCHED_DAYS * DAY_MS).toISOString().slice(0, 10);
  await keepSome(client, end, context, (day) => day >= searchedFrom, true);
  await Promise.all(
    [0, 1].map((odd) => keepSome(client, end, context, (day) => (Date.parse(day) / DAY_MS) % 2 === odd, false)),
  );
}

async function keepSome(
  client: StoreClient,
  end: number,
  context: BenchContext,
  isOurs: (day: string) => boolean,
  withText: boolean,
): Promise<void> {
  const statements = new DayStatements(client);
  const store = {
    unkept: async (before: string) => (await statements.unkept(before)).filter(({ day }) => isOurs(day)),
    day: (day: string) => statements.day(day),
    merge: (day: string) => statements.merge(day, withText),
    settle: () => statements.settle(),
    sum: (day: string, keptAt: number) => statements.sum(day, keptAt),
    note: (...of: Parameters<DayStatements['note']>) => statements.note(...of),
  };
  const problems: string[] = [];
  let kept = 0;
  const keeper = new DayKeeper({
    store,
    clock: { offsetMs: () => 0 },
    now: () => end + 2 * DAY_MS,
    restShare: 0,
    onProblem: (error, day) => problems.push(`${day}: ${error.message}`),
    onKept: ({ day }, tookMs) => {
      if (kept++ % 20 === 0) context.progress(`  ${day} is kept, in ${Math.round(tookMs)} ms`);
    },
  });
  await keeper.look();
  verify(problems.length === 0, problems.join('; '));
}

/** When the last day is over: what comes in beside is later. */
export function endOf(year: Year): number {
  return year.from + lengthOf(year) * DAY_MS;
}

export function nameOf(day: Day): string {
  return new Date(day.at).toISOString().slice(0, 10).replaceAll('-', '');
}
