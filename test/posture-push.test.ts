import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PosturePush } from '../src/posture-push.ts';
import type { ScopeScore } from '../src/feed/protocol.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** A desk that takes `tookMs` for the scores. */
function pushing(tookMs = 0) {
  const told: ScopeScore[][] = [];
  const problems: string[] = [];
  const state = { score: 71, fault: undefined as Error | undefined };
  const scores = async () => {
    await new Promise((done) => setTimeout(done, tookMs));
    if (state.fault) throw state.fault;
    const name = { zh: '全平台', en: 'Overall' };
    return [{ kind: 'overall' as const, id: '', name, score: state.score, at: Date.now(), trust: 90 }];
  };
  const push = new PosturePush({
    desk: { now: scores, aDayAgo: async () => new Map([['overall/', 88]]) },
    feed: { posture: (all) => told.push([...all]) },
    onProblem: ({ message }) => problems.push(message),
  });
  return { push, told, problems, state };
}

describe('telling the score', () => {
  it('follows what happens within a second, however much happens, with the score a day before', async () => {
    const { push, told, state } = pushing();
    push.start();
    await vi.advanceTimersByTimeAsync(10);
    expect(told).toHaveLength(1);
    state.score = 60;
    for (let n = 0; n < 50; n++) push.changed();
    await vi.advanceTimersByTimeAsync(1_100);
    expect(told).toHaveLength(2);
    expect(told[1]![0]).toMatchObject({ score: 60, dayBefore: 88 });
  });

  it('goes on without anything happening, as points fade', async () => {
    const { push, told } = pushing();
    push.start();
    await vi.advanceTimersByTimeAsync(25_000);
    expect(told).toHaveLength(3);
  });

  it('rests nine times as long as it took, and then tells what happened meanwhile', async () => {
    const { push, told } = pushing(1_000);
    push.start();
    await vi.advanceTimersByTimeAsync(500);
    push.changed();
    await vi.advanceTimersByTimeAsync(9_000);
    expect(told).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(told).toHaveLength(2);
  });

  it('tries again after the store did not answer', async () => {
    const { push, told, problems, state } = pushing();
    state.fault = new Error('away');
    push.start();
    await vi.advanceTimersByTimeAsync(10);
    state.fault = undefined;
    await vi.advanceTimersByTimeAsync(10_000);
    expect([problems, told.length]).toEqual([['away'], 1]);
  });

  it('is quiet after it was stopped', async () => {
    const { push, told } = pushing(50);
    push.start();
    await vi.advanceTimersByTimeAsync(10);
    push.stop();
    push.changed();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(told).toEqual([]);
  });
});
