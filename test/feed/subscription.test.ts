import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WanglouError } from '../../src/errors.ts';
import { Feed } from '../../src/feed/feed.ts';
import type { Changes } from '../../src/feed/protocol.ts';
import { subscriptionOf } from '../../src/feed/subscription.ts';
import { lifeEventOf } from '../../src/finding/lifecycle.ts';
import { FakeSocket } from './fake-socket.ts';
import { finding, incident, pulse } from './samples.ts';

let feed: Feed;
beforeEach(() => {
  vi.useFakeTimers({ now: 1_800_000_000_000 });
  feed = new Feed({ detectors: ['bulk-read', 'brute-force'] });
  feed.start();
});
afterEach(() => {
  feed.stop();
  vi.useRealTimers();
});

function connected(query: object): FakeSocket {
  const socket = new FakeSocket();
  feed.connect(socket, query);
  return socket;
}

/** Names of the findings that a client has after these messages. */
function listOf({ changes }: FakeSocket): string[] {
  const list = new Map<string, string>();
  let at = 0;
  for (const message of changes) {
    if (message.type === 'snapshot') list.clear();
    else expect(message.after).toBe(at);
    for (const { id, groupKey } of message.findings) list.set(id, groupKey);
    for (const id of message.gone ?? []) list.delete(id);
    at = message.n;
  }
  return [...list.values()];
}

const settle = (): unknown => vi.advanceTimersByTime(200);

describe('what can be asked for', () => {
  it.each([
    ['a topic that is none', { topics: 'findings,weather' }, /topics is "findings,weather"/, /findings, incidents/],
    ['no topic', { topics: '' }, /topics is ""/, /leave it out/],
    ['a severity that is none', { severity: 'hihg' }, /severity is "hihg"/, /low, medium, high, critical/],
    ['an empty vendor', { vendor: 'a,,b' }, /vendor is "a,,b": is empty/, /leave vendor out/],
    ['a status that is none', { status: 'open' }, /status is "open"/, /acknowledged/],
    ['a detector that is none', { detector: 'bulkread' }, /detector is "bulkread"/, /detectors\/README.md/],
    ['a parameter that is none', { severty: 'high' }, /"severty" is no parameter/, /severity/],
  ])('refuses %s, and says what to write', (_what, query, message, remedy) => {
    let refused: unknown;
    try {
      feed.check(query);
    } catch (error) {
      refused = error;
    }
    expect(refused).toBeInstanceOf(WanglouError);
    const { code, status, message: said, remedy: help } = refused as WanglouError;
    expect([code, status]).toEqual(['WL_QUERY_INVALID', 400]);
    expect(said).toMatch(message);
    expect(help).toMatch(remedy);
  });

  it('is the same subscription however it is written', () => {
    const key = (query: object): string => subscriptionOf(query, []).key;
    expect(key({ topics: 'rates,findings', vendor: 'b,a' })).toBe(
      key({ vendor: ['a', 'b', 'a'], topics: ['findings', 'rates'] }),
    );
    expect(key({ topics: 'health,rates,sources,incidents,findings,posture' })).toBe(key({}));
    expect(key({ vendor: 'a' })).not.toBe(key({ department: 'a' }));
  });
});

describe('topics', () => {
  it('bring what was asked for and nothing else', () => {
    const raised = finding('a');
    feed.finding(raised);
    feed.incident(incident([raised]));
    feed.pulse(pulse(Date.now(), { sources: [{ source: 's', events: 5, unparsed: 0, lastEventTime: 1, lagMs: 1 }] }));
    vi.advanceTimersByTime(1_000);
    const shown = (topics: string): string[] => {
      const [{ findings, incidents = [], rates, sources, health }] = connected({ topics }).changes as [Changes];
      const counts = { findings, incidents, rates, sources, health: health ? [health] : [] };
      return Object.entries(counts).flatMap(([name, list]) => (list.length > 0 ? [name] : []));
    };
    for (const topic of ['findings', 'incidents', 'rates', 'sources', 'health']) expect(shown(topic)).toEqual([topic]);
    expect(shown('findings,rates')).toEqual(['findings', 'rates']);
  });

  it('that have nothing to tell are still heard once a second, and not more often', () => {
    const socket = connected({ topics: 'incidents' });
    for (let i = 0; i < 30; i++) {
      feed.finding(finding(`f${i}`));
      vi.advanceTimersByTime(100);
    }
    expect(socket.changes).toHaveLength(1 + 3);
    expect(listOf(socket)).toEqual([]);
  });
});

describe('filters', () => {
  it.each([
    ['severity', { severity: 'high' }, ['severe', 'other']],
    ['vendor', { vendor: 'v1,v2' }, ['mild']],
    ['department', { department: 'tax' }, ['other']],
    ['system', { system: 'population-platform' }, ['severe', 'mild']],
    ['detector', { detector: 'brute-force' }, ['other']],
    ['two of them', { severity: 'high', system: 'population-platform' }, ['severe']],
  ])('by %s bring those findings only, in the snapshot and later', (_what, query, names) => {
    const raised = [
      finding('severe', { severity: 'critical' }),
      finding('mild', { severity: 'medium', vendor: 'v1' }),
      finding('other', { department: 'tax', system: 'tax-portal', detector: 'brute-force' }),
    ];
    const early = connected(query);
    for (const each of raised) feed.finding(each);
    settle();
    expect(listOf(early)).toEqual(names);
    expect(listOf(connected(query))).toEqual(names);
  });

  it('take an incident for what any of its steps is', () => {
    feed.incident(incident([finding('a', { vendor: 'v1' }), finding('b', { vendor: 'v2' })]));
    const [of, notOf] = ['v2', 'v3'].map((vendor) => connected({ vendor }).changes[0]?.incidents);
    expect(of).toHaveLength(1);
    expect(notOf).toBeUndefined();
  });

  it('share one frame among the clients of a subscription, each subscription its own', () => {
    const queries = [{ severity: 'high' }, { severity: 'high' }, { topics: 'findings' }, { severity: 'high' }];
    const sockets = queries.map(connected);
    feed.finding(finding('a'));
    settle();
    expect(new Set(sockets.map(({ sent }) => sent.at(-1))).size).toBe(2);
  });
});

