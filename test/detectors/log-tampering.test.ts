import { describe, expect, it } from 'vitest';
import { logTampering } from '../../detectors/log-tampering.ts';
import type { Event } from '../../src/event/event.ts';
import { eventAt, judge } from '../detection/judge.ts';
import { conforms } from './conformance.ts';
import { later, says } from './town.ts';

const NINE = '2026-11-20T09:00';
const line = (second: number, attributes: string[], fields: Partial<Event> = {}) =>
  eventAt(later(NINE, second), { source: 'archive', host: 'db01', authenticated: true, attributes, ...fields });
const numbered = (...numbers: number[]) => numbers.map((number, n) => line(n, ['sequence', String(number)]));
const clock = (second: number) => eventAt(later(NINE, second));
const signals = (events: Event[]) => judge(logTampering, events).signals;

describe('log-tampering', () => {
  conforms(logTampering, { events: () => [...numbered(1, 2, 6), clock(700)] });

  it('finds missing lines when they have not come within ten minutes', () => {
    expect(signals([...numbered(41, 42, 46), clock(601)])).toEqual([]);
    const [found] = signals([...numbered(41, 42, 46), clock(602)]);
    expect(found).toMatchObject({ score: 90, observed: 3, unit: 'missing lines' });
    expect(says(found, '43–45', 'archive', 'db01')).toBe(true);
  });

  it('is content with lines that come in another order', () => {
    expect(signals([...numbered(41, 44, 42, 43, 45), clock(5000)])).toEqual([]);
    expect(signals([...numbered(41, 44, 43, 45), clock(5000)])).toMatchObject([{ observed: 1 }]);
  });

  it('finds a number that comes twice, and a count that goes back', () => {
    expect(signals(numbered(41, 42, 42))).toMatchObject([{ unit: 'repeated numbers' }]);
    expect(signals(numbered(41, 42, 30))).toMatchObject([{ unit: 'lines back', observed: 12 }]);
  });

  it('takes a count that begins anew for a restart, and knows nothing before the first line', () => {
    expect(signals([...numbered(5041, 5042, 1, 2, 3), clock(5000)])).toEqual([]);
    expect(signals([...numbered(5041), clock(5000)])).toEqual([]);
  });

  it('finds a line that does not follow the one before in the hash chain', () => {
    const links = (...pairs: [string, string][]) =>
      signals(pairs.map(([hash, previous], n) => line(n, ['chainHash', hash, 'chainPrevious', previous])));
    expect(links(['a1', ''], ['b2', 'a1'], ['c3', 'b2'])).toEqual([]);
    expect(links(['a1', ''], ['b2', 'a1'], ['d4', 'c3'])).toMatchObject([{ unit: 'broken links', score: 90 }]);
  });

  it('does not judge senders that did not prove who they are, for datagrams get lost', () => {
    const lost = numbered(1, 2, 9).map((event) => ({ ...event, authenticated: false }));
    expect(signals([...lost, clock(5000)])).toEqual([]);
  });

  it('keeps hosts apart, and takes an event that comes again once', () => {
    const two = [line(0, ['sequence', '7']), line(1, ['sequence', '30'], { host: 'db02' })];
    expect(signals([...two, clock(5000)])).toEqual([]);
    const [first] = numbered(7);
    expect(signals([first!, { ...first! }])).toEqual([]);
  });
});
