/**
 * How values of a group are distributed, in steps of 5 % and in little room: weights by step of log1p, as plain data. Old
 * values fade, so that those of the last 28 days decide.
 */
export interface Levels {
  /** Weight by step, `{ 92: 3.8 }`. */
  steps: Record<number, number>;
  /** Sum of the weights: about how many values it rests on. */
  days: number;
}

const STEP = 0.05;
const FADE_PER_DAY = 1 - 1 / 28;
const NEGLIGIBLE = 0.05;
const MAD_FLOOR = 0.15;

export function noLevels(): Levels {
  return { steps: {}, days: 0 };
}

export function addLevel(levels: Levels, value: number): void {
  const step = Math.round(Math.log1p(value) / STEP);
  levels.steps[step] = (levels.steps[step] ?? 0) + 1;
  levels.days++;
}

/** Lets what is in it count less, by so many days; what has nearly faded goes. */
export function fade(levels: Levels, days: number): void {
  const keep = FADE_PER_DAY ** days;
  const steps: Record<number, number> = {};
  levels.days = 0;
  for (const [step, weight] of Object.entries(levels.steps)) {
    if (weight * keep < NEGLIGIBLE) continue;
    steps[Number(step)] = weight * keep;
    levels.days += weight * keep;
  }
  levels.steps = steps;
}

/** Median and MAD of log1p, with the floor that all baselines have. */
export function standingOf({ steps, days }: Levels): { median: number; mad: number } {
  const weights = Object.entries(steps).map(([step, weight]) => [Number(step) * STEP, weight] as [number, number]);
  const median = middleOf(weights, days);
  const mad = middleOf(
    weights.map(([level, weight]) => [Math.abs(level - median), weight]),
    days,
  );
  return { median, mad: Math.max(MAD_FLOOR, mad) };
}

/** The part of the values that is smaller. */
export function levelsBelow({ steps, days }: Levels, value: number): number {
  const at = Math.round(Math.log1p(value) / STEP);
  let below = 0;
  for (const [step, weight] of Object.entries(steps)) if (Number(step) < at) below += weight;
  return days === 0 ? 0 : below / days;
}

function middleOf(weights: readonly [number, number][], total: number): number {
  const sorted = [...weights].sort((a, b) => a[0] - b[0]);
  let sum = 0;
  for (const [level, weight] of sorted) {
    sum += weight;
    if (sum >= total / 2) return level;
  }
  return 0;
}
