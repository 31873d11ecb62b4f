import type { Bilingual } from '../finding/finding.ts';
import type { Epoch } from './balance.ts';
import type { CoverageGap } from './gaps.ts';
import type { Replay } from './replay.ts';

/** Counts of a line of the ledger, added up; see CoverageLine. */
export interface CoverageCounts {
  received: number;
  refused: Record<string, number>;
  lost: number;
  appended: number;
  parsed: number;
  unparsed: Record<string, number>;
  repeated: number;
  stored: number;
  evaluated: number;
  missed: Record<string, number>;
  late: number;
  rebuilt: number;
  givenUp: number;
  off: Record<'received' | 'appended' | 'parsed' | 'stored' | 'evaluated', number>;
  /** Minutes with events, and how many of them do not balance. */
  minutes: number;
  unbalanced: number;
}

/**
 * How a source was covered in a step of time: `uneven` does not balance; `nobody` no collector ran; `waiting` is not settled
 * yet; `missing` is silent for longer than its limit; `late` has more than 5 % late events; `quiet` had nothing to say.
 */
export const CELL_STATES = ['ok', 'late', 'missing', 'uneven', 'nobody', 'waiting', 'quiet'] as const;
export type CellState = (typeof CELL_STATES)[number];

export interface CoverageCell {
  /** Begin of the step, ms. */
  at: number;
  state: CellState;
  /** Events that the store has. */
  stored: number;
}

export interface CoverageOfSource extends CoverageCounts {
  id: string;
  name: Bilingual;
  registered: boolean;
  /** One for each step of the span. */
  cells: readonly CoverageCell[];
}

export interface CoverageOverview {
  at: number;
  from: number;
  to: number;
  stepMs: number;
  /** Before it minutes are settled; 0 when none is. */
  settledTo: number;
  /** When anything was counted first, ms; 0 for never. */
  countedSince: number;
  sources: readonly CoverageOfSource[];
  /** Of all of them. */
  total: CoverageCounts;
  /** Programs that counted in the span. */
  epochs: readonly (Epoch & { killed: boolean })[];
  /** Of one source, when only that was asked for: its lines step by step, the latest first. */
  lines: readonly (CoverageCounts & { at: number })[];
}

export interface CoverageGaps {
  at: number;
  gaps: readonly (CoverageGap & { replay: Replay | null })[];
}
