import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WanglouError } from '../../src/errors.ts';
import { ReportJobFiles, type WantedReport } from '../../src/reports/report-job-files.ts';
import { ReportJobs } from '../../src/reports/report-jobs.ts';

const dir = mkdtempSync(join(tmpdir(), 'wanglou-report-jobs-'));
const faults: unknown[] = [];
let files: ReportJobFiles;
let jobs: ReportJobs;

beforeEach(() => {
  faults.length = 0;
  files = new ReportJobFiles(dir);
  jobs = new ReportJobs({ kept: files, onFault: (error) => faults.push(error) });
});
afterEach(async () => {
  await jobs.stop();
  rmSync(dir, { recursive: true, force: true });
});

function wanted(id: string, changes: Partial<WantedReport> = {}): WantedReport {
  const wish = {
    kind: 'sharing-ledger',
    subject: { kind: 'platform', id: '' },
    from: 0,
    to: 1,
    timeZone: 'UTC',
  } as const;
  return { ...{ id, version: 1, wish, scope: null, by: 'wang', at: 5, attempts: 0 }, ...changes };
}

/** A work that does not end before it is told to, and notices when it is to stop. */
function held(): { begun: Promise<void>; work: Parameters<ReportJobs['add']>[1]; goOn: () => void } {
  let [begin, goOn] = [(): void => undefined, (): void => undefined];
  const begun = new Promise<void>((resolve) => (begin = resolve));
  const gone = new Promise<void>((resolve) => (goOn = resolve));
  const work: Parameters<ReportJobs['add']>[1] = async (step) => {
    begin();
    await gone;
    step(1, 2);
  };
  return { begun, work, goOn };
}

describe('reports that are asked for', () => {
  it('are on disk until they are made, with whatever failed or was cancelled gone', async () => {
    const first = held();
    await jobs.add(wanted('made'), first.work);
    await jobs.add(wanted('failed'), () => Promise.reject(new WanglouError('WL_NOT_FOUND', 'There is no such asset')));
    await jobs.add(wanted('cancelled'), () => Promise.resolve());
    await first.begun;
    expect((await files.all()).map(({ id, attempts }) => [id, attempts]).sort()).toEqual([
      ['cancelled', 0],
      ['failed', 0],
      ['made', 1],
    ]);
    await jobs.cancel('cancelled');
    expect((await files.all()).map(({ id }) => id).sort()).toEqual(['failed', 'made']);
    first.goOn();
    await expect.poll(() => jobs.of('failed')?.state).toBe('failed');
    await expect.poll(() => files.all()).toEqual([]);
    expect(jobs.of('made')).toBeUndefined();
  });

  it('stay there when the program ends while one is made and others wait, whatever that meets at the end', async () => {
    const [first, away] = [held(), held()];
    await jobs.add(wanted('making', { at: 1 }), first.work);
    await jobs.add(wanted('waiting', { at: 2 }), away.work);
    await first.begun;
    const stopped = jobs.stop();
    first.goOn();
    await stopped;
    expect(await files.all()).toEqual([wanted('making', { at: 1, attempts: 1 }), wanted('waiting', { at: 2 })]);
    expect(faults).toEqual([]);
  });

  it('are gone on with, but not when the program ended three times while one was made', async () => {
    const made: string[] = [];
    for (const one of [wanted('again', { attempts: 2 }), wanted('deadly', { attempts: 3 })])
      await jobs.again(one, async () => void made.push(one.id));
    await expect.poll(() => made).toEqual(['again']);
    expect(jobs.of('deadly')).toMatchObject({ state: 'failed', failure: { code: 'WL_QUERY_STOPPED' } });
    expect(await files.all()).toEqual([]);
  });

  it('are read in the order in which they came, without what can not be read', async () => {
    await files.keep(wanted('later', { at: 9 }));
    await files.keep(wanted('earlier', { at: 3 }));
    writeFileSync(join(dir, 'cut.wanted.json'), '{"id":');
    expect((await files.all()).map(({ id }) => id)).toEqual(['earlier', 'later']);
    expect(readdirSync(dir)).toHaveLength(3);
  });
});
