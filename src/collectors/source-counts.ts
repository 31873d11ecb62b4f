import type { DoorRow } from '../coverage/door-account.ts';
import { IDENTITIES, type SenderIdentity } from './collector.ts';

/** What one source sent since the last reading. */
export interface SourceCounts {
  source: string;
  collector: string;
  authenticated: boolean;
  /** The least sure way in which its sender was known since the start; absent while it has only been refused. */
  identity?: SenderIdentity;
  received: number;
  /** Records kept with a fault, by reason. */
  unparsed: Record<string, number>;
  /** Records not taken, by reason. */
  refused: Record<string, number>;
  /** Event time of the last record, ms since the epoch; 0 when none came yet. */
  lastEventTime: number;
  /** Ingest time less event time of the last record, ms. */
  lagMs: number;
}

/** Counters of one source; a stream holds it and counts without a look-up. */
export interface SourceCounter {
  readonly source: string;
  readonly collector: string;
  readonly authenticated: boolean;
  identity?: SenderIdentity;
  received: number;
  lastEventTime: number;
  lagMs: number;
  unparsed: Map<string, number>;
  refused: Map<string, number>;
  /** Its row of the running minute in the coverage ledger. */
  row: DoorRow | undefined;
}

const MAX_SOURCES = 10_000;
const MAX_REASONS = 50;
const MAX_REASON_LENGTH = 120;

/** All sources beyond the bound count as this one. */
export const OTHER = 'other';

/** Counters by source, bounded in number of sources and of reasons. */
export class SourceLedger {
  readonly #counters = new Map<string, SourceCounter>();
  readonly #maxSources: number;

  constructor(maxSources: number = MAX_SOURCES) {
    this.#maxSources = maxSources;
  }

  /** @param identity how its sender is known now. */
  of(source: string, collector: string, authenticated: boolean, identity?: SenderIdentity): SourceCounter {
    const known = this.#counters.get(source);
    if (known) return withIdentity(known, identity);
    if (this.#counters.size >= this.#maxSources && source !== OTHER) return this.of(OTHER, '', false, identity);
    const counter: SourceCounter = {
      source,
      collector,
      authenticated,
      received: 0,
      lastEventTime: 0,
      lagMs: 0,
      unparsed: new Map(),
      refused: new Map(),
      row: undefined,
    };
    this.#counters.set(source, counter);
    return withIdentity(counter, identity);
  }

  /** Counts of the sources that sent or were refused something since the last call, and starts anew. */
  take(): SourceCounts[] {
    const counts: SourceCounts[] = [];
    for (const counter of this.#counters.values()) {
      if (counter.received === 0 && counter.refused.size === 0) continue;
      const { source, collector, authenticated, identity, received, lastEventTime, lagMs } = counter;
      counts.push({
        ...{ source, collector, authenticated, received, lastEventTime, lagMs },
        ...(identity && { identity }),
        unparsed: Object.fromEntries(counter.unparsed),
        refused: Object.fromEntries(counter.refused),
      });
      counter.received = 0;
      counter.unparsed.clear();
      counter.refused.clear();
    }
    return counts;
  }
}

/** Adds to a reason's count. What differs in every record (values in quotes, numbers) would fill the map: bounded. */
export function countReason(reasons: Map<string, number>, reason: string, records: number): void {
  const short = reason.length > MAX_REASON_LENGTH ? reason.slice(0, MAX_REASON_LENGTH) : reason;
  const name = reasons.has(short) || reasons.size < MAX_REASONS ? short : OTHER;
  reasons.set(name, (reasons.get(name) ?? 0) + records);
}

function withIdentity(counter: SourceCounter, identity: SenderIdentity | undefined): SourceCounter {
  const { identity: known } = counter;
  if (identity === undefined) return counter;
  if (known === undefined || IDENTITIES.indexOf(identity) > IDENTITIES.indexOf(known)) counter.identity = identity;
  return counter;
}
