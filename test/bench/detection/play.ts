import { DayPlan } from '../../../demo/activity/day-plan.ts';
import { startOfDay } from '../../../demo/calendar.ts';
import { dayLines } from '../../../demo/day.ts';
import { history } from '../../../demo/history.ts';
import { labels, type Label } from '../../../demo/incidents.ts';
import type { Line } from '../../../demo/line.ts';
import { buildPlatform } from '../../../demo/platform.ts';
import { registryEntries } from '../../../demo/registry.ts';
import { BaselineBook } from '../../../src/detection/baseline.ts';
import type { Detector } from '../../../src/detection/detector.ts';
import { Enrichment } from '../../../src/detection/enrichment.ts';
import { Pipeline } from '../../../src/detection/pipeline.ts';
import { emptyEvent, type Event } from '../../../src/event/event.ts';
import { IdSequence } from '../../../src/event/id.ts';
import { parseRecord } from '../../../src/event/parse.ts';
import type { Finding } from '../../../src/finding/finding.ts';
import { registryFrom } from '../../../src/registry/registry-from.ts';

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
const NO_BYTES = new Uint8Array(0);

/** Plays history and days through the real parser, enrichment, detectors and grouping, in memory, without waiting. */
export function play({ detectors, seed, days, volume, settings = {} }: PlayOptions): Played {
  const platform = buildPlatform(seed, days[0]!);
  const registry = registryFrom(registryEntries(platform));
  const parked: string[] = [];
  const pipeline = pipelineOf(detectors, settings, registry, parked);
  const reader = new LineReader();
  const latest = new Map<string, Finding>();
  const lines = { history: 0, days: 0 };
  let offset = 0;
  const judge = (): void => {
    const live = { events: reader.take(), baseEnd: 0 };
    const record = { topic: 'events' as const, partition: 0, offset: offset++, key: '', value: NO_BYTES, live };
    for (const finding of pipeline.take(record)) latest.set(finding.id, finding);
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

function pipelineOf(
  detectors: readonly Detector[],
  settings: Readonly<Record<string, unknown>>,
  registry: ReturnType<typeof registryFrom>,
  parked: string[],
): Pipeline {
  const nothing = (): Uint8Array => NO_BYTES;
  return new Pipeline([0], {
    detectors,
    run: { settings },
    baseline: new BaselineBook(() => registry),
    forgetDuplicatesAfter: 100_000,
    registry: { current: () => registry },
    enrichment: new Enrichment(),
    codec: { decodeBatch: () => ({ events: [], baseEnd: 0 }), storeBlock: nothing, encodeRows: nothing },
    sink: {
      add: () => undefined,
      full: () => false,
      relieved: () => Promise.resolve(),
      durable: () => Promise.resolve(),
    },
    ledger: {
      received: 0,
      heartbeats: 0,
      duplicates: 0,
      undecodable: 0,
      evaluated: 0,
      stored: 0,
      findings: 0,
      forced: 0,
    },
    onProblem: (problem) => parked.push(problem),
    onParked: ({ detector, reason }) => parked.push(`${detector}: ${reason}`),
  });
}

/** Reads lines as a collector does, and remembers which events belong to incidents. */
class LineReader {
  readonly incidentOf = new Map<string, string>();
  unread = 0;
  readonly #ids = new IdSequence(Buffer.alloc(10, 1));
  #events: Event[] = [];
  #sequence = 0;

  /** @returns how many events wait. */
  read(line: Line): number {
    const event = emptyEvent();
    event.id = this.#ids.next();
    event.ingestTime = line.atMs + TRANSIT_MS;
    event.sequence = this.#sequence++;
    event.source = line.source;
    event.authenticated = true;
    const fault = parseRecord(line.line, event, { timeZone: 'Asia/Shanghai', now: event.ingestTime, format: '' });
    if (fault !== '') this.unread++;
    if (line.incident !== '') this.incidentOf.set(event.id, line.incident);
    return this.#events.push(event);
  }

  take(): Event[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }
}
