import { Random } from '../../../demo/random.ts';
import { ContextQueries } from '../../../src/store/context-queries.ts';
import { ForecastQueries } from '../../../src/store/forecast-queries.ts';
import { ProfileQueries, type SubjectSpan } from '../../../src/store/profile-queries.ts';
import { StoreQueries } from '../../../src/store/queries.ts';
import { verify } from '../bench.ts';
import { actsOn, usesBy, wordsIn } from './expected.ts';
import { endOf, SEARCHED_DAYS, type FilledStore } from './filled.ts';
import { actorName, ACTORS, assetName, ASSETS, FREQUENT_TEXTS, hasWord, WORDS, lengthOf } from './generated.ts';

/** How long statements took, ms, by what they are for. */
export type Times = Map<string, number[]>;

const DAY_MS = 86_400_000;
const ZONE = 'Asia/Shanghai';
const ZONE_MS = 8 * 3_600_000;
const SEED = 11;
const LIMIT = 100;

async function timed<T>(times: Times, what: string, ask: () => Promise<T>): Promise<T> {
  const began = performance.now();
  const answer = await ask();
  times.set(what, [...(times.get(what) ?? []), performance.now() - began]);
  return answer;
}

/** What a page asks about somebody's day: the list of events, the lanes, the hours. A third of them are the busiest. */
export async function askActorDays(
  store: FilledStore,
  times: Times,
  days: number,
  actorsADay: number,
  round = 0,
): Promise<number> {
  const [queries, context, profile] = [
    new StoreQueries(store.client),
    new ContextQueries(store.client),
    new ProfileQueries(store.client),
  ];
  const random = new Random(SEED, 'actor-days', round);
  let asked = 0;
  for (let n = 0; n < days; n++) {
    const from = localDay(store.year.from + random.int(1, lengthOf(store.year) - 30) * DAY_MS);
    const expected = await actsOn(store.client, new Date(from + ZONE_MS).toISOString().slice(0, 10));
    for (let i = 0; i < actorsADay; i++) {
      const actor = actorName(i % 3 === 0 ? random.int(0, 40) : random.int(0, ACTORS - 1));
      const span = { from, to: from + DAY_MS };
      const found = await timed(times, 'events of an actor and day', () =>
        queries.searchEvents({ account: actor, ...span, limit: LIMIT }),
      );
      const lanes = await timed(times, 'lanes of an actor and day', () =>
        context.lanes({ actor }, { ...span, stepMs: 900_000, ids: [] }),
      );
      const hours = await timed(times, 'hours of an actor and day', () =>
        profile.hours({ kind: 'actor', id: actor, ...span }, ZONE),
      );
      const events = expected.get(actor) ?? 0;
      const inLanes = lanes.reduce((sum, lane) => sum + lane.events, 0);
      const inHours = hours.reduce((sum, hour) => sum + hour.events, 0);
      verify(
        found.events.length === Math.min(LIMIT, events) && inLanes === events && inHours === events,
        `${actor} of ${new Date(from).toISOString()}: ${found.events.length} listed, ${inLanes} in lanes, ${inHours} in hours, ${events} made`,
      );
      asked += 3;
    }
  }
  return asked;
}

