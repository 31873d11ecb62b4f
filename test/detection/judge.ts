import type { Baselines, Detector, StepContext } from '../../src/detection/detector.ts';
import { running } from '../../src/detection/running-detector.ts';
import { Shard } from '../../src/detection/shard.ts';
import { emptyEvent, type Event } from '../../src/event/event.ts';
import { IdSequence } from '../../src/event/id.ts';
import type { Finding, Signal } from '../../src/finding/finding.ts';
import { registryFrom } from '../../src/registry/registry-from.ts';
import type { Registry } from '../../src/registry/registry.ts';

type Watching = Baselines & { observe?(event: Event, place: number): void };

export interface JudgeOptions {
  registry?: Registry;
  /** The detector's own settings; missing ones take their defaults. */
  settings?: object;
  /** Events are given to its `observe`, if it has one, after they were judged. */
  baseline?: Watching;
}

export interface Judged {
  /** What the detector said, before grouping. */
  signals: Signal[];
  /** All revisions in order. */
  findings: Finding[];
}

/** Nothing is known about anybody. */
export const NO_BASELINE: Baselines = {
  expected: () => ({ source: 'cap', median: 0, mad: 0.15, sampleSize: 0, ownMedian: 0 }),
  assetUsers: () => 0,
  assetHistory: () => ({ users: 0, spanDays: 0 }),
  observedDays: () => ({ days: 0, spanDays: 0 }),
};

/**
 * Runs events through a detector with the engine's own subjects, grouping and forgetting, without a log. Events are taken
 * as they are: enriched fields (actor, department, …) are the test's to set. An event id that comes again is dropped, as
 * the engine does. @throws what the detector throws.
 */
export function judge<S, T>(detector: Detector<S, T>, events: readonly Event[], options: JudgeOptions = {}): Judged {
  const signals: Signal[] = [];
  const findings: Finding[] = [];
  const baseline: Watching = options.baseline ?? NO_BASELINE;
  const watched: Detector<S, T> = {
    ...detector,
    step(state, event, context) {
      const said = detector.step(state, event, context);
      signals.push(...said);
      return said;
    },
    ...(detector.due && {
      due(state: T, moment: Event, context: StepContext<S>) {
        const said = detector.due!(state, moment, context);
        signals.push(...said);
        return said;
      },
    }),
  };
  const shard = new Shard(
    running([watched], {
      settings: { [detector.name]: options.settings ?? {} },
      registry: options.registry ?? registryFrom({}),
      baseline,
    }),
    ({ reason, eventId }) => {
      throw new Error(`${detector.name} threw at event ${eventId}: ${reason}`);
    },
  );
  const seen = new Set<string>();
  let clock = -Infinity;
  for (const [place, event] of events.entries()) {
    if (seen.has(event.id)) continue;
    seen.add(event.id);
    clock = Math.max(clock, event.ingestTime);
    shard.judge(event, clock, 0, place, findings);
    baseline.observe?.(event, place);
    shard.tick(clock, 4, findings);
  }
  return { signals, findings };
}

const ids = new IdSequence(Buffer.alloc(10, 7));
let sequence = 0;

/**
 * An event at a time; fields not given are "not stated", ingest time is event time. Every call makes another event.
 * @param iso a moment with offset, or local time in Asia/Shanghai: `2026-11-20T09:30`.
 */
export function eventAt(iso: string, fields: Partial<Event> = {}): Event {
  const time = Date.parse(/(Z|[+-]\d{2}:\d{2})$/.test(iso) ? iso : `${iso}+08:00`);
  if (Number.isNaN(time)) throw new Error(`not a time: ${iso}`);
  return { ...emptyEvent(), id: ids.next(), time, ingestTime: time, sequence: sequence++, source: 'test', ...fields };
}
