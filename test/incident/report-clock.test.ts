import { describe, expect, it } from 'vitest';
import { assumedLevel, clockOf, fieldsOf, lackingOf, type ReportEntry } from '../../src/incident/report-entry.ts';

const HOUR_MS = 3_600_000;
const detectedAt = 1_800_000_000_000;
const incident = { severity: 'high' as const, detectedAt };
const base = { id: 'e', incident: 'i', by: 'li.na' };

function classified(level: 'general' | 'considerable' | 'major', at: number, within: '1h' | '2h' | '4h' = '4h') {
  return { ...base, act: 'classified', level, within, text: '', at } as const satisfies ReportEntry;
}

describe('the clock of a report', () => {
  it('says from detection on by when a report would be due, until somebody confirms', () => {
    expect(clockOf(incident, [], '2h', detectedAt + 60_000)).toMatchObject({
      ...{ state: 'maybe', level: 'considerable', confirmed: null, within: '2h' },
      ...{ from: detectedAt, dueAt: detectedAt + 2 * HOUR_MS },
    });
  });

  it('counts from the confirmation with the deadline that was chosen, and says who confirmed', () => {
    const at = detectedAt + HOUR_MS;
    const clock = clockOf(incident, [classified('major', at, '1h')], '4h', at + 1);
    expect(clock).toMatchObject({ state: 'running', level: 'major', dueAt: at + HOUR_MS, confirmed: { by: 'li.na' } });
    expect(clock.dueFromDetection).toBe(detectedAt + HOUR_MS);
  });

  it('is not set back by another level, but begins anew after one that is not to be reported', () => {
    const first = detectedAt + HOUR_MS;
    const again = [classified('considerable', first), classified('major', first + HOUR_MS)];
    expect(clockOf(incident, again, '4h', first).dueAt).toBe(first + 4 * HOUR_MS);
    const lowered = [...again, classified('general', first + 2 * HOUR_MS)];
    expect(clockOf(incident, lowered, '4h', first)).toMatchObject({ state: 'not-reportable', dueAt: 0 });
    const raised = [...lowered, classified('major', first + 3 * HOUR_MS)];
    expect(clockOf(incident, raised, '4h', first).dueAt).toBe(first + 7 * HOUR_MS);
  });

  it('is over a millisecond after the deadline, and a report stops it, late or in time', () => {
    const entries = [classified('major', detectedAt, '1h')];
    const due = detectedAt + HOUR_MS;
    expect(clockOf(incident, entries, '4h', due).state).toBe('running');
    expect(clockOf(incident, entries, '4h', due + 1).state).toBe('overdue');
    const sent = (at: number): ReportEntry => ({ ...base, act: 'sent', text: '12387', at });
    expect(clockOf(incident, [...entries, sent(due)], '4h', due + 1)).toMatchObject({ state: 'sent', sent: { late: false } }); // prettier-ignore
    expect(clockOf(incident, [...entries, sent(due + 1)], '4h', due + 1).sent).toMatchObject({ late: true });
  });

  it('never assumes the highest level, and none to be reported below high', () => {
    expect((['low', 'medium', 'high', 'critical'] as const).map(assumedLevel)).toEqual([
      'general',
      'general',
      'considerable',
      'major',
    ]);
  });
});

describe('what a report contains', () => {
  const stated = (text: string, at: number): ReportEntry => ({ ...base, act: 'stated', field: 'impact', text, at });

  it('is what a person said last, else what is known; an empty text takes a statement back', () => {
    const known = { impact: { zh: '未知', en: 'unknown' } };
    const valueAfter = (entries: ReportEntry[]) => fieldsOf(entries, known).find(({ name }) => name === 'impact');
    expect(valueAfter([])).toMatchObject({ value: { en: 'unknown' }, from: 'platform' });
    expect(valueAfter([stated('三万人', 1), stated('五万人', 2)])).toMatchObject({
      value: { zh: '五万人', en: '五万人' },
      by: 'li.na',
      at: 2,
    });
    expect(valueAfter([stated('三万人', 1), stated('', 2)])).toMatchObject({ from: 'platform' });
  });

  it('lacks the level until it is confirmed, and what may follow apart from what is due', () => {
    const lacking = lackingOf(
      fieldsOf([stated('三万人', 1)], { unit: { zh: '市民政局', en: 'Civil Affairs' } }),
      false,
    );
    expect(lacking.first).toEqual(['level', 'systems', 'time', 'place', 'type', 'measures']);
    expect(lacking.later).toContain('scene');
    expect(lackingOf(fieldsOf([], {}), true).first).not.toContain('level');
  });
});
