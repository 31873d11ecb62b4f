import { describe, expect, it } from 'vitest';
import { accessOutsideValidity } from '../../detectors/access-outside-validity.ts';
import type { Event } from '../../src/event/event.ts';
import { judge } from '../detection/judge.ts';
import { conforms } from './conformance.ts';
import { grant, sharingTown, use } from './granted.ts';
import { says, settled } from './town.ts';

const LATE = '2026-11-20T10:00';
const signals = (event: Event, ...grants: ReturnType<typeof grant>[]) =>
  judge(accessOutsideValidity, [event], { registry: sharingTown(grants) }).signals;
const at = (iso: string, ...grants: ReturnType<typeof grant>[]) => signals(use(iso), ...grants);

describe('access-outside-validity', () => {
  conforms(accessOutsideValidity, { events: () => [use(LATE)], options: () => ({ registry: sharingTown([grant()]) }) });

  it('finds use after the grant ended, and says when that was', () => {
    const [found] = at(LATE, grant());
    expect(found).toMatchObject({ score: 100, unit: 'days after the end', observed: 19.42 });
    expect(says(found, 'SQ-1', '2026-10-31 23:59', { zh: '到期', en: 'had ended' })).toBe(true);
  });

  it('tolerates five minutes at both ends', () => {
    expect(at('2026-11-01T00:04:59', grant())).toEqual([]);
    expect(at('2026-11-01T00:05:00', grant())).toHaveLength(1);
    const later = grant({ from: '2026-06-01', to: '2026-12-31' });
    expect(at('2026-05-31T23:55:00', later)).toEqual([]);
    expect(at('2026-05-31T23:54:59', later)).toHaveLength(1);
    expect(says(at('2026-05-01T10:00', later)[0], '2026-06-01 00:00', { zh: '才生效', en: 'begins only' })).toBe(true);
  });

  it('scores use more than a day after the end higher', () => {
    const minor = (iso: string) =>
      signals(use(iso, { asset: 'minor', assetLevel: 'general-2' }), grant({ asset: 'minor' }))[0]!.score;
    expect([minor('2026-11-02T00:00:00'), minor('2026-11-02T00:00:01')]).toEqual([65, 75]);
  });

  it('knows revoked grants, from the moment on at which they were revoked', () => {
    const revoked = grant({ to: '2026-12-31', revokedAt: '2026-11-10T12:00' });
    expect(at('2026-11-10T11:59', revoked)).toEqual([]);
    expect(says(at(LATE, revoked)[0], '2026-11-10 12:00', { zh: '被撤销', en: 'revoked' })).toBe(true);
  });

  it('finds about last week what it found then, when a grant is revoked today', () => {
    const week = ['2026-11-09T10:00', '2026-11-12T10:00', LATE].map((iso) => use(iso));
    const inForce = sharingTown([grant({ to: '2026-12-31' })]);
    expect(settled(accessOutsideValidity, week, { registry: inForce })).toEqual([]);
    const revokedToday = sharingTown([grant({ to: '2026-12-31', revokedAt: '2026-11-20T09:00' })]);
    expect(settled(accessOutsideValidity, week.slice(0, 2), { registry: revokedToday })).toEqual([]);
    expect(settled(accessOutsideValidity, week, { registry: revokedToday })).toHaveLength(1);
  });

  it('is content with any grant in force, and silent where none ever was', () => {
    expect(at(LATE, grant(), grant({ id: 'SQ-2', from: '2026-11-01', to: '2027-10-31' }))).toEqual([]);
    expect(at(LATE, grant({ recipient: 'transport' }))).toEqual([]);
    expect(signals(use(LATE, { department: 'civil' }), grant())).toEqual([]);
  });

  it('judges a line that comes days late by its own time', () => {
    const event = { ...use('2026-10-31T10:00'), ingestTime: Date.parse('2026-11-20T10:00+08:00') };
    expect(signals(event, grant())).toEqual([]);
  });
});
