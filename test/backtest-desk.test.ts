import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { detectors } from '../detectors/index.ts';
import { BacktestDesk } from '../src/backtest-desk.ts';
import { BacktestFiles } from '../src/backtest-files.ts';
import type { BacktestState } from '../src/backtest-job.ts';
import type { BacktestEnd } from '../src/backtest-process.ts';
import type { BacktestRequest } from '../src/backtest-command.ts';
import type { BacktestProgress } from '../src/backtest.ts';
import { backtestReport } from '../src/backtest-report.ts';
import { summaryOf } from '../src/backtest-summary.ts';
import { aFinding } from './store/a-finding.ts';

/** A process that ends when the test says so. */
interface Started {
  request: BacktestRequest;
  tell: (progress: BacktestProgress) => void;
  end: (end: BacktestEnd) => void;
  killed: boolean;
}

const now = 1_800_000_000_000;
const DAY_MS = 86_400_000;
const wish = { detector: 'bulk-read', scope: {}, settings: { rowsAtLeast: 5_000 }, warmUpDays: 28, analysts: 1 };
const range = { warmUpFrom: now - 35 * DAY_MS, from: now - 7 * DAY_MS, to: now };
const result = summaryOf(
  backtestReport({ findings: new Map(), events: 10, elapsedMs: 5, parked: [] }, new Map(), range, 1),
);

let folder: string;
let started: Started[];
let problems: string[];
let desk: BacktestDesk;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'wanglou-backtests-'));
  problems = [];
  desk = await aDesk();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function aDesk(): Promise<BacktestDesk> {
  started = [];
  const made = new BacktestDesk({
    files: new BacktestFiles(folder),
    detectors,
    configured: {},
    onProblem: (problem) => problems.push(problem),
    now: () => now,
    start: (request, onProgress) => {
      const { promise: ended, resolve } = Promise.withResolvers<BacktestEnd>();
      const one: Started = {
        ...{ request, tell: onProgress, killed: false },
        end: resolve,
      };
      started.push(one);
      const kill = () => {
        one.killed = true;
        resolve({ failure: { reason: 'killed', message: 'its process was ended by SIGKILL' } });
      };
      return { ended, kill };
    },
  });
  await made.start();
  return made;
}

/** Once it is written, however slow the disk is. */
async function becomes(id: string, state: BacktestState): Promise<void> {
  await expect.poll(() => desk.of(id).state, { timeout: 20_000 }).toBe(state);
}

