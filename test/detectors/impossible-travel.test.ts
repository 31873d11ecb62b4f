import { describe, expect, it } from 'vitest';
import { impossibleTravel } from '../../detectors/impossible-travel.ts';
import type { Event } from '../../src/event/event.ts';
import { judge } from '../detection/judge.ts';
import { conforms } from './conformance.ts';
import { later, says, settled, signIn, townRegistry } from './town.ts';

const net = (
  id: string,
  range: string,
  latitude: number,
  longitude: number,
  zone: 'government' | 'vpn' = 'government',
) => ({
  id,
  name: id,
  site: id,
  cidrs: [range],
  latitude,
  longitude,
  zone,
});
/** North and south lie 1,888 km apart, north and near 449 km. */
const registry = townRegistry({
  networks: [
    net('north', '192.0.2.0/24', 39.9, 116.4),
    net('south', '198.51.100.0/24', 23.1, 113.3),
    net('near', '10.1.0.0/16', 36.0, 115.0),
    net('exit', '203.0.113.0/24', 31.2, 121.5, 'vpn'),
  ],
});
const NINE = '2026-11-20T09:00';
const ADDRESS = {
  north: '192.0.2.9',
  south: '198.51.100.9',
  near: '10.1.2.3',
  exit: '203.0.113.9',
  nowhere: '100.64.0.9',
};
const from = (place: keyof typeof ADDRESS, seconds = 0, fields: Partial<Event> = {}) =>
  signIn(later(NINE, seconds), 'success', { account: 'wangfang', clientAddress: ADDRESS[place], ...fields });
const signals = (...events: Event[]) => judge(impossibleTravel, events, { registry }).signals;

describe('impossible-travel', () => {
  conforms(impossibleTravel, { events: () => [from('north'), from('south', 3600)], options: () => ({ registry }) });

  it('finds two places that nobody travels between so fast', () => {
    const [found] = signals(from('north'), from('south', 3600));
    expect(found).toMatchObject({ threshold: 900, unit: 'km/h' });
    expect(found!.observed).toBeGreaterThan(1850);
    expect(found!.observed).toBeLessThan(1920);
    expect(says(found, 'north', 'south', { zh: '1 小时', en: '1 hour' })).toBe(true);
  });

  it('has its limit at 900 km/h', () => {
    const km = signals(from('north'), from('south', 3600))[0]!.observed;
    const seconds = (km / 900) * 3600;
    expect(signals(from('north'), from('south', Math.floor(seconds - 10)))).toHaveLength(1);
    expect(signals(from('north'), from('south', Math.ceil(seconds + 10)))).toEqual([]);
  });

  it('stays quiet below 500 km, however fast', () => {
    expect(signals(from('north'), from('near', 1))).toEqual([]);
    expect(signals(from('near'), from('south', 1))).toHaveLength(1);
  });

  it('does not count VPN exits, addresses without a place, failures, and other accounts', () => {
    expect(signals(from('north'), from('exit', 60), from('nowhere', 60), from('north', 120))).toEqual([]);
    expect(signals(from('north'), from('south', 60, { outcome: 'failure' }))).toEqual([]);
    expect(signals(from('north'), from('south', 60, { account: 'lina' }))).toEqual([]);
  });

  it('finds the same when the first sign-in comes late', () => {
    const [first, second] = [from('north'), from('south', 3600)];
    const found = settled(impossibleTravel, [first, second], { registry });
    expect(settled(impossibleTravel, [second, first], { registry })).toEqual(found);
  });
});
