import type { Pulse } from '../feed/pulse.ts';

const MINUTE_MS = 60_000;
const KEPT_MINUTES = 60;
const MAX_SOURCES = 2_000;

/** What was received of a source in a minute, as the collectors said it. */
export interface ReceivedMinute {
  at: number;
  received: number;
  unparsed: number;
}

/** What collectors say that they received, by source and minute, for the last hour: in memory, from the start of the program on. */
export class ReceivedMinutes {
  /** From when on it is counted; 0 before the first pulse of a collector. */
  since = 0;
  readonly #counted = new Map<string, Map<number, ReceivedMinute>>();

  pulse({ program, at, sources }: Pick<Pulse, 'program' | 'at' | 'sources'>): void {
    if (program !== 'collect') return;
    if (this.since === 0) this.since = at;
    const minute = Math.floor(at / MINUTE_MS) * MINUTE_MS;
    for (const { source, events, unparsed } of sources) {
      if (events === 0) continue;
      const minutes = this.#minutesOf(source);
      const known = minutes.get(minute) ?? { at: minute, received: 0, unparsed: 0 };
      minutes.set(minute, { at: minute, received: known.received + events, unparsed: known.unparsed + unparsed });
      for (const old of minutes.keys()) if (old <= minute - KEPT_MINUTES * MINUTE_MS) minutes.delete(old);
    }
  }

  of(source: string): readonly ReceivedMinute[] {
    return [...(this.#counted.get(source)?.values() ?? [])];
  }

  /** The one that has been silent longest gives way. */
  #minutesOf(source: string): Map<number, ReceivedMinute> {
    const minutes = this.#counted.get(source) ?? new Map<number, ReceivedMinute>();
    this.#counted.delete(source);
    this.#counted.set(source, minutes);
    if (this.#counted.size > MAX_SOURCES) this.#counted.delete(this.#counted.keys().next().value!);
    return minutes;
  }
}
