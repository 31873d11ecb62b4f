import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Feed } from '../../src/feed/feed.ts';
import type { Changes } from '../../src/feed/protocol.ts';
import { FakeSocket } from './fake-socket.ts';
import { finding, pulse } from './samples.ts';

let feed: Feed;

beforeEach(() => {
  vi.useFakeTimers({ now: 1_800_000_000_000 });
  feed = new Feed();
  feed.start();
});
afterEach(() => {
  feed.stop();
  vi.useRealTimers();
});

function connected(...rest: Parameters<Feed['connect']> extends [unknown, ...infer Rest] ? Rest : never): FakeSocket {
  const socket = new FakeSocket();
  feed.connect(socket, ...rest);
  return socket;
}

/** Applies messages as a client must: snapshot replaces, batch continues, the highest revision stays. */
function clientView(messages: readonly Changes[]): { n: number; revisions: Map<string, number>; gaps: number } {
  const view = { n: 0, revisions: new Map<string, number>(), gaps: 0 };
  for (const message of messages) {
    if (message.type === 'snapshot') view.revisions.clear();
    else if (message.after !== view.n) view.gaps++;
    for (const { id, revision } of message.findings) view.revisions.set(id, revision);
    view.n = message.n;
  }
  return view;
}

describe('a new client', () => {
  it('is greeted, then gets everything as it is', () => {
    feed.recall([finding('a'), finding('b', { revision: 3 })]);
    const [hello, snapshot, ...more] = connected().messages;
    expect(hello).toMatchObject({ type: 'hello', protocol: 1, beatMs: 1_000 });
    expect(snapshot).toMatchObject({ type: 'snapshot', after: 0, health: { state: 'starting' } });
    expect((snapshot as Changes).findings.map((one) => one.revision)).toEqual([1, 3]);
    expect(more).toEqual([]);
  });

  it('gets the rates of the last ten minutes and no more', () => {
    vi.advanceTimersByTime(700_000);
    expect(connected().changes[0]?.rates).toHaveLength(600);
  });
});

describe('a finding that happens', () => {
  it('is sent at once when it alerts, at the next tick when it does not', () => {
    const socket = connected();
    vi.advanceTimersByTime(50);
    feed.finding(finding('a'));
    vi.advanceTimersByTime(1);
    expect(socket.changes.at(-1)?.findings.map((one) => one.groupKey)).toEqual(['a']);
    feed.finding(finding('a', { revision: 2, alert: false }));
    vi.advanceTimersByTime(20);
    expect(socket.changes.at(-1)?.findings[0]?.revision).toBe(1);
    vi.advanceTimersByTime(30);
    expect(socket.changes.at(-1)?.findings[0]?.revision).toBe(2);
  });

  it('is not sent again when it is delivered again, nor replaced by an older revision', () => {
    const socket = connected();
    feed.finding(finding('a', { revision: 2 }));
    vi.advanceTimersByTime(5);
    const before = socket.sent.length;
    feed.finding(finding('a', { revision: 2 }));
    feed.finding(finding('a', { revision: 1 }));
    vi.advanceTimersByTime(500);
    expect(socket.sent).toHaveLength(before);
  });

  it('keeps its place in time when a later revision does not alert, and takes a new one when it does', () => {
    const socket = connected();
    feed.finding(finding('a', { causedAt: 1_800_000_000_100 }));
    feed.finding(finding('a', { causedAt: 1_800_000_000_200, revision: 2, alert: false }));
    vi.advanceTimersByTime(200);
    expect(socket.changes.at(-1)?.findings[0]?.raisedAt).toBe(1_800_000_000_100);
    feed.finding(finding('a', { causedAt: 1_800_000_000_300, revision: 3 }));
    vi.advanceTimersByTime(200);
    expect(socket.changes.at(-1)?.findings[0]?.raisedAt).toBe(1_800_000_000_300);
  });

  it('makes few frames of many alerts, in the order in which they came', () => {
    const socket = connected();
    for (let i = 0; i < 50; i++) feed.finding(finding(`f${i}`));
    vi.advanceTimersByTime(5);
    expect(socket.changes).toHaveLength(2);
    expect(socket.changes[1]?.findings.map((one) => one.groupKey)).toEqual(
      Array.from({ length: 50 }, (_, i) => `f${i}`),
    );
  });

  it('is serialized once for all clients', () => {
    const sockets = [connected(), connected(), connected()];
    feed.finding(finding('a'));
    vi.advanceTimersByTime(5);
    expect(new Set(sockets.map((socket) => socket.sent.at(-1))).size).toBe(1);
  });
});

