import { beforeEach, describe, expect, it } from 'vitest';
import { FeedState } from '../../src/feed/feed-state.ts';
import type { Incident } from '../../src/finding/incident.ts';
import { lifeEventOf } from '../../src/finding/lifecycle.ts';
import { finding, pulse } from './samples.ts';

const start = 1_800_000_000_000;
let state: FeedState;
beforeEach(() => {
  state = new FeedState({
    epoch: 'e',
    sourceName: (source) => (source === 'db' ? { zh: '数据库', en: 'Database' } : undefined),
  });
});

const everything = (now = start): ReturnType<FeedState['changes']> => state.changes(undefined, now);

describe('current findings', () => {
  it('are at most 500, and the low ones give way first', () => {
    state.finding(finding('first', { severity: 'critical' }));
    for (let i = 0; i < 600; i++) state.finding(finding(`low${i}`, { severity: 'low' }));
    const { findings } = everything();
    expect(findings).toHaveLength(500);
    expect(findings[0]?.groupKey).toBe('first');
    expect(findings[1]?.groupKey).toBe('low101');
  });

  it('do not come back when an old one that has left is delivered again', () => {
    for (let i = 0; i < 501; i++) state.finding(finding(`f${i}`));
    expect(state.finding(finding('f0'))).toBe(false);
    expect(state.finding(finding('f0', { revision: 2 }))).toBe(true);
  });

  it('leave a day after their last cause', () => {
    state.finding(finding('a', { causedAt: start }));
    state.second(start + 24 * 3_600_000);
    expect(everything().findings).toHaveLength(1);
    state.second(start + 24 * 3_600_000 + 1);
    expect(everything().findings).toHaveLength(0);
  });

  it('count as raised in their second, but not when they are recalled or only revised', () => {
    state.recall(finding('old'));
    state.finding(finding('new'));
    state.finding(finding('new', { revision: 2 }));
    state.second(start);
    state.second(start + 1_000);
    expect(everything().rates.map((rate) => rate.findings)).toEqual([1, 0]);
  });
});

describe('rates', () => {
  it('come from the counters of the programs, also over a restart that sets them to 0', () => {
    const seconds = [1_000, 1_250, 60, 160];
    const rates = seconds.map((received, i) => {
      state.pulse(pulse(start + i * 1_000, { totals: { received } }), start + i * 1_000);
      state.second(start + i * 1_000);
      return everything().rates.at(-1)?.events;
    });
    expect(rates).toEqual([0, 250, 60, 100]);
  });

  it('add up over several programs of a kind', () => {
    for (const [second, received] of [0, 100].entries())
      for (const instance of ['1', '2'])
        state.pulse(pulse(start + second * 1_000, { instance, totals: { received } }), start + second * 1_000);
    state.second(start + 1_000);
    expect(everything().rates.at(-1)?.events).toBe(200);
  });

  it('fall to 0 when the programs are silent', () => {
    state.pulse(pulse(start, { totals: { received: 0 } }), start);
    state.pulse(pulse(start + 1_000, { totals: { received: 100 } }), start + 1_000);
    state.second(start + 6_000);
    expect(everything().rates.at(-1)?.events).toBe(0);
  });
});

describe('sources', () => {
  const source = (changes = {}): object => ({
    source: 'db',
    events: 100,
    unparsed: 0,
    lastEventTime: start,
    lagMs: 40,
    ...changes,
  });
  const second = (i: number, changes = {}): void => {
    const at = start + i * 1_000;
    state.pulse(pulse(at, { sources: [source(changes)] as never }), at);
    state.second(at);
  };

  it('carry the registry name, an averaged rate and their counts', () => {
    for (let i = 0; i < 40; i++) second(i);
    expect(everything().sources).toHaveLength(1);
    expect(everything().sources[0]).toMatchObject({ name: { zh: '数据库' }, events: 4_000, lagMs: 40, problem: '' });
    expect(everything().sources[0]!.rate).toBeCloseTo(100, 0);
  });

  it('are counted where they come in, not again where they are judged', () => {
    second(0);
    state.pulse(pulse(start, { program: 'detect', sources: [source({ lagMs: 90 })] as never }), start);
    expect(everything().sources[0]).toMatchObject({ events: 100, lagMs: 90 });
  });

  it('are lagging, unreadable or silent when they are', () => {
    for (let i = 0; i < 5; i++) second(i, { lagMs: 700_000 });
    expect(everything().sources[0]?.problem).toBe('lagging');
    for (let i = 5; i < 15; i++) second(i, { unparsed: 20 });
    expect(everything().sources[0]?.problem).toBe('unparsed');
    state.second(start + 14_000 + 300_001);
    expect(everything().sources[0]?.problem).toBe('silent');
  });

  it('are sent again only when something about them changed', () => {
    second(0);
    for (let i = 1; i < 60; i++) state.second(start + i * 1_000);
    const { n } = state;
    state.second(start + 60_000);
    expect(state.changes(n, start).sources).toEqual([]);
  });

  it('are bounded; those beyond are counted', () => {
    for (let i = 0; i < 600; i++)
      state.pulse(pulse(start + i, { sources: [source({ source: `s${i}` })] as never }), start);
    state.second(start);
    expect(everything().sources).toHaveLength(500);
    expect(everything().health?.sourcesNotShown).toBe(100);
  });
});

