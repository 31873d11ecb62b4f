import type { ReadTotals } from './balance.ts';
import type { GapKind } from './gaps.ts';

/** A gap that somebody had replayed, or is having replayed. */
export interface Replay {
  id: string;
  gap: string;
  kind: GapKind;
  /** For `evaluated`: the one that had not seen it; '' else. */
  detector: string;
  partition: number;
  from: number;
  to: number;
  /** Minutes that the gap is in, ms. */
  since: number;
  until: number;
  askedBy: string;
  askedAt: number;
  state: 'running' | 'done' | 'failed';
  /** Records or events that were gone through, and all that are to be. */
  done: number;
  total: number;
  /** Events that were stored, that went through the detector, and findings that were new. */
  stored: number;
  evaluated: number;
  findings: number;
  /** Records that are no longer in the event log, or can not be read. */
  unreadable: number;
  /** Why it failed; '' else. */
  reason: string;
  /** When this was said. */
  at: number;
}

export type DoneReplay = Pick<Replay, 'id' | 'detector' | 'since' | 'until'>;

/** What detectors have missed, without what they were shown since. */
export function withReplays(read: ReadTotals, replays: readonly DoneReplay[]): ReadTotals {
  const isShown = (detector: string): boolean =>
    replays.some((one) => one.detector === detector && one.since <= read.minute && read.minute < one.until);
  return {
    ...read,
    missed: Object.fromEntries(Object.entries(read.missed).filter(([detector]) => !isShown(detector))),
  };
}
