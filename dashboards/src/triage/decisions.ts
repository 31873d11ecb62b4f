import type { Disposition, LifeEvent, LifeState } from '../../../src/finding/lifecycle.ts';

/** What a person can do with a finding, as the body that the server takes for it. */
export type Decision =
  | { act: 'acknowledge' }
  | { act: 'assign'; assignee: string }
  | { act: 'note'; text: string }
  | { act: 'close'; disposition: Disposition; reason: string }
  | { act: 'reopen'; reason: string };

export interface FindingHistory {
  state: LifeState;
  /** In order. */
  events: readonly LifeEvent[];
}

/** A decision that was taken; `entry` is the id of what it added to the history. */
export interface Decided extends FindingHistory {
  entry: string;
}

/** What came of one decision about many findings: each is in exactly one of the two. */
export interface DecidedAll {
  done: readonly { finding: string; entry: string; state: LifeState }[];
  refused: readonly { finding: string; code: string; message: string }[];
}

export const DISPOSITIONS: readonly Disposition[] = ['true-positive', 'benign', 'false-positive', 'duplicate'];

export const UNTOUCHED: LifeState = {
  status: 'new',
  assignee: '',
  disposition: '',
  reason: '',
  notes: 0,
  changedAt: 0,
  changedBy: '',
};

/** What the state will be if the server agrees. */
export function expectedAfter(state: LifeState, decision: Decision): LifeState {
  switch (decision.act) {
    case 'acknowledge':
      return { ...state, status: 'acknowledged' };
    case 'assign':
      return { ...state, assignee: decision.assignee };
    case 'note':
      return { ...state, notes: state.notes + 1 };
    case 'close':
      return { ...state, status: 'closed', disposition: decision.disposition, reason: decision.reason };
    case 'reopen':
      return { ...state, status: 'reopened' };
  }
}

/** The one that knows more: entries of one finding have rising times. */
export function later(a: LifeState | undefined, b: LifeState | undefined): LifeState {
  if (a === undefined || b === undefined) return a ?? b ?? UNTOUCHED;
  return b.changedAt > a.changedAt ? b : a;
}