describe('health', () => {
  const health = (now: number): ReturnType<FeedState['health']> => {
    state.second(now);
    return state.health();
  };

  it('goes from starting to ok to stale as programs begin and end to speak', () => {
    expect(health(start).state).toBe('starting');
    state.pulse(pulse(start), start);
    expect(health(start + 4_000).state).toBe('ok');
    expect(health(start + 5_000)).toMatchObject({ state: 'stale', programs: [{ program: 'collect', silent: true }] });
  });

  it.each([
    ['a program is silent', pulse(start + 5_000, { program: 'detect' })],
    ['a program has a problem', pulse(start + 5_000, { problems: ['The data volume is 86 % full.'] })],
    ['a detector is parked', pulse(start + 5_000, { parked: [{ detector: 'bulk-read', reason: 'threw' }] })],
  ])('is degraded when %s', (_when, next) => {
    state.pulse(pulse(start), start);
    state.pulse(next, start + 5_000);
    expect(health(start + 5_000).state).toBe('degraded');
  });

  it('adds the counters of all programs up', () => {
    state.pulse(pulse(start, { totals: { received: 10, appended: 9 } }), start);
    state.pulse(pulse(start, { program: 'detect', totals: { evaluated: 8 } }), start);
    expect(health(start).totals).toMatchObject({ received: 10, appended: 9, evaluated: 8, stored: 0 });
  });

  it('takes no pulse twice', () => {
    state.pulse(
      pulse(start, { sources: [{ source: 'db', events: 5, unparsed: 0, lastEventTime: 0, lagMs: 0 }] }),
      start,
    );
    state.pulse(
      pulse(start, { sources: [{ source: 'db', events: 5, unparsed: 0, lastEventTime: 0, lagMs: 0 }] }),
      start,
    );
    state.second(start);
    expect(state.sources()[0]?.events).toBe(5);
  });
});

describe('what people do with findings', () => {
  it('changes the finding for everybody, also when it arrives before the finding itself', () => {
    const raised = finding('a', { id: 'a' });
    const acknowledged = { ...lifeEventOf(raised), id: 'x', act: 'acknowledged', by: 'lina' } as const;
    state.life(lifeEventOf(raised));
    state.life(acknowledged);
    state.finding(raised);
    expect(everything().findings[0]?.life).toMatchObject({ status: 'acknowledged', changedBy: 'lina' });
    const { n } = state;
    state.life(acknowledged);
    expect(state.n).toBe(n);
    state.life({ ...acknowledged, id: 'y', act: 'note', text: 'on it', at: acknowledged.at + 1 });
    expect(state.changes(n, start).findings).toMatchObject([{ id: 'a', life: { notes: 1 } }]);
  });

  it('is not sent for the mere growth of findings that nobody has touched', () => {
    const raised = finding('a', { id: 'a' });
    state.finding(raised);
    const { n } = state;
    state.life(lifeEventOf(raised));
    expect(state.n).toBe(n);
    expect(everything().findings[0]?.life).toBeUndefined();
  });
});

describe('current incidents', () => {
  const incident = (revision: number, causedAt = start) =>
    ({ id: 'i', revision, causedAt, score: 50 + revision, steps: [] }) as unknown as Incident;

  it('are told in their latest revision, and only when they have changed', () => {
    expect(everything().incidents).toBeUndefined();
    state.incident(incident(2));
    expect(state.incident(incident(1))).toBe(false);
    const { n } = state;
    expect(everything().incidents).toMatchObject([{ revision: 2 }]);
    expect(state.changes(n, start).incidents).toBeUndefined();
    state.incident(incident(3));
    expect(state.changes(n, start).incidents).toMatchObject([{ revision: 3 }]);
  });

  it('leave a week after their last cause', () => {
    state.incident(incident(1));
    state.second(start + 7 * 24 * 3_600_000 + 1);
    expect(everything().incidents).toBeUndefined();
  });
});
