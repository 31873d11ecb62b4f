import { describe, expect, it } from 'vitest';
import { vendorOutsideWindow } from '../../detectors/vendor-outside-window.ts';
import type { Event } from '../../src/event/event.ts';
import { judge } from '../detection/judge.ts';
import { conforms } from './conformance.ts';
import { says } from './town.ts';
import { act, order, vendorTown, type Orders } from './vendors.ts';

const signals = (event: Event, ...orders: Orders) =>
  judge(vendorOutsideWindow, [event], { registry: vendorTown({ 'work-orders': orders }) }).signals;

describe('vendor-outside-window', () => {
  conforms(vendorOutsideWindow, {
    events: () => [act('2026-11-22T15:00')],
    options: () => ({ registry: vendorTown({ 'work-orders': [order()] }) }),
  });

  it('finds privileged work without a work order', () => {
    const [found] = signals(act('2026-11-25T15:00'), order());
    expect(found).toMatchObject({ score: 72, unit: 'open work orders', observed: 0 });
    expect(says(found, { zh: '救助系统', en: 'Aid system' })).toBe(true);
  });

  it('tolerates half an hour around the window, and is milder about what follows it', () => {
    expect(signals(act('2026-11-20T13:30:00'), order())).toEqual([]);
    expect(signals(act('2026-11-20T13:29:59'), order())).toHaveLength(1);
    expect(signals(act('2026-11-20T18:29:59'), order())).toEqual([]);
    const [found] = signals(act('2026-11-20T18:30:00'), order());
    expect(found).toMatchObject({ score: 48, observed: 30, threshold: 30 });
    expect(says(found, 'GD-1', '2026-11-20 18:00', { zh: '之后', en: 'after the end' })).toBe(true);
  });

  it('wants the order to be for the person and the system', () => {
    expect(signals(act('2026-11-20T15:00'), order({ persons: ['p-liu'], systems: ['aid'] }))).toEqual([]);
    expect(signals(act('2026-11-20T15:00', { system: 'ops' }), order({ systems: ['aid'] }))).toHaveLength(1);
    expect(signals(act('2026-11-20T15:00', { person: 'p-wang' }), order({ persons: ['p-liu'] }))).toHaveLength(1);
  });

  it('stays quiet about unprivileged reads and sign-outs, refusals, officers, and vendors without work orders', () => {
    const others = [
      { action: 'query' },
      { action: 'sign-out', privileged: true },
      { outcome: 'failure' as const },
      { vendor: '' },
      { vendor: 'hengda' },
    ];
    for (const fields of others) expect(signals(act('2026-11-25T15:00', fields), order())).toEqual([]);
    expect(signals(act('2026-11-25T15:00', { action: 'query', privileged: true }), order())).toHaveLength(1);
    expect(signals(act('2026-11-25T15:00'))).toEqual([]);
  });

  it('judges a line that comes days late by its own time', () => {
    const late = { ...act('2026-11-20T15:00'), ingestTime: Date.parse('2026-11-25T15:00+08:00') };
    expect(signals(late, order())).toEqual([]);
  });
});