describe('backtests that people ask for', () => {
  it('run one at a time, in the order in which they came, and say their place in the queue', async () => {
    const first = await desk.create(wish, 'li');
    const second = await desk.create(wish, 'wang');
    const third = await desk.create(wish, 'li');
    expect([first, second, third].map(({ state, place }) => [state, place])).toEqual([
      ['running', 0],
      ['queued', 1],
      ['queued', 2],
    ]);
    expect(started).toHaveLength(1);
    started[0]!.end({ result });
    await becomes(second.id, 'running');
    expect(desk.of(first.id)).toMatchObject({ state: 'done', by: 'li', result: { events: 10 } });
    expect(desk.of(third.id).place).toBe(1);
    expect(desk.list().map(({ id }) => id)).toEqual([third.id, second.id, first.id]);
    expect(desk.list().some((one) => 'result' in one)).toBe(false);
  });

  it('try the settings over the last week unless another past is asked for', async () => {
    await desk.create(wish, 'li');
    expect(started[0]!.request).toMatchObject({
      detector: 'bulk-read',
      settings: { rowsAtLeast: 5_000 },
      from: String(now - 7 * DAY_MS),
      to: String(now),
    });
  });

  it('say how far they are, how fast, and how long it will take', async () => {
    const { id } = await desk.create(wish, 'li');
    expect(desk.of(id).progress).toBeNull();
    started[0]!.tell({ events: 250, total: 1_000, elapsedMs: 500 });
    expect(desk.of(id).progress).toEqual({ events: 250, total: 1_000, eventsPerSecond: 500, leftMs: 1_500 });
  });

  it('are cancelled while they run, and while they wait; once ended they can not be', async () => {
    const [running, waiting] = [await desk.create(wish, 'li'), await desk.create(wish, 'li')];
    await desk.cancel(waiting.id, 'wang');
    await desk.cancel(running.id, 'wang');
    expect(started.map(({ killed }) => killed)).toEqual([true]);
    for (const { id } of [running, waiting])
      expect(desk.of(id)).toMatchObject({ state: 'cancelled', cancelledBy: 'wang' });
    await expect(desk.cancel(running.id, 'li')).rejects.toMatchObject({ code: 'WL_CONFLICT' });
  });

  it('say why they failed, and the next one runs', async () => {
    const [first, second] = [await desk.create(wish, 'li'), await desk.create(wish, 'li')];
    started[0]!.end({ failure: { reason: 'out-of-memory', message: 'it needed more than 1536 MB' } });
    await becomes(second.id, 'running');
    expect(desk.of(first.id)).toMatchObject({ state: 'failed', failure: { reason: 'out-of-memory' } });
  });

  it('are refused before they wait: unknown detector, wrong setting, no past, too many', async () => {
    const refused = (changes: object) => desk.create({ ...wish, ...changes }, 'li');
    await expect(refused({ detector: 'bulk-raed' })).rejects.toMatchObject({ code: 'WL_SETTINGS_INVALID' });
    await expect(refused({ settings: { rowsAtLeast: 0, zAtLeast: -1 } })).rejects.toMatchObject({
      faults: [{ field: 'zAtLeast', value: -1 }, { field: 'rowsAtLeast' }],
    });
    await expect(refused({ from: now, to: now - 1 })).rejects.toThrow('is not before to');
    expect(desk.list()).toEqual([]);
    for (let n = 0; n <= 20; n++) await desk.create(wish, 'li');
    await expect(refused({})).rejects.toMatchObject({ code: 'WL_TOO_MANY' });
  });

  it('outlive a restart: results stay, and what was cut off says so', async () => {
    const [done, cut, waiting] = [
      await desk.create(wish, 'li'),
      await desk.create(wish, 'li'),
      await desk.create(wish, 'li'),
    ];
    started[0]!.end({ result });
    await becomes(cut.id, 'running');
    await desk.stop();
    writeFileSync(join(folder, 'broken.json'), '{"id":');
    const next = await aDesk();
    expect(next.of(done.id)).toMatchObject({ state: 'done', result: { events: 10 } });
    for (const { id } of [cut, waiting])
      expect(next.of(id)).toMatchObject({ state: 'failed', failure: { reason: 'restarted' } });
    expect(started).toEqual([]);
    expect(problems).toEqual([]);
  });

  it('are forgotten when there are too many, the oldest first', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 52; n++) {
      ids.push((await desk.create(wish, 'li')).id);
      await desk.cancel(ids[n]!, 'li');
    }
    expect(() => desk.of(ids[0]!)).toThrow('There is no backtest');
    expect(desk.of(ids[51]!).state).toBe('cancelled');
    expect(readdirSync(folder).filter((name) => name.endsWith('.json'))).toHaveLength(50);
  });
});

it('a summary of a backtest keeps the counts of all differences, and the worst of them as examples', () => {
  const findings = new Map(
    Array.from({ length: 120 }, (_, n) => {
      const id = String(n).padStart(3, '0');
      const finding = aFinding({ id, score: n % 100, severity: n % 100 >= 85 ? 'critical' : 'low' });
      return [id, { finding, told: true }] as const;
    }),
  );
  const report = backtestReport({ findings, events: 1, elapsedMs: 1, parked: [] }, new Map(), range, 1);
  const { raised, gone, bySeverity } = summaryOf(report);
  expect(raised).toMatchObject({ count: 120, bySeverity: { critical: 15, low: 105 } });
  expect(raised.examples).toHaveLength(50);
  expect(raised.examples[0]!.score).toBe(99);
  expect(gone).toEqual({ count: 0, bySeverity: {}, examples: [] });
  expect(bySeverity).toEqual({ critical: { now: 15, stored: 0 }, low: { now: 105, stored: 0 } });
});
