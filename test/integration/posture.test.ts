import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { lifeEventOf, stateOf, type LifeEvent } from '../../src/finding/lifecycle.ts';
import type { Finding } from '../../src/finding/finding.ts';
import { scoresOf } from '../../src/posture/score.ts';
import { PostureDesk } from '../../src/posture-desk.ts';
import { PostureJob } from '../../src/posture-job.ts';
import { UseKeeper } from '../../src/use-keeper.ts';
import { storeClient, type StoreClient } from '../../src/store/client.ts';
import { migrate } from '../../src/store/migrate.ts';
import { PostureQueries } from '../../src/store/posture-queries.ts';
import { StoreQueries } from '../../src/store/queries.ts';
import { TableWriter } from '../../src/store/table-writer.ts';
import { ASSET_USES, FINDINGS, LIVES, SCORES } from '../../src/store/tables.ts';
import { closed, found, NO_USES, townRegistry } from '../posture/platform.ts';
import { startStore, type StoreProcess } from './store-process.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;
const START = Date.parse('2026-11-20T08:00:00Z');

let store: StoreProcess;
let client: StoreClient;
let queries: PostureQueries;
let now = START;
const registry = townRegistry();
const known = { current: () => registry, asOf: () => registry, history: { lastRecordedAt: 0 } };
const heard = () => [{ source: 'residents-db', lastSeenAt: now, problem: '' as const }];

beforeAll(async () => {
  store = await startStore();
  const address = { url: store.url, user: 'default', password: store.password, database: 'wanglou' };
  await migrate(address, { retentionDays: 400 });
  client = storeClient(address);
  queries = new PostureQueries(client);
});
beforeEach(async () => {
  for (const table of ['findings', 'triage', 'posture', 'asset_use', 'events'])
    await client.command({ query: `TRUNCATE TABLE ${table}` });
  now = START;
});
afterAll(async () => {
  await client.close();
  await store.stop();
});

interface Serving {
  desk: PostureDesk;
  job: PostureJob;
  /** Something happens, and is told and stored at once. */
  raise: (finding: Finding) => Promise<void>;
  decide: (life: LifeEvent) => Promise<void>;
  /** Five seconds after that minute. */
  minute: (n: number) => Promise<void>;
}

async function serve(unstored: readonly { finding?: Finding; life?: LifeEvent }[] = []): Promise<Serving> {
  const desk = new PostureDesk({ store: queries, registry: known, heard, now: () => now });
  const scores = new TableWriter(client, SCORES);
  const job = new PostureJob({
    desk,
    store: queries,
    write: (all) => scores.write(all),
    unstored: async () =>
      async function* () {
        yield* unstored;
      },
    onProblem: (error) => {
      throw error;
    },
    now: () => now,
  });
  await job.load();
  return {
    desk,
    job,
    raise: async (finding) => {
      job.finding(finding);
      job.life(lifeEventOf(finding));
      await new TableWriter(client, FINDINGS).write([finding]);
      await new TableWriter(client, LIVES).write([lifeEventOf(finding)]);
    },
    decide: async (life) => {
      job.life(life);
      await new TableWriter(client, LIVES).write([life]);
    },
    minute: async (n) => {
      now = START + n * MINUTE + 5_000;
      await job.minute();
    },
  };
}

/** The scores as they follow from all revisions and entries in the store, the plain way. */
async function recomputed(at: number): Promise<unknown[]> {
  const stored = new StoreQueries(client);
  const result = await client.query({
    query: 'SELECT DISTINCT toString(id) AS id FROM findings',
    format: 'JSONEachRow',
  });
  const ids = (await result.json<{ id: string }>()).map(({ id }) => id);
  const lives = (await stored.lifeEvents(ids)).filter((life) => life.at <= at);
  const findings = [];
  for (const id of ids) {
    const finding = (await stored.findingRevisions(id)).findLast(({ causedAt }) => causedAt <= at);
    const { status, disposition } = stateOf(lives.filter((life) => life.finding === id));
    if (finding) findings.push({ finding, status, disposition });
  }
  return scoresOf({ at, findings, registry, uses: NO_USES }).map(({ kind, id, score, sum }) => [kind, id, score, sum]);
}