describe('a client that comes back', () => {
  it('gets exactly what it missed, as one batch that continues where it stopped', () => {
    feed.finding(finding('seen'));
    const first = connected();
    const { epoch, n } = first.changes[0]!;
    first.emit('close');
    feed.finding(finding('missed', { revision: 1 }));
    feed.finding(finding('missed', { revision: 2, alert: false }));
    vi.advanceTimersByTime(500);
    const again = connected({ epoch, after: n });
    expect(again.changes).toHaveLength(1);
    expect(again.changes[0]).toMatchObject({ type: 'batch', after: n });
    expect(again.changes[0]?.findings.map((one) => [one.groupKey, one.revision])).toEqual([['missed', 2]]);
  });

  it('hears only hello when it missed nothing', () => {
    const { epoch, n } = connected().changes[0]!;
    expect(connected({ epoch, after: n }).messages.map((message) => message.type)).toEqual(['hello']);
  });

  it.each([
    ['from another epoch', { epoch: 'another', after: 0 }],
    ['from the future', { epoch: '', after: 5 }],
  ])('begins anew with a snapshot when it comes %s', (_when, resume) => {
    const { epoch } = connected().changes[0]!;
    expect(connected({ ...resume, epoch: resume.epoch || epoch }).changes[0]?.type).toBe('snapshot');
  });

  it('begins anew with a snapshot when it is more than 10,000 changes behind', () => {
    const { epoch, n } = connected().changes[0]!;
    for (let i = 0; i < 10_001; i++) feed.finding(finding('a', { revision: i + 1, alert: false }));
    expect(connected({ epoch, after: n }).changes[0]?.type).toBe('snapshot');
  });
});

describe('more findings at once than a snapshot has', () => {
  const raise = (count: number): void => {
    for (let i = 0; i < count; i++) feed.finding(finding(`f${i}`, { alert: false }));
  };

  it('arrive all, in order, at who is connected and at who comes back', () => {
    const there = connected();
    const { epoch, n } = there.changes[0]!;
    raise(3_000);
    const names = Array.from({ length: 3_000 }, (_, i) => `f${i}`);
    vi.advanceTimersByTime(100);
    const again = connected({ epoch, after: n });
    for (const { changes } of [there, again])
      expect(changes.at(-1)?.findings.map((one) => one.groupKey)).toEqual(names);
    expect(connected().changes[0]?.findings).toHaveLength(500);
  });

  it('let a client begin anew rather than with a gap that it can not see', () => {
    const there = connected();
    const { epoch, n } = there.changes[0]!;
    raise(6_000);
    vi.advanceTimersByTime(100);
    const again = connected({ epoch, after: n });
    for (const { changes } of [there, again])
      expect(changes.at(-1)).toMatchObject({ type: 'snapshot', findings: { length: 500 } });
  });
});

describe('a client that does not read', () => {
  it('is skipped, then gets the latest state of all that it missed', () => {
    const socket = connected();
    socket.bufferedAmount = 2_000_000;
    const before = socket.sent.length;
    for (let i = 1; i <= 30; i++) {
      feed.finding(finding('a', { revision: i }));
      vi.advanceTimersByTime(100);
    }
    expect(socket.sent).toHaveLength(before);
    socket.bufferedAmount = 0;
    vi.advanceTimersByTime(100);
    const view = clientView(socket.changes);
    expect(view.gaps).toBe(0);
    expect(socket.changes).toHaveLength(2);
    expect([...view.revisions.values()]).toEqual([30]);
  });

  it('is closed after thirty seconds and then cut off, while others go on', () => {
    const slow = connected();
    const other = connected();
    slow.bufferedAmount = 2_000_000;
    other.emit('pong');
    vi.advanceTimersByTime(14_000);
    vi.advanceTimersByTime(2_000);
    slow.emit('pong');
    other.emit('pong');
    vi.advanceTimersByTime(13_000);
    expect(slow.closed).toBeUndefined();
    vi.advanceTimersByTime(2_500);
    expect(slow.closed?.[0]).toBe(1013);
    vi.advanceTimersByTime(2_000);
    expect(slow.terminated).toBe(true);
    expect(other.closed).toBeUndefined();
    expect(feed.clients).toBe(1);
  });
});

