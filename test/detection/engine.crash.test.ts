import { describe, expect, it } from 'vitest';
import { EventLogUnavailable } from '../../src/event-log/event-log.ts';
import { appendAll, attack, revisions, startEngine } from './engine-fixture.ts';
import { MemoryLog } from './memory-log.ts';

const EVENTS = attack(300);

/** The judged counts by actor, as a baseline has them in the end. */
function counts(baseline: { counts: Map<string, { count: number }> }) {
  return [...baseline.counts].map(([actor, { count }]) => `${actor} ${count}`).sort();
}

async function undisturbed(partitions: number, part = EVENTS.length) {
  const log = new MemoryLog(partitions);
  for (let from = 0; from < EVENTS.length; from += part) await appendAll(log, EVENTS.slice(from, from + part));
  const { engine, baseline } = await startEngine(log);
  await log.idle();
  await engine.stop();
  return { found: revisions(log), counts: counts(baseline) };
}

/**
 * Runs engine after engine over the same log. Each works on a third of the events with a checkpoint between, then "dies" at
 * the n-th durable step of its next checkpoint: from there on nothing more of it reaches the log.
 */
async function withCrashAt(step: number, partitions: number) {
  let reached = 0;
  const log = new MemoryLog(partitions);
  for (let part = 0; part < 3; part++) {
    await appendAll(log, EVENTS.slice(part * 100, part * 100 + 50));
    const { engine, sink } = await startEngine(log);
    await log.idle();
    await engine.checkpoint();
    await appendAll(log, EVENTS.slice(part * 100 + 50, part * 100 + 100));
    await log.idle();
    let steps = 0;
    const die = () => {
      if (steps++ < step) return;
      reached = Math.max(reached, steps);
      throw new Error('killed');
    };
    log.beforeStep = die;
    sink.beforeDurable = die;
    await engine.checkpoint();
    log.crash();
    await engine.stop();
    log.beforeStep = () => undefined;
  }
  const last = await startEngine(log);
  await log.idle();
  await last.engine.stop();
  return { found: revisions(log), counts: counts(last.baseline), died: reached > 0 };
}

/** store, groups, states, baselines, cuts, commit: the durable steps of a checkpoint. */
const STEPS = 6;

describe.each([1, 8])('after a crash, with %i partitions', (partitions) => {
  it.each(Array.from({ length: STEPS }, (_, step) => step))(
    'before step %i of a checkpoint the findings are those of an undisturbed run',
    async (step) => {
      const expected = await undisturbed(partitions, 50);
      const crashed = await withCrashAt(step, partitions);
      expect(crashed.died).toBe(true);
      expect([...crashed.found.keys()]).toEqual([...expected.found.keys()]);
      expect([...crashed.found.values()]).toEqual([...expected.found.values()]);
      expect(crashed.counts).toEqual(expected.counts);
    },
  );

  it('before findings were durable they come again, the same', async () => {
    const expected = await undisturbed(partitions, 150);
    const log = new MemoryLog(partitions);
    await appendAll(log, EVENTS.slice(0, 150));
    const { engine } = await startEngine(log, { stopLimitMs: 1 });
    await log.idle();
    await engine.checkpoint();
    log.beforeStep = () => {
      throw new EventLogUnavailable('away', 'the log is away', 10);
    };
    await appendAll(log, EVENTS.slice(150));
    await log.idle();
    log.crash();
    await engine.stop();
    log.beforeStep = () => undefined;
    const last = await startEngine(log);
    await log.idle();
    await last.engine.stop();
    expect([...revisions(log).values()]).toEqual([...expected.found.values()]);
  });

  it('in the middle of putting states nothing is lost or doubled either', async () => {
    const expected = await undisturbed(partitions);
    for (const share of [0.1, 0.5, 0.9]) {
      const log = new MemoryLog(partitions);
      await appendAll(log, EVENTS);
      const { engine } = await startEngine(log);
      await log.idle();
      log.shareOfPut = share;
      await engine.checkpoint();
      log.crash();
      expect(log.shareOfPut).toBe(0);
      log.shareOfPut = 1;
      const last = await startEngine(log);
      await log.idle();
      await last.engine.stop();
      expect([...revisions(log).values()]).toEqual([...expected.found.values()]);
    }
  });
});
