import { describe, expect, it } from 'vitest';
import { serviceDegradation } from '../../detectors/service-degradation.ts';
import type { Event } from '../../src/event/event.ts';
import { eventAt, judge } from '../detection/judge.ts';
import { conforms } from './conformance.ts';
import { later, says } from './town.ts';
import { vendorTown } from './vendors.ts';

const NINE = '2026-11-20T09:00';
const registry = vendorTown({
  contracts: [
    {
      id: 'HT-1',
      vendor: 'yunzhan',
      systems: ['aid'],
      from: '2026-01-01',
      to: '2026-12-31',
      sla: { availability: 0.99 },
    },
  ],
});
/** Requests one every `apart` seconds; every `nth` fails with the status. */
const calls = (count: number, nth: number, { apart = 10, status = '500', fields = {}, start = 0 } = {}): Event[] =>
  Array.from({ length: count }, (_, n) => {
    const failed = nth > 0 && n % nth === nth - 1;
    return eventAt(later(NINE, start + n * apart), {
      classUid: 6003,
      action: 'read',
      system: 'aid',
      outcome: failed ? 'failure' : 'success',
      attributes: ['status', failed ? status : '200'],
      ...fields,
    });
  });
const signals = (events: Event[], settings = {}) => judge(serviceDegradation, events, { registry, settings }).signals;

describe('service-degradation', () => {
  conforms(serviceDegradation, { events: () => calls(360, 5), options: () => ({ registry }) });

  it('finds an error budget that burns more than 14.4 times too fast over an hour, by the contract’s target', () => {
    const [found] = signals(calls(360, 5));
    expect(found).toMatchObject({ threshold: 14.4, unit: 'times the error budget', score: 65, windowMs: 3_600_000 });
    expect(found!.observed).toBeGreaterThanOrEqual(14.4);
    expect(
      says(found, '99%', { zh: '云栈科技', en: 'Cloudstack Technologies' }, { zh: '救助系统', en: 'Aid system' }),
    ).toBe(true);
    expect(signals(calls(360, 8))).toMatchObject([{ threshold: 6 }]);
  });

  it('finds a slower burn over six hours, milder, and nothing below six times', () => {
    const sixHours = (nth: number) => signals(calls(2160, nth));
    expect(sixHours(16)[0]).toMatchObject({ threshold: 6, score: 45, windowMs: 21_600_000 });
    expect(sixHours(17)).toEqual([]);
  });

  it('stays quiet when the errors are over, and about few requests', () => {
    const bad = calls(90, 5, { apart: 10 });
    expect(signals(bad)).toEqual([]);
    const later100 = calls(270, 0, { start: 900 });
    expect(signals([...bad, ...later100, ...calls(1, 1, { start: 3600 })])).toEqual([]);
  });

  it('counts what the server fails at, not what clients do wrong', () => {
    expect(signals(calls(360, 5, { status: '404' }))).toEqual([]);
    expect(signals(calls(360, 5, { fields: { action: 'call', attributes: [] } }))).not.toEqual([]);
  });

  it('judges systems that a vendor runs', () => {
    expect(signals(calls(360, 2, { fields: { system: 'tickets' } }))).toEqual([]);
  });

  it('finds that answers take three times as long as they did', () => {
    const timed = (count: number, ms: number, start = 0) =>
      calls(count, 0, { apart: 1, start, fields: { attributes: ['status', '200', 'durationMs', String(ms)] } });
    expect(signals([...timed(3000, 100), ...timed(200, 250, 3000)])).toEqual([]);
    expect(signals([...timed(3000, 100), ...timed(300, 900, 3000)])).toMatchObject([{ unit: 'ms', baseline: 'self' }]);
    expect(signals([...timed(900, 100), ...timed(300, 900, 900)])).toEqual([]);
  });

  it('goes on measuring after a line that states an endless duration', () => {
    const timed = (count: number, ms: string, start = 0) =>
      calls(count, 0, { apart: 1, start, fields: { attributes: ['status', '200', 'durationMs', ms] } });
    const slower = [...timed(3000, '100'), ...timed(1, '1e999', 3000), ...timed(300, '900', 3001)];
    expect(signals(slower)).toMatchObject([{ unit: 'ms' }]);
  });

  it('takes requests that come late into their own five minutes', () => {
    const [first, ...rest] = calls(360, 5);
    expect(signals([...rest, { ...first!, ingestTime: rest.at(-1)!.ingestTime }]).length).toBe(
      signals([first!, ...rest]).length,
    );
  });
});
