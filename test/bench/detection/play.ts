import { DayPlan } from '../../../demo/activity/day-plan.ts';
import { startOfDay } from '../../../demo/calendar.ts';
import { dayLines } from '../../../demo/day.ts';
import { history } from '../../../demo/history.ts';
import { labels, type Label } from '../../../demo/incidents.ts';
import type { Line } from '../../../demo/line.ts';
import { buildPlatform } from '../../../demo/platform.ts';
import { registryEntries } from '../../../demo/registry.ts';
import type { Detector } from '../../../src/detection/detector.ts';
import type { Event } from '../../../src/event/event.ts';
import type { Finding } from '../../../src/finding/finding.ts';
import { registryFrom } from '../../../src/registry/registry-from.ts';
import { judgingPipeline, LineReader, take } from '../in-process.ts';

/** One seed's history and days as the engine saw them. */
export interface Played {
  seed: number;
  days: readonly string[];
  /** First moment of the first day, ms. */
  from: number;
  lines: number;
  historyLines: number;
  /** Lines that no format could read. */
  unread: number;
  labels: Label[];
  /** The last revision of each finding. */
  findings: Finding[];
  /** Incident or look-alike of the events that belong to one. */
  incidentOf: ReadonlyMap<string, string>;
  parked: string[];
}

export interface PlayOptions {
  detectors: readonly Detector[];
  seed: number;
  /** The platform's day first; the others after it. */
  days: readonly string[];
  volume: number;
  settings?: Readonly<Record<string, unknown>>;
}

const BATCH_EVENTS = 500;
const TRANSIT_MS = 300;

/** Plays history and days through the real parser, enrichment, detectors and grouping, in memory, without waiting. */
export function play({ detectors, seed, days, volume, settings = {} }: PlayOptions): Played {
  const platform = buildPlatform(seed, days[0]!);
  const registry = registryFrom(registryEntries(platform));
  const parked: string[] = [];
  const pipeline = judgingPipeline(detectors, registry, { settings, onProblem: (problem) => parked.push(problem) });
  const reader = new Recorder();
  const latest = new Map<string, Finding>();
  const lines = { history: 0, days: 0 };
  let offset = 0;
  const judge = (): void => {
    for (const finding of take(pipeline, offset++, reader.take())) latest.set(finding.id, finding);
  };
  for (const [part, stream] of [
    ['history', [history(platform)]],
    ['days', days.map((day) => dayLines(platform, day, { volume }))],
  ] as const)
    for (const of of stream)
      for (const line of of) {
        lines[part]++;
        if (reader.read(line) >= BATCH_EVENTS) judge();
      }
  judge();
  return {
    seed,
    days,
    from: startOfDay(days[0]!),
    lines: lines.days,
    historyLines: lines.history,
    unread: reader.unread,
    labels: days.flatMap((day) => labels(new DayPlan(platform, day))),
    findings: [...latest.values()],
    incidentOf: reader.incidentOf,
    parked,
  };
}

/** Reads lines as a collector does, and remembers which events belong to incidents. */
class Recorder {
  readonly incidentOf = new Map<string, string>();
  readonly #reader = new LineReader();
  #events: Event[] = [];

  get unread(): number {
    return this.#reader.unread;
  }

  /** @returns how many events wait. */
  read({ line, source, atMs, incident }: Line): number {
    const event = this.#reader.read(line, source, atMs + TRANSIT_MS);
    if (incident !== '') this.incidentOf.set(event.id, incident);
    return this.#events.push(event);
  }

  take(): Event[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }
}
