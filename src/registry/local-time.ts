const DAY_MS = 86_400_000;
const QUARTER_MS = 900_000;
/** Bound of the remembered days per zone: 80 years. */
const MAX_REMEMBERED = 30_000;

/**
 * Local time of one IANA zone. The offset is asked of Intl once a UTC day (once a quarter of an hour on days on which
 * clocks change) and remembered, because working hours are judged for every event.
 */
export class ZoneClock {
  readonly zone: string;
  readonly #format: Intl.DateTimeFormat;
  readonly #offsets = new Map<number, number>();
  #lastDay = NaN;
  #lastOffset = NaN;

  /** @throws RangeError for a zone that does not exist. */
  constructor(zone: string) {
    this.zone = zone;
    this.#format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  }

  /** Local time minus UTC at `at`, ms. */
  offsetMs(at: number): number {
    const day = Math.floor(at / DAY_MS);
    if (day !== this.#lastDay) {
      this.#lastDay = day;
      this.#lastOffset = this.#offsetOfDay(day);
    }
    return Number.isNaN(this.#lastOffset) ? this.#remembered(-Math.floor(at / QUARTER_MS), at) : this.#lastOffset;
  }

  /** Days since 1970-01-01 of the local date. */
  dayOf(at: number): number {
    return Math.floor((at + this.offsetMs(at)) / DAY_MS);
  }

  /** Minutes after local midnight. */
  minuteOf(at: number): number {
    const local = at + this.offsetMs(at);
    return Math.floor((local - Math.floor(local / DAY_MS) * DAY_MS) / 60_000);
  }

  /** The first moment of a local date given in days since 1970-01-01. */
  startOfDay(day: number): number {
    const guess = day * DAY_MS - this.offsetMs(day * DAY_MS);
    return day * DAY_MS - this.offsetMs(guess);
  }

  /** NaN when the offset changes within the UTC day. */
  #offsetOfDay(day: number): number {
    const start = this.#remembered(day, day * DAY_MS);
    return start === this.#remembered(day + 1, (day + 1) * DAY_MS) ? start : NaN;
  }

  /** Days are remembered under their number; quarters under their negated number, which no modern day has. */
  #remembered(key: number, at: number): number {
    let offset = this.#offsets.get(key);
    if (offset === undefined) {
      if (this.#offsets.size >= MAX_REMEMBERED) this.#offsets.clear();
      offset = this.#ask(at);
      this.#offsets.set(key, offset);
    }
    return offset;
  }

  #ask(at: number): number {
    const second = Math.floor(at / 1000) * 1000;
    const parts: Record<string, number> = {};
    for (const { type, value } of this.#format.formatToParts(second)) parts[type] = Number(value);
    const {
      year,
      month,
      day,
      hour,
      minute,
      second: s,
    } = parts as Record<'year' | 'month' | 'day' | 'hour' | 'minute' | 'second', number>;
    return Date.UTC(year, month - 1, day, hour, minute, s) - second;
  }
}

const clocks = new Map<string, ZoneClock>();

/** The clock of a zone; one per zone and process. @throws RangeError for a zone that does not exist. */
export function zoneClock(zone: string): ZoneClock {
  let clock = clocks.get(zone);
  if (!clock) clocks.set(zone, (clock = new ZoneClock(zone)));
  return clock;
}

/** `2026-11-20` of days since 1970-01-01. */
export function dateOfDay(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}
