import type { Bilingual } from '../finding/finding.ts';
import type { SourceProblem, SourceState } from './protocol.ts';
import type { SourcePulse } from './pulse.ts';

const MAX_SOURCES = 500;
const SILENT_MS = 5 * 60_000;
const LAGGING_MS = 10 * 60_000;
const UNPARSED_SHARE = 0.05;
/** Weight of the newest second in the averaged rate: about five seconds of memory. */
const NEWEST = 0.2;

interface Tracked {
  shown: SourceState;
  n: number;
  /** Since the last second(). */
  events: number;
  unparsed: number;
  unparsedRate: number;
}

/** The sources that the page shows: rate, last seen, lag and what is wrong. Bounded; the longest silent one gives way. */
export class CurrentSources {
  readonly #nameOf: (source: string) => Bilingual | undefined;
  /** In order of the last event. */
  readonly #tracked = new Map<string, Tracked>();
  #notShown = 0;

  constructor(nameOf: (source: string) => Bilingual | undefined) {
    this.#nameOf = nameOf;
  }

  /** How many have given way since the start. */
  get notShown(): number {
    return this.#notShown;
  }

  pulse(pulse: SourcePulse, now: number): void {
    const known = this.#tracked.get(pulse.source) ?? this.#begin(pulse.source);
    this.#tracked.delete(pulse.source);
    this.#tracked.set(pulse.source, known);
    known.events += pulse.events;
    known.unparsed += pulse.unparsed;
    const { shown } = known;
    shown.events += pulse.events;
    shown.unparsed += pulse.unparsed;
    shown.lastEventTime = Math.max(shown.lastEventTime, pulse.lastEventTime);
    shown.lagMs = pulse.lagMs;
    if (pulse.identity !== undefined) shown.identity = pulse.identity;
    if (pulse.events > 0) shown.lastSeenAt = now;
    if (this.#tracked.size > MAX_SOURCES) {
      this.#tracked.delete(this.#tracked.keys().next().value!);
      this.#notShown++;
    }
  }

  /** Ends a second: averages the rates and judges each source. Those that changed get their number from `next`. */
  second(now: number, next: () => number): void {
    for (const source of this.#tracked.values()) {
      const { shown } = source;
      const rate = averaged(shown.rate, source.events);
      source.unparsedRate = averaged(source.unparsedRate, source.unparsed);
      const problem = problemOf(shown, now, source.unparsedRate / Math.max(rate, 0.001));
      const changed = source.events > 0 || rate !== shown.rate || problem !== shown.problem;
      source.events = 0;
      source.unparsed = 0;
      if (!changed) continue;
      source.shown = { ...shown, rate, problem };
      source.n = next();
    }
  }

  since(after: number): SourceState[] {
    const changed: SourceState[] = [];
    for (const { shown, n } of this.#tracked.values()) if (n > after) changed.push(shown);
    return changed;
  }

  #begin(source: string): Tracked {
    const shown: SourceState = {
      source,
      name: this.#nameOf(source) ?? { zh: '', en: '' },
      rate: 0,
      events: 0,
      unparsed: 0,
      lastEventTime: 0,
      lastSeenAt: 0,
      lagMs: 0,
      problem: '',
    };
    return { shown, n: 0, events: 0, unparsed: 0, unparsedRate: 0 };
  }
}

function averaged(before: number, newest: number): number {
  const rate = before + (newest - before) * NEWEST;
  return rate < 0.05 ? 0 : Math.round(rate * 100) / 100;
}

function problemOf(source: SourceState, now: number, unparsedShare: number): SourceProblem {
  if (source.lastSeenAt < now - SILENT_MS) return 'silent';
  if (source.lagMs > LAGGING_MS) return 'lagging';
  return unparsedShare > UNPARSED_SHARE ? 'unparsed' : '';
}
