import { STEPS } from '../../../src/coverage/balance.ts';
import type { CellState, CoverageCounts, CoverageOfSource } from '../../../src/coverage/overview.ts';

export const SPANS = ['hour', 'day', 'month'] as const;
export type Span = (typeof SPANS)[number];
export const STEP_OF = { hour: 'minute', day: 'hour', month: 'day' } as const;

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
const STEP_MS = { hour: MINUTE_MS, day: HOUR_MS, month: DAY_MS } as const;
const COLUMNS = { hour: 60, day: 24, month: 30 } as const;

/** What somebody wants to see, as the address says it. */
export interface Wish {
  span: Span;
  /** The end of the span, ms; 0 for now. */
  to: number;
  /** The source whose lines are listed; '' for none. */
  source: string;
}

export function wishIn(query: URLSearchParams): Wish {
  const span = SPANS.find((one) => one === query.get('span')) ?? 'hour';
  const to = Number(query.get('to'));
  return { span, to: Number.isFinite(to) && to > 0 ? to : 0, source: query.get('source') ?? '' };
}

export function queryOf({ span, to, source }: Wish): string {
  const query = new URLSearchParams();
  if (span !== 'hour') query.set('span', span);
  if (to > 0) query.set('to', String(to));
  if (source !== '') query.set('source', source);
  return query.toString();
}

/** Whole steps, days those of the page's own zone; the last one is running. */
export function rangeOf({ span, to }: Wish, now: number): { from: number; to: number } {
  const stepMs = STEP_MS[span];
  const end = to > 0 ? to : now;
  const shift = span === 'month' ? -new Date(end).getTimezoneOffset() * MINUTE_MS : 0;
  const last = (Math.floor((end - (to > 0 ? 1 : 0) + shift) / stepMs) + 1) * stepMs - shift;
  return { from: last - COLUMNS[span] * stepMs, to: last };
}

/** The span before it, or after it; 0 when that is the one that ends now. */
export function turned({ span, to }: Wish, by: -1 | 1, now: number): number {
  const end = rangeOf({ span, to, source: '' }, now).to + by * COLUMNS[span] * STEP_MS[span];
  return end >= now ? 0 : end;
}

const WORST: readonly CellState[] = ['uneven', 'missing', 'late', 'nobody'];

/** Those with something wrong first, the worst first, then by name. */
export function inOrder(sources: readonly CoverageOfSource[]): CoverageOfSource[] {
  const rank = ({ cells }: CoverageOfSource): number => {
    const worst = WORST.findIndex((state) => state !== 'nobody' && cells.some((cell) => cell.state === state));
    return worst === -1 ? WORST.length : worst;
  };
  return sources
    .map((source) => ({ source, rank: rank(source) }))
    .sort((a, b) => a.rank - b.rank || (a.source.id < b.source.id ? -1 : 1))
    .map(({ source }) => source);
}

/** What has to be equal, and by how much it is not. */
export interface Equation {
  step: (typeof STEPS)[number];
  left: number;
  right: number;
  off: number;
}

export function equationsOf(counts: CoverageCounts): Equation[] {
  const refused = sumOf(counts.refused);
  const { received, appended, parsed, unparsed, stored, repeated, off, givenUp } = counts;
  const rights = {
    received: [refused + appended + givenUp, received],
    appended: [appended, appended - off.appended],
    parsed: [parsed + sumOf(unparsed), appended],
    stored: [stored + repeated, appended],
    evaluated: [appended - repeated + off.evaluated, appended - repeated],
  } as const;
  return STEPS.map((step) => ({ step, left: rights[step][0], right: rights[step][1], off: off[step] }));
}

export function sumOf(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
