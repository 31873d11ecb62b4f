import { describe, expect, it, vi } from 'vitest';
import { graphOf } from '../../dashboards/src/incident/graph-layout.ts';
import { decideAll } from '../../dashboards/src/incident/whole-triage.ts';
import { UNTOUCHED } from '../../dashboards/src/triage/decisions.ts';
import { stepOf } from '../../src/finding/incident.ts';
import { finding } from '../feed/samples.ts';

const step = (changes: Parameters<typeof finding>[1]) => stepOf(finding('s', { system: '', ...changes }));

describe('the graph of an incident', () => {
  it('joins origins with who acts and these with what on, findings between the same two in one line', () => {
    const steps = [step({ vendor: 'qiming' }), step({ vendor: 'qiming' }), step({ asset: 'other' })];
    const graph = graphOf(steps);
    expect(graph.nodes.map(({ key }) => key)).toEqual([
      'vendor qiming',
      'address 192.0.2.14',
      'actor li.wei@civil-affairs',
      'asset resident-register',
      'asset other',
    ]);
    const edge = graph.edges.find(({ to }) => to.id === 'resident-register');
    expect([edge?.from.id, edge?.steps]).toEqual(['li.wei@civil-affairs', [0, 1]]);
    expect(graph).toEqual(graphOf(steps));
  });

  it('puts no node on another, and shows a step that names one alone', () => {
    const many = Array.from({ length: 60 }, (_, n) => step({ asset: `a${n}`, actor: `b${n % 7}` }));
    const { nodes, notDrawn } = graphOf(many);
    expect(new Set(nodes.map(({ x, y }) => `${x} ${y}`)).size).toBe(nodes.length);
    expect(nodes.length + notDrawn).toBe(60 + 7 + 1);
    const alone = graphOf([step({ actor: '', asset: '', clientAddress: '', vendor: '' })]);
    expect([alone.nodes.length, alone.edges.length]).toEqual([0, 0]);
    expect(graphOf([step({ actor: '', clientAddress: '' })]).nodes.map(({ key }) => key)).toEqual([
      'asset resident-register',
    ]);
  });
});

describe('triage of an incident as a whole', () => {
  const closed = { ...UNTOUCHED, status: 'closed' as const };
  const conflict = Object.assign(new Error('closed'), { status: 409 });

  it('decides about each finding that does not stand so already, and counts those that failed', async () => {
    const decide = vi.fn(async (id: string) => {
      if (id === 'raced') throw conflict;
      if (id === 'broken') throw new Error('away');
      return { state: closed, events: [] };
    });
    const states = { a: UNTOUCHED, done: closed, raced: UNTOUCHED, broken: UNTOUCHED, b: UNTOUCHED };
    const close = { act: 'close', disposition: 'benign', reason: 'ok' } as const;
    expect(await decideAll(close, states, decide)).toMatchObject({
      done: 2,
      skipped: 2,
      faults: [{ message: 'away' }],
    });
    expect(decide.mock.calls.map(([id]) => id)).toEqual(['a', 'raced', 'broken', 'b']);
  });

  it('assigns nothing that is closed or is that person’s already', async () => {
    const decide = vi.fn(async () => ({ state: closed, events: [] }));
    const states = { mine: { ...UNTOUCHED, assignee: 'wu' }, closed, other: { ...UNTOUCHED, assignee: 'li' } };
    expect(await decideAll({ act: 'assign', assignee: 'wu' }, states, decide)).toMatchObject({ done: 1, skipped: 2 });
  });
});
