import { STEPS, wasKilled, type Epoch } from './coverage/balance.ts';
import { gapsOf, type CoverageGap } from './coverage/gaps.ts';
import type {
  CellState,
  CoverageCell,
  CoverageCounts,
  CoverageGaps,
  CoverageOfSource,
  CoverageOverview,
} from './coverage/overview.ts';
import { addCounts, minuteOf } from './coverage/record.ts';
import type { Replay } from './coverage/replay.ts';
import { WanglouError } from './errors.ts';
import type { Registry } from './registry/registry.ts';
import { gapsOf as silencesOf } from './sources/gaps.ts';
import type { CoverageQueries, CoverageStep, JudgedBy } from './store/coverage-queries.ts';

export interface CoverageSpan {
  from: number;
  to: number;
  stepMs: number;
  /** '' for all. */
  source: string;
}

export interface CoverageDeskParts {
  store: Pick<CoverageQueries, 'steps' | 'epochs' | 'lines' | 'ranges' | 'countedSince' | 'replays' | 'judged'>;
  registry: { current(): Registry };
  /** Begin of the first minute that is not settled, ms. */
  settledTo: () => number | undefined;
  now?: () => number;
}

const MOST_STEPS = 2_000;
const LATE_SHARE = 0.05;
const DAY_MS = 86_400_000;
const REPLAY_MUTE_MS = 60_000;
const GAPS_MOST_MS = 400 * DAY_MS;
const COUNTED = [
  ...(['received', 'lost', 'appended', 'parsed', 'repeated', 'stored', 'evaluated', 'late'] as const),
  ...(['rebuilt', 'givenUp', 'minutes', 'unbalanced'] as const),
];

/** What the coverage ledger says, for people. */
export class CoverageDesk {
  readonly #parts: CoverageDeskParts;
  readonly #now: () => number;

  constructor(parts: CoverageDeskParts) {
    this.#parts = parts;
    this.#now = parts.now ?? Date.now;
  }

  /** @throws WanglouError WL_QUERY_INVALID for more than 2,000 steps. */
  async overview({ from: wanted, to, stepMs, source }: CoverageSpan): Promise<CoverageOverview> {
    const from = minuteOf(wanted);
    checkSpan(from, to, MOST_STEPS * stepMs, `${MOST_STEPS} steps`);
    const { store, registry } = this.#parts;
    const now = this.#now();
    const [steps, epochs, countedSince] = await Promise.all([
      store.steps(from, to, stepMs, source),
      store.epochs(from - DAY_MS, to),
      store.countedSince(),
    ]);
    const known = epochs.map((epoch) => ({ ...epoch, killed: wasKilled(epoch, epochs, now) }));
    const settledTo = this.#parts.settledTo() ?? 0;
    const span = { from, to: Math.min(to, now), stepMs, settledTo, epochs: known };
    const bySource = Map.groupBy(steps, (step) => step.source);
    const registered = registry
      .current()
      .sources()
      .map(({ id }) => id);
    const ids = [...new Set([...bySource.keys(), ...registered])].filter((id) => source === '' || id === source);
    const sources = ids.sort().map((id) => ofSource(id, bySource.get(id) ?? [], registry.current(), span));
    return {
      ...{ at: now, from, to, stepMs, settledTo, countedSince: countedSince ?? 0, sources },
      total: sumOfAll(sources),
      epochs: known.filter((epoch) => epoch.statedAt >= from),
      lines: source === '' ? [] : steps.map((step) => ({ ...step, at: step.at })).reverse(),
    };
  }

