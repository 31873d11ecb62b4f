import { describe, expect, it } from 'vitest';
import { WanglouError } from '../../src/errors.ts';
import { ReportBook } from '../../src/reports/report-book.ts';
import { ScheduleRunner, type ScheduleRunnerParts } from '../../src/reports/schedule-runner.ts';
import type { Schedule } from '../../src/reports/schedule.ts';
import { MemoryTable } from '../registry/version-table.ts';
import { plantedSight } from './planted.ts';
import { testReports, type TestReports } from './test-reports.ts';

const MINUTE_MS = 60_000;
const MADE_AT = Date.parse('2026-08-15T00:00+08:00');
const schedule: Schedule = {
  ...{ id: '00000000-0000-4000-8000-000000000009', kind: 'five-questions', subject: { kind: 'department', id: 'own' } },
  ...{ every: 'month', day: 1, minute: 540, onWorkdays: false, timeZone: 'Asia/Shanghai', language: 'zh' },
  ...{ by: 'an', scope: null, at: MADE_AT },
};

interface Program extends TestReports {
  runner: ScheduleRunner;
  audited: string[];
  problems: string[];
}

/** A `serve` program over the table. Its pause lets others go on. */
async function program(
  table: MemoryTable,
  now: () => number,
  changes: Partial<ScheduleRunnerParts> = {},
): Promise<Program> {
  const sight = plantedSight();
  const made = testReports(table, sight, { now, trial: false });
  await made.book.look();
  const [audited, problems]: [string[], string[]] = [[], []];
  const runner = new ScheduleRunner({
    ...{ book: made.book, desk: made.desk, registry: sight.registry, makerOf: () => made.maker, objectionTo: () => '' },
    audit: async (_, report) => void audited.push(report),
    onProblem: (problem) => problem !== '' && problems.push(problem),
    ...{ instance: crypto.randomUUID(), now, pause: () => new Promise((resolve) => setImmediate(resolve)) },
    ...changes,
  });
  return { ...made, runner, audited, problems };
}
async function begin(): Promise<MemoryTable> {
  const table = new MemoryTable();
  await new ReportBook({ table, onProblem: () => undefined }).addSchedule(schedule);
  return table;
}
const spans = ({ book }: Program): string[] =>
  [...book.reports.values()].map(({ version: { wish } }) => new Date(wish.from).toISOString().slice(0, 10)).sort();

describe('reports by schedule', () => {
  it('are made when they are due, once, each of its own month', async () => {
    const table = await begin();
    let now = Date.parse('2026-09-01T08:59+08:00');
    const one = await program(table, () => now);
    await one.runner.run();
    expect(spans(one)).toEqual([]);
    now += MINUTE_MS;
    await one.runner.run();
    await one.runner.run();
    expect(spans(one)).toEqual(['2026-07-31']);
    expect(one.audited).toEqual([...one.book.reports.keys()]);
    const [report] = one.book.reports.values();
    expect(report).toMatchObject({ state: 'prepared', steps: [{ by: 'an', schedule: schedule.id }] });
  });

  it('make up for what was due while no program ran', async () => {
    const one = await program(await begin(), () => Date.parse('2026-12-01T10:00+08:00'));
    await one.runner.run();
    expect(spans(one)).toEqual(['2026-07-31', '2026-08-31', '2026-09-30', '2026-10-31']);
  });

  it('are made once by two programs that come at the same moment', async () => {
    const table = await begin();
    const now = (): number => Date.parse('2026-12-01T10:00+08:00');
    const both = await Promise.all([program(table, now), program(table, now)]);
    await Promise.all(both.map(({ runner }) => runner.run()));
    await Promise.all(both.map(({ runner }) => runner.run()));
    for (const { book } of both) {
      await book.look();
      for (const { steps, versions } of book.reports.values()) expect([steps.length, versions.length]).toEqual([1, 1]);
    }
    expect(spans(both[0])).toHaveLength(4);
    expect(spans(both[1])).toEqual(spans(both[0]));
  });

  it('are taken over from a program that was killed while it made one, after a minute of silence', async () => {
    const table = await begin();
    let now = Date.parse('2026-09-01T10:00+08:00');
    const killed = await program(table, () => now, { desk: { make: () => new Promise(() => undefined) } });
    void killed.runner.run();
    await expect.poll(() => killed.audited.length).toBe(1);
    const next = await program(table, () => now);
    await next.runner.run();
    expect(spans(next)).toEqual([]);
    now += 61_000;
    await next.runner.run();
    expect(spans(next)).toEqual(['2026-07-31']);
  });

  it('are tried again when the store was away, and given up with a reason when that can not help', async () => {
    const now = (): number => Date.parse('2026-09-01T10:00+08:00');
    let fault: Error | undefined = new WanglouError('WL_STORE_AWAY', 'The store does not answer');
    const table = await begin();
    const sound = await program(table, now);
    const make: ScheduleRunnerParts['desk']['make'] = async (...made) => {
      if (fault) throw fault;
      await sound.desk.make(...made);
    };
    const one = await program(table, now, { desk: { make } });
    await one.runner.run();
    expect(one.problems.at(-1)).toContain('The store does not answer');
    fault = undefined;
    await one.runner.run();
    await one.book.look();
    expect(spans(one)).toHaveLength(1);

    const other = await program(await begin(), now, { objectionTo: () => 'an may not prepare reports any more' });
    await other.runner.run();
    await other.runner.run();
    expect(other.problems).toHaveLength(1);
    expect(other.schedules.list({ account: 'an', scope: null })[0]).toMatchObject({
      reports: [],
      missed: [{ period: '2026-08', code: 'WL_FORBIDDEN', message: 'an may not prepare reports any more' }],
    });
  });

  it('end with their schedule; what was due before is still made', async () => {
    const table = await begin();
    let now = Date.parse('2026-10-02T10:00+08:00');
    const one = await program(table, () => now);
    await one.schedules.end(schedule.id, { account: 'bo', scope: null });
    now = Date.parse('2026-12-02T10:00+08:00');
    await one.runner.run();
    expect(spans(one)).toEqual(['2026-07-31', '2026-08-31']);
    await expect(one.schedules.end(schedule.id, { account: 'bo', scope: null })).rejects.toMatchObject({
      code: 'WL_CONFLICT',
    });
  });

  it('are not made when it can not be recorded that they are', async () => {
    const away = async (): Promise<never> => Promise.reject(new WanglouError('WL_AUDIT_AWAY', 'no trail'));
    const one = await program(await begin(), () => Date.parse('2026-09-01T10:00+08:00'), { audit: away });
    await one.runner.run();
    expect([spans(one), one.contents.rows]).toEqual([[], []]);
    expect(one.problems.at(-1)).toContain('no trail');
  });
});
