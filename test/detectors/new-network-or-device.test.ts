import { describe, expect, it } from 'vitest';
import { newNetworkOrDevice } from '../../detectors/new-network-or-device.ts';
import type { Event } from '../../src/event/event.ts';
import { judge } from '../detection/judge.ts';
import { conforms } from './conformance.ts';
import { says } from './town.ts';
import { act, vendorTown } from './vendors.ts';

const signIn = (iso: string, clientAddress: string, fields: Partial<Event> = {}) =>
  act(iso, { action: 'sign-in', clientAddress, ...fields });
const approving = (...approvedNetworks: string[]) =>
  vendorTown({
    contracts: [
      { id: 'HT-1', vendor: 'yunzhan', systems: ['aid'], from: '2026-01-01', to: '2026-12-31', approvedNetworks },
    ],
  });
const signals = (events: Event[], registry = vendorTown()) => judge(newNetworkOrDevice, events, { registry }).signals;
const habit = ['01', '02', '08', '15'].map((day) => signIn(`2026-10-${day}T09:00`, '192.0.2.44', { device: 'laptop' }));

describe('new-network-or-device', () => {
  conforms(newNetworkOrDevice, { events: () => [...habit, signIn('2026-10-20T09:00', '203.0.113.7')] });

  it('finds a sign-in from outside the approved networks at once', () => {
    const [found] = signals([signIn('2026-10-01T09:00', '203.0.113.7')], approving('192.0.2.0/24', '2001:db8::/32'));
    expect(found).toMatchObject({ score: 72 });
    expect(says(found, '203.0.113.7', 'HT-1')).toBe(true);
    expect(signals([signIn('2026-10-01T09:00', '192.0.2.255')], approving('192.0.2.0/24'))).toEqual([]);
    expect(signals([signIn('2026-10-01T09:00', '2001:db8::7')], approving('192.0.2.0/24', '2001:db8::/32'))).toEqual(
      [],
    );
    expect(signals([signIn('2026-10-01T09:00', '192.0.3.0')], approving('192.0.2.0/24'))).toHaveLength(1);
  });

  it('finds a network that was not used for sixty days, and not another address of a known one', () => {
    expect(
      says(signals([...habit, signIn('2026-10-20T09:00', '203.0.113.7')])[0], '203.0.113.7', {
        zh: '网络',
        en: 'network',
      }),
    ).toBe(true);
    expect(signals([...habit, signIn('2026-10-20T09:00', '192.0.2.99')])).toEqual([]);
    expect(signals([...habit, signIn('2026-12-14T09:00', '192.0.2.44')])).toEqual([]);
    expect(signals([...habit, signIn('2026-12-15T09:00', '192.0.2.44')])).toHaveLength(1);
  });

  it('finds a new device on a known network', () => {
    const [found] = signals([...habit, signIn('2026-10-20T09:00', '192.0.2.44', { device: 'phone' })]);
    expect(says(found, 'phone', { zh: '设备', en: 'device' })).toBe(true);
  });

  it('knows nothing about an account for its first two weeks', () => {
    expect(signals([habit[0]!, signIn('2026-10-14T23:00', '203.0.113.7')])).toEqual([]);
    expect(signals([habit[0]!, signIn('2026-10-15T00:00', '203.0.113.7')])).toHaveLength(1);
  });

  it('judges vendors and privileged accounts only, and what succeeded', () => {
    const stranger = signIn('2026-10-20T09:00', '203.0.113.7');
    expect(signals([...habit, stranger].map((event) => ({ ...event, vendor: '' })))).toEqual([]);
    expect(signals([...habit, stranger].map((event) => ({ ...event, vendor: '', privileged: true })))).toHaveLength(1);
    expect(signals([...habit, { ...stranger, outcome: 'failure' }])).toEqual([]);
  });
});