/** What is asked about an asset's year, of different assets. */
export async function askAssetYears(store: FilledStore, times: Times, assets: number, round = 0): Promise<number> {
  const queries = new StoreQueries(store.client);
  const profile = new ProfileQueries(store.client);
  const expected = await usesBy(store.client, 'asset');
  const random = new Random(SEED, 'assets', round);
  let asked = 0;
  for (let n = 0; n < assets; n++) {
    const id = assetName(random.int(0, ASSETS - 1));
    const span: SubjectSpan = { kind: 'asset', id, from: store.year.from - 30 * DAY_MS, to: endOf(store.year) };
    const hours = await timed(times, 'hours of an asset', () => profile.hours(span, ZONE));
    const users = await timed(times, 'actors of an asset', () => profile.uses(span, 'actor', 20));
    const seen = await timed(times, 'first and last of an asset', () => profile.seen(span));
    const reasons = await timed(times, 'reasons on an asset', () => profile.reasons(span));
    const page = await timed(times, 'newest events of an asset', () =>
      queries.searchEvents({ asset: id, from: span.from, to: span.to, limit: LIMIT }),
    );
    const { events, rows } = expected.get(id) ?? { events: 0, rows: 0 };
    const counted = hours.reduce((sum, hour) => sum + hour.events, 0);
    const touched = hours.reduce((sum, hour) => sum + hour.rows, 0);
    verify(
      counted === events && touched === rows && reasons.events === events,
      `${id}: ${counted} events and ${touched} rows by hours, ${reasons.events} with reasons; ${events} and ${rows} made`,
    );
    verify(
      page.events.length === Math.min(LIMIT, events) && (events === 0 || (users.length > 0 && seen !== undefined)),
      `${id}: a page of ${page.events.length}`,
    );
    asked += 5;
  }
  return asked;
}

/** Words and numbers, Chinese and English, rare and frequent, over the last month: the first page, and the next. */
export async function askTexts(store: FilledStore, times: Times, numbers: number, round = 0): Promise<number> {
  const queries = new StoreQueries(store.client);
  const to = endOf(store.year);
  const span = { from: to - (SEARCHED_DAYS - 1) * DAY_MS, to };
  let asked = 0;
  const search = async (kind: string, text: string): Promise<number> => {
    const page = await timed(times, `text, ${kind}`, () => queries.searchEvents({ text, ...span, limit: LIMIT }));
    const holds = page.events.every(({ message, raw }) =>
      `${message} ${raw}`.toLowerCase().includes(text.toLowerCase()),
    );
    verify(holds, `an event without ${text} is found`);
    asked++;
    if (page.next === '') return page.events.length;
    await timed(times, `text, ${kind}, next page`, () =>
      queries.searchEvents({ text, ...span, limit: LIMIT, cursor: page.next }),
    );
    asked++;
    return page.events.length;
  };
  const days = store.days.slice(-SEARCHED_DAYS);
  for (const [place, { text, kind }] of WORDS.entries()) {
    const found = await search(kind, text);
    const made = await wordsIn(store.client, store.year, days, { text, condition: hasWord(place) }, span);
    verify(found === Math.min(LIMIT, made), `${found} of ${made} events with ${text} are found`);
  }
  for (const text of FREQUENT_TEXTS) verify((await search('frequent', text)) === LIMIT, `no full page for ${text}`);
  const random = new Random(SEED, 'numbers', round);
  for (let n = 0; n < numbers; n++)
    await search('a number', `2026-${'社户企不教'[n % 5]!}-${String(random.int(0, 199_999)).padStart(6, '0')}`);
  return asked;
}

/** Rows touched by department, by day over the whole year, which months and quarters are made of. */
export async function askRollUps(store: FilledStore, times: Times, repeat: number): Promise<number> {
  const forecasts = new ForecastQueries(store.client);
  const expected = await usesBy(store.client, 'department');
  const range = { step: 'day', from: store.year.from - 30 * DAY_MS, to: endOf(store.year), zone: ZONE } as const;
  for (let n = 0; n < repeat; n++) {
    const values = await timed(times, 'rows by department and day', () => forecasts.rowsByDepartment(range));
    const sums = new Map<string, number>();
    for (const { id, value } of values) sums.set(id, (sums.get(id) ?? 0) + value);
    for (const [department, { rows }] of expected)
      verify(sums.get(department) === rows, `${sums.get(department)} rows of ${department} instead of ${rows}`);
    const one = await timed(times, 'rows of one department by day', () => forecasts.rows('dep07', range));
    const rows = one.reduce((sum, { value }) => sum + value, 0);
    verify(rows === expected.get('dep07')!.rows, `${rows} rows of one department`);
  }
  return repeat * 2;
}

/** Midnight in the zone of the platform, of the local day in which that moment lies. */
function localDay(at: number): number {
  return Math.floor((at + ZONE_MS) / DAY_MS) * DAY_MS - ZONE_MS;
}
