import { describe, expect, it } from 'vitest';
import { accessWithoutGrant } from '../../detectors/access-without-grant.ts';
import type { Event } from '../../src/event/event.ts';
import { judge } from '../detection/judge.ts';
import { conforms } from './conformance.ts';
import { grant, sharingTown, use } from './granted.ts';
import { says } from './town.ts';

const AT = '2026-06-10T10:00';
const others = grant({ id: 'SQ-9', recipient: 'transport' });
const signals = (event: Event, ...grants: ReturnType<typeof grant>[]) =>
  judge(accessWithoutGrant, [event], { registry: sharingTown(grants) }).signals;

describe('access-without-grant', () => {
  conforms(accessWithoutGrant, { events: () => [use(AT)], options: () => ({ registry: sharingTown([others]) }) });

  it('finds the use of another department’s data that only others were granted', () => {
    const [found] = signals(use(AT), others);
    expect(found).toMatchObject({ actor: 'chenjie', asset: 'recipients', score: 96, unit: 'grants' });
    expect(says(found, { zh: '文旅局', en: 'Culture Bureau' }, { zh: '民政局', en: 'Civil Affairs Bureau' })).toBe(
      true,
    );
  });

  it('scores data that is not to be shared higher, and wants no grant on record for it', () => {
    const [found] = signals(use(AT, { asset: 'secret', assetLevel: 'core' }));
    expect(found).toMatchObject({ score: 100 });
    expect(says(found, { zh: '不予共享', en: 'not to be shared' })).toBe(true);
  });

  it('stays quiet about the owner, its sections, and those who have a grant', () => {
    expect(signals(use(AT, { department: 'civil' }), others)).toEqual([]);
    expect(signals(use(AT, { department: 'relief' }), others)).toEqual([]);
    expect(signals(use(AT), grant())).toEqual([]);
    expect(signals(use(AT, { department: 'museum' }), grant())).toEqual([]);
    expect(signals(use(AT), grant({ recipientKind: 'person', recipient: 'p-chen' }))).toEqual([]);
  });

  it('takes a grant to a system for the machine accounts of its department only', () => {
    const toSystem = grant({ recipientKind: 'system', recipient: 'tickets' });
    expect(signals(use(AT, { role: 'service' }), toSystem)).toEqual([]);
    expect(signals(use(AT, { role: 'clerk' }), toSystem)).toHaveLength(1);
    expect(signals(use(AT, { role: 'clerk', system: 'tickets' }), toSystem)).toEqual([]);
  });

  it('leaves grants that have ended to another detector', () => {
    expect(signals(use('2026-11-20T10:00'), grant())).toEqual([]);
  });

  it('leaves free data, data without grants on record, vendors, refusals and unknown departments out', () => {
    expect(signals(use(AT, { asset: 'open', assetLevel: 'general-1' }))).toEqual([]);
    expect(signals(use(AT))).toEqual([]);
    for (const fields of [{ vendor: 'yunzhan' }, { outcome: 'failure' as const }, { department: '' }])
      expect(signals(use(AT, fields), others)).toEqual([]);
  });

  it('makes one finding of a day', () => {
    const events = [use(AT), use('2026-06-10T11:00'), use('2026-06-10T12:00')];
    const { findings } = judge(accessWithoutGrant, events, { registry: sharingTown([others]) });
    expect(new Set(findings.map(({ id }) => id)).size).toBe(1);
  });
});
