import { WanglouError } from '../errors.ts';
import { historyOf, isGrowth, stateOf, type Disposition, type LifeEvent, type LifeState } from './lifecycle.ts';

/** What a person does with a finding. */
export type TriageCommand =
  | { act: 'acknowledged' }
  | { act: 'assigned'; assignee: string }
  | { act: 'note'; text: string }
  | { act: 'closed'; disposition: Disposition; text: string }
  | { act: 'reopened'; text: string }
  /** Takes back the entry with that id: what it changed is as it was before. */
  | { act: 'undone'; undoes: string };

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
 * @throws WanglouError WL_CONFLICT when the finding is not in a state for it; for undoing also when somebody else has acted
 * since, WL_NOT_FOUND when there is no such entry.
 */
export function lifeEventFor(command: TriageCommand, history: readonly LifeEvent[], doer: Doer): LifeEvent {
  const state = stateOf(history);
  if (command.act === 'undone') refuseUndoing(command.undoes, history, doer.by);
  else refuseConflict(command, state, history[0]!.finding);
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

function refuseConflict(command: Exclude<TriageCommand, { act: 'undone' }>, state: LifeState, finding: string): void {
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

/** Only the last thing that happened can be undone, and only by who did it; that a finding grew is no obstacle. */
function refuseUndoing(entry: string, history: readonly LifeEvent[], by: string): void {
  const { finding } = history[0]!;
  const others = historyOf(history).filter((event) => !isGrowth(event));
  const undone = others.find(({ id }) => id === entry);
  if (undone === undefined)
    throw new WanglouError('WL_NOT_FOUND', `finding ${finding} has no decision ${entry}`, { remedy: 'Check the id.' });
  const last = others.at(-1)!;
  const remedy = 'Nothing was undone. Look at the history, then decide again.';
  if (undone.act === 'undone')
    throw new WanglouError('WL_CONFLICT', `decision ${entry} of finding ${finding} is an undoing itself`, { remedy });
  if (undone.by !== by)
    throw new WanglouError('WL_CONFLICT', `finding ${finding} was ${undone.act} by ${undone.by}, not by ${by}`, {
      remedy,
    });
  if (last.id === entry) return;
  const since = last.act === 'note' ? 'given a note' : last.act;
  throw new WanglouError(
    'WL_CONFLICT',
    `finding ${finding} was ${since} by ${last.by} since, at ${new Date(last.at).toISOString()}`,
    { remedy },
  );
}
