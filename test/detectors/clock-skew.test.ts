import { describe, expect, it } from 'vitest';
import { clockSkew } from '../../detectors/clock-skew.ts';
import type { Event } from '../../src/event/event.ts';
import { eventAt, judge } from '../detection/judge.ts';
import { conforms } from './conformance.ts';
import { later, says } from './town.ts';

const NINE = '2026-11-20T09:00';
/** Lines of a host, ten seconds apart by arrival, each off by so many seconds. */
const lines = (offBy: number[], host = 'db01', from = NINE): Event[] =>
  offBy.map((seconds, n) => {
    const event = eventAt(later(from, n * 10), { host, sequence: n * 4 });
    return { ...event, time: event.time + seconds * 1000 };
  });
const clock = (seconds: number) => eventAt(later(NINE, seconds), { host: 'other', sequence: 1 });
const times = (count: number, seconds: number) => Array.from({ length: count }, () => seconds);
const found = (...offBy: number[]) => judge(clockSkew, [...lines(offBy), clock(600)]).signals;

describe('clock-skew', () => {
  conforms(clockSkew, { events: () => [...lines(times(6, 90)), clock(600)] });

  it('finds a host whose clock is more than a minute ahead', () => {
    expect(found(...times(6, 60))).toEqual([]);
    const [signal] = found(...times(6, 61));
    expect(signal).toMatchObject({ observed: 61, threshold: 60, score: 45, unit: 'seconds of skew', sampleSize: 6 });
    expect(says(signal, 'db01', { zh: '超前', en: 'ahead' })).toBe(true);
  });

  it('is critical above five minutes, and says so when nothing but time follows', () => {
    expect(found(...times(6, 300)).at(-1)!.score).toBe(45);
    expect(found(...times(6, 301)).at(-1)!.score).toBe(85);
  });

  it('finds a clock that is behind by the steadiness of the delay, and leaves late logs out', () => {
    expect(found(...times(6, -120))).toMatchObject([{ observed: -120 }]);
    expect(says(found(...times(6, -120))[0], { zh: '落后', en: 'behind' })).toBe(true);
    expect(found(-900, -840, -780, -600, -480, -300, -120)).toEqual([]);
    expect(found(...times(6, -200_000))).toEqual([]);
  });

  it('takes the median: some lines that are off are not enough, nor are few lines', () => {
    expect(found(...times(4, 90), ...times(4, 0))).toEqual([]);
    expect(found(...times(4, 90))).toEqual([]);
  });

  it('marks a single line more than two minutes in the future', () => {
    expect(found(0, 0, 120, 0)).toEqual([]);
    expect(found(0, 0, 121, 0)).toMatchObject([{ score: 20, unit: 'seconds in the future', observed: 121 }]);
  });

  it('keeps hosts apart', () => {
    const two = [...lines(times(3, 90)), ...lines(times(3, 90), 'db02')];
    expect(judge(clockSkew, [...two, clock(600)]).signals).toEqual([]);
  });
});