async function written(at: number): Promise<unknown[]> {
  return (await queries.scores(at, at)).map(({ kind, id, score, sum }) => [kind, id, score, sum]);
}

/** Whatever the order of the scopes. */
async function expectRecomputed(...minutes: number[]): Promise<void> {
  for (const n of minutes) {
    const at = START + n * MINUTE;
    const rows = await written(at);
    expect(rows.length, `minute ${n}`).toBeGreaterThan(10);
    expect(rows.sort(), `minute ${n}`).toEqual((await recomputed(at)).sort());
  }
}

const overall = async (n: number) =>
  (await queries.scoreAt('overall', '', START + (n - 1) * MINUTE, START + n * MINUTE))!;
const at = (n: number, changes: Partial<Finding> = {}) => ({
  lastTime: START + n * MINUTE,
  causedAt: START + n * MINUTE,
  ...changes,
});

describe('the posture in the real store', () => {
  it('is in every minute what follows from the stored findings: closed, reopened, suppressed, late', async () => {
    const { minute, raise, decide } = await serve();
    await minute(1);
    const high = found('high', at(1.2, { vendor: 'qm' }));
    const low = found('low', at(1.5, { severity: 'low', assetLevel: 'general-2' }));
    await raise(high);
    await raise(low);
    await minute(2);
    await decide(closed(high, 'benign', START + 2.3 * MINUTE));
    await minute(3);
    await raise({ ...high, revision: 2, alert: true, severity: 'critical', ...at(3.4) });
    await raise(found('hidden', at(3.5, { suppression: 's-1' })));
    await minute(4);
    await decide(closed(high, 'true-positive', START + 4.1 * MINUTE));
    await raise({ ...low, revision: 2, alert: false, suppression: 's-2', ...at(4.2) });
    await minute(5);
    await raise(found('late', at(1.9, { severity: 'critical' })));
    await decide({ ...closed(low, 'duplicate', START + 2.6 * MINUTE), id: '0190a1b2-0000-4000-8000-00000000000b' });
    await minute(6);
    await expectRecomputed(1, 2, 3, 4, 5, 6);
    const scores = await Promise.all([1, 2, 3, 4].map(async (n) => (await overall(n)).score));
    expect(scores[0]).toBe(100);
    expect(scores[1]).toBeLessThan(scores[2]!);
    expect(scores[3]).toBeLessThan(scores[2]!);
    expect((await overall(2)).trust).toBe(50);
  });

  it('makes up for the minutes in which nobody was there to write, without trust', async () => {
    const first = await serve();
    await first.minute(1);
    const before = found('before', at(1.5));
    await first.raise(before);
    await first.minute(2);
    const away = found('away', at(3.5, { severity: 'critical' }));
    await new TableWriter(client, FINDINGS).write([away]);
    const second = await serve([
      { finding: found('unstored', at(4.5)) },
      { life: closed(before, 'benign', START + 4.6 * MINUTE) },
    ]);
    await second.minute(6);
    await expectRecomputed(1, 2, 3, 4);
    expect((await overall(4)).trust).toBeNull();
    expect((await overall(2)).trust).toBe(50);
    expect((await overall(6)).sum).toBeCloseTo(90, 1); // a critical one and the one that only the log had; the closed one is gone
  });

  it('counts once a minute, however many programs write it, and the last writing', async () => {
    const [one, other] = [await serve(), await serve()];
    await one.minute(1);
    await other.raise(found('seen-by-one', at(0.5)));
    await other.minute(1);
    const rows = await queries.scores(START + MINUTE, START + MINUTE);
    expect(new Set(rows.map(({ kind, id }) => `${kind}/${id}`)).size).toBe(rows.length);
    expect((await overall(1)).sum).toBe(30);
  });

  it('answers for a time before its memory what was written then', async () => {
    const { desk, minute, raise } = await serve();
    const high = found('high', at(0.5));
    await raise(high);
    await minute(1);
    await raise({ ...high, revision: 2, severity: 'critical', ...at(1.5) });
    await minute(2);
    now = START + 3 * DAY;
    const later = new PostureDesk({ store: queries, registry: known, heard, now: () => now });
    const told = await later.of({ kind: 'overall', id: '' }, START + MINUTE, 10);
    expect(told).toMatchObject({ score: (await overall(1)).score, trust: 50, termCount: 1, dayBefore: null });
    expect(told.terms[0]).toMatchObject({ id: high.id, severity: 'high' });
    expect((await later.of({ kind: 'overall', id: '' }, START + DAY + MINUTE, 10)).dayBefore).toEqual({
      at: START + MINUTE,
      ...{ score: told.score, trust: 50 },
    });
    expect((await desk.of({ kind: 'overall', id: '' }, START + 2 * MINUTE, 10)).terms[0]!.severity).toBe('critical');
  });

  it('has a series by steps, with the lowest score of each', async () => {
    const { minute, raise } = await serve();
    await minute(1);
    await minute(2);
    await raise(found('high', at(2.5)));
    await minute(3);
    const points = await queries.series('overall', '', START, START + 10 * MINUTE, 2 * MINUTE);
    const fallen = (await overall(3)).score;
    expect(points).toEqual([
      { at: START, score: 100, lowest: 100, trust: 50 },
      { at: START + 2 * MINUTE, score: Math.round((100 + fallen) * 5) / 10, lowest: fallen, trust: 50 },
    ]);
    expect(await queries.series('system', 'nobody', START, START + DAY, MINUTE)).toEqual([]);
  });
});

