import { BaselineBook } from './detection/baseline.ts';
import type { Detector } from './detection/detector.ts';
import { Enrichment } from './detection/enrichment.ts';
import { Pipeline } from './detection/pipeline.ts';
import type { SettingsBook } from './detection/scoped-contexts.ts';
import type { Event } from './event/event.ts';
import type { Finding } from './finding/finding.ts';
import type { Suppressing } from './finding/suppression.ts';
import type { Registry } from './registry/registry.ts';
import type { StoreClient } from './store/client.ts';
import { eventsOf, slicesOf } from './store/event-slices.ts';

export interface BacktestParts {
  client: StoreClient;
  registry: Registry;
  /** Those that are to judge. */
  detectors: readonly Detector[];
  /** By detector name. */
  settings: Readonly<Record<string, unknown>>;
  versions: SettingsBook;
  suppressing: Suppressing;
}

/** Ingest times, ms since the Unix epoch. */
export interface BacktestRange {
  /** Events from here on make baselines and states. */
  warmUpFrom: number;
  /** Findings from ≤ their cause < to are told. */
  from: number;
  to: number;
}

export interface BacktestProgress {
  events: number;
  /** All that are to be judged. */
  total: number;
  elapsedMs: number;
}

export interface BacktestRun {
  /** The last revision in the range of each finding, and whether people would have been told. */
  findings: ReadonlyMap<string, { finding: Finding; told: boolean }>;
  events: number;
  elapsedMs: number;
  /** Detectors that failed, with the reason. */
  parked: readonly string[];
}

const RECORD_EVENTS = 500;
const NO_BYTES = new Uint8Array(0);

/**
 * Judges stored events again, in the order in which they were taken in, by the pipeline that judged them first. They keep
 * what the registry said of them then; what detectors look up is as of the events' time. Nothing is written.
 */
export async function runBacktest(
  parts: BacktestParts,
  range: BacktestRange,
  onProgress: (progress: BacktestProgress) => void = () => undefined,
): Promise<BacktestRun> {
  const began = performance.now();
  const slices = await slicesOf(parts.client, range.warmUpFrom, range.to);
  const total = slices.reduce((sum, { count }) => sum + count, 0);
  const parked: string[] = [];
  const judge = new Judge(parts, parked);
  const findings = new Map<string, { finding: Finding; told: boolean }>();
  let next = slices.length === 0 ? undefined : eventsOf(parts.client, slices[0]!);
  for (let n = 0; next !== undefined; n++) {
    const events = await next;
    // Fetched by the store while these are judged.
    next = n + 1 < slices.length ? eventsOf(parts.client, slices[n + 1]!) : undefined;
    next?.catch(() => undefined);
    for (const finding of judge.take(events)) {
      if (finding.causedAt < range.from || finding.causedAt >= range.to) continue;
      const told = finding.alert || findings.get(finding.id)?.told === true;
      findings.set(finding.id, { finding, told });
    }
    onProgress({ events: judge.events, total, elapsedMs: performance.now() - began });
    // Lets the answer to the next question come in.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { findings, events: judge.events, elapsedMs: performance.now() - began, parked };
}

/** A pipeline that stores nothing. */
class Judge {
  events = 0;
  readonly #pipeline: Pipeline;
  #offset = 0;

  constructor({ registry, detectors, settings, versions, suppressing }: BacktestParts, parked: string[]) {
    const nothing = (): Uint8Array => NO_BYTES;
    this.#pipeline = new Pipeline([0], {
      detectors,
      run: { settings },
      versions,
      suppressing,
      baseline: new BaselineBook(() => registry),
      registry: { current: () => registry },
      enrichment: new AsStored(),
      // Repeats were dropped before the events were stored.
      forgetDuplicatesAfter: 1,
      codec: { decodeBatch: () => ({ events: [], baseEnd: 0 }), storeBlock: nothing, encodeRows: nothing },
      sink: {
        add: () => undefined,
        full: () => false,
        relieved: () => Promise.resolve(),
        durable: () => Promise.resolve(),
      },
      ledger: {
        ...{ received: 0, heartbeats: 0, duplicates: 0, undecodable: 0 },
        ...{ evaluated: 0, handedOver: 0, findings: 0, forced: 0 },
      },
      onProblem: (problem) => parked.push(problem),
      onParked: ({ detector, reason }) => parked.push(`${detector}: ${reason}`),
    });
  }

  take(events: Event[]): Finding[] {
    const found: Finding[] = [];
    for (let from = 0; from < events.length; from += RECORD_EVENTS) {
      const live = { events: events.slice(from, from + RECORD_EVENTS), baseEnd: 0 };
      const record = { topic: 'events', partition: 0, offset: this.#offset++, key: '', value: NO_BYTES, live } as const;
      found.push(...this.#pipeline.take(record));
    }
    this.events += events.length;
    this.#forgetChanges();
    return found;
  }

  /** No checkpoint asks for what has changed: it would pile up. */
  #forgetChanges(): void {
    for (const { tables, grouping } of this.#pipeline.shards.values()) {
      grouping.drainChanged();
      for (const table of tables) {
        for (const record of table.drainChanged()) record.changed = false;
        table.drainForgotten();
      }
    }
    Array.from(this.#pipeline.baseline.changed());
  }
}

/** Stored events have been enriched, by the registry of their day. */
class AsStored extends Enrichment {
  override enrich(): void {
    // They stay as they are.
  }
}
