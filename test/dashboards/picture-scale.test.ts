import { describe, expect, it } from 'vitest';
import { barOf, scaleOf } from '../../dashboards/src/finding/picture-scale.ts';
import type { FindingPicture, Span } from '../../src/finding-context/finding-context.ts';

const DAY_MS = 86_400_000;
const to = 1_800_000_000_000;
const from = to - 29 * DAY_MS;
const picture = (spans: Span[], values: number[] = [400]): FindingPicture => ({
  ...{ kind: 'validity', timeZone: 'Asia/Shanghai', from, to, windowMs: DAY_MS, median: 400, activeDays: 1, spans },
  days: values.map((value, n) => ({ day: `d${n}`, at: from + n * DAY_MS, rest: false, value })),
});
const grant = (begin: number | null, end: number | null): Span => ({ kind: 'grant', id: 'g', from: begin, to: end });

describe('the picture of a finding', () => {
  it('reaches back to the last end when every right had ended before', () => {
    const ended = from - 40 * DAY_MS;
    expect(scaleOf(picture([grant(null, ended), grant(null, ended - DAY_MS)]), []).from).toBe(ended - 10 * DAY_MS);
    expect(scaleOf(picture([grant(null, ended), grant(from - 300 * DAY_MS, null)]), []).from).toBe(from);
    expect(scaleOf(picture([]), []).from).toBe(from);
  });

  it('cuts a right at its edges, and draws one that ends on the left as a trace', () => {
    const scale = scaleOf(picture([]), []);
    expect(barOf(grant(null, null), scale)).toEqual({ left: 0, width: 100 });
    expect(barOf(grant(from - DAY_MS, from), scale)).toEqual({ left: 0, width: 0.4 });
  });

  it('keeps what is usual visible beside a hundred times as much, and all within the frame', () => {
    const scale = scaleOf(picture([], [400, 52_310]), [52_310, 410, 1_230]);
    expect(scale.isLogarithmic).toBe(true);
    expect(scale.y(410)).toBeGreaterThan(30);
    expect(scale.y(52_310)).toBeLessThan(100);
    expect(scaleOf(picture([]), [900, 400, 800]).isLogarithmic).toBe(false);
  });
});
