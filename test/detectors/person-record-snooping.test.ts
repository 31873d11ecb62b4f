import { describe, expect, it } from 'vitest';
import { personRecordSnooping } from '../../detectors/person-record-snooping.ts';
import type { Event } from '../../src/event/event.ts';
import { judge } from '../detection/judge.ts';
import { conforms } from './conformance.ts';
import { sharingTown } from './granted.ts';
import { access, says, settled } from './town.ts';

const registry = sharingTown([], {
  'watch-tags': [{ id: 'w1', kind: 'data-subject', value: 'famous', reason: '公众人物', until: '2026-12-31' }],
});
const look = (iso: string, fields: Partial<Event> = {}) =>
  access(iso, { asset: 'persons', assetLevel: 'general-3', rows: 1, dataSubjects: ['neighbour'], ...fields });
const days = (...list: number[]) => list.map((day) => look(`2026-11-${String(day).padStart(2, '0')}T10:00`));
const signals = (events: Event[]) => judge(personRecordSnooping, events, { registry }).signals;
const viewers = (count: number, fields: Partial<Event> = {}) =>
  Array.from({ length: count }, (_, n) =>
    look(`2026-11-20T${String(10 + n).padStart(2, '0')}:00`, { actor: `clerk${n}`, ...fields }),
  );

describe('person-record-snooping', () => {
  conforms(personRecordSnooping, { events: () => days(16, 17, 18), options: () => ({ registry }) });

  it('finds the third look-up of one person within seven days', () => {
    expect(signals(days(16, 17))).toEqual([]);
    const [found] = signals(days(16, 17, 18));
    expect(found).toMatchObject({ observed: 3, score: 60, actor: 'wangfang' });
    expect(says(found, 'neighbou', { zh: '3 次', en: '3 times' })).toBe(true);
    expect(signals(days(11, 14, 17))).toHaveLength(1);
    expect(signals(days(11, 14, 18))).toEqual([]);
  });

  it('stays quiet when a case, a purpose or a work order is stated', () => {
    for (const fields of [{ caseNumber: 'AJ-3' }, { purpose: 'aid' }, { workOrder: 'WO-1' }])
      expect(signals(days(16, 17, 18, 19).map((event) => ({ ...event, ...fields })))).toEqual([]);
  });

  it('counts each person of a look-up of several, and each actor, for itself', () => {
    const two = days(16, 17, 18).map((event, n) => ({ ...event, rows: 2, dataSubjects: ['neighbour', `other${n}`] }));
    expect(signals(two)).toHaveLength(1);
    expect(signals(days(16, 17, 18).map((event, n) => ({ ...event, actor: `clerk${n}` })))).toEqual([]);
  });

  it('leaves larger reads and machine accounts out', () => {
    expect(signals(days(16, 17, 18).map((event) => ({ ...event, rows: 6 })))).toEqual([]);
    expect(signals(days(16, 17, 18).map((event) => ({ ...event, rows: 5 })))).toHaveLength(1);
    expect(signals(days(16, 17, 18).map((event) => ({ ...event, role: 'service' })))).toEqual([]);
  });

  it('finds a person whom eight accounts look up in a day', () => {
    expect(signals(viewers(7))).toEqual([]);
    const [found] = signals(viewers(8));
    expect(found).toMatchObject({ observed: 8, actor: '', unit: 'viewers', score: 65 });
    expect(signals(viewers(8).map((event, n) => ({ ...event, time: event.time + n * 4 * 3_600_000 })))).toEqual([]);
  });

  it('finds a watched person at once, with a case too, while the watch lasts', () => {
    const [found] = signals([look('2026-11-20T10:00', { dataSubjects: ['famous'], caseNumber: 'AJ-3' })]);
    expect(found!.score).toBe(90);
    expect(says(found, { zh: '特别关注', en: 'special watch' })).toBe(true);
    expect(signals([look('2027-01-01T10:00', { dataSubjects: ['famous'] })])).toEqual([]);
  });

  it('finds the same when look-ups come late', () => {
    const events = days(16, 17, 18);
    const found = settled(personRecordSnooping, events, { registry });
    const late = [events[2]!, events[0]!, events[1]!].map((event, n) => ({
      ...event,
      ingestTime: events[2]!.time + n,
    }));
    expect(settled(personRecordSnooping, late, { registry })).toMatchObject([{ observed: found[0]!.observed }]);
  });
});
