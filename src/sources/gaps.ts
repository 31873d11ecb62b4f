/** A time in which nothing came, ms since the Unix epoch. */
export interface Gap {
  from: number;
  to: number;
  /** Whether it goes on. */
  open: boolean;
}

export interface Gaps {
  gaps: readonly Gap[];
  /** Silence is a gap from this length on, ms. */
  limitMs: number;
}

const SHORTEST_MS = 300_000;
const TIMES = 3;
const QUANTILE = 0.95;

/**
 * Silences of a source that are longer than the registry allows or, where that says nothing, than 5 minutes and 3 times what
 * 95 of 100 of its pauses stay below. What lies before the first event is none: it may have been connected just then.
 * @param steps beginnings of the steps in which something came, ascending, ms.
 * @param now where the last silence ends, so far.
 * @param statedMs the registry's limit; 0 when it states none.
 */
export function gapsOf(steps: readonly number[], stepMs: number, now: number, statedMs: number): Gaps {
  const pauses = steps.slice(1).map((at, n) => ({ from: steps[n]! + stepMs, to: at, open: false }));
  const lengths = pauses.map(({ from, to }) => to - from).sort((a, b) => a - b);
  const usual = lengths[Math.floor(lengths.length * QUANTILE)] ?? 0;
  const limitMs = statedMs > 0 ? statedMs : Math.max(SHORTEST_MS, stepMs, TIMES * usual);
  const last = steps.at(-1);
  if (last !== undefined) pauses.push({ from: Math.min(last + stepMs, now), to: now, open: true });
  return { gaps: pauses.filter(({ from, to }) => to - from >= limitMs), limitMs };
}
