import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { added, balance, isBalanced, type Accounts, type CoverageLine } from '../../src/coverage/balance.ts';
import { MINUTE_MS } from '../../src/coverage/record.ts';

const AT = Date.parse('2026-11-20T01:00:00Z');
const LATER = AT + 10 * MINUTE_MS;
const LIVING = { epoch: 'e2', instance: '', startedAt: AT - 5 * MINUTE_MS, statedAt: LATER, ended: false };

/** What a minute of one source was really like. */
interface Truth {
  minute: number;
  /** Stated by a program that was not killed: readable, unreadable, sent again, refused. */
  parsed: number;
  unparsed: number;
  repeats: number;
  refused: number;
  late: number;
}

/** The accounts of that, in as many parts as detection may have made of it. */
function accountsOf(truth: readonly Truth[], parts: number): Accounts {
  const doors = truth.map(({ minute, parsed, unparsed, refused }) => ({
    ...{ source: 'portal', minute, received: parsed + unparsed + refused, appended: parsed + unparsed, lost: 0 },
    refused: { 'too large': refused },
  }));
  const reads = truth.map(({ minute, parsed, unparsed, repeats, late }, n) => ({
    ...{ source: 'portal', minute, appended: parsed + unparsed, parsed, unparsed: { 'no known format': unparsed } },
    ...{ repeated: repeats, evaluated: parsed + unparsed - repeats, missed: {}, late },
    ranges: Array.from({ length: parts }, (_, part) => ({ partition: part, from: n, to: n + 1 })),
  }));
  const stored = truth.map(({ minute, parsed, unparsed, repeats }) => ({
    ...{ source: 'portal', minute, events: parsed + unparsed - repeats },
  }));
  return { doors, reads, stored, epochs: [LIVING] };
}

const truths = fc
  .array(
    fc.record({ parsed: fc.nat(50), unparsed: fc.nat(5), repeats: fc.nat(3), refused: fc.nat(3), late: fc.nat(3) }),
    { minLength: 1, maxLength: 5 },
  )
  .map((all) => all.map((one, n): Truth => ({ ...one, parsed: one.parsed + one.repeats, minute: AT + n * MINUTE_MS })));

/** One minute, of which the accounts say 10 received, 1 refused, 9 durable, read, stored and judged. */
function one(
  changes: { door?: object; read?: object; stored?: number; epochs?: Accounts['epochs'] } = {},
): CoverageLine {
  const { doors, reads, epochs } = accountsOf(
    [{ minute: AT, parsed: 9, unparsed: 0, repeats: 0, refused: 1, late: 0 }],
    1,
  );
  const stored = [{ source: 'portal', minute: AT, events: changes.stored ?? 9 }];
  const accounts: Accounts = {
    doors: doors.map((row) => ({ ...row, ...changes.door })),
    reads: reads.map((row) => ({ ...row, ...changes.read })),
    ...{ stored, epochs: changes.epochs ?? epochs },
  };
  return balance(accounts, LATER)[0]!;
}

describe('the balance of the coverage ledger', () => {
  it('is even whenever nothing was lost, and its sum is the truth', () => {
    fc.assert(
      fc.property(truths, fc.integer({ min: 1, max: 4 }), (truth, parts) => {
        const lines = balance(accountsOf(truth, parts), LATER);
        expect(lines.every(isBalanced)).toBe(true);
        const sum = (of: (minute: Truth) => number): number => truth.reduce((all, minute) => all + of(minute), 0);
        expect(added(lines)).toMatchObject({
          received: sum(({ parsed, unparsed, refused }) => parsed + unparsed + refused),
          stored: sum(({ parsed, unparsed, repeats }) => parsed + unparsed - repeats),
          ...{ late: sum(({ late }) => late), rebuilt: 0, givenUp: 0 },
        });
      }),
    );
  });

  it.each([
    ['were taken and are neither refused nor durable', { door: { received: 12 } }, { received: -2 }],
    [
      'are durable by the word of a collector and not in the log',
      { door: { received: 11, appended: 10 } },
      { appended: -1 },
    ],
    [
      'are in the log and came through no door',
      { read: { appended: 10, parsed: 10, evaluated: 10 }, stored: 10 },
      { appended: 1 },
    ],
    ['were neither read nor kept as unreadable', { read: { parsed: 8 } }, { parsed: -1 }],
    ['are not in the store', { stored: 6 }, { stored: -3 }],
    ['are in the store and not in the log', { stored: 10 }, { stored: 1 }],
    ['were not judged', { read: { evaluated: 5 } }, { evaluated: -4 }],
    ['one of two parked detectors has not seen', { read: { missed: { silent: 2, greedy: 1 } } }, { evaluated: -2 }],
  ])('says how many %s', (_, changes, off) => {
    const even = { received: 0, appended: 0, parsed: 0, stored: 0, evaluated: 0 };
    expect(one(changes).off).toEqual({ ...even, ...off });
  });

  describe('when a collector was killed', () => {
    const killed = { ...LIVING, epoch: 'e1', startedAt: AT - 20 * MINUTE_MS, statedAt: AT + 10_000 };
    const epochs = [killed, { ...LIVING, startedAt: AT + 30_000 }];

    it('has what it could not say any more from the log', () => {
      const line = one({ door: { received: 4, refused: {}, appended: 4 }, epochs });
      expect(line).toMatchObject({ received: 9, appended: 9, rebuilt: 5, givenUp: 0 });
      expect(isBalanced(line)).toBe(true);
    });

    it('says what it had in hand and nobody was told to be safe', () => {
      const line = one({ door: { received: 12, refused: {}, appended: 4 }, epochs });
      expect(line).toMatchObject({ received: 12, appended: 9, rebuilt: 5, givenUp: 3 });
      expect(isBalanced(line)).toBe(true);
    });

    it('still finds what it had said to be durable and is gone', () => {
      const line = one({ door: { received: 11, refused: {}, appended: 11 }, epochs });
      expect(line.off.appended).toBe(-2);
    });

    it('excuses what came for ten minutes, and no longer, when nobody takes its place', () => {
      const offWith = (statedAt: number): number =>
        one({ door: { received: 4, refused: {}, appended: 4 }, epochs: [{ ...killed, statedAt }] }).off.appended;
      expect(offWith(AT - 9 * MINUTE_MS)).toBe(0);
      expect(offWith(AT - 11 * MINUTE_MS)).toBe(5);
    });

    it('excuses nothing that came when its successor had begun', () => {
      const before = { ...killed, statedAt: AT - 10 * MINUTE_MS };
      const line = one({
        door: { received: 4, refused: {}, appended: 4 },
        epochs: [before, { ...LIVING, startedAt: AT - 9 * MINUTE_MS }],
      });
      expect(line.off.appended).toBe(5);
    });
  });

  it('holds all sources of a minute together where there were too many to count each', () => {
    const { doors, reads, stored } = accountsOf(
      [{ minute: AT, parsed: 9, unparsed: 0, repeats: 0, refused: 0, late: 0 }],
      1,
    );
    const lines = balance(
      {
        doors: [...doors, { ...doors[0]!, source: 'other', received: 5, appended: 5 }],
        reads: [...reads, { ...reads[0]!, source: 'gate', appended: 5, parsed: 5, evaluated: 5 }],
        stored: [...stored, { ...stored[0]!, source: 'gate', events: 5 }],
        epochs: [LIVING],
      },
      LATER,
    );
    expect(lines).toMatchObject([{ source: 'other', received: 14, appended: 14, stored: 14 }]);
    expect(lines.every(isBalanced)).toBe(true);
  });
});
