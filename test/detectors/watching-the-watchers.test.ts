import { describe, expect, it } from 'vitest';
import { watchingTheWatchers } from '../../detectors/watching-the-watchers.ts';
import type { Event } from '../../src/event/event.ts';
import { judge } from '../detection/judge.ts';
import { acts, audited } from './cases/watching-the-watchers.ts';
import { conforms } from './conformance.ts';
import { says } from './town.ts';

const { changed, closed, refused } = acts;
const found = (...events: Event[]) => judge(watchingTheWatchers, events).signals;
const did = (attribute: string, fields: Partial<Event>, seconds = 0): Event => ({
  ...audited(seconds, { action: 'settings.change' }),
  attributes: ['audit', attribute],
  ...fields,
});

describe('watching-the-watchers', () => {
  conforms(watchingTheWatchers, { events: () => [changed(0), closed(60)] });

  it('finds who changes a rule and then closes its findings, one finding for each rule', () => {
    const { findings } = judge(watchingTheWatchers, [changed(0), closed(60), closed(90)]);
    expect(new Set(findings.map(({ id }) => id)).size).toBe(1);
    expect(findings.at(-1)).toMatchObject({ observed: 2, severity: 'critical', actor: 'wang' });
    expect(says(findings.at(-1), 'wang', 'bulk-read', { zh: '2 次关闭', en: 'closed findings of it 2 times' })).toBe(
      true,
    );
  });

  it('looks at each rule whose findings are closed at once', () => {
    const bulk = audited(60, { action: 'triage.bulk', object: 'POST /x: detector brute-force, detector bulk-read' });
    expect(found(changed(0), bulk)).toMatchObject([{ observed: 1 }]);
    expect(found(changed(0), changed(1, 'brute-force'), bulk)).toHaveLength(2);
  });

  it('stays quiet when they were closed before, by another, after a day, or are of another rule', () => {
    expect(found(closed(0), changed(60))).toEqual([]);
    expect(found(changed(0), closed(60, 'bulk-read', 'li'))).toEqual([]);
    expect(found(changed(0), closed(86_401))).toEqual([]);
    expect(found(changed(0), closed(60, 'slow-drip'))).toEqual([]);
  });

  it('comes to the same when the closing is heard of before the change', () => {
    expect(found(closed(60), changed(0))).toMatchObject([{ observed: 1, score: 85 }]);
  });

  it('finds ten persons shown unmasked within an hour, each counted once', () => {
    const shown = (n: number, seconds = n * 60) => did('event.reveal', { dataSubjects: [`person-${n}`] }, seconds);
    const nine = Array.from({ length: 9 }, (_, n) => shown(n));
    expect(found(...nine, shown(8), shown(7))).toEqual([]);
    expect(found(...nine, shown(9)).at(-1)).toMatchObject({ observed: 10, unit: 'persons' });
    expect(found(...nine, shown(9, 3_601))).toEqual([]);
  });

  it('finds more than 5,000 rows exported within a day, in however many parts', () => {
    const exported = (rows: number, seconds: number) => did('events.export', { rows }, seconds);
    expect(found(exported(3_000, 0), exported(2_000, 60))).toEqual([]);
    expect(found(exported(3_000, 0), exported(2_001, 60))).toMatchObject([{ observed: 5_001 }]);
    expect(found(exported(3_000, 0), exported(3_000, 86_400))).toEqual([]);
  });

  it('finds an exception for oneself, by login, actor or person, and none for another', () => {
    const made = (party: string) =>
      audited(0, {
        action: 'suppression.create',
        object: `POST /api/v1/suppressions: detector bulk-read, for ${party}`,
      });
    expect(found(made('wang'))).toMatchObject([{ score: 90 }]);
    expect(found(made('wang@aid'))).toHaveLength(1);
    expect(found({ ...made('p-7'), person: 'p-7' })).toHaveLength(1);
    expect(found(made('li'))).toEqual([]);
    expect(found(audited(0, { action: 'suppression.create', object: 'POST /api/v1/suppressions' }))).toEqual([]);
  });

  it('counts refused sign-ins of administrators only', () => {
    expect(found(...refused(5)).at(-1)).toMatchObject({ observed: 5, unit: 'sign-ins' });
    expect(found(...refused(5, 901))).toEqual([]);
    expect(found(...refused(5).map((event) => ({ ...event, attributes: ['audit', 'sign-in'] })))).toEqual([]);
    expect(
      found(...refused(5).map((event) => ({ ...event, attributes: ['audit', 'sign-in'], privileged: true }))),
    ).not.toEqual([]);
  });

  it('does not believe other sources that say they are us', () => {
    expect(found(...refused(6).map((event) => ({ ...event, source: 'tcp/192.0.2.1' })))).toEqual([]);
  });

  it('takes no change that was refused for one', () => {
    expect(found({ ...changed(0), outcome: 'failure' }, closed(60))).toEqual([]);
  });
});
