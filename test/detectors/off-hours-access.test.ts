import { describe, expect, it } from 'vitest';
import { offHoursAccess } from '../../detectors/off-hours-access.ts';
import type { Baselines } from '../../src/detection/detector.ts';
import type { Event } from '../../src/event/event.ts';
import { judge, NO_BASELINE } from '../detection/judge.ts';
import { access, says, townRegistry } from './town.ts';

const registry = townRegistry();
/** A platform that has watched for long enough. */
const baseline: Baselines = { ...NO_BASELINE, observedDays: () => ({ days: 60, spanDays: 80 }) };
const general = { asset: 'notice-1', assetLevel: 'general-2' as const };

const signalsOf = (events: Event[], options = {}) =>
  judge(offHoursAccess, events, { registry, baseline, ...options }).signals;

describe('off-hours-access', () => {
  it('finds access to important data at night', () => {
    const { findings } = judge(offHoursAccess, [access('2026-11-20T02:15')], { registry, baseline });
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({ score: 64, severity: 'medium', observed: 0, threshold: 3, unit: 'days' });
    expect(says(findings[0], 'wangfang', '2026-11-20 02:15', { zh: '周五 02 时', en: 'Fridays between 02:00' })).toBe(
      true,
    );
    expect(says(findings[0], { zh: '低保对象信息', en: 'Aid recipients' }, { zh: '工作日', en: 'a workday' })).toBe(
      true,
    );
  });

  it('begins and ends with the department’s hours', () => {
    const times = ['08:29', '08:30', '17:59', '18:00'].map(
      (clock) => signalsOf([access(`2026-11-20T${clock}`)]).length,
    );
    expect(times).toEqual([1, 0, 0, 1]);
  });

  it('knows rest days, holidays and make-up workdays', () => {
    const at = (date: string) => signalsOf([access(`${date}T10:00`)]).length;
    expect([at('2026-11-21'), at('2026-10-01'), at('2026-10-10')]).toEqual([1, 1, 0]);
    expect(says(signalsOf([access('2026-10-01T10:00')])[0], { zh: '休息日', en: 'a rest day' })).toBe(true);
  });

  it('wants 200 rows within the hour of general data', () => {
    const reads = (rows: number) => [0, 1].map((n) => access(`2026-11-20T02:${n}0`, { ...general, rows }));
    expect(signalsOf(reads(99))).toEqual([]);
    const [found] = signalsOf(reads(100));
    expect(found).toMatchObject({ observed: 200, threshold: 200, unit: 'rows', score: 40 });
    expect(says(found, '200')).toBe(true);
  });

  it('does not add rows of important data to those of general data', () => {
    const important = access('2026-11-20T02:10', { rows: 5000 });
    const found = signalsOf([important, access('2026-11-20T02:20', { ...general, rows: 199 })]);
    expect(found.map(({ asset }) => asset)).toEqual(['recipients']);
    const together = [1, 2].map((n) => access(`2026-11-20T02:3${n}`, { ...general, asset: `notice-${n}`, rows: 100 }));
    expect(says(signalsOf(together)[0], { zh: '一小时内读取一般数据共 200 行', en: '200 rows of general data' })).toBe(
      true,
    );
  });

  it('speaks of never and of a number of days, in the department’s zone', () => {
    const fridays = ['2026-11-13', '2026-11-20'].map((date) => access(`${date}T02:15`));
    const [first, second] = signalsOf(fridays);
    expect(says(first, 'UTC+8', { zh: '从未有过此类访问', en: 'it never did so' })).toBe(true);
    expect(says(second, { zh: '仅 1 天有过此类访问', en: 'on 1 day only' })).toBe(true);
    expect(first!.sampleSize).toBe(60);
  });

  it('does not add up rows of different hours', () => {
    const reads = [2, 3, 4].map((hour) => access(`2026-11-20T0${hour}:30`, { ...general, rows: 150 }));
    expect(signalsOf(reads)).toEqual([]);
  });

  it('stays quiet once the hour of the week is a habit of three days', () => {
    const fridays = ['2026-10-30', '2026-11-06', '2026-11-13', '2026-11-20'].map((date) => access(`${date}T02:15`));
    const signals = signalsOf(fridays);
    expect(signals.map(({ observed }) => observed)).toEqual([0, 1, 2]);
  });

  it('does not take an earlier hour of the same day, or another weekday, for a habit', () => {
    const events = ['2026-11-17', '2026-11-18', '2026-11-19', '2026-11-20'].map((date) => access(`${date}T02:15`));
    expect(signalsOf(events)).toHaveLength(4);
    const sameDay = ['02:01', '02:02', '02:03', '02:04'].map((clock) => access(`2026-11-20T${clock}`));
    expect(signalsOf(sameDay)).toHaveLength(4);
  });

  it('does not take working on Wednesdays for a habit of working on a holiday that is a Wednesday', () => {
    const wednesdays = ['2026-09-09', '2026-09-16', '2026-09-23', '2026-09-30'].map((date) => access(`${date}T10:00`));
    expect(signalsOf([...wednesdays, access('2026-10-07T10:00')])).toHaveLength(1);
  });

  it('forgets a habit after ninety days', () => {
    const habit = ['2026-07-31', '2026-08-07', '2026-08-14'].map((date) => access(`${date}T02:15`));
    expect(signalsOf([...habit, access('2026-10-23T02:15')])).toHaveLength(3);
    expect(signalsOf([...habit, access('2026-10-30T02:15')])).toHaveLength(4);
  });

  it('stays quiet with a work order, and for those on duty', () => {
    expect(signalsOf([access('2026-11-20T02:15', { workOrder: 'GD-11' })])).toEqual([]);
    const onDuty = townRegistry({
      departments: [
        {
          id: 'civil',
          name: '民政局',
          duty: [{ from: '2026-11-20T00:00', to: '2026-11-20T08:00' }],
        },
      ],
    });
    expect(signalsOf([access('2026-11-20T02:15')], { registry: onDuty })).toEqual([]);
  });

  it('judges accounts of unknown department by the platform’s hours', () => {
    const unknown = { department: '', actor: 'ghost@aid01' };
    expect(signalsOf([access('2026-11-20T02:15', unknown)])).toHaveLength(1);
    expect(signalsOf([access('2026-11-20T10:15', unknown)])).toEqual([]);
  });

  it('judges in the department’s zone', () => {
    const west = townRegistry({ departments: [{ id: 'civil', name: '民政局', timeZone: 'Asia/Urumqi' }] });
    expect(signalsOf([access('2026-11-20T09:00')], { registry: west })).toHaveLength(1);
    expect(signalsOf([access('2026-11-20T19:00')], { registry: west })).toEqual([]);
  });

  it('scores lower while the platform has not watched for long, and says why', () => {
    const young = { baseline: NO_BASELINE };
    const [found] = signalsOf([access('2026-11-20T02:15')], young);
    expect(found).toMatchObject({ score: 48 });
    expect(says(found, { zh: '观察时间尚短', en: 'not watched for long' })).toBe(true);
  });

  it('scores the hours next to the working hours of a workday lower, and says so', () => {
    const score = (iso: string) => signalsOf([access(iso)])[0]!.score;
    expect(['06:29', '06:30', '08:29', '18:00', '19:59', '20:00'].map((clock) => score(`2026-11-20T${clock}`))).toEqual(
      [64, 48, 48, 48, 48, 64],
    );
    expect([score('2026-11-21T10:00'), score('2026-10-10T19:00'), score('2026-10-09T06:00')]).toEqual([64, 48, 64]);
    expect(says(signalsOf([access('2026-11-20T18:30')])[0], { zh: '紧接工作时间', en: 'close to working hours' })).toBe(
      true,
    );
  });

  it('scores those who work at such hours on eight of 28 days lower, and says so', () => {
    const shifts = (count: number) =>
      Array.from({ length: count }, (_, i) =>
        access(`2026-11-${String(1 + 2 * i).padStart(2, '0')}T${String(20 + (i % 4)).padStart(2, '0')}:15`, general),
      );
    const score = (count: number) => signalsOf([...shifts(count), access('2026-11-25T02:15')]).at(-1)!.score;
    expect([score(7), score(8)]).toEqual([64, 48]);
    expect(
      says(signalsOf([...shifts(8), access('2026-11-25T02:15')]).at(-1), {
        zh: '近 28 天有 8 天在工作时间之外访问，可能是轮班',
        en: 'on 8 of the last 28 days',
      }),
    ).toBe(true);
    const longAgo = signalsOf([...shifts(8), access('2026-12-20T02:15')]).at(-1)!;
    expect(longAgo.score).toBe(64);
  });

  it('lets machine accounts learn for three weeks, then finds hours of the day that are new', () => {
    const nights = Array.from({ length: 30 }, (_, i) =>
      access(`2026-10-${String(i + 1).padStart(2, '0')}T03:05`, { actor: 'etl' }),
    );
    expect(signalsOf(nights)).toEqual([]);
    expect(signalsOf([...nights, access('2026-11-02T03:05', { actor: 'etl' })])).toEqual([]);
    const [found] = signalsOf([...nights, access('2026-11-02T22:05', { actor: 'etl' })]);
    expect(found).toMatchObject({ score: 64 });
    expect(found!.explanation.zh).not.toContain('轮班');
  });

  it('knows the nightly job of an account that is not marked as a machine’s after three weeks', () => {
    const nights = Array.from({ length: 30 }, (_, i) => access(`2026-10-${String(i + 1).padStart(2, '0')}T03:05`));
    expect(signalsOf(nights).at(-1)!.eventIds).toEqual([nights[20]!.id]);
  });

  it('leaves refused access and sign-ins out', () => {
    expect(signalsOf([access('2026-11-20T02:15', { outcome: 'failure' })])).toEqual([]);
    expect(signalsOf([access('2026-11-20T02:15', { classUid: 3002, action: 'sign-in' })])).toEqual([]);
  });

  it('weighs sensitive core data and vendors', () => {
    const core = { asset: 'population', assetLevel: 'core' as const };
    expect(signalsOf([access('2026-11-20T02:15', core)])[0]!.score).toBe(96);
    expect(signalsOf([access('2026-11-20T02:15', { vendor: 'yunzhan' })])[0]!.score).toBe(76.8);
  });

  it('counts an event that comes twice once', () => {
    const one = access('2026-11-20T02:10', { ...general, rows: 120 });
    expect(signalsOf([one, one])).toEqual([]);
  });

  it('adds up the hour whatever the order of events', () => {
    const reads = ['02:50', '03:01', '02:55', '03:05'].map((clock) =>
      access(`2026-11-20T${clock}`, { ...general, rows: 120 }),
    );
    expect(signalsOf(reads).map(({ observed }) => observed)).toEqual([240, 240]);
    expect(signalsOf(reads.reverse()).map(({ observed }) => observed)).toEqual([240, 240]);
  });

  it('groups by actor, asset and day, with the same ids when judged again', () => {
    const events = [access('2026-11-20T02:15'), access('2026-11-20T02:25'), access('2026-11-21T02:15')];
    const once = judge(offHoursAccess, events, { registry, baseline });
    expect(new Set(once.findings.map(({ id }) => id)).size).toBe(2);
    expect(judge(offHoursAccess, events, { registry, baseline })).toEqual(once);
  });
});
