import { describe, expect, it } from 'vitest';
import { vendorPrivilegeEscalation } from '../../detectors/vendor-privilege-escalation.ts';
import type { Event } from '../../src/event/event.ts';
import { eventAt, judge } from '../detection/judge.ts';
import { conforms } from './conformance.ts';
import { says } from './town.ts';
import { act, order, vendorTown } from './vendors.ts';

const AT = '2026-11-20T15:00';
const give = (target: string, fields: Partial<Event> = {}, iso = AT) =>
  act(iso, { action: 'grant', target, attributes: ['role', 'DBA'], ...fields });
const byOfficer = {
  vendor: '',
  contract: '',
  actor: 'wangfang',
  account: 'wangfang',
  person: 'p-wang',
  department: 'civil',
};
const withOrder = vendorTown({ 'work-orders': [order()] });
const signals = (events: Event[], registry = vendorTown()) =>
  judge(vendorPrivilegeEscalation, events, { registry }).signals;
const clock = (iso: string) => eventAt(iso);

describe('vendor-privilege-escalation', () => {
  conforms(vendorPrivilegeEscalation, { events: () => [give('yz_liu')], options: () => ({ registry: vendorTown() }) });

  it('is critical when a vendor gives itself a right, under another account of the same person too', () => {
    const [found] = signals([give('YZ_Liu')]);
    expect(found!.score).toBe(85);
    expect(says(found, 'DBA', { zh: '给自己', en: 'gave itself' })).toBe(true);
    const second = vendorTown({ accounts: [{ id: 'liu2', login: 'liu2', vendor: 'yunzhan', person: 'p-liu' }] });
    expect(signals([give('liu2')], second)[0]!.score).toBe(85);
  });

  it('finds any right that a vendor gives to a colleague', () => {
    const [found] = signals([give('yz_chen', { attributes: [] })]);
    expect(found!.score).toBe(78);
    expect(says(found, 'yz_chen', { zh: '同一承建商', en: 'same vendor' })).toBe(true);
  });

  it('finds an administrative right that an officer gives a vendor without a work order', () => {
    expect(signals([give('yz_liu', byOfficer)])).toHaveLength(1);
    expect(signals([give('yz_liu', { ...byOfficer, attributes: ['role', 'reader'] })])).toEqual([]);
    expect(signals([give('yz_liu', { ...byOfficer, attributes: ['role', 'readministrate'] })])).toEqual([]);
    expect(signals([give('yz_liu', { ...byOfficer, attributes: [], message: '授予系统管理员角色' })])).toHaveLength(1);
    expect(signals([give('lina', byOfficer)])).toEqual([]);
    expect(signals([give('yz_liu', { ...byOfficer, outcome: 'failure' })])).toEqual([]);
  });

  it('accepts one under a work order, until eight hours after its end', () => {
    const given = give('yz_liu', byOfficer);
    expect(signals([given, clock('2026-11-21T01:59:59')], withOrder)).toEqual([]);
    const [found] = signals([given, clock('2026-11-21T02:00:00')], withOrder);
    expect(found).toMatchObject({ observed: 8, unit: 'hours past the work order', eventIds: [given.id], score: 60 });
    expect(says(found, 'GD-1', 'yz_liu', '2026-11-20 18:00')).toBe(true);
  });

  it('is content when the right is taken back in time', () => {
    const back = give('yz_liu', { ...byOfficer, action: 'revoke' }, '2026-11-20T19:00');
    expect(signals([give('yz_liu', byOfficer), back, clock('2026-11-25T00:00')], withOrder)).toEqual([]);
  });
});
