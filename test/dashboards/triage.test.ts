import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Triage } from '../../dashboards/src/triage/triage.ts';
import type { DecidedAll, FindingHistory } from '../../dashboards/src/triage/decisions.ts';
import { lifeEventOf, stateOf, type LifeEvent } from '../../src/finding/lifecycle.ts';
import { finding } from '../feed/samples.ts';

const one = { ...finding('a'), raisedAt: 0 };
const raised = lifeEventOf(one);

/** The server's answers in order: a history, or what it refuses with. */
let answers: (FindingHistory | Error)[];
let asked: string[];
/** Answers are held back until it is called. */
let release: () => void;
let triage: Triage;

beforeEach(() => {
  answers = [];
  asked = [];
  const held = new Promise<void>((go) => (release = go));
  const answer = async (question: string): Promise<FindingHistory> => {
    asked.push(question);
    await held;
    const next = answers.shift()!;
    if (next instanceof Error) throw next;
    return next;
  };
  triage = new Triage({
    historyOf: () => answer('history'),
    decide: async (_finding, { act }) => ({ ...(await answer(act)), entry: 'e0' }),
    decideAll: async (ids, { act }) => allOf(await answer(`${act} ${ids.length}`), ids),
    undo: async (entries) => allOf(await answer(`undo ${entries.map(({ entry }) => entry).join()}`), [one.id]),
  });
});
afterEach(() => vi.useRealTimers());

/** The first finding as the history says, the others refused. */
function allOf({ state }: FindingHistory, [first, ...others]: readonly string[]): DecidedAll {
  return {
    done: [{ finding: first!, entry: 'e0', state }],
    refused: others.map((id) => ({ finding: id, code: 'WL_CONFLICT', message: 'closed already' })),
  };
}

function refusal(status: number): Error {
  return Object.assign(new Error('refused'), { status });
}

function after(...acts: Partial<LifeEvent>[]): FindingHistory {
  const events = [
    raised,
    ...acts.map((act, n) => ({ ...raised, id: `e${n}`, at: raised.at + 1 + n, by: 'wang', ...act })),
  ];
  return { state: stateOf(events), events };
}

describe('a decision', () => {
  it('shows at once, and then as the server tells it', async () => {
    answers = [after({ act: 'acknowledged' })];
    const done = triage.decide(one, { act: 'acknowledge' });
    expect(triage.stateOf(one)).toMatchObject({ status: 'acknowledged', changedBy: '' });
    expect(triage.isSaving(one.id)).toBe(true);
    release();
    expect(await done).toBe(true);
    expect(triage.stateOf(one)).toMatchObject({ status: 'acknowledged', changedBy: 'wang' });
    expect(triage.isSaving(one.id)).toBe(false);
  });

  it('is taken back when the server refuses, with the reason and what the other one did', async () => {
    const closed = after({ act: 'closed', disposition: 'benign', text: 'ordered' });
    const refused = refusal(409);
    answers = [refused, closed];
    release();
    expect(await triage.decide(one, { act: 'acknowledge' })).toBe(false);
    expect(triage.faultOf(one.id)).toBe(refused);
    await vi.waitFor(() => expect(triage.stateOf(one)).toMatchObject({ status: 'closed', disposition: 'benign' }));
    expect(triage.faultOf(one.id)).toBe(refused);
    expect(asked).toEqual(['acknowledge', 'history']);
  });

  it('waits for an earlier one about the same finding, and is not lost', async () => {
    answers = [after({ act: 'note', text: 'x' }), after({ act: 'note', text: 'x' }, { act: 'acknowledged' })];
    const first = triage.decide(one, { act: 'note', text: 'x' });
    const second = triage.decide(one, { act: 'acknowledge' });
    await Promise.resolve();
    expect(asked).toHaveLength(1);
    release();
    expect(await Promise.all([first, second])).toEqual([true, true]);
    expect(asked).toEqual(['note', 'acknowledge']);
    expect(triage.stateOf(one).status).toBe('acknowledged');
  });

  it('gives way to what the feed says later, and not to what it said before', async () => {
    answers = [after({ act: 'acknowledged' })];
    release();
    await triage.decide(one, { act: 'acknowledge' });
    expect(triage.stateOf({ ...one, life: stateOf([raised]) }).status).toBe('acknowledged');
    const life = stateOf(after({ act: 'acknowledged' }, { act: 'closed', disposition: 'duplicate' }).events);
    expect(triage.stateOf({ ...one, life })).toMatchObject({ status: 'closed', disposition: 'duplicate' });
  });

  it('waits for a finding that the store does not have yet, and not for ever', async () => {
    vi.useFakeTimers();
    release();
    answers = [refusal(404), refusal(404), after({ act: 'acknowledged' })];
    const done = triage.decide(one, { act: 'acknowledge' });
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await done).toBe(true);
    answers = Array.from({ length: 9 }, () => refusal(404));
    const failing = triage.decide(one, { act: 'note', text: 'x' });
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await failing).toBe(false);
    expect(triage.stateOf(one).notes).toBe(0);
  });
});

describe('a decision about many', () => {
  it('shows for each that it was taken for, names the others, and can be taken back in one step', async () => {
    const other = { ...finding('b'), raisedAt: 0 };
    answers = [
      after({ act: 'acknowledged' }),
      after({ act: 'closed' }),
      after({ act: 'acknowledged' }, { act: 'undone', undoes: 'e0' }),
    ];
    release();
    await triage.decideAll([one.id, other.id], { act: 'acknowledge' });
    expect(triage.stateOf(one)).toMatchObject({ status: 'acknowledged' });
    expect(triage.outcome.value).toMatchObject({ done: 1, refused: [other.id] });
    expect(triage.undo()).toBe(true);
    await vi.waitFor(() => expect(triage.outcome.value).toMatchObject({ act: 'undo', done: 1, undoable: [] }));
    expect(triage.stateOf(one)).toMatchObject({ status: 'new' });
    expect(asked).toEqual(['acknowledge 2', 'history', 'undo e0']);
    expect(triage.undo()).toBe(false);
  });

  it('can be taken back for ten seconds, and is forgotten then, but for what was refused', async () => {
    vi.useFakeTimers();
    release();
    answers = [after({ act: 'acknowledged' })];
    await triage.decide(one, { act: 'acknowledge' });
    expect(triage.outcome.value?.undoable).toEqual([{ finding: one.id, entry: 'e0' }]);
    vi.advanceTimersByTime(10_000);
    expect(triage.undo()).toBe(false);
    expect(triage.outcome.value).toBeUndefined();
    answers = [after({ act: 'acknowledged' }), after()];
    await triage.decideAll([one.id, 'x'], { act: 'acknowledge' });
    vi.advanceTimersByTime(10_000);
    expect(triage.outcome.value).toMatchObject({ undoable: [], refused: ['x'] });
  });

  it('says so when the whole request fails', async () => {
    release();
    answers = [refusal(503)];
    await triage.decideAll([one.id], { act: 'acknowledge' });
    expect(triage.outcome.value).toMatchObject({ done: 0, undoable: [], fault: { status: 503 } });
    expect(triage.deciding.value).toBe(0);
  });
});
