import { describe, expect, it } from 'vitest';
import { sharedAccount } from '../../detectors/shared-account.ts';
import type { Event } from '../../src/event/event.ts';
import { judge } from '../detection/judge.ts';
import { conforms } from './conformance.ts';
import { access, later, says, townRegistry } from './town.ts';

const NINE = '2026-11-18T09:00';
type At = [minute: number, place: 'desk' | 'far' | 'near'];
const ADDRESS = { desk: '192.0.2.10', near: '192.0.2.77', far: '198.51.100.5' };
const acts = (list: At[], fields: Partial<Event> = {}, from = NINE) =>
  list.map(([minute, place]) =>
    access(later(from, minute * 60), { clientAddress: ADDRESS[place], device: place, ...fields }),
  );
const signals = (events: Event[]) => judge(sharedAccount, events).signals;
/** Both places active from minute 0 on, the far one until `end`. */
const both = (end: number): At[] => [
  [0, 'desk'],
  [1, 'far'],
  [5, 'desk'],
  [end, 'far'],
  [end + 1, 'desk'],
];

describe('shared-account', () => {
  conforms(sharedAccount, { events: () => acts(both(15)) });

  it('finds an account that acts in two networks at once for ten minutes', () => {
    expect(signals(acts(both(10)))).toEqual([]);
    const found = signals(acts(both(11)));
    expect(found[0]).toMatchObject({ observed: 10, threshold: 10, unit: 'minutes in two places' });
    expect(says(found[0], 'wangfang', '192.0.2.0/24', '198.51.100.0/24')).toBe(true);
  });

  it('stays quiet about somebody who moves from one place to the other', () => {
    expect(
      signals(
        acts([
          [0, 'desk'],
          [20, 'desk'],
          [40, 'desk'],
          [45, 'far'],
          [60, 'far'],
          [90, 'far'],
        ]),
      ),
    ).toEqual([]);
    expect(
      signals(
        acts([
          [0, 'desk'],
          [5, 'far'],
          [60, 'desk'],
          [120, 'far'],
          [180, 'desk'],
        ]),
      ),
    ).toEqual([]);
  });

  it('stays quiet about two devices in one network, and one device in two', () => {
    expect(
      signals(
        acts([
          [0, 'desk'],
          [1, 'near'],
          [15, 'desk'],
          [16, 'near'],
        ]),
      ),
    ).toEqual([]);
    expect(signals(acts(both(20), { device: 'laptop' }))).toEqual([]);
  });

  it('takes the address for the device where none is named, and leaves machine accounts and failures out', () => {
    expect(signals(acts(both(15), { device: '' }))).not.toEqual([]);
    const inHouse = acts(both(15), { device: '' }).map((event, n) => ({ ...event, clientAddress: `10.24.${n % 2}.9` }));
    expect(signals(inHouse)).toEqual([]);
    expect(signals(acts(both(15), { role: 'service' }))).toEqual([]);
    expect(signals(acts(both(15), { outcome: 'failure' }))).toEqual([]);
  });

  it('is high from the third day in a row on', () => {
    const days = ['2026-11-18T09:00', '2026-11-19T09:00', '2026-11-20T09:00'].flatMap((from) =>
      acts(both(15), { assetLevel: '', asset: '' }, from),
    );
    const found = signals(days);
    expect([found[0]!.score, found.at(-1)!.score]).toEqual([50, 65]);
    expect(says(found.at(-1), { zh: '连续 3 天', en: '3 days in a row' })).toBe(true);
  });

  it('finds three persons behind one account at the bastion within a day', () => {
    const by = (...people: [string, number][]) =>
      signals(
        people.map(([person, hour]) =>
          access(later(NINE, hour * 3600), { action: 'command', attributes: ['bastionUser', person] }),
        ),
      );
    expect(by(['a', 0], ['b', 1], ['a', 2])).toEqual([]);
    expect(by(['a', 0], ['b', 1], ['c', 23])).toMatchObject([{ observed: 3, unit: 'persons' }]);
    expect(by(['a', 0], ['b', 1], ['c', 24])).toEqual([]);
  });

  it('stays quiet about somebody whose desk and proxy lie in different ranges of one network of the registry', () => {
    const network = (cidrs: string[]) =>
      townRegistry({ networks: [{ id: 'net-civil', name: { zh: '民政局', en: 'Civil Affairs' }, cidrs }] });
    const found = (cidrs: string[]) => judge(sharedAccount, acts(both(30)), { registry: network(cidrs) }).signals;
    expect(found(['192.0.2.0/24', '198.51.100.0/24'])).toEqual([]);
    expect(found(['192.0.2.0/24'])).not.toEqual([]);
  });
});
