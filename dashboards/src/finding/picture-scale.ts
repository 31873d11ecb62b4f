import type { FindingPicture, Span } from '../../../src/finding-context/finding-context.ts';

/** How high and where things are drawn, in percent. */
export interface Scale {
  x: (at: number) => number;
  y: (value: number) => number;
  /** Whether heights are logarithms: what is usual would not be seen beside this. */
  isLogarithmic: boolean;
  from: number;
  to: number;
}

const TIMES_TOO_HIGH = 12;
const ROOM_ABOVE = 1.12;
const DAY_MS = 86_400_000;
const AROUND_MS = 10 * DAY_MS;
const MOST_BACK_MS = 400 * DAY_MS;

/** @param levels what is drawn besides the days: observed, expected, threshold; 0 for none. */
export function scaleOf(picture: FindingPicture, levels: readonly number[]): Scale {
  const most = Math.max(1, ...levels, ...picture.days.map(({ value }) => value));
  const usual = Math.max(picture.median, ...levels.slice(1));
  const isLogarithmic = usual > 0 && most > usual * TIMES_TOO_HIGH;
  const height = (value: number): number => (isLogarithmic ? Math.log1p(Math.max(0, value)) : Math.max(0, value));
  const { from, to } = rangeOf(picture);
  return {
    isLogarithmic,
    ...{ from, to },
    x: (at) => Math.min(100, Math.max(0, (100 * (at - from)) / (to - from))),
    y: (value) => Math.min(100, (100 * height(value)) / (height(most) * ROOM_ABOVE)),
  };
}

/** The picture's own days; where every right had ended before them, back to the last end. */
function rangeOf({ from, to, spans }: FindingPicture): { from: number; to: number } {
  const ends = spans.map((span) => span.to ?? Infinity);
  const isOver = ends.length > 0 && ends.every((end) => end <= from);
  const last = Math.max(...ends, from - MOST_BACK_MS);
  return { from: isOver ? last - AROUND_MS : from, to };
}

/** Left end and width of a span, in percent; what lies outside is cut. */
export function barOf({ from, to }: Span, scale: Scale): { left: number; width: number } {
  const left = from === null ? 0 : scale.x(from);
  const right = to === null ? 100 : scale.x(to);
  return { left, width: Math.max(0.4, right - left) };
}
