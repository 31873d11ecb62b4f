import type { CoverageGaps, CoverageOverview } from '../../../src/coverage/overview.ts';
import type { Replay } from '../../../src/coverage/replay.ts';
import type { JudgedBy } from '../../../src/store/coverage-queries.ts';
import { call } from '../api.ts';
import type { Wish } from './coverage-view.ts';
import { rangeOf, STEP_OF } from './coverage-view.ts';

export type { CoverageGaps, CoverageOverview, Replay };

/** @throws ApiError, as all of these */
export function coverageOf(wish: Wish, now: number, source = ''): Promise<CoverageOverview> {
  const { from, to } = rangeOf(wish, now);
  const query = new URLSearchParams({ from: String(from), to: String(to), step: STEP_OF[wish.span] });
  if (source !== '') query.set('source', source);
  return call('GET', `coverage?${query.toString()}`);
}

export function gapsOf(wish: Wish, now: number): Promise<CoverageGaps> {
  const { from, to } = rangeOf(wish, now);
  return call('GET', `coverage/gaps?from=${from}&to=${to}`);
}

export async function judgedIn(wish: Wish, now: number): Promise<readonly JudgedBy[]> {
  const { from, to } = rangeOf(wish, now);
  return (await call<{ judged: JudgedBy[] }>('GET', `coverage/detectors?from=${from}&to=${to}`)).judged;
}

export function replayGap(gap: string): Promise<Replay> {
  return call('POST', 'coverage/replays', { gap });
}
