import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LiveClient } from '../../dashboards/src/live/live-client.ts';
import { latestIncidents, newestFirst } from '../../dashboards/src/live/live-state.ts';
import type { Changes, FeedFinding } from '../../src/feed/protocol.ts';
import { lifeEventOf, stateOf } from '../../src/finding/lifecycle.ts';
import { finding, incident as anIncident } from '../feed/samples.ts';

interface Opened {
  query: string;
  hear: (message: object) => void;
  lost: (code: number) => void;
  closed: boolean;
}

let opened: Opened[];
let signedIn: boolean;
let signedOut: number;
let client: LiveClient;

beforeEach(() => {
  vi.useFakeTimers();
  opened = [];
  signedIn = true;
  signedOut = 0;
  client = new LiveClient({
    open: (query, hear, lost) => {
      const one: Opened = { query, hear: (message) => hear(JSON.stringify(message)), lost, closed: false };
      opened.push(one);
      return { close: () => (one.closed = true) };
    },
    onChange: () => undefined,
    onSignedOut: () => signedOut++,
    isSignedIn: async () => signedIn,
  });
  client.start();
});
afterEach(() => {
  client.stop();
  vi.useRealTimers();
});

const hello = { type: 'hello', protocol: 1, epoch: 'e', now: 0, beatMs: 1_000 };
const last = (): Opened => opened.at(-1)!;

function changes(type: Changes['type'], after: number, n: number, findings: readonly FeedFinding[] = []): Changes {
  return { type, epoch: 'e', after, n, now: Date.now(), findings, rates: [], sources: [] };
}
function raised(name: string, raisedAt: number, revision = 1): FeedFinding {
  return { ...finding(name, { revision }), raisedAt };
}
function names(): string[] {
  return newestFirst(client.state).map((one) => one.groupKey);
}