describe('a client that does not answer', () => {
  it('is told 1013 last, also when it is cut off for its silence', () => {
    const silent = connected();
    vi.advanceTimersByTime(30_000);
    expect(silent.closed?.[0]).toBe(1013);
    expect(silent.terminated).toBe(true);
  });

  it('is not taken for gone while the question waits behind what it has not read, and has 30 s for that', () => {
    const slow = connected();
    vi.advanceTimersByTime(14_000);
    slow.bufferedAmount = 2_000_000;
    vi.advanceTimersByTime(20_000);
    expect(slow.terminated).toBe(false);
    slow.bufferedAmount = 0;
    vi.advanceTimersByTime(10_000);
    expect(slow.closed).toBeUndefined();
    expect(slow.changes.at(-1)?.rates.length).toBeGreaterThan(0);
  });
});

describe('a connection', () => {
  it('is pinged every 15 s and cut off when it did not answer', () => {
    const living = connected();
    const dead = connected();
    vi.advanceTimersByTime(15_000);
    expect([living.pings, dead.pings]).toEqual([1, 1]);
    living.emit('pong');
    vi.advanceTimersByTime(15_000);
    expect(living.terminated).toBe(false);
    expect(dead.terminated).toBe(true);
    expect(feed.clients).toBe(1);
  });

  it('ends within a second of its session', () => {
    let signedIn = true;
    const socket = connected(undefined, () => signedIn);
    vi.advanceTimersByTime(2_000);
    expect(socket.closed).toBeUndefined();
    signedIn = false;
    vi.advanceTimersByTime(1_000);
    expect(socket.closed).toEqual([4401, 'signed out']);
  });

  it('ends when the client talks', () => {
    const socket = connected();
    socket.emit('message');
    expect(socket.closed?.[0]).toBe(1008);
  });

  it('ends with the feed, so that the client comes back', () => {
    const socket = connected();
    feed.stop();
    expect(socket.closed?.[0]).toBe(1001);
  });
});

describe('over a long and stormy time', () => {
  it('every client ends with the same findings, without a gap', () => {
    let seed = 42;
    const random = (below: number): number => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) % below;
    const sockets = Array.from({ length: 5 }, () => connected());
    const revisions = new Map<string, number>();
    for (let step = 0; step < 2_000; step++) {
      const name = `f${random(300)}`;
      const revision = (revisions.get(name) ?? 0) + 1;
      revisions.set(name, revision);
      feed.finding(finding(name, { revision, alert: random(3) === 0 }));
      if (random(10) === 0) sockets[random(5)]!.bufferedAmount = random(2) * 2_000_000;
      vi.advanceTimersByTime(random(20));
      for (const socket of sockets) socket.emit('pong');
    }
    for (const socket of sockets) socket.bufferedAmount = 0;
    vi.advanceTimersByTime(1_000);
    for (const socket of sockets) {
      const view = clientView(socket.changes);
      expect(view.gaps).toBe(0);
      expect(view.revisions.size).toBe(revisions.size);
      expect([...view.revisions.values()].sort()).toEqual([...revisions.values()].sort());
    }
  });
});

it('carries a pulse of every program to the page once a second', () => {
  const socket = connected();
  feed.pulse(pulse(Date.now(), { totals: { received: 1_000 } }));
  vi.advanceTimersByTime(1_000);
  feed.pulse(pulse(Date.now(), { totals: { received: 1_500 } }));
  vi.advanceTimersByTime(1_000);
  expect(socket.changes.at(-1)).toMatchObject({ rates: [{ events: 500 }], health: { state: 'ok' } });
});
