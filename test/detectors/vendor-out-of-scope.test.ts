import { describe, expect, it } from 'vitest';
import { vendorOutOfScope } from '../../detectors/vendor-out-of-scope.ts';
import type { Event } from '../../src/event/event.ts';
import type { RegistryInput } from '../../src/registry/schema.ts';
import { judge } from '../detection/judge.ts';
import { conforms } from './conformance.ts';
import { says } from './town.ts';
import { act, vendorTown } from './vendors.ts';

const AT = '2026-11-20T15:00';
const signals = (fields: Partial<Event>, more: RegistryInput = {}, iso = AT) =>
  judge(vendorOutOfScope, [act(iso, fields)], { registry: vendorTown(more) }).signals;

describe('vendor-out-of-scope', () => {
  conforms(vendorOutOfScope, {
    events: () => [act(AT, { system: 'tickets' })],
    options: () => ({ registry: vendorTown() }),
  });

  it('finds work on a system that no contract in force names', () => {
    const [found] = signals({ system: 'tickets' });
    expect(found).toMatchObject({ score: 72 });
    expect(says(found, 'HT-1', { zh: '票务系统', en: 'Ticket system' })).toBe(true);
    expect(signals({ system: 'tickets', outcome: 'failure' })[0]!.score).toBe(54);
  });

  it('stays quiet about systems of its contracts and those that it built or runs', () => {
    expect(signals({ system: 'aid' })).toEqual([]);
    const whole = { id: 'HT-2', vendor: 'yunzhan', systems: [], from: '2026-06-01', to: '2026-12-31' };
    expect(signals({ system: 'tickets' }, { contracts: [whole] })).toEqual([]);
    expect(signals({ system: 'tickets' }, { contracts: [whole] }, '2026-05-31T23:59')).toEqual([]);
    expect(signals({ system: 'aid' }, { contracts: [{ ...whole, systems: ['tickets'] }] })).toEqual([]);
  });

  it('leaves shared and unknown systems, officers, and vendors without a contract to others', () => {
    expect(signals({ system: 'ops', plane: 'operations' })).toEqual([]);
    expect(signals({ system: 'unheard-of', plane: '' })).toEqual([]);
    expect(signals({ system: 'tickets', vendor: '' })).toEqual([]);
    expect(signals({ system: 'tickets', vendor: 'hengda' })).toEqual([]);
    expect(signals({ system: 'tickets', action: 'sign-out' })).toEqual([]);
    expect(signals({ system: 'tickets' }, {}, '2027-01-01T10:00')).toEqual([]);
  });
});