describe('the page', () => {
  it('shows the snapshot, then what is new above it, marked as news', () => {
    last().hear(hello);
    last().hear(changes('snapshot', 0, 5, [raised('a', 1), raised('b', 2)]));
    last().hear(changes('batch', 5, 6, [raised('c', 3)]));
    expect(names()).toEqual(['c', 'b', 'a']);
    expect([...client.state.news]).toEqual([finding('c').id]);
    expect(client.link).toBe('live');
  });

  it('keeps the highest revision, and each finding once', () => {
    last().hear(hello);
    last().hear(changes('snapshot', 0, 5, [raised('a', 1, 3)]));
    last().hear(changes('batch', 5, 6, [raised('a', 1, 2)]));
    last().hear(changes('batch', 6, 7, [raised('a', 1, 4)]));
    expect(newestFirst(client.state).map((one) => one.revision)).toEqual([4]);
  });

  it('takes what people have done with a finding, whose revision stays the same', () => {
    const life = stateOf([{ ...lifeEventOf(finding('a')), id: 'x', act: 'acknowledged', by: 'wang' }]);
    last().hear(hello);
    last().hear(changes('snapshot', 0, 5, [raised('a', 1)]));
    last().hear(changes('batch', 5, 6, [{ ...raised('a', 1), life }]));
    expect(newestFirst(client.state)[0]?.life).toMatchObject({ status: 'acknowledged', changedBy: 'wang' });
    expect([...client.state.news]).toEqual([]);
  });

  it('keeps the latest revision of an incident, the last changed first', () => {
    const incident = (id: string, revision: number, causedAt: number) => ({
      ...anIncident([finding('a')]),
      ...{ id, revision, causedAt: Date.now() + causedAt },
    });
    last().hear(hello);
    last().hear({ ...changes('snapshot', 0, 5), incidents: [incident('a', 2, 20), incident('b', 1, 30)] });
    last().hear({ ...changes('batch', 5, 6), incidents: [incident('a', 1, 10)] });
    expect(latestIncidents(client.state)).toMatchObject([{ id: 'b' }, { id: 'a', revision: 2 }]);
    last().hear({ ...changes('batch', 6, 7), incidents: [incident('a', 3, 40)] });
    expect(latestIncidents(client.state)).toMatchObject([{ id: 'a', revision: 3 }, { id: 'b' }]);
  });

  it('keeps what it has while it is disconnected, and goes on where it stopped', () => {
    last().hear(hello);
    last().hear(changes('snapshot', 0, 5, [raised('a', 1)]));
    last().lost(1006);
    expect(client.link).toBe('lost');
    expect(names()).toEqual(['a']);
    vi.advanceTimersByTime(400);
    expect(opened).toHaveLength(2);
    expect(last().query).toBe('?epoch=e&after=5');
    last().hear(hello);
    last().hear(changes('batch', 5, 9, [raised('b', 2)]));
    expect(names()).toEqual(['b', 'a']);
  });

  it('forgets everything when the server begins anew', () => {
    last().hear(hello);
    last().hear(changes('snapshot', 0, 5, [raised('a', 1)]));
    last().lost(1006);
    vi.advanceTimersByTime(400);
    last().hear({ ...hello, epoch: 'f' });
    last().hear({ ...changes('snapshot', 0, 2, [raised('z', 1)]), epoch: 'f' });
    expect(names()).toEqual(['z']);
  });

  it('comes again from where it stands when a batch does not continue there', () => {
    last().hear(hello);
    last().hear(changes('snapshot', 0, 5));
    const first = last();
    first.hear(changes('batch', 7, 8, [raised('b', 2)]));
    expect(first.closed).toBe(true);
    expect(last().query).toBe('?epoch=e&after=5');
    first.hear(changes('batch', 5, 6, [raised('from an old connection', 2)]));
    expect(names()).toEqual([]);
  });

  it('notices silence that the socket does not', () => {
    last().hear(hello);
    last().hear(changes('snapshot', 0, 5));
    vi.advanceTimersByTime(3_400);
    expect(client.link).toBe('live');
    vi.advanceTimersByTime(200);
    expect(client.link).toBe('lost');
    expect(opened[0]!.closed).toBe(true);
  });

  it('tries again with longer pauses, and with short ones after it worked', async () => {
    for (const [i, pauseMs] of [250, 500, 1_000, 2_000, 5_000, 5_000].entries()) {
      last().lost(1006);
      await vi.advanceTimersByTimeAsync(pauseMs * 1.25);
      expect(opened).toHaveLength(i + 2);
    }
    last().hear(hello);
    last().hear(changes('snapshot', 0, 5));
    last().lost(1006);
    await vi.advanceTimersByTimeAsync(320);
    expect(opened).toHaveLength(8);
  });

  it.each([
    ['the server says so', 4401, true],
    ['the connection is refused and nobody is signed in', 1006, false],
  ])('asks to sign in when %s', async (_when, code, stillSignedIn) => {
    signedIn = stillSignedIn;
    last().lost(code);
    await vi.advanceTimersByTimeAsync(400);
    expect(signedOut).toBe(1);
    expect(opened).toHaveLength(1);
  });

  it('keeps a thousand findings at most, the newest', () => {
    last().hear(hello);
    last().hear(changes('snapshot', 0, 1));
    last().hear(
      changes(
        'batch',
        1,
        2,
        Array.from({ length: 1_100 }, (_, i) => raised(`f${i}`, i)),
      ),
    );
    expect(client.state.findings.size).toBe(1_000);
    expect(names()[0]).toBe('f1099');
  });

  it('keeps what it has when a message does not fit, and asks for everything anew, more and more rarely', async () => {
    last().hear(hello);
    last().hear(changes('snapshot', 0, 5, [raised('a', 1)]));
    const first = last();
    first.hear({ ...changes('batch', 5, 6), findings: [{ ...raised('b', 2), severity: 'urgent' }] });
    expect(first.closed).toBe(true);
    expect(names()).toEqual(['a']);
    expect(client).toMatchObject({ link: 'lost', misfits: { count: 1, at: 'findings.0.severity' } });
    for (const [i, pauseMs] of [1_000, 5_000, 15_000, 60_000, 60_000].entries()) {
      expect(opened).toHaveLength(i + 1);
      await vi.advanceTimersByTimeAsync(pauseMs);
      expect(opened).toHaveLength(i + 2);
      expect(last().query).toBe('');
      last().hear({ ...hello, protocol: 2 });
    }
    expect(client.misfits.count).toBe(6);
    await vi.advanceTimersByTimeAsync(60_000);
    last().hear(hello);
    expect(client.link).toBe('lost');
    last().hear(changes('snapshot', 0, 7, [raised('a', 1), raised('c', 3)]));
    expect(client.link).toBe('live');
    expect(names()).toEqual(['c', 'a']);
    last().lost(1006);
    await vi.advanceTimersByTimeAsync(400);
    expect(last().query).toBe('?epoch=e&after=7');
  });

  it('forgets what the feed has forgotten, however long it is open', () => {
    const day = 86_400_000;
    const old = (name: string, ageMs: number) => ({ ...raised(name, 1), causedAt: Date.now() - ageMs });
    const at = (name: string, ageMs: number) => ({ ...anIncident([finding(name)]), causedAt: Date.now() - ageMs });
    const source = { name: { zh: '', en: '' }, rate: 0, events: 0, unparsed: 0, lastEventTime: 0, lagMs: 0 };
    const seen = (n: number) => ({ ...source, source: `s${n}`, lastSeenAt: n, problem: '' });
    const sources = Array.from({ length: 600 }, (_, n) => seen(n));
    last().hear(hello);
    last().hear({
      ...changes('snapshot', 0, 5, [old('a', day + 1), old('b', day - 1_000)]),
      incidents: [at('c', 7 * day + 1), at('d', 7 * day - 1_000)],
      sources,
    });
    expect(names()).toEqual(['b']);
    expect(latestIncidents(client.state).map(({ id }) => id)).toEqual([at('d', 0).id]);
    expect(client.state.sources.size).toBe(500);
    expect(client.state.sources.has('s99')).toBe(false);
  });
});