describe('a finding that leaves a filter', () => {
  const close = (of: string): void => {
    const closing = { id: `closed ${of}`, act: 'closed', by: 'lina', disposition: 'benign', at: Date.now() } as const;
    feed.life([{ ...lifeEventOf(finding(of)), ...closing }]);
  };

  it('is told as gone to those who have it, and to nobody else', () => {
    const open = connected({ status: 'new,acknowledged,reopened', topics: 'findings' });
    const severe = connected({ severity: 'critical', status: 'new' });
    const all = connected({});
    feed.finding(finding('a'));
    feed.finding(finding('b'));
    settle();
    close('a');
    settle();
    expect(listOf(open)).toEqual(['b']);
    expect(listOf(all)).toEqual(['a', 'b']);
    expect(open.changes.at(-1)).toMatchObject({ findings: [], gone: [finding('a').id] });
    expect([...severe.changes, ...all.changes].some(({ gone }) => gone !== undefined)).toBe(false);
  });

  it('also when its department changes with a revision, and it comes back with another', () => {
    const socket = connected({ department: 'civil-affairs' });
    const list = [];
    for (const [i, department] of ['civil-affairs', 'tax', 'civil-affairs', 'tax'].entries()) {
      feed.finding(finding('a', { revision: i + 1, department }));
      settle();
      list.push(listOf(socket));
    }
    expect(list).toEqual([['a'], [], ['a'], []]);
  });

  it('is gone for a client that was away meanwhile', () => {
    const query = { status: 'new', topics: 'findings' };
    const first = connected(query);
    feed.finding(finding('a'));
    settle();
    const { epoch, n } = first.changes.at(-1)!;
    first.emit('close');
    close('a');
    feed.finding(finding('b'));
    close('b');
    const again = connected({ ...query, epoch, after: String(n) });
    expect(again.changes).toMatchObject([{ type: 'batch', after: n, gone: [finding('a').id] }]);
  });

  it('is told as gone when it had given way to others before', () => {
    const socket = connected({ department: 'civil-affairs' });
    feed.finding(finding('a'));
    for (let i = 0; i < 600; i++) feed.finding(finding(`f${i}`, { department: 'tax' }));
    settle();
    feed.finding(finding('a', { revision: 2, department: 'tax' }));
    settle();
    expect(socket.changes.at(-1)?.gone).toEqual([finding('a').id]);
  });
});

describe('a client that comes back', () => {
  const stand = (query: object): { epoch: string; after: number } => {
    const { epoch, n } = connected(query).changes.at(-1)!;
    return { epoch, after: n };
  };

  it('goes on with the same subscription', () => {
    const query = { topics: 'findings', severity: 'high' };
    const at = stand(query);
    feed.finding(finding('missed'));
    feed.finding(finding('mild', { severity: 'low' }));
    const { changes } = connected({ ...query, ...at });
    expect(changes).toMatchObject([{ type: 'batch', after: at.after, findings: [{ groupKey: 'missed' }] }]);
  });

  it('begins with a snapshot when it asks for something else', () => {
    const at = stand({ severity: 'high' });
    for (const other of [{}, { severity: 'critical' }, { severity: 'high', topics: 'findings' }])
      expect(connected({ ...other, ...at }).changes[0]?.type).toBe('snapshot');
  });
});

describe('over a long and stormy time', () => {
  it('every client ends with the list that a new one of its subscription begins with', () => {
    let seed = 7;
    const random = (below: number): number => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) % below;
    const queries = [{ department: 'd0' }, { status: 'new', department: 'd1,d2' }, { severity: 'high' }];
    const sockets = queries.map(connected);
    const revisions = new Map<string, number>();
    for (let step = 0; step < 3_000; step++) {
      const name = `f${random(100)}`;
      const revision = (revisions.get(name) ?? 0) + 1;
      revisions.set(name, revision);
      const severity = (['medium', 'high'] as const)[Math.min(1, revision >> 4)]!;
      feed.finding(finding(name, { revision, severity, department: `d${random(3)}`, alert: random(3) === 0 }));
      if (random(10) === 0)
        feed.life([
          {
            ...lifeEventOf(finding(name)),
            id: `${step}`,
            act: random(2) ? 'closed' : 'reopened',
            by: 'lina',
            at: step,
          },
        ]);
      if (random(10) === 0) sockets[random(3)]!.bufferedAmount = random(2) * 2_000_000;
      vi.advanceTimersByTime(random(40));
      for (const socket of sockets) socket.emit('pong');
    }
    for (const socket of sockets) socket.bufferedAmount = 0;
    vi.advanceTimersByTime(1_000);
    for (const [i, socket] of sockets.entries())
      expect(listOf(socket).sort()).toEqual(listOf(connected(queries[i]!)).sort());
    expect(sockets.every((socket) => listOf(socket).length > 0)).toBe(true);
  });
});
