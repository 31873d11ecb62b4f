import { setTimeout as pause } from 'node:timers/promises';
import type { DoorTotals } from '../coverage/balance.ts';
import { sumOf } from '../coverage/record.ts';
import { WanglouError } from '../errors.ts';
import type { Event } from '../event/event.ts';
import type { Bilingual, Finding } from '../finding/finding.ts';
import type { HeardSource } from '../posture/trust.ts';
import type { Registry } from '../registry/registry.ts';
import type { CoverageQueries } from '../store/coverage-queries.ts';
import type { SourceQueries } from '../store/source-queries.ts';
import { gapsOf } from './gaps.ts';
import { HeardHours } from './heard-hours.ts';
import type { Coverage, SourceDetail, SourceFinding, Span } from './source.ts';
import { coverageOf, type LiveSource } from './source-lines.ts';

export interface SourceDeskParts {
  store: Pick<SourceQueries, 'hours' | 'steps' | 'unparsed' | 'kinds' | 'findings' | 'lastHeard'>;
  /** The latest events of a source. */
  events: { searchEvents(search: EventsOf): Promise<{ events: readonly Event[] }> };
  registry: { current(): Registry };
  live: { sources(): readonly (LiveSource & HeardSource)[] };
  detectors: readonly { name: string; title: Bilingual; watches(event: Event): boolean }[];
  /** What came to the doors. */
  ledger: Pick<CoverageQueries, 'doors' | 'countedSince'>;
  now?: () => number;
}
interface EventsOf {
  source: string;
  from: number;
  to: number;
  limit: number;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const SPAN: Readonly<Record<Span, { ms: number; stepMs: number }>> = {
  day: { ms: DAY_MS, stepMs: MINUTE_MS },
  week: { ms: 7 * DAY_MS, stepMs: 10 * MINUTE_MS },
  quarter: { ms: 90 * DAY_MS, stepMs: HOUR_MS },
};
const LISTED_DAYS = 7;
const HEARD_DAYS = 30;
/** Many who look at the list ask the store once. */
const KEPT_MS = 10_000;
/** Longer than this nobody waits for what was heard long ago; it is there the next time. */
const PAST_WITHIN_MS = 2_000;
const SAMPLED = 500;
const LEDGER_MINUTES = 60;
/** What is found about a source rather than about what its events say. */
const ABOUT_SOURCES = ['source-silence', 'source-lag', 'clock-skew', 'log-tampering'];

/** Who sends what, how late and with which gaps, and what nobody sends anything about. */
export class SourceDesk {
  readonly #parts: SourceDeskParts;
  readonly #now: () => number;
  readonly #heard: HeardHours;
  #kept: { until: number; coverage: Promise<Coverage> } | undefined;

  constructor(parts: SourceDeskParts) {
    this.#parts = parts;
    this.#heard = new HeardHours(parts.store);
    this.#now = parts.now ?? Date.now;
  }

