import { describe, expect, it } from 'vitest';
import { externalDestination } from '../../detectors/external-destination.ts';
import type { Event } from '../../src/event/event.ts';
import { judge } from '../detection/judge.ts';
import { conforms } from './conformance.ts';
import { sharingTown } from './granted.ts';
import { access, says } from './town.ts';

const registry = sharingTown([], {
  networks: [
    { id: 'abroad', name: '境外', cidrs: ['203.0.113.0/24'], domestic: false, zone: 'external' },
    { id: 'internet', name: '互联网', cidrs: ['198.51.100.0/24'], zone: 'external' },
    { id: 'office', name: '办公网', cidrs: ['192.0.2.0/24'] },
  ],
});
const send = (recipient: string, fields: Partial<Event> = {}) =>
  access('2026-11-20T10:00', { action: 'share', recipient, rows: 40, ...fields });
const signals = (event: Event) => judge(externalDestination, [event], { registry }).signals;

describe('external-destination', () => {
  conforms(externalDestination, { events: () => [send('203.0.113.7')], options: () => ({ registry }) });

  it('is critical when important or personal data goes abroad or outside', () => {
    const [found] = signals(send('203.0.113.7'));
    expect(found!.score).toBeGreaterThanOrEqual(85);
    expect(says(found, '203.0.113.7', { zh: '境外', en: 'abroad' }, '40')).toBe(true);
    const personal = { asset: 'persons', assetLevel: 'general-3' as const };
    expect(signals(send('someone@mail.example.com', personal))[0]!.score).toBe(85);
    expect(signals(send('someone@mail.example.com', { asset: 'minor', assetLevel: 'general-2' }))[0]!.score).toBe(50);
  });

  it('knows public addresses, outside mailboxes and hosts as external', () => {
    for (const recipient of ['8.8.8.8', '198.51.100.4', 'a.b@mail.example.com', 'files.example.com', '2001:4860::8'])
      expect(signals(send(recipient))).toHaveLength(1);
  });

  it('stays quiet about the government’s own: departments, vendors, systems, networks, private ranges, domains', () => {
    for (const recipient of [
      'transport',
      'yunzhan',
      'tickets',
      '192.0.2.200',
      '10.1.2.3',
      'fd00::1',
      'office@civil.gov.cn',
      'gov.cn',
      '统计处',
    ])
      expect(signals(send(recipient))).toEqual([]);
    expect(signals(send('a@notgov.cn'))).toHaveLength(1);
  });

  it('takes a download to where its client is', () => {
    const download = (clientAddress: string) =>
      signals(access('2026-11-20T10:00', { action: 'download', clientAddress }));
    expect(download('203.0.113.9')).toHaveLength(1);
    expect(download('192.0.2.9')).toEqual([]);
    expect(download('9.9.9.9')).toEqual([]);
  });

  it('leaves freely shared data, refusals and plain reads out', () => {
    expect(signals(send('203.0.113.7', { asset: 'open', assetLevel: 'general-1' }))).toEqual([]);
    expect(signals(send('203.0.113.7', { outcome: 'failure' }))).toEqual([]);
    expect(signals(send('203.0.113.7', { action: 'read' }))).toEqual([]);
  });
});
