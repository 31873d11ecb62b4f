import type { CoverageLine, DoorTotals, Epoch } from '../../src/coverage/balance.ts';
import type { Replay } from '../../src/coverage/replay.ts';
import { isBalanced } from '../../src/coverage/balance.ts';
import type { CoverageDeskParts } from '../../src/coverage-desk.ts';
import type { LedgerState } from '../../src/api/parts.ts';
import type { ReplayResult } from '../../src/replay.ts';
import type { StartReplay } from '../../src/replay-process.ts';
import type { CoverageStep, CoveredRange } from '../../src/store/coverage-queries.ts';

/** Answers with what a test has put in. */
export class FakeCoverageStore implements Pick<CoverageDeskParts, 'store'>, LedgerState {
  lineList: CoverageLine[] = [];
  epochList: Epoch[] = [];
  segments: CoveredRange[] = [];
  replayed: Replay[] = [];
  /** What came to the doors. */
  doorList: DoorTotals[] = [];
  settledTo: number | undefined;
  readonly judgedSpans: [number, number][] = [];
  uneven: LedgerState['uneven'] = [];
  /** What was said of replays. */
  written: Replay[] = [];
  /** Minutes that are to be checked again. */
  checkedAgain: [number, number][] = [];
  endReplay: (result: ReplayResult) => void = () => undefined;

  async doors(from: number, to: number, source = ''): Promise<DoorTotals[]> {
    return this.doorList.filter(
      (row) => row.minute >= from && row.minute < to && (source === '' || row.source === source),
    );
  }

  async countedSince(): Promise<number | undefined> {
    return this.epochList[0]?.startedAt;
  }

  readonly startReplay: StartReplay = () => {
    const { promise, resolve, reject } = Promise.withResolvers<ReplayResult>();
    this.endReplay = resolve;
    return { ended: promise, kill: () => reject(new Error('killed')) };
  };

  readonly store: CoverageDeskParts['store'] = {
    lines: async (from, to) =>
      this.lineList.filter((line) => line.minute >= from && line.minute < to && !isBalanced(line)),
    steps: async (from, to, stepMs, source) =>
      this.lineList
        .toSorted((a, b) => a.minute - b.minute)
        .filter((line) => line.minute >= from && line.minute < to && (source === '' || source === line.source))
        .map((line): CoverageStep => {
          const at = from + Math.floor((line.minute - from) / stepMs) * stepMs;
          return { ...line, at, minutes: 1, unbalanced: Number(!isBalanced(line)) };
        }),
    epochs: async (from, to) => this.epochList.filter(({ startedAt, statedAt }) => statedAt >= from && startedAt < to),
    ranges: async () => this.segments,
    countedSince: () => this.countedSince(),
    replays: async () => this.replayed,
    judged: async (from, to) => {
      this.judgedSpans.push([from, to]);
      return [{ detector: 'brute-force', version: 2, judged: 417, unjudged: 10 }];
    },
  };
}

/** A line of a minute in which everything went as it should. */
export function lineOf(source: string, minute: number, changes: Partial<CoverageLine> = {}): CoverageLine {
  return {
    ...{ source, minute, received: 10, refused: {}, lost: 0, appended: 10, parsed: 10, unparsed: {}, repeated: 0 },
    ...{ stored: 10, evaluated: 10, missed: {}, late: 0, rebuilt: 0, givenUp: 0 },
    off: { received: 0, appended: 0, parsed: 0, stored: 0, evaluated: 0 },
    ranges: [{ partition: 0, from: 100, to: 110 }],
    ...changes,
  };
}
