import { createHash } from 'node:crypto';
import type { CoverageLine, OffsetRange } from './balance.ts';
import { MINUTE_MS, type UnreadRange } from './record.ts';

/**
 * Of which step something is missing: `appended` is in no log any more, `stored` is in the log and not in the store,
 * `evaluated` was not judged by a detector, `unread` are records that can not be read as events, `unaccounted` are offsets
 * that detection has said nothing about.
 */
export const GAP_KINDS = ['received', 'appended', 'stored', 'evaluated', 'unread', 'unaccounted'] as const;
export type GapKind = (typeof GAP_KINDS)[number];

export interface CoverageGap extends OffsetRange {
  /** Follows from what it is. */
  id: string;
  kind: GapKind;
  /** For `evaluated`: the detector that has not seen it; '' else. */
  detector: string;
  /** Sources of its events; none where they are not known. */
  sources: readonly string[];
  /** Minutes of arrival [since, until), ms. */
  since: number;
  until: number;
  /** Events that are missing (below 0) or too much; 0 where it is not known how many a record held. */
  events: number;
  /** Whether it can be replayed: events that the store lacks from the event log, events that a detector lacks from the store. */
  canReplay: boolean;
}

/** What is known of a segment, for records of which nothing else is known. */
interface SegmentTimes extends OffsetRange {
  since: number;
  until: number;
  unread: readonly UnreadRange[];
}

/**
 * The gaps of lines that do not balance, as ranges of offsets: segments that follow each other are one gap.
 * @param segments in order of partition and offset.
 */
export function gapsOf(lines: readonly CoverageLine[], segments: readonly SegmentTimes[]): CoverageGap[] {
  const parts = lines.flatMap(partsOf);
  const bySubject = Map.groupBy(parts, ({ kind, detector, partition }) => `${kind} ${detector} ${partition}`);
  const gaps = [...bySubject.values()].flatMap(joined);
  return [...gaps, ...unreadIn(segments), ...seamsIn(segments)].sort(
    (a, b) => b.since - a.since || (a.id < b.id ? -1 : 1),
  );
}

type Part = Omit<CoverageGap, 'id' | 'canReplay'>;

function partsOf(line: CoverageLine): Part[] {
  const { source, minute, off, missed, ranges } = line;
  const span = { sources: [source], since: minute, until: minute + MINUTE_MS };
  const where = ranges.length === 0 ? [{ partition: -1, from: 0, to: 0 }] : ranges;
  const of = (kind: GapKind, detector: string, events: number): Part[] =>
    // How many of them are in which segment is not known: all are counted at the first.
    where.map((range, n) => ({ kind, detector, ...range, ...span, events: n === 0 ? events : 0 }));
  const steps = (['received', 'appended', 'stored'] as const).filter((step) => off[step] !== 0);
  const unjudged = off.evaluated !== 0 && Object.keys(missed).length === 0;
  return [
    ...steps.flatMap((step) => of(step, '', off[step])),
    ...Object.entries(missed).flatMap(([detector, events]) => of('evaluated', detector, -events)),
    ...(unjudged ? of('evaluated', '', off.evaluated) : []),
  ];
}

/** Joins what overlaps or follows directly. */
function joined(parts: readonly Part[]): CoverageGap[] {
  const gaps: (Part & { sources: string[] })[] = [];
  for (const part of [...parts].sort((a, b) => a.from - b.from || a.since - b.since)) {
    const last = gaps.at(-1);
    if (last === undefined || part.from > last.to) {
      gaps.push({ ...part, sources: [...part.sources] });
      continue;
    }
    last.to = Math.max(last.to, part.to);
    last.since = Math.min(last.since, part.since);
    last.until = Math.max(last.until, part.until);
    last.events += part.events;
    for (const source of part.sources) if (!last.sources.includes(source)) last.sources.push(source);
  }
  return gaps.map((gap) => withId({ ...gap, sources: gap.sources.sort() }));
}

function unreadIn(segments: readonly SegmentTimes[]): CoverageGap[] {
  return segments.flatMap(({ partition, since, until, unread }) =>
    unread.map(({ from, to }) =>
      withId({ kind: 'unread', detector: '', partition, from, to, sources: [], since, until, events: 0 }),
    ),
  );
}

function seamsIn(segments: readonly SegmentTimes[]): CoverageGap[] {
  return segments.flatMap(({ partition, from, since }, n) => {
    const before = segments[n - 1];
    if (before === undefined || before.partition !== partition || before.to >= from) return [];
    const span = { partition, from: before.to, to: from, since: before.until, until: since };
    return [withId({ kind: 'unaccounted', detector: '', ...span, sources: [], events: 0 })];
  });
}

function withId(part: Part): CoverageGap {
  const { kind, detector, partition, from, to } = part;
  const id = createHash('sha256')
    .update(JSON.stringify([kind, detector, partition, from, to]))
    .digest('hex')
    .slice(0, 24);
  const isMissing = kind === 'stored' && partition >= 0 && part.events < 0;
  const canReplay = isMissing || (kind === 'evaluated' && detector !== '');
  return { id, ...part, canReplay };
}