describe('the use of assets in the real store', () => {
  it('is noted once for each whole day, and tells which grants are unused', async () => {
    const rows = [
      [START - 70 * DAY, ''],
      [START - 69 * DAY, 'register'],
      [START - 2 * DAY, 'visits'],
      [START, 'register'],
    ] as const;
    const time = (ms: number): string => new Date(ms).toISOString().replace('T', ' ').slice(0, -1);
    const values = rows.map(([ingest, asset], n) => ({
      ...{ id: `0190a1b2-0000-8000-8000-00000000000${n}`, source: 's', time: time(ingest), ingest_time: time(ingest) },
      ...{ asset, department: 'health', person: 'p-1', role: 'officer' },
    }));
    await client.insert({ table: 'events', values, format: 'JSONEachRow' });
    const desk = new PostureDesk({ store: queries, registry: known, heard, now: () => now });
    const uses = new TableWriter(client, ASSET_USES);
    const keeperOf = (book = desk.uses): UseKeeper =>
      new UseKeeper({
        store: queries,
        write: (all) => uses.write(all),
        book,
        onProblem: () => undefined,
        now: () => now,
      });
    await keeperOf().look();
    const kept = await queries.uses('2026-01-01');
    expect(kept).toHaveLength(62);
    expect(kept.filter(({ asset }) => asset !== '')).toEqual([
      { day: '2026-11-18', asset: 'visits', department: 'health', system: '', person: 'p-1', role: '' },
    ]);
    const grant = { from: '2026-01-01', recipient: 'health' };
    const granted = townRegistry({
      grants: [
        { id: 'g-visits', asset: 'visits', ...grant },
        { id: 'g-register', asset: 'register', ...grant },
      ],
    });
    const of = (id: string) => desk.uses.at(now, granted).lastUse(granted.grant(id, now)!);
    expect(of('g-visits')).toBe(Date.parse('2026-11-19T00:00:00Z'));
    expect(of('g-register')).toBe(0);
    await keeperOf().look();
    expect(await queries.uses('2026-01-01')).toHaveLength(62);
  });
});
