import type { CoverageGaps, CoverageOverview } from '../../../src/coverage/overview.ts';
import type { Replay } from '../../../src/coverage/replay.ts';
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

export function replayGap(gap: string): Promise<Replay> {
  return call('POST', 'coverage/replays', { gap });
}
