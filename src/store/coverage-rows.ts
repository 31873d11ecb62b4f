import type { CoverageLine } from '../coverage/balance.ts';
import type { Replay } from '../coverage/replay.ts';
import type { CoverageRecord, DoorMinute, DoorStatement, ReadMinute, Segment } from '../coverage/record.ts';
import { timeOf, timeText } from './finding-rows.ts';
import type { TableOf } from './table-writer.ts';

/** Whole seconds, as a column of type DateTime takes them. */
function secondsOf(ms: number): number {
  return Math.floor(ms / 1_000);
}

export const DOORS: TableOf<DoorMinute & Pick<DoorStatement, 'epoch' | 'number'>> = {
  table: 'coverage_doors',
  rowOf: ({ minute, ...row }) => ({ ...row, minute: secondsOf(minute) }),
};

export const EPOCHS: TableOf<DoorStatement> = {
  table: 'coverage_epochs',
  rowOf: ({ epoch, number, instance, startedAt, at, ended }) => ({
    ...{ epoch, number, instance, ended },
    ...{ started_at: timeText(startedAt), stated_at: timeText(at) },
  }),
};

export const SEGMENTS: TableOf<ReadMinute & Pick<Segment, 'partition' | 'from' | 'to'>> = {
  table: 'coverage_segments',
  rowOf: ({ minute, from, to, ...row }) => ({
    ...{ ...row, minute: secondsOf(minute), from_offset: from, to_offset: to },
  }),
};

export const RANGES: TableOf<Segment> = {
  table: 'coverage_ranges',
  rowOf: ({ partition, from, to, since, until, judges, unread }) => ({
    ...{ partition, from_offset: from, to_offset: to, judges },
    ...{ since: timeText(since), until: timeText(until) },
    unread: unread.map((range) => [range.kind, range.from, range.to]),
  }),
};

export const LINES: TableOf<CoverageLine & { checkedAt: number }> = {
  table: 'coverage',
  rowOf: ({ minute, givenUp, off, ranges, checkedAt, ...line }) => ({
    ...{ ...line, minute: secondsOf(minute), given_up: givenUp, checked_at: timeText(checkedAt) },
    ...{ off_received: off.received, off_appended: off.appended, off_parsed: off.parsed },
    ...{ off_stored: off.stored, off_evaluated: off.evaluated },
    ranges: ranges.map(({ partition, from, to }) => [partition, from, to]),
  }),
};

export const REPLAYS: TableOf<Replay> = {
  table: 'coverage_replays',
  rowOf: ({ from, to, since, until, askedBy, askedAt, at, ...replay }) => ({
    ...{ ...replay, from_offset: from, to_offset: to, since: timeText(since), until: timeText(until) },
    ...{ asked_by: askedBy, asked_at: timeText(askedAt), at: timeText(at) },
  }),
};

export type ReplayRow = Omit<Replay, 'from' | 'to' | 'since' | 'until' | 'askedBy' | 'askedAt' | 'at'> & {
  from_offset: number;
  to_offset: number;
  since_at: string;
  until_at: string;
  asked_by: string;
  asked_when: string;
  said_at: string;
};

export function replayOfRow(row: ReplayRow): Replay {
  const { from_offset: from, to_offset: to, since_at, until_at, asked_by: askedBy, asked_when, said_at, ...same } = row;
  const times = { since: timeOf(since_at), until: timeOf(until_at), askedAt: timeOf(asked_when), at: timeOf(said_at) };
  return { ...same, from, to, askedBy, ...times };
}

/** What a record of the topic `coverage` puts into which table. */
export function rowsOfCoverage(records: readonly CoverageRecord[]) {
  const statements = records.filter((record) => record.kind === 'door');
  const segments = records.filter((record) => record.kind === 'segment');
  return {
    epochs: statements,
    doors: statements.flatMap(({ epoch, number, minutes }) => minutes.map((row) => ({ ...row, epoch, number }))),
    ranges: segments,
    segments: segments.flatMap(({ partition, from, to, minutes }) =>
      minutes.map((row) => ({ ...row, partition, from, to })),
    ),
  };
}
