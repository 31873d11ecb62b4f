import type { RatePoint } from '../../../src/feed/protocol.ts';

export const WINDOW_MS = 600_000;
/** A finding bar covers this many seconds, so that it can be seen. */
const BAR_MS = 10_000;
const BAR_SHARE = 0.6;

/** The next 1, 2 or 5 with zeros from `value` on. */
export function niceTop(value: number): number {
  const unit = 10 ** Math.floor(Math.log10(value));
  return unit * [1, 2, 5, 10].find((step) => step * unit >= value)!;
}

/** Events a second over the window that ends at `end`, and the area under it, in a box of `width` × `height`; '' before there are two points. */
export function lineOf(
  rates: readonly RatePoint[],
  end: number,
  top: number,
  width: number,
  height: number,
): { line: string; area: string } {
  const shown = rates.filter(({ at }) => at >= end - WINDOW_MS);
  if (shown.length < 2) return { line: '', area: '' };
  const x = (at: number): string => (((at - end + WINDOW_MS) / WINDOW_MS) * width).toFixed(1);
  const y = (events: number): string => (height * (1 - events / top)).toFixed(1);
  const begin = x(shown[0]!.at);
  const line = shown.map(({ at, events }, n) => `${n === 0 ? 'M' : 'L'}${x(at)} ${y(events)}`).join('');
  return { line, area: `${line}V${height}H${begin}Z` };
}

/** Findings by ten seconds; the most in one of them is as high as the box. */
export function barsOf(rates: readonly RatePoint[], end: number, width: number, height: number) {
  const sums = new Map<number, number>();
  for (const { at, findings } of rates) {
    const slot = Math.floor(at / BAR_MS) * BAR_MS;
    if (findings > 0 && slot >= end - WINDOW_MS) sums.set(slot, (sums.get(slot) ?? 0) + findings);
  }
  const most = Math.max(3, ...sums.values());
  const slotWidth = (BAR_MS / WINDOW_MS) * width;
  return [...sums].map(([at, findings]) => {
    const high = (findings / most) * height;
    const x = ((at - end + WINDOW_MS) / WINDOW_MS) * width;
    return { at, box: { x, y: height - high, width: slotWidth * BAR_SHARE, height: high } };
  });
}