  /** Gaps of the span, the latest first. @throws WanglouError WL_QUERY_INVALID */
  async gaps(from: number, to: number): Promise<CoverageGaps> {
    checkSpan(from, to, GAPS_MOST_MS, `${GAPS_MOST_MS / DAY_MS} days`);
    const { store } = this.#parts;
    const [lines, segments, replays] = await Promise.all([
      store.lines(minuteOf(from), to, '', 'unbalanced'),
      store.ranges(from, to),
      store.replays(from, to),
    ]);
    const latest = new Map(replays.toReversed().map((replay) => [replay.gap, replay]));
    const gaps = gapsOf(lines, segments).map((gap) => ({ ...gap, replay: standing(latest.get(gap.id), this.#now()) }));
    return { at: this.#now(), gaps };
  }

  /** Of each version of a detector, how many events of settled minutes it has judged. @throws WanglouError WL_QUERY_INVALID */
  async judged(from: number, to: number): Promise<{ at: number; judged: readonly JudgedBy[] }> {
    checkSpan(from, to, GAPS_MOST_MS, `${GAPS_MOST_MS / DAY_MS} days`);
    const settled = Math.min(to, this.#parts.settledTo() ?? to);
    return { at: this.#now(), judged: await this.#parts.store.judged(minuteOf(from), settled) };
  }

  /** The gap of the last 400 days by its id. @throws WanglouError WL_NOT_FOUND */
  async gap(id: string): Promise<CoverageGap> {
    const now = this.#now();
    const { gaps } = await this.gaps(now - GAPS_MOST_MS, now);
    const gap = gaps.find((one) => one.id === id);
    if (gap !== undefined) return gap;
    throw new WanglouError('WL_NOT_FOUND', `No gap ${JSON.stringify(id)} is open`, {
      remedy: 'Look at the list of gaps again: it may have been closed.',
    });
  }
}

/** Of one that runs is heard every few seconds. */
function standing(replay: Replay | undefined, now: number): Replay | null {
  if (replay?.state !== 'running' || now - replay.at < REPLAY_MUTE_MS) return replay ?? null;
  return { ...replay, state: 'failed', reason: 'the program that ran it has ended' };
}

interface Span {
  from: number;
  to: number;
  stepMs: number;
  settledTo: number;
  epochs: readonly Epoch[];
}

function checkSpan(from: number, to: number, mostMs: number, most: string): void {
  if (from >= to) throw new WanglouError('WL_QUERY_INVALID', `from (${from}) is not before to (${to})`);
  if (to - from > mostMs)
    throw new WanglouError('WL_QUERY_INVALID', `from ${from} to ${to} is more than ${most}`, {
      remedy: 'Ask for a shorter span, or for longer steps.',
    });
}

function ofSource(id: string, steps: readonly CoverageStep[], registry: Registry, span: Span): CoverageOfSource {
  const entry = registry.source(id);
  const silent = silenceIn(steps, span, entry?.silenceLimitMs ?? 0);
  const byAt = new Map(steps.map((step) => [step.at, step]));
  const cells: CoverageCell[] = [];
  for (let at = span.from; at < span.to; at += span.stepMs) {
    const step = byAt.get(at);
    cells.push({ at, state: stateOf(at, step, span, silent), stored: step?.stored ?? 0 });
  }
  const name = entry?.name ?? { zh: id, en: id };
  return { id, name, registered: entry !== undefined, ...sumOfAll(steps), cells };
}

/** Steps in which it was silent for longer than the registry allows. */
function silenceIn(
  steps: readonly CoverageStep[],
  { from, to, stepMs }: Span,
  limitMs: number,
): (at: number) => boolean {
  if (limitMs === 0) return () => false;
  const heard = steps.filter(({ appended }) => appended > 0).map(({ at }) => at);
  const { gaps } = silencesOf(heard, stepMs, to, limitMs);
  const silences = heard.length === 0 && to - from > limitMs ? [{ from, to }] : gaps;
  return (at) => silences.some((gap) => gap.from <= at && at + stepMs <= Math.max(gap.to, gap.from + stepMs));
}

function stateOf(at: number, step: CoverageStep | undefined, span: Span, isSilent: (at: number) => boolean): CellState {
  const end = at + span.stepMs;
  if (step !== undefined && step.unbalanced > 0) return 'uneven';
  if (step !== undefined && step.minutes > 0) return step.late > step.stored * LATE_SHARE ? 'late' : 'ok';
  if (end > span.settledTo && span.settledTo < span.to && at >= span.settledTo) return 'waiting';
  if (!span.epochs.some(({ startedAt, statedAt }) => startedAt < end && statedAt >= at)) return 'nobody';
  return isSilent(at) ? 'missing' : 'quiet';
}

function sumOfAll(all: readonly CoverageCounts[]): CoverageCounts {
  const sum: CoverageCounts = {
    ...{ received: 0, refused: {}, lost: 0, appended: 0, parsed: 0, unparsed: {}, repeated: 0, stored: 0 },
    ...{ evaluated: 0, missed: {}, late: 0, rebuilt: 0, givenUp: 0, minutes: 0, unbalanced: 0 },
    off: { received: 0, appended: 0, parsed: 0, stored: 0, evaluated: 0 },
  };
  for (const one of all) {
    for (const name of COUNTED) sum[name] += one[name];
    for (const name of ['refused', 'unparsed', 'missed'] as const) addCounts(sum[name], one[name]);
    for (const step of STEPS) sum.off[step] += one.off[step];
  }
  return sum;
}
