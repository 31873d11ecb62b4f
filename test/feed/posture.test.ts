import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Feed } from '../../src/feed/feed.ts';
import type { ScopeScore } from '../../src/feed/protocol.ts';
import { FakeSocket } from './fake-socket.ts';

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

const OVERALL: ScopeScore = {
  ...{ kind: 'overall', id: '', name: { zh: '全平台', en: 'Overall' } },
  ...{ score: 71, at: 1_800_000_000_000, trust: 90, dayBefore: null },
};
const of = (kind: ScopeScore['kind'], id: string, score = 80): ScopeScore => ({ ...OVERALL, kind, id, score });
const ALL = [OVERALL, of('department', 'tax'), of('department', 'aid'), of('vendor', 'qm'), of('level', 'core')];

function connected(query: object = {}): FakeSocket {
  const socket = new FakeSocket();
  feed.connect(socket, query);
  return socket;
}
const settle = (): unknown => vi.advanceTimersByTime(200);
const told = ({ changes }: FakeSocket) =>
  changes.map(({ posture = [] }) => posture.map(({ kind, id, score, ended }) => `${kind}/${id} ${ended ?? score}`));

describe('the scores on the feed', () => {
  it('are all in the snapshot, and later only those that changed', () => {
    feed.posture(ALL);
    const socket = connected();
    settle();
    feed.posture([{ ...OVERALL, score: 60 }, ...ALL.slice(1)]);
    settle();
    feed.posture([{ ...OVERALL, score: 60, at: OVERALL.at + 1 }, ...ALL.slice(1)]);
    settle();
    const [first, ...later] = told(socket);
    expect(first).toHaveLength(ALL.length);
    expect(later.flat()).toEqual(['overall/ 60']);
  });

  it('are for who asks for departments those of these, and the overall one', () => {
    feed.posture(ALL);
    expect(told(connected({ department: 'tax' }))[0]).toEqual(['overall/ 71', 'department/tax 80']);
    expect(told(connected({ vendor: 'qm,other' }))[0]).toEqual(['overall/ 71', 'vendor/qm 80']);
    expect(told(connected({ topics: 'findings' }))[0]).toEqual([]);
  });

  it('end with what they are of: told once, and in no snapshot', () => {
    feed.posture(ALL);
    const socket = connected({ topics: 'posture' });
    feed.posture(ALL.filter(({ id }) => id !== 'tax'));
    settle();
    expect(told(socket).slice(1).flat()).toEqual(['department/tax true']);
    expect(told(connected())[0]).not.toContain('department/tax 80');
    feed.posture(ALL);
    settle();
    expect(told(socket).flat().at(-1)).toBe('department/tax 80');
  });

  it('are taken up by a client that comes back, with what it missed', () => {
    feed.posture(ALL);
    const { epoch, n } = connected().changes[0]!;
    feed.posture([...ALL.slice(0, 4), of('level', 'core', 12)]);
    const back = connected({ epoch, after: String(n) });
    expect(told(back)[0]).toEqual(['level/core 12']);
  });
});

it('takes counters for rates and health', () => {
  const socket = connected({ topics: 'counters' });
  vi.advanceTimersByTime(1_000);
  const { rates, health, sources, findings } = socket.changes.at(-1)!;
  expect([rates.length, health?.state, sources, findings]).toEqual([1, 'starting', [], []]);
});
