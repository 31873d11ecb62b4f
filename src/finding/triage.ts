import { WanglouError } from '../errors.ts';
import { stateOf, type Disposition, type LifeEvent, type LifeState } from './lifecycle.ts';

/** What a person does with a finding. */
export type TriageCommand =
  | { act: 'acknowledged' }
  | { act: 'assigned'; assignee: string }
  | { act: 'note'; text: string }
  | { act: 'closed'; disposition: Disposition; text: string }
  | { act: 'reopened'; text: string };

export interface Doer {
  /** Account of the person who does it. */
  by: string;
  /** ms since the Unix epoch. */
  at: number;
  /** Id of the entry. */
  id: string;
}

/**
 * The entry that a command makes in the history of a finding.
 * @param history with at least the finding's raising, so that the entry can say which revision the person saw.
 * @throws WanglouError WL_CONFLICT when the finding is not in a state for it.
 */
export function lifeEventFor(command: TriageCommand, history: readonly LifeEvent[], doer: Doer): LifeEvent {
  const state = stateOf(history);
  refuseConflict(command, state, history[0]!.finding);
  const seen = history.reduce((latest, event) => (event.revision > latest.revision ? event : latest));
  const said = { assignee: '', disposition: '', text: '', ...command } as const;
  return {
    finding: seen.finding,
    revision: seen.revision,
    alert: false,
    score: seen.score,
    assetLevel: seen.assetLevel,
    ...said,
    ...doer,
    // Entries of one finding are in the order in which they were made, however clocks differ.
    at: Math.max(doer.at, state.changedAt + 1),
  };
}

function refuseConflict(command: TriageCommand, state: LifeState, finding: string): void {
  const since = `since ${new Date(state.changedAt).toISOString()} by ${state.changedBy}`;
  const isClosed = state.status === 'closed';
  if (command.act === 'closed' && isClosed)
    throw new WanglouError('WL_CONFLICT', `finding ${finding} is closed as ${state.disposition} already, ${since}`, {
      remedy: 'Reopen it first to close it with another disposition.',
    });
  if (command.act === 'reopened' && !isClosed)
    throw new WanglouError('WL_CONFLICT', `finding ${finding} is ${state.status}, not closed`, {
      remedy: 'Only a closed finding can be reopened.',
    });
  if (command.act === 'acknowledged' && (isClosed || state.status === 'acknowledged'))
    throw new WanglouError('WL_CONFLICT', `finding ${finding} is ${state.status} already, ${since}`, {
      remedy: isClosed ? 'Reopen it first.' : 'Nothing is left to do.',
    });
  if (command.act === 'assigned' && isClosed)
    throw new WanglouError('WL_CONFLICT', `finding ${finding} is closed, ${since}`, { remedy: 'Reopen it first.' });
}
