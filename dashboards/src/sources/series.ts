/** One value a step, in order of time; steps without a value are left out. */
export interface Point {
  at: number;
  value: number;
}

export interface Frame {
  from: number;
  to: number;
  stepMs: number;
  width: number;
  height: number;
  /** Value at the upper edge. */
  top: number;
}

export function xOf(at: number, { from, to, width }: Frame): number {
  return Math.min(width, Math.max(0, ((at - from) / (to - from)) * width));
}

/** An SVG path of bars without gaps between neighbours, each a step wide. */
export function barsPath(points: readonly Point[], frame: Frame): string {
  return points
    .filter(({ value }) => value > 0)
    .map(({ at, value }) => {
      const x = xOf(at, frame);
      const width = Math.max(0.6, xOf(at + frame.stepMs, frame) - x);
      const height = Math.max(1, Math.min(1, value / frame.top) * frame.height);
      return `M${x.toFixed(1)} ${frame.height}v${(-height).toFixed(1)}h${width.toFixed(1)}v${height.toFixed(1)}z`;
    })
    .join('');
}

/** An SVG path of a line that breaks where steps are missing. */
export function linePath(points: readonly Point[], frame: Frame): string {
  let before = -Infinity;
  return points
    .map(({ at, value }) => {
      const x = xOf(at + frame.stepMs / 2, frame);
      const y = frame.height - Math.min(1, Math.max(0, value / frame.top)) * frame.height;
      const joins = at - before <= 2 * frame.stepMs;
      before = at;
      return joins ? `L${x.toFixed(1)} ${y.toFixed(1)}` : `M${x.toFixed(1)} ${y.toFixed(1)}h0.8`;
    })
    .join('');
}

/** The next round number: 1, 2 or 5 times a power of ten. */
export function roundUp(value: number): number {
  if (value <= 1) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((times) => times * power).find((one) => one >= value)!;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Times to write below: about six of them, at whole hours or days of the page's zone. */
export function ticksOf(from: number, to: number): number[] {
  const isDay = to - from <= 2 * DAY_MS;
  const every = isDay ? 4 : Math.ceil((to - from) / DAY_MS / 7);
  const ticks: number[] = [];
  const at = new Date(from);
  at.setMinutes(0, 0, 0);
  if (isDay) while (at.getTime() < from || at.getHours() % every !== 0) at.setHours(at.getHours() + 1);
  else {
    at.setHours(0);
    while (at.getTime() < from) at.setDate(at.getDate() + 1);
  }
  for (; at.getTime() <= to; isDay ? at.setHours(at.getHours() + every) : at.setDate(at.getDate() + every))
    ticks.push(at.getTime());
  return ticks;
}
