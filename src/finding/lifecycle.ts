import type { AssetLevel } from '../event/event.ts';
import { keyedId } from '../event/id.ts';
import type { Finding } from './finding.ts';

/** What can happen to a finding, in its life from the first signal to its closing. */
export const LIFE_ACTS = [
  'raised',
  'grew',
  'acknowledged',
  'assigned',
  'note',
  'closed',
  'reopened',
  'undone',
] as const;
export type LifeAct = (typeof LIFE_ACTS)[number];

export const DISPOSITIONS = ['true-positive', 'benign', 'false-positive', 'duplicate'] as const;
export type Disposition = (typeof DISPOSITIONS)[number];

/** Detection itself, as the one who raised, let grow or reopened. */
export const BY_DETECTION = 'wanglou';

/** One entry of a finding's history: it is added, never changed. What does not apply is '' or 0. */
export interface LifeEvent {
  /** The same entry has the same id, however often it is delivered. */
  id: string;
  finding: string;
  act: LifeAct;
  /** ms since the Unix epoch: ingest time of the causing event for `raised` and `grew`, the server's clock otherwise. */
  at: number;
  /** Account of the person, or `wanglou`. */
  by: string;
  /** Of the finding, as it was then: the revision that a person saw, and whether that revision told people. */
  revision: number;
  alert: boolean;
  score: number;
  assetLevel: AssetLevel;
  assignee: string;
  disposition: Disposition | '';
  /** The note, or the reason for closing or reopening. */
  text: string;
  /** Of `undone`: the entry that no longer counts. It stays in the history. */
  undoes?: string;
}

export const LIFE_STATUSES = ['new', 'acknowledged', 'closed', 'reopened'] as const;
export type LifeStatus = (typeof LIFE_STATUSES)[number];

/** How a finding stands. */
export interface LifeState {
  status: LifeStatus;
  assignee: string;
  /** Of the last closing, also after a reopening: '' when it was never closed. */
  disposition: Disposition | '';
  reason: string;
  notes: number;
  /** The last change of any of these. */
  changedAt: number;
  changedBy: string;
}

/** The entry that a revision of a finding makes. */
export function lifeEventOf(finding: Finding): LifeEvent {
  const act = finding.revision === 1 ? 'raised' : 'grew';
  return {
    id: keyedId('life', finding.id, act, String(finding.revision)),
    finding: finding.id,
    act,
    at: finding.causedAt,
    by: BY_DETECTION,
    revision: finding.revision,
    alert: finding.alert,
    score: finding.score,
    assetLevel: finding.assetLevel,
    assignee: '',
    disposition: '',
    text: '',
  };
}

/**
 * The history in order, each entry once, with the reopenings that follow from it: a revision later than the one that was
 * closed which tells people again (+15 score, higher asset level) reopens, whatever the order in which the two arrived.
 * A closing of what is closed changes nothing (two people at once): it is left out. What was undone is in it, and changes
 * nothing either.
 */
export function historyOf(events: readonly LifeEvent[]): LifeEvent[] {
  const once = [...new Map(events.map((event) => [event.id, event])).values()];
  const growth = once.filter(isGrowth).sort((a, b) => a.revision - b.revision);
  const others = once.filter((event) => !isGrowth(event)).sort(inOrder);
  const history: LifeEvent[] = [...growth];
  const undone = undoneOf(others);
  let closed: LifeEvent | undefined;
  for (const event of others) {
    if (closed !== undefined) {
      const reopening = reopeningAfter(closed, growth);
      if (reopening !== undefined && reopening.at <= event.at) {
        history.push(reopening);
        closed = undefined;
      }
    }
    const counts = !undone.has(event.id);
    if (counts && event.act === 'closed' && closed !== undefined) continue;
    if (counts && event.act === 'closed') closed = event;
    if (counts && event.act === 'reopened') closed = undefined;
    history.push(event);
  }
  const last = closed && reopeningAfter(closed, growth);
  if (last !== undefined) history.push(last);
  return history.sort(inOrder);
}

/** How a finding with this history stands; the order in which its entries are given does not matter. */
export function stateOf(events: readonly LifeEvent[]): LifeState {
  const state: LifeState = {
    status: 'new',
    assignee: '',
    disposition: '',
    reason: '',
    notes: 0,
    changedAt: 0,
    changedBy: '',
  };
  const undone = undoneOf(events);
  for (const event of historyOf(events)) if (!undone.has(event.id)) apply(state, event);
  return state;
}

/** Ids of the entries that were undone. */
export function undoneOf(events: readonly LifeEvent[]): ReadonlySet<string> {
  return new Set(events.flatMap(({ act, undoes }) => (act === 'undone' && undoes ? [undoes] : [])));
}

function apply(state: LifeState, event: LifeEvent): void {
  switch (event.act) {
    case 'grew':
      return;
    case 'raised':
    case 'undone':
      break;
    case 'note':
      state.notes++;
      break;
    case 'acknowledged':
      state.status = 'acknowledged';
      break;
    case 'assigned':
      state.assignee = event.assignee;
      break;
    case 'closed':
      state.status = 'closed';
      state.disposition = event.disposition;
      state.reason = event.text;
      break;
    case 'reopened':
      state.status = 'reopened';
  }
  state.changedAt = event.at;
  state.changedBy = event.by;
}

/** The reopening that detection causes after a closing, at the time of the closing if the growth was not yet seen then. */
function reopeningAfter(closed: LifeEvent, growth: readonly LifeEvent[]): LifeEvent | undefined {
  const cause = growth.find(({ alert, revision }) => alert && revision > closed.revision);
  return (
    cause && {
      ...cause,
      id: keyedId('life', cause.finding, 'reopened', closed.id),
      act: 'reopened',
      at: Math.max(cause.at, closed.at),
    }
  );
}

export function isGrowth({ act }: LifeEvent): boolean {
  return act === 'raised' || act === 'grew';
}

/** By time; at the same ms growth comes first and what reopens last, then by id. */
function inOrder(a: LifeEvent, b: LifeEvent): number {
  return a.at - b.at || rank(a) - rank(b) || (a.id < b.id ? -1 : 1);
}

function rank(event: LifeEvent): number {
  if (isGrowth(event)) return 0;
  return event.act === 'reopened' && event.by === BY_DETECTION ? 2 : 1;
}
