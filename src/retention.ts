import { WanglouError } from './errors.ts';

/** Logs must be kept for six months by law. */
export const MIN_RETENTION_DAYS = 183;
/** Records of sharing, and of what was found and done, for three years. */
export const MIN_RECORD_DAYS = 1_096;

/** How long each class is kept, days. */
export interface RetentionSettings {
  /** Events. */
  retentionDays: number;
  /** The audit trail of the platform itself; default five years. */
  auditRetentionDays?: number;
  /** The ledger of what was passed on to whom; default three years and 30 days. */
  sharingRetentionDays?: number;
  /** Findings, what people decided about them, incidents, sealed records; default five years. */
  recordRetentionDays?: number;
}

export type RetentionDays = Required<RetentionSettings>;

const DEFAULTS: Partial<RetentionDays> = {
  auditRetentionDays: 1_826,
  sharingRetentionDays: 1_125,
  recordRetentionDays: 1_826,
};
const FLOORS: RetentionDays = { retentionDays: MIN_RETENTION_DAYS, auditRetentionDays: MIN_RETENTION_DAYS, sharingRetentionDays: MIN_RECORD_DAYS, recordRetentionDays: MIN_RECORD_DAYS }; // prettier-ignore
const CLASSES = Object.keys(FLOORS) as (keyof RetentionDays)[];
/** Seals outlive what they are about. */
const SEALS_LONGER_DAYS = 31;

/** @throws WanglouError WL_CONFIG_INVALID for a time that is shorter than the law wants. */
export function checkRetention(settings: RetentionSettings): RetentionDays {
  const days = byClass((name) => settings[name] ?? DEFAULTS[name] ?? 0);
  for (const setting of CLASSES)
    if (!(days[setting] >= FLOORS[setting]))
      throw new WanglouError('WL_CONFIG_INVALID', `${setting} is ${days[setting]}; they must be kept for at least ${FLOORS[setting]} days`); // prettier-ignore
  return days;
}

/** Of each class the longer of two. */
export function longerOf(one: RetentionDays, other: RetentionDays): RetentionDays {
  return byClass((name) => Math.max(one[name], other[name]));
}

/** Whether any class is kept for less. */
export function isLowered(from: RetentionDays, to: RetentionDays): boolean {
  return CLASSES.some((name) => to[name] < from[name]);
}

/** How long seals are kept: longer than anything that they are about. */
export function sealsKeptDays(settings: RetentionSettings): number {
  return Math.max(...Object.values(checkRetention(settings))) + SEALS_LONGER_DAYS;
}

/**
 * What is kept as long as the configuration wants; where that is less than what was agreed on, as long as was agreed on
 * until somebody agrees to less. Read anew each time.
 */
export class RetentionInForce implements RetentionDays {
  readonly #wanted: RetentionDays;
  readonly #agreed: () => RetentionDays | null;

  /** @throws WanglouError WL_CONFIG_INVALID */
  constructor(wanted: RetentionSettings, agreed: () => RetentionDays | null = () => null) {
    this.#wanted = checkRetention(wanted);
    this.#agreed = agreed;
  }

  get retentionDays(): number {
    return this.#days.retentionDays;
  }

  get auditRetentionDays(): number {
    return this.#days.auditRetentionDays;
  }

  get sharingRetentionDays(): number {
    return this.#days.sharingRetentionDays;
  }

  get recordRetentionDays(): number {
    return this.#days.recordRetentionDays;
  }

  get #days(): RetentionDays {
    return longerOf(this.#wanted, this.#agreed() ?? this.#wanted);
  }
}

function byClass(days: (name: keyof RetentionDays) => number): RetentionDays {
  return Object.fromEntries(CLASSES.map((name) => [name, days(name)])) as unknown as RetentionDays;
}
