import { describe, expect, it } from 'vitest';
import { accessOverGrant } from '../../detectors/access-over-grant.ts';
import type { Event } from '../../src/event/event.ts';
import { judge } from '../detection/judge.ts';
import { conforms } from './conformance.ts';
import { grant, sharingTown, use } from './granted.ts';
import { says } from './town.ts';

const AT = '2026-06-10T10:00';
type Given = Parameters<typeof grant>[0];
const signals = (events: Event[], ...grants: Given[]) =>
  judge(accessOverGrant, events, { registry: sharingTown(grants.map((one, n) => grant({ id: `SQ-${n}`, ...one }))) })
    .signals;
const fieldsOf = (fields: string[], ...grants: Given[]) => signals([use(AT, { fields })], ...grants).length;
const quota = (rowsPerDay: number, ratePerMinute = 0) => ({ quota: { rowsPerDay, ratePerMinute } });
const reads = (...rows: number[]) =>
  rows.map((count, n) => use(`2026-06-10T10:${String(n).padStart(2, '0')}`, { rows: count }));

describe('access-over-grant', () => {
  conforms(accessOverGrant, {
    events: () => [use(AT, { fields: ['name', 'phone'] })],
    options: () => ({ registry: sharingTown([grant({ fields: ['name'] })]) }),
  });

  it('finds fields outside the grant, and names them', () => {
    const [found] = signals([use(AT, { fields: ['name', 'phone'] })], { fields: ['name'] });
    expect(found).toMatchObject({ observed: 1, score: 96, unit: 'fields outside the grant' });
    expect(says(found, 'phone', 'SQ-0')).toBe(true);
    expect(fieldsOf(['name'], { fields: ['name'] })).toBe(0);
    expect(fieldsOf(['phone'], {})).toBe(0);
    expect(fieldsOf(['phone'], { fields: ['name'] }, { fields: ['phone'] })).toBe(0);
  });

  it('finds actions outside the grant; reading and querying are one', () => {
    const acts = (action: string, ...actions: NonNullable<Given>['actions'] & string[]) =>
      signals([use(AT, { action })], { actions }).length;
    expect(acts('export', 'read')).toBe(1);
    expect(acts('download', 'export')).toBe(0);
    expect(acts('query', 'read')).toBe(0);
    expect(acts('delete', 'read', 'update')).toBe(1);
    expect(signals([use(AT, { action: 'delete' })], {})).toEqual([]);
  });

  it('warns at 80 % of the daily quota and alerts above 100 %, once each', () => {
    expect(signals(reads(799), quota(1000))).toEqual([]);
    const [warned] = signals(reads(800), quota(1000));
    expect(warned).toMatchObject({ observed: 800, score: 25 });
    expect(signals(reads(1000), quota(1000))).toHaveLength(1);
    const all = signals(reads(800, 100, 101, 500), quota(1000));
    expect(all.map(({ observed }) => observed)).toEqual([800, 1001]);
    expect(all[1]!.score).toBe(96);
  });

  it('adds up what all members of the department use, and begins anew the next day', () => {
    const two = [use(AT, { rows: 600 }), use('2026-06-10T11:00', { rows: 600, actor: 'sunli', person: 'p-sun' })];
    expect(signals(two, quota(1000)).at(-1)!.observed).toBe(1200);
    const days = [use(AT, { rows: 700 }), use('2026-06-11T10:00', { rows: 700 })];
    expect(signals(days, quota(1000))).toEqual([]);
    const late = [...days, use('2026-06-10T23:00', { rows: 700 })];
    expect(signals(late, quota(1000))).toEqual([]);
  });

  it('finds more requests in a minute than the rate allows', () => {
    const burst = (count: number) =>
      signals(
        Array.from({ length: count }, (_, n) => use(`2026-06-10T10:00:${String(n).padStart(2, '0')}`)),
        quota(0, 10),
      );
    expect(burst(10)).toEqual([]);
    expect(burst(14)).toMatchObject([{ unit: 'requests', observed: 11 }]);
  });

  it('is silent while any grant has no quota, outside its time, and about the owner', () => {
    expect(signals(reads(5000), quota(1000), {})).toEqual([]);
    expect(signals([use('2026-12-10T10:00', { rows: 5000 })], quota(1000))).toEqual([]);
    expect(signals([use(AT, { rows: 5000, department: 'civil' })], quota(1000))).toEqual([]);
  });
});
