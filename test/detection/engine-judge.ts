import type { Baselines, Detector } from '../../src/detection/detector.ts';
import type { EngineBaseline } from '../../src/detection/engine-options.ts';
import { encodeBatch } from '../../src/event/batch.ts';
import type { Event } from '../../src/event/event.ts';
import type { Finding } from '../../src/finding/finding.ts';
import { heartbeatAt, revisions, startEngine } from './engine-fixture.ts';
import { NO_BASELINE, type JudgeOptions } from './judge.ts';
import { MemoryLog } from './memory-log.ts';

const EVENTS_PER_RECORD = 4;

/**
 * Judges events in the real engine, enrichment and groups included: appended in records of a few, each record so many times
 * in a row, and time goes on for two hours after the last.
 * @returns all revisions that were told, each once, and how many events were dropped as repeats.
 */
export async function judgeInEngine(
  detectors: readonly Detector[],
  events: readonly Event[],
  { registry, settings = {}, baseline }: JudgeOptions,
  times = 1,
): Promise<{ findings: Finding[]; duplicates: number; problems: string[] }> {
  const log = new MemoryLog(1);
  const append = (some: readonly Event[]) =>
    log.append([{ topic: 'events', partition: 0, value: encodeBatch(some.map((event) => ({ ...event }))).bytes }]);
  for (let from = 0; from < events.length; from += EVENTS_PER_RECORD)
    for (let time = 0; time < times; time++) await append(events.slice(from, from + EVENTS_PER_RECORD));
  await append([heartbeatAt(Math.max(...events.map(({ ingestTime }) => ingestTime)) + 7_200_000)]);
  const { engine, problems } = await startEngine(log, {
    detectors,
    settings: Object.fromEntries(detectors.map(({ name }) => [name, settings])),
    ...(registry && { registry: { current: () => registry } }),
    makeBaseline: () => kept(baseline ?? NO_BASELINE),
  });
  await log.idle();
  await engine.stop();
  return { findings: [...revisions(log).values()], duplicates: engine.status().duplicates, problems };
}

/** Baselines of a test as the engine wants them: nothing of them is kept in a checkpoint. */
function kept(given: Baselines & { observe?(event: Event, place: number): void }): EngineBaseline {
  return {
    expected: (...about) => given.expected(...about),
    assetUsers: (...about) => given.assetUsers(...about),
    assetHistory: (...about) => given.assetHistory(...about),
    observedDays: (at) => given.observedDays(at),
    observe: (event, place) => given.observe?.(event, place),
    changed: () => [],
    restore: () => undefined,
  };
}
