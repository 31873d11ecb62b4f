import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Feed } from '../../src/feed/feed.ts';
import { registryFrom } from '../../src/registry/registry-from.ts';
import { Reach } from '../../src/scope/reach.ts';
import { FakeSocket } from './fake-socket.ts';
import { finding, incident, pulse } from './samples.ts';

const NOW = 1_800_000_000_000;
const registry = registryFrom({
  departments: [{ id: 'civil', name: '民政局' }, { id: 'tax', name: '税务局' }], // prettier-ignore
  systems: [{ id: 'aid', name: '救助', department: 'civil' }],
  sources: [{ id: 'aid-db', system: 'aid' }],
});
const PLACE = { vendor: '', system: '', asset: '', source: '' };
const own = finding('own', { ...PLACE, department: 'civil' });
const other = finding('other', { ...PLACE, department: 'tax' });
let feed: Feed;
let part: Feed;

beforeEach(() => {
  vi.useFakeTimers({ now: NOW });
  feed = new Feed();
  feed.start();
  feed.recall([own, other]);
  part = feed.within(new Reach({ departments: ['civil'], vendors: [] }, registry, NOW));
});
afterEach(() => {
  feed.stop();
  vi.useRealTimers();
});

function connected(query: unknown = {}): FakeSocket {
  const socket = new FakeSocket();
  part.connect(socket, query);
  return socket;
}

describe('the feed within a scope', () => {
  it('begins with what is of the scope, and goes on with it', () => {
    const socket = connected();
    expect(socket.changes[0]!.findings.map(({ id }) => id)).toEqual([own.id]);
    feed.finding({ ...other, revision: 2 });
    feed.finding({ ...own, revision: 2 });
    vi.advanceTimersByTime(200);
    expect(socket.changes.slice(1).flatMap(({ findings }) => findings).map(({ id }) => id)).toEqual([own.id]); // prettier-ignore
  });

  it('can not be widened by what is subscribed', () => {
    expect(connected({ department: 'tax' }).changes[0]!.findings).toEqual([]);
    expect(connected({ department: 'tax,civil' }).changes[0]!.findings.map(({ id }) => id)).toEqual([own.id]);
  });

  it('tells of no incident that is also about others', () => {
    feed.incident(incident([own]));
    feed.incident(incident([other, own]));
    expect(connected().changes[0]!.incidents?.map(({ steps }) => steps.length)).toEqual([1]);
  });

  it('counts events of own sources only, and says nothing of what is wrong elsewhere', () => {
    const of = (source: string, events: number) => ({ source, events, unparsed: 0, lastEventTime: NOW, lagMs: 5 });
    for (const at of [NOW, NOW + 1_000])
      feed.pulse(
        pulse(at, {
          sources: [of('aid-db', 7), of('tax-db', 90)],
          totals: { received: (at - NOW) / 10, refused: 3 },
          ...{ problems: ['tax-db is away'], instance: 'host-of-tax', parked: [{ detector: 'x', reason: 'tax' }] },
        }),
      );
    vi.advanceTimersByTime(1_000);
    const [snapshot] = connected().changes;
    expect(snapshot!.sources.map(({ source, events }) => [source, events])).toEqual([['aid-db', 14]]);
    expect(snapshot!.rates.at(-1)).toMatchObject({ events: 7 });
    expect(snapshot!.health).toMatchObject({
      state: 'ok',
      problems: [],
      parked: [],
      totals: { received: 14, refused: 0 },
    });
    expect(JSON.stringify(snapshot)).not.toContain('tax');
  });

  it('has numbers of its own, which what happens to others does not move', () => {
    const socket = connected();
    const before = socket.changes[0]!.n;
    for (let revision = 2; revision < 50; revision++) feed.finding({ ...other, revision });
    feed.finding({ ...own, revision: 2 });
    vi.advanceTimersByTime(200);
    expect(socket.changes.at(-1)!.n).toBe(before + 1);
  });

  it('does not go on for somebody who comes from the feed of all', () => {
    const whole = new FakeSocket();
    feed.connect(whole);
    const { epoch, n } = whole.changes[0]!;
    expect(connected({ epoch, after: n }).changes[0]!.type).toBe('snapshot');
  });

  it('counts its clients among all, and ends with the feed', () => {
    const socket = connected();
    expect(feed.clients).toBe(1);
    feed.stop();
    expect(socket.closed).toEqual([1001, 'the server stops']);
  });
});
