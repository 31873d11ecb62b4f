import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { detectors } from '../../detectors/index.ts';
import { readConfig } from '../../src/config.ts';
import { CoverageDesk } from '../../src/coverage-desk.ts';
import { CoverageJob } from '../../src/coverage-job.ts';
import type { CoverageLine } from '../../src/coverage/balance.ts';
import type { CoverageGap } from '../../src/coverage/gaps.ts';
import type { CoverageRecord, DoorStatement } from '../../src/coverage/record.ts';
import type { Replay } from '../../src/coverage/replay.ts';
import { unevenFindings } from '../../src/coverage/uneven-finding.ts';
import { BaselineBook } from '../../src/detection/baseline.ts';
import type { Detector } from '../../src/detection/detector.ts';
import { encodeBatch } from '../../src/event/batch.ts';
import type { Event } from '../../src/event/event.ts';
import { keyedId } from '../../src/event/id.ts';
import type { Finding } from '../../src/finding/finding.ts';
import { replay, type ReplayResult } from '../../src/replay.ts';
import { startReplay } from '../../src/replay-process.ts';
import { storeClient, type StoreClient } from '../../src/store/client.ts';
import { CoverageQueries } from '../../src/store/coverage-queries.ts';
import { DOORS, EPOCHS, LINES, RANGES, REPLAYS, rowsOfCoverage, SEGMENTS } from '../../src/store/coverage-rows.ts';
import { migrate } from '../../src/store/migrate.ts';
import { TableWriter } from '../../src/store/table-writer.ts';
import { FINDINGS } from '../../src/store/tables.ts';
import { StoreWriter } from '../../src/store/writer.ts';
import { heartbeatAt, registry, startEngine } from '../detection/engine-fixture.ts';
import { eventAt } from '../detection/judge.ts';
import { MemoryLog } from '../detection/memory-log.ts';
import { startStore, type StoreProcess } from './store-process.ts';

const MINUTE = 60_000;
const AT = Math.floor(Date.now() / MINUTE) * MINUTE - 60 * MINUTE;
const ATTACK = 60;

let store: StoreProcess;
let client: StoreClient;
let queries: CoverageQueries;
let job: CoverageJob;
let desk: CoverageDesk;
let log: MemoryLog;
const told: CoverageLine[][] = [];
const surroundings = () => ({
  config: readConfig({
    WANGLOU_CLICKHOUSE_URL: store.url,
    WANGLOU_CLICKHOUSE_PASSWORD: store.password,
  }),
  ...{ eventLog: log, registry },
});

/** Somebody guesses a password, two of the events come again, and the detector for it is out of order. */
beforeAll(async () => {
  store = await startStore();
  const address = { url: store.url, user: 'default', password: store.password, database: 'wanglou' };
  await migrate(address, { retentionDays: 400 });
  client = storeClient(address);
  queries = new CoverageQueries(client);
  log = new MemoryLog(1);
  const events = Array.from({ length: ATTACK }, (_, n) => failure(n));
  await append(events.slice(0, 20), [...events.slice(20), events[20]!, events[3]!]);
  await append([heartbeatAt(AT + 30 * MINUTE)]);
  await judge();
  await new TableWriter(client, DOORS).write(rowsOfCoverage([statement()]).doors);
  await new TableWriter(client, EPOCHS).write([statement()]);
  const lines = new TableWriter(client, LINES);
  job = new CoverageJob({
    store: queries,
    write: (all) => lines.write(all),
    partitions: 1,
    onUneven: async (uneven) => void told.push([...uneven]),
    onProblem: (error) => {
      throw error;
    },
    now: () => AT + 20 * MINUTE + told.length,
  });
  desk = new CoverageDesk({ store: queries, registry: { current: () => registry }, settledTo: () => job.settledTo });
});
afterAll(async () => {
  await client.close();
  await store.stop();
});

function failure(n: number): Event {
  return eventAt(new Date(AT + n * 1_000).toISOString(), {
    ...{ id: keyedId('replay', String(n)), source: 'gate', account: 'li', clientAddress: '192.0.2.7', host: 'gate' },
    ...{ action: 'sign-in', outcome: 'failure', classUid: 3002 },
  });
}

function statement(): DoorStatement {
  return {
    ...{ kind: 'door', epoch: 'e', number: 1, instance: '', startedAt: AT - 5 * MINUTE, at: AT + 20 * MINUTE },
    ended: false,
    minutes: [{ source: 'gate', minute: AT, received: ATTACK + 2, refused: {}, lost: 0, appended: ATTACK + 2 }],
  };
}

async function append(...records: (readonly Event[])[]): Promise<void> {
  for (const events of records)
    await log.append([{ topic: 'events', partition: 0, value: encodeBatch(events.map((one) => ({ ...one }))).bytes }]);
}