  async coverage(): Promise<Coverage> {
    const now = this.#now();
    if (this.#kept !== undefined && now < this.#kept.until) return this.#kept.coverage;
    const kept = { until: now + KEPT_MS, coverage: this.#coverage(now) };
    this.#kept = kept;
    kept.coverage.catch(() => (this.#kept = undefined));
    return kept.coverage;
  }

  /** @throws WanglouError WL_NOT_FOUND when neither the registry knows it nor anything of it came within 30 days. */
  async of(source: string, span: Span): Promise<SourceDetail> {
    const now = this.#now();
    const { store, registry, ledger } = this.#parts;
    const line = (await this.coverage()).sources.find(({ id }) => id === source);
    if (line === undefined) throw unknownSource(source);
    const { ms, stepMs } = SPAN[span];
    const [from, listedFrom] = [now - ms, now - LISTED_DAYS * DAY_MS];
    const minutesFrom = Math.floor(now / MINUTE_MS) * MINUTE_MS - (LEDGER_MINUTES - 1) * MINUTE_MS;
    const [steps, minutes, unparsed, kinds, found, sample, doors, since = 0] = await Promise.all([
      store.steps(source, from, now + 1, stepMs),
      store.steps(source, minutesFrom, now + 1, MINUTE_MS),
      store.unparsed(source, listedFrom, now + 1),
      store.kinds(source, listedFrom, now + 1),
      store.findings(source, ABOUT_SOURCES, from),
      this.#parts.events.searchEvents({ source, from: listedFrom, to: now + DAY_MS, limit: SAMPLED }),
      ledger.doors(minutesFrom, now + 1, source),
      ledger.countedSince(),
    ]);
    const entry = registry.current().source(source);
    const times = steps.map(({ at }) => at);
    const { gaps, limitMs } = gapsOf(times, stepMs, now, entry?.silenceLimitMs ?? 0);
    const findings = found.map(shown);
    return {
      ...{ at: now, line, entry: entry ?? null, span, from, to: now, stepMs, steps, unparsed, kinds, findings },
      gaps: gaps.map((gap) => ({ ...gap, finding: silenceIn(findings, gap) })),
      gapLimitMs: limitMs,
      days: LISTED_DAYS,
      watchers: this.#watchers(sample.events),
      sampled: sample.events.length,
      ledger: ledgerOf(minutesFrom, now, minutes, doors, since),
      countedSince: since,
    };
  }

  async #coverage(now: number): Promise<Coverage> {
    const { registry, live } = this.#parts;
    const sums = await this.#heard.sums(now);
    await Promise.race([this.#heard.readPast(now), pause(PAST_WITHIN_MS, undefined, { ref: false })]);
    return coverageOf({ now, sums, heard: this.#heard.heard, live: live.sources(), registry: registry.current() });
  }

  #watchers(events: readonly Event[]): SourceDetail['watchers'] {
    return this.#parts.detectors
      .map((one) => ({
        detector: one.name,
        title: one.title,
        events: events.filter((event) => one.watches(event)).length,
      }))
      .filter((one) => one.events > 0)
      .sort((a, b) => b.events - a.events || (a.detector < b.detector ? -1 : 1));
  }
}

function shown({ id, detector, title, explanation, severity, firstTime, lastTime }: Finding): SourceFinding {
  return { id, detector, title, explanation, severity, firstTime, lastTime };
}

/** The finding of silence that was raised within the gap; '' for none. */
function silenceIn(findings: readonly SourceFinding[], { from, to }: { from: number; to: number }): string {
  const told = findings.find(
    ({ detector, firstTime, lastTime }) => detector === 'source-silence' && firstTime <= to && lastTime >= from,
  );
  return told?.id ?? '';
}

function ledgerOf(
  from: number,
  now: number,
  stored: readonly { at: number; events: number; unparsed: number }[],
  doors: readonly DoorTotals[],
  since: number,
): SourceDetail['ledger'] {
  const storedAt = new Map(stored.map((one) => [one.at, one]));
  const doorAt = new Map(doors.map((one) => [one.minute, one]));
  const minutes = Array.from({ length: LEDGER_MINUTES }, (_, n) => from + n * MINUTE_MS).filter((at) => at <= now);
  return minutes.reverse().map((at) => ({
    at,
    received: since === 0 || at + MINUTE_MS <= since ? null : (doorAt.get(at)?.received ?? 0),
    refused: sumOf(doorAt.get(at)?.refused ?? {}),
    stored: storedAt.get(at)?.events ?? 0,
    unparsed: storedAt.get(at)?.unparsed ?? 0,
  }));
}

export function unknownSource(source: string): WanglouError {
  return new WanglouError('WL_NOT_FOUND', `No source ${JSON.stringify(source)} is registered, and none was heard`, {
    remedy: `Check the name; sources are listed while the registry has them, or for ${HEARD_DAYS} days after their last event.`,
  });
}
