import { describe, expect, it } from 'vitest';
import { ReportBook } from '../../src/reports/report-book.ts';
import { reportsOf, type ReportAct, type ReportStep } from '../../src/reports/report-steps.ts';
import { MemoryTable } from '../registry/version-table.ts';

const ID = '00000000-0000-4000-8000-000000000001';
const DIGEST = 'a'.repeat(64);
const made: NonNullable<ReportStep['made']> = {
  wish: { kind: 'five-questions', subject: { kind: 'department', id: 'own' }, from: 0, to: 1, timeZone: 'UTC' },
  ...{ subject: { zh: '甲', en: 'A' }, scope: null, holes: 0 },
};

function step(act: ReportAct, by: string, changes: Partial<ReportStep> = {}): Omit<ReportStep, 'id' | 'n'> {
  return {
    ...{ report: ID, version: 1, act, digest: DIGEST, at: 1, by, person: '', trial: false, text: '', schedule: '' },
    ...(act === 'prepared' && { made }),
    ...changes,
  };
}
async function bookOver(table = new MemoryTable()): Promise<ReportBook> {
  const book = new ReportBook({ table, onProblem: () => undefined });
  await book.look();
  return book;
}
const why = (reason: string) => ({ code: 'WL_CONFLICT', details: { reason: `report-${reason}` } });

describe('the sign-off of a report', () => {
  it('takes three persons: one prepares, another reviews, a third signs', async () => {
    const book = await bookOver();
    await book.add(step('prepared', 'an'));
    await expect(book.add(step('signed', 'bo'))).rejects.toMatchObject(why('not-reviewed'));
    await expect(book.add(step('reviewed', 'an'))).rejects.toMatchObject(why('same-person'));
    await book.add(step('reviewed', 'bo'));
    await expect(book.add(step('signed', 'an'))).rejects.toMatchObject(why('same-person'));
    await expect(book.add(step('signed', 'bo'))).rejects.toMatchObject(why('same-person'));
    expect((await book.add(step('signed', 'cai'))).state).toBe('signed');
  });

  it('takes two accounts of one person for one', async () => {
    const book = await bookOver();
    await book.add(step('prepared', 'an', { person: '007' }));
    await expect(book.add(step('reviewed', 'an.second', { person: '007' }))).rejects.toMatchObject(why('same-person'));
  });

  it('is done by one account in a trial, which stands on the report', async () => {
    const book = await bookOver();
    for (const act of ['prepared', 'reviewed', 'signed'] as const)
      await book.add(step(act, 'operator', { trial: true }));
    expect(book.reports.get(ID)).toMatchObject({ state: 'signed', steps: [{ trial: true }, {}, {}] });
  });

  it('is bound to the digest: what somebody else has made anew meanwhile is not signed unseen', async () => {
    const book = await bookOver();
    await book.add(step('prepared', 'an'));
    await expect(book.add(step('reviewed', 'bo', { digest: 'b'.repeat(64) }))).rejects.toMatchObject(
      why('other-digest'),
    );
    await book.add(step('returned', 'bo', { text: 'sums are wrong' }));
    await book.add(step('prepared', 'an', { version: 2, digest: 'c'.repeat(64) }));
    await expect(book.add(step('reviewed', 'bo'))).rejects.toMatchObject(why('other-digest'));
    expect((await book.add(step('reviewed', 'bo', { version: 2, digest: 'c'.repeat(64) }))).state).toBe('reviewed');
  });

  it('sends it back with a reason only, and then begins anew: who reviewed the first version may prepare the second', async () => {
    const book = await bookOver();
    await book.add(step('prepared', 'an'));
    await book.add(step('reviewed', 'bo'));
    await expect(book.add(step('returned', 'cai'))).rejects.toMatchObject(why('no-reason'));
    await book.add(step('returned', 'cai', { text: '缺少合同' }));
    await expect(book.add(step('signed', 'dan'))).rejects.toMatchObject(why('not-prepared'));
    const again = await book.add(step('prepared', 'bo', { version: 2 }));
    expect(again.versions.map(({ version }) => version)).toEqual([1, 2]);
    expect(again.steps.map(({ act, text }) => [act, text])).toContainEqual(['returned', '缺少合同']);
  });

  it('never changes what is signed', async () => {
    const book = await bookOver();
    await book.add(step('prepared', 'an'));
    await book.add(step('reviewed', 'bo'));
    await book.add(step('signed', 'cai'));
    for (const act of ['prepared', 'reviewed', 'signed', 'returned'] as const)
      await expect(
        book.add(step(act, 'dan', { version: act === 'prepared' ? 2 : 1, text: 'x' })),
      ).rejects.toMatchObject(why('signed'));
  });

  it('is the same at every program, and a step against the rules counts for nothing whoever wrote it', async () => {
    const table = new MemoryTable();
    const [here, there] = [await bookOver(table), await bookOver(table)];
    await here.add(step('prepared', 'an'));
    await there.add(step('reviewed', 'bo'));
    const forged = { ...step('signed', 'an'), id: 'forged', n: 9 };
    await table.put([['step/forged', Buffer.from(JSON.stringify({ step: forged }))]]);
    await here.look();
    expect(here.reports.get(ID)).toMatchObject({ state: 'reviewed', steps: [{ by: 'an' }, { by: 'bo' }] });
  });

  it('has one first version, whatever two programs made of it at the same moment', () => {
    const both = ['x', 'y'].map((id) => ({ ...step('prepared', id), id, n: 1 }));
    for (const steps of [both, both.toReversed()])
      expect(
        reportsOf(steps)
          .get(ID)!
          .steps.map(({ by }) => by),
      ).toEqual(['x']);
  });
});
