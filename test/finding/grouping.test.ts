import { describe, expect, it } from 'vitest';
import { emptyEvent, type Event } from '../../src/event/event.ts';
import { keyedId } from '../../src/event/id.ts';
import type { Finding, Signal } from '../../src/finding/finding.ts';
import { Grouping } from '../../src/finding/grouping.ts';
import type { Moment } from '../../src/finding/group.ts';

const TITLE = { zh: '测试', en: 'Test' };
const FACTS = { name: 'bulk', title: TITLE, techniques: [], cites: [], knownGaps: [] };
const MINUTE = 60_000;

function signal(fields: Partial<Signal> = {}): Signal {
  return {
    score: 50,
    actor: 'u-li',
    asset: 'families',
    clientAddress: '192.0.2.7',
    observed: 1,
    expected: 0,
    threshold: 0,
    unit: 'rows',
    windowMs: 0,
    sampleSize: 0,
    baseline: 'none',
    explanation: TITLE,
    eventIds: [],
    ...fields,
  };
}

class Case {
  readonly grouping = new Grouping([FACTS]);
  readonly findings: Finding[] = [];
  place = 0;

  take(clock: number, said: Partial<Signal> = {}, event: Partial<Event> = {}, moment: Partial<Moment> = {}): this {
    const taken = { ...emptyEvent(), time: clock, ingestTime: clock, actor: 'u-li', ...event };
    const at = { clock, day: '2026-11-20', partition: 0, place: this.place++, ...moment };
    this.grouping.take('bulk', signal(said), taken, at, this.findings);
    return this;
  }

  get revisions(): [revision: number, alert: boolean][] {
    return this.findings.map(({ revision, alert }) => [revision, alert]);
  }
}

describe('grouping', () => {
  it('raises the first signal of actor, asset and local day as an alert with an id that follows from them', () => {
    const [finding] = new Case().take(0).findings;
    const groupKey = 'u-li\u001ffamilies\u001f2026-11-20';
    expect(finding).toMatchObject({ revision: 1, alert: true, count: 1, severity: 'medium', groupKey });
    expect(finding!.id).toBe(keyedId('finding', 'bulk', groupKey));
  });

  it('tells the count when it doubles, and people only once', () => {
    const repeated = new Case();
    for (let n = 0; n < 20; n++) repeated.take(n);
    expect(repeated.revisions).toEqual([
      [1, true],
      [2, false],
      [4, false],
      [8, false],
      [16, false],
    ]);
  });

  it.each([
    [
      64,
      [
        [1, true],
        [2, false],
      ],
    ],
    [
      65,
      [
        [1, true],
        [2, true],
      ],
    ],
  ])('tells people again when the score rises from 50 by 15, not by less: %d', (score, revisions) => {
    expect(new Case().take(0).take(1, { score }).revisions).toEqual(revisions);
  });

  it('tells people again when a higher asset level is reached', () => {
    const risen = new Case().take(0, {}, { assetLevel: 'general-4' }).take(1, {}, { assetLevel: 'core' });
    expect(risen.revisions.at(-1)).toEqual([2, true]);
    expect(risen.findings.at(-1)!.assetLevel).toBe('core');
  });

  it('shows the signal with the highest score, and of equal ones that with the most observed', () => {
    const shown = new Case().take(0, { score: 50, observed: 9 }).take(1, { score: 40, observed: 99 });
    expect(shown.findings.at(-1)).toMatchObject({ score: 50, observed: 9, count: 2 });
    shown.take(2, { score: 50, observed: 12 }).take(3, { score: 50, observed: 11 });
    expect(shown.findings.at(-1)).toMatchObject({ score: 50, observed: 12, count: 4 });
  });

  it('keeps the last 20 contributing events, the causing one last, and the span of their times', () => {
    const many = new Case();
    for (let n = 0; n < 32; n++) many.take(n * 1_000, { eventIds: [`e${n}`] });
    const last = many.findings.at(-1)!;
    expect(last.eventIds).toHaveLength(20);
    expect(last.eventIds.at(-1)).toBe('e31');
    expect([last.firstTime, last.lastTime]).toEqual([0, 31_000]);
  });

  it('shows the final count a minute after the last signal, once', () => {
    const settled = new Case().take(0).take(1).take(2);
    settled.grouping.tick(MINUTE + 3, settled.findings);
    settled.grouping.tick(10 * MINUTE, settled.findings);
    expect(settled.revisions).toEqual([
      [1, true],
      [2, false],
      [3, false],
    ]);
  });

  it('gives the same revisions whether or not anything ticked before the next signal', () => {
    const ticked = new Case().take(0).take(1).take(2);
    ticked.grouping.tick(5 * MINUTE, ticked.findings);
    const silent = new Case().take(0).take(1).take(2);
    expect(ticked.take(6 * MINUTE).findings).toEqual(silent.take(6 * MINUTE).findings);
  });

  it('begins another finding on another local day and for another key', () => {
    const apart = new Case().take(0).take(1, {}, {}, { day: '2026-11-21' }).take(2, { asset: 'other' });
    expect(new Set(apart.findings.map(({ id }) => id)).size).toBe(3);
  });

  it("keeps a detector's own key together over midnight, and apart once it was forgotten", () => {
    const key = { groupKey: 'network' };
    const long = new Case().take(0, key).take(1, key, {}, { day: '2026-11-21' });
    expect(new Set(long.findings.map(({ id }) => id)).size).toBe(1);
    long.take(40 * 60 * MINUTE, key, {}, { day: '2026-11-22' });
    expect(new Set(long.findings.map(({ id }) => id)).size).toBe(2);
    expect(long.findings.at(-1)).toMatchObject({ revision: 1, alert: true });
  });

  it('names person and department only when the signal is about the actor', () => {
    const who = { person: 'p-li', department: 'civil-affairs' };
    expect(new Case().take(0, {}, who).findings[0]).toMatchObject(who);
    expect(new Case().take(0, { actor: '' }, who).findings[0]).toMatchObject({ person: '', department: '' });
  });

  it('forgets a group after a day and a half, and says which to remove', () => {
    const old = new Case().take(0);
    old.grouping.drainChanged();
    old.grouping.tick(36 * 60 * MINUTE + 1, old.findings);
    expect(old.grouping.size).toBe(0);
    expect(old.grouping.drainChanged()).toEqual([['bulk\u001fu-li\u001ffamilies\u001f2026-11-20', undefined]]);
  });

  it('does not count a signal again that a restored group has', () => {
    const before = new Case().take(0).take(1);
    const group = before.grouping.drainChanged()[0]![1]!;
    const after = new Case();
    after.grouping.restore(structuredClone(group), [1]);
    after.take(0).take(1).take(2);
    expect(after.findings).toEqual([]);
    expect(after.take(3).revisions).toEqual([[4, false]]);
  });
});
