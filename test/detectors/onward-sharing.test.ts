import { describe, expect, it } from 'vitest';
import { onwardSharing } from '../../detectors/onward-sharing.ts';
import type { Event } from '../../src/event/event.ts';
import { judge } from '../detection/judge.ts';
import { conforms } from './conformance.ts';
import { grant, sharingTown, use } from './granted.ts';
import { access, says } from './town.ts';

const sent = (iso: string, recipient: string, fields: Partial<Event> = {}) =>
  access(iso, { action: 'share', recipient, ...fields });
const onward = (iso: string, recipient: string, fields: Partial<Event> = {}) =>
  use(iso, { action: 'share', recipient, ...fields });
const signals = (events: Event[], ...grants: ReturnType<typeof grant>[]) =>
  judge(onwardSharing, events, { registry: sharingTown(grants) }).signals;
const FIRST = '2026-11-01T10:00';

describe('onward-sharing', () => {
  conforms(onwardSharing, {
    events: () => [sent(FIRST, 'culture'), onward('2026-11-20T10:00', 'transport')],
    options: () => ({ registry: sharingTown() }),
  });

  it('finds a recipient that passes on what it received within thirty days', () => {
    const after = (iso: string) => signals([sent(FIRST, 'culture'), onward(iso, 'transport')]);
    const [found] = after('2026-11-20T10:00');
    expect(found).toMatchObject({ observed: 19, threshold: 30, score: 98.8 });
    expect(found!.eventIds).toHaveLength(2);
    expect(
      says(found, { zh: '民政局', en: 'Civil Affairs Bureau' }, { zh: '交通局', en: 'Transport Bureau' }, '0.95'),
    ).toBe(true);
    expect(after('2026-12-01T10:00:00')).toHaveLength(1);
    expect(after('2026-12-01T10:00:01')).toEqual([]);
  });

  it('finds one that holds a grant, unless the grant allows it', () => {
    expect(signals([onward('2026-06-10T10:00', 'transport')], grant())).toHaveLength(1);
    expect(signals([onward('2026-06-10T10:00', 'transport')], grant({ onwardTo: ['transport'] }))).toEqual([]);
    expect(
      signals([onward('2026-06-10T10:00', 'transport')], grant(), grant({ id: 'SQ-2', recipient: 'transport' })),
    ).toEqual([]);
    expect(signals([onward('2026-11-20T10:00', 'transport')], grant())).toEqual([]);
  });

  it('finds a derived asset that its own maker passes on', () => {
    const [found] = signals([onward('2026-06-10T10:00', 'transport', { asset: 'extract' })]);
    expect(says(found, { zh: '派生', en: 'derived from' })).toBe(true);
    expect(signals([onward('2026-06-10T10:00', 'civil', { asset: 'extract' })])).toEqual([]);
  });

  it('stays quiet about the owner, the sender’s own house, and the way back', () => {
    expect(signals([sent(FIRST, 'culture'), sent('2026-11-02T10:00', 'transport')])).toEqual([]);
    for (const recipient of ['culture', 'museum', 'tickets', 'civil', 'relief'])
      expect(signals([sent(FIRST, 'culture'), onward('2026-11-20T10:00', recipient)])).toEqual([]);
  });

  it('finds it when the line about the receipt comes up to ten minutes after the one about the passing on', () => {
    const passed = onward('2026-11-20T10:04', 'transport');
    const receipt = (arrival: string) => ({
      ...sent('2026-11-20T10:00', 'culture'),
      ingestTime: Date.parse(`${arrival}+08:00`),
    });
    const [found] = signals([passed, receipt('2026-11-20T10:10')]);
    expect(found).toMatchObject({ actor: 'chenjie', eventIds: [expect.any(String), passed.id] });
    expect(signals([passed, receipt('2026-11-20T10:15')])).toEqual([]);
    const before = { ...onward('2026-11-20T09:58', 'transport'), ingestTime: passed.ingestTime };
    expect(signals([before, receipt('2026-11-20T10:05')])).toEqual([]);
  });

  it('stays quiet when the sender never received it, or the sharing was refused', () => {
    expect(signals([onward('2026-11-20T10:00', 'transport')])).toEqual([]);
    expect(signals([sent(FIRST, 'culture'), onward('2026-11-20T10:00', 'transport', { outcome: 'failure' })])).toEqual(
      [],
    );
  });
});