async function judge(): Promise<void> {
  const broken = (one: Detector): Detector => ({
    ...one,
    step: () => {
      throw new Error('out of order');
    },
  });
  const writer = new StoreWriter({ client });
  writer.start();
  const { engine } = await startEngine(log, {
    detectors: detectors.map((one) => (one.name === 'brute-force' ? broken(one) : one)),
    sink: writer,
    makeBaseline: (current) => new BaselineBook(current),
    coverageMs: 0,
  });
  await log.idle();
  await engine.stop();
  writer.stop();
  const records = log.records('coverage', 0).map(({ live }) => live as CoverageRecord);
  const { segments, ranges } = rowsOfCoverage(records);
  await new TableWriter(client, SEGMENTS).write(segments);
  await new TableWriter(client, RANGES).write(ranges);
}

const gapOf = async (kind: CoverageGap['kind']): Promise<CoverageGap> =>
  (await desk.gaps(AT - MINUTE, AT + 20 * MINUTE)).gaps.find((gap) => gap.kind === kind)!;

const idsInStore = async (): Promise<number[]> => {
  const query = "SELECT count() AS rows, uniqExact(id) AS ids FROM events FINAL WHERE source = 'gate'";
  const [row] = await (await client.query({ query, format: 'JSONEachRow' })).json<{ rows: string; ids: string }>();
  return [Number(row!.rows), Number(row!.ids)];
};

const findingsTold = (): Finding[] =>
  log.records('findings', 0).map(({ value }) => JSON.parse(Buffer.from(value).toString()) as Finding);

/** As the desk of `serve` notes it. */
async function noted(gap: CoverageGap, { stored, evaluated, findings, unreadable }: ReplayResult): Promise<void> {
  const done: Replay = {
    ...{ id: gap.id, gap: gap.id, kind: gap.kind, detector: gap.detector, partition: gap.partition },
    ...{ from: gap.from, to: gap.to, since: gap.since, until: gap.until, askedBy: 'op', askedAt: AT, state: 'done' },
    ...{ done: 1, total: 1, stored, evaluated, findings, unreadable, reason: '', at: AT },
  };
  await new TableWriter(client, REPLAYS).write([done]);
  job.again(gap.since, gap.until);
}

describe('gaps of the coverage ledger', () => {
  it('are found where the store has lost events and a detector was parked, and told of when they stay', async () => {
    await client.command({
      query: `ALTER TABLE events DELETE WHERE source = 'gate' AND account = 'li' AND toSecond(time) < 7`,
      clickhouse_settings: { mutations_sync: '2' },
    });
    await job.look();
    expect(job.settledTo).toBe(AT + 20 * MINUTE);
    expect(told).toEqual([]);
    await job.look();
    expect(told.at(-1)).toMatchObject([
      {
        source: 'gate',
        minute: AT,
        appended: ATTACK + 2,
        repeated: 2,
        stored: ATTACK - 7,
        missed: { 'brute-force': ATTACK },
      },
    ]);
    expect(job.uneven[0]!.off).toEqual({ received: 0, appended: 0, parsed: 0, stored: -7, evaluated: -ATTACK });
    const [finding] = unevenFindings(told.at(-1)!);
    expect(finding!.explanation.en).toContain('Of source gate, -7 events');
    expect(finding!.explanation.en).toContain('partition/offsets 0/0–2');
  });

  it('are closed from the event log without doubling anything', async () => {
    const gap = await gapOf('stored');
    expect(gap).toMatchObject({ partition: 0, from: 0, to: 3, sources: ['gate'], events: -7, canReplay: true });
    const result = await replay(gap, surroundings(), () => undefined);
    expect(result).toEqual({ stored: 7, evaluated: 0, findings: 0, unreadable: 0 });
    expect(await idsInStore()).toEqual([ATTACK, ATTACK]);
    expect(await replay(gap, surroundings(), () => undefined)).toMatchObject({ stored: 0 });
    expect(await idsInStore()).toEqual([ATTACK, ATTACK]);
    await noted(gap, result);
    await job.look();
    expect(job.uneven.map(({ off }) => off.stored)).toEqual([0]);
  });

  it('are closed by showing the detector what it has missed, and what it finds is told once', async () => {
    const gap = await gapOf('evaluated');
    expect(gap).toMatchObject({ detector: 'brute-force', events: -ATTACK, canReplay: true });
    expect(findingsTold().map(({ detector }) => detector)).not.toContain('brute-force');
    const result = await replay(gap, surroundings(), () => undefined);
    expect(result).toMatchObject({ evaluated: ATTACK, findings: 1 });
    const found = findingsTold().filter(({ detector }) => detector === 'brute-force');
    expect(found).toMatchObject([{ clientAddress: '192.0.2.7' }]);
    await new TableWriter(client, FINDINGS).write(found);
    expect(await replay(gap, surroundings(), () => undefined)).toMatchObject({ findings: 0 });
    await noted(gap, result);
    await job.look();
    expect(job.uneven).toEqual([]);
    expect((await desk.gaps(AT - MINUTE, AT + 20 * MINUTE)).gaps).toEqual([]);
  });

  it('say why they can not be replayed when the process fails', async () => {
    const gap = { kind: 'stored', detector: '', partition: 0, from: 0, to: 1, since: AT, until: AT + MINUTE } as const;
    const { ended, kill } = startReplay(gap, () => undefined);
    kill();
    await expect(ended).rejects.toThrow('its process was ended by SIGKILL');
  });
});
