import { describe, expect, it } from 'vitest';
import { CoverageJob, type CoverageJobParts } from '../src/coverage-job.ts';
import type { CoverageLine, Epoch } from '../src/coverage/balance.ts';
import { isBalanced } from '../src/coverage/balance.ts';

const MINUTE = 60_000;
const AT = Date.parse('2026-11-20T01:00:00Z');
const row = { source: 'portal', minute: AT };
const READ = { ...row, parsed: 9, unparsed: {}, repeated: 0, evaluated: 9, missed: {}, late: 0, ranges: [] };

/** Accounts of one minute with nine events, in memory; what the job writes is what it reads. */
class Fake {
  now = AT + 5 * MINUTE;
  reached = new Map([[0, AT + 3 * MINUTE]]);
  epochs: Epoch[] = [{ epoch: 'e', instance: '', startedAt: AT - MINUTE, statedAt: AT + 4 * MINUTE, ended: false }];
  events = 9;
  lines = new Map<string, CoverageLine>();
  asked = 0;
  told: (readonly CoverageLine[])[] = [];
  readonly within = <T extends { minute: number }>(rows: T[], from: number, to: number): T[] =>
    rows.filter(({ minute }) => minute >= from && minute < to);
  readonly store: CoverageJobParts['store'] = {
    doors: async (from, to) => this.within([{ ...row, received: 9, refused: {}, lost: 0, appended: 9 }], from, to),
    reads: async (from, to) => this.within([{ ...READ, appended: 9 }], from, to),
    stored: async (from, to) => {
      this.asked++;
      return this.within([{ ...row, events: this.events }], from, to);
    },
    epochs: async () => this.epochs,
    reached: async () => this.reached,
    countedSince: async () => AT - MINUTE,
    checkedTo: async () => undefined,
    doneReplays: async () => [],
    lines: async (from, to) => this.within([...this.lines.values()], from, to).filter((line) => !isBalanced(line)),
  };
  readonly job = new CoverageJob({
    store: this.store,
    write: async (lines) => lines.forEach((line) => this.lines.set(`${line.source} ${line.minute}`, line)),
    partitions: 1,
    onUneven: async (lines) => void this.told.push(lines),
    onProblem: (error) => {
      throw error;
    },
    now: () => this.now,
  });
}

describe('the job of the coverage ledger', () => {
  it('settles a minute when every partition is read beyond it and every living program has spoken since', async () => {
    const fake = new Fake();
    await fake.job.look();
    expect(fake.job.settledTo).toBe(AT + 3 * MINUTE);
    expect([...fake.lines.values()].map(isBalanced)).toEqual([true]);
  });

  it.each([
    ['a partition is not read so far', (fake: Fake) => void fake.reached.set(0, AT + 10_000), AT],
    [
      'a living program has said nothing since',
      (fake: Fake) => {
        fake.now = AT + MINUTE + 20_000;
        fake.epochs = [{ ...fake.epochs[0]!, statedAt: AT + MINUTE - 1 }];
      },
      AT,
    ],
    ['nothing is known of a partition', (fake: Fake) => fake.reached.clear(), undefined],
  ])('waits while %s', async (_, hold, settledTo) => {
    const fake = new Fake();
    hold(fake);
    await fake.job.look();
    expect(fake.job.settledTo).toBe(settledTo);
    expect(fake.lines.size).toBe(0);
  });

  it('does not wait for a program that was killed', async () => {
    const fake = new Fake();
    fake.epochs = [{ ...fake.epochs[0]!, statedAt: AT + 10_000 }];
    await fake.job.look();
    expect(fake.job.settledTo).toBe(AT + 3 * MINUTE);
  });

  it('tells of a minute only when it is still uneven at the next look', async () => {
    const fake = new Fake();
    fake.events = 4;
    await fake.job.look();
    expect(fake.told).toEqual([]);
    expect(fake.job.uneven.map(({ off }) => off.stored)).toEqual([-5]);
    await fake.job.look();
    expect(fake.told).toMatchObject([[{ source: 'portal', minute: AT }]]);
  });

  it('takes back what was late and has come, without a word', async () => {
    const fake = new Fake();
    fake.events = 4;
    await fake.job.look();
    fake.events = 9;
    await fake.job.look();
    expect(fake.told).toEqual([]);
    expect(fake.job.uneven).toEqual([]);
  });

  it('asks the store about an even minute once, and again when something was done about it', async () => {
    const fake = new Fake();
    for (let n = 0; n < 3; n++) await fake.job.look();
    expect(fake.asked).toBe(1);
    fake.job.again(AT, AT + MINUTE);
    await fake.job.look();
    expect(fake.asked).toBe(2);
  });
});
