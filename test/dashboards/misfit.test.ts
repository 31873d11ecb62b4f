import { describe, expect, it } from 'vitest';
import { Misfit, readMessage } from '../../dashboards/src/live/misfit.ts';
import { Feed } from '../../src/feed/feed.ts';
import { lifeEventOf, stateOf } from '../../src/finding/lifecycle.ts';
import { FakeSocket } from '../feed/fake-socket.ts';
import { finding, incident, pulse } from '../feed/samples.ts';

const raised = finding('a');
const life = stateOf([{ ...lifeEventOf(raised), id: 'x', act: 'acknowledged', by: 'wang' }]);
const collector = { name: 'http', listening: 'http://0.0.0.0:8088', ready: true, problem: '' };
const health = {
  state: 'ok',
  programs: [{ program: 'collect', instance: '', lastPulseAt: 1, silent: false }],
  collectors: [{ ...collector, received: 1, refused: 0, lost: 0, connections: 2 }],
  parked: [{ detector: 'bulk-read', reason: 'it threw' }],
  problems: ['disk nearly full'],
  totals: pulse(1).totals,
  watermark: 1,
  sourcesNotShown: 0,
};
const source = { source: 's', name: { zh: '', en: '' }, rate: 1, events: 1, unparsed: 0, lastEventTime: 1, lagMs: 0 };
const snapshot = {
  type: 'snapshot',
  epoch: 'e',
  after: 0,
  n: 5,
  now: 1,
  findings: [{ ...raised, raisedAt: 1, life }],
  incidents: [incident([raised])],
  gone: ['x'],
  rates: [{ at: 1, events: 1, unparsed: 0, findings: 0 }],
  sources: [{ ...source, lastSeenAt: 1, problem: '' }],
  posture: [{ kind: 'overall', id: '', name: { zh: '', en: '' }, score: 62, at: 1, trust: 90, dayBefore: null }],
  health,
};
const hello = { type: 'hello', protocol: 1, epoch: 'e', now: 0, beatMs: 1_000 };

/** `findings.0.severity`, for every value in the message that is no list and no object. */
function leaves(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([name, inner]) => leaves(inner, [...path, name]));
}

/** The message with another value at the path. */
function changed(message: object, path: readonly string[], value: unknown): string {
  const copy = JSON.parse(JSON.stringify(message)) as Record<string, unknown>;
  let inner = copy;
  for (const name of path.slice(0, -1)) inner = inner[name] as Record<string, unknown>;
  inner[path.at(-1)!] = value;
  return JSON.stringify(copy);
}

describe('a message of the feed', () => {
  it('is read as it is, also with fields that a newer server adds', () => {
    expect(readMessage(JSON.stringify(snapshot))).toEqual(snapshot);
    expect(readMessage(JSON.stringify(hello))).toEqual(hello);
    expect(readMessage(changed(snapshot, ['tides'], { score: 62 }))).toMatchObject({ tides: { score: 62 } });
  });

  it.each(leaves(snapshot).map((path) => [path.join('.'), path] as const))(
    'is refused when %s is of another kind, and the place is named',
    (name, path) => {
      const refused = (): unknown => readMessage(changed(snapshot, path, { of: 'another kind' }));
      expect(refused).toThrow(Misfit);
      expect(refused).toThrow(name);
    },
  );

  it.each([
    ['no JSON', '<html>502 Bad Gateway</html>'],
    ['null', 'null'],
    ['a list', '[]'],
    ['of an unknown type', JSON.stringify({ ...snapshot, type: 'news' })],
    ['of another protocol', JSON.stringify({ ...hello, protocol: 2 })],
    ['without what it has to have', changed(snapshot, ['findings', '0', 'severity'], undefined)],
    ['with an unknown severity', changed(snapshot, ['findings', '0', 'severity'], 'urgent')],
  ])('is refused when it is %s', (_what, text) => {
    expect(() => readMessage(text)).toThrow(Misfit);
  });

  it('is always accepted from the feed itself', () => {
    const feed = new Feed();
    feed.recall([raised]);
    feed.finding(finding('b'));
    feed.incident(incident([raised]));
    feed.pulse(pulse(Date.now(), { sources: [{ source: 's', events: 1, unparsed: 0, lastEventTime: 0, lagMs: 0 }] }));
    const socket = new FakeSocket();
    feed.connect(socket);
    feed.stop();
    expect(socket.sent.map((text) => readMessage(text.toString()).type)).toEqual(['hello', 'snapshot']);
  });
});
