/** What the numbers of a series are: `count` 0 or more without end, `score` 0–100. */
export type Measure = 'count' | 'score';

/** The scale on which models work and errors of any size of value are alike. */
export interface Scale {
  to: (value: number) => number;
  /** Back; never below 0, and never above what the measure can be. */
  from: (y: number) => number;
}

/** Scores above this are taken for it: 100 would lie infinitely far. */
const GREATEST_SCORE = 99.9;

/** Counts: log(1 + x), where growth adds and a weekend is a constant step down. Scores: the sum that saturates in them. */
export const SCALES: Readonly<Record<Measure, Scale>> = {
  count: { to: Math.log1p, from: (y) => Math.max(0, Math.expm1(y)) },
  score: {
    to: (value) => -Math.log(1 - Math.min(value, GREATEST_SCORE) / 100),
    from: (y) => 100 * (1 - Math.exp(-Math.max(0, y))),
  },
};

export const GREATEST: Readonly<Record<Measure, number>> = { count: Infinity, score: 100 };
