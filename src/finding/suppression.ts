import { z } from 'zod';
import type { Group } from './group.ts';

/** Findings about the record itself: whoever could hide them could hide everything. */
export const NEVER_SUPPRESSED: readonly string[] = [
  'log-tampering',
  'audit-disabled',
  'audit-trail-gap',
  'watching-the-watchers',
];

const PARTIES = ['actor', 'asset', 'department', 'vendor', 'system'] as const;
const DAY_MS = 86_400_000;
const MOST_DAYS = 365;

const name = z.string().trim().min(1).max(300).optional();

/** Which findings: every field that is stated must be the finding's own. */
export const suppressionScope = z
  .strictObject({ detector: name, actor: name, asset: name, department: name, vendor: name, system: name })
  .refine((scope) => PARTIES.some((party) => scope[party] !== undefined), {
    error: `names nobody: state at least one of ${PARTIES.join(', ')}, so that it hides no whole detector`,
  })
  .refine(({ detector }) => detector === undefined || !NEVER_SUPPRESSED.includes(detector), {
    error: `findings of ${NEVER_SUPPRESSED.join(', ')} are never suppressed; close them one by one instead`,
    path: ['detector'],
  });
export type SuppressionScope = z.output<typeof suppressionScope>;

/**
 * Findings of the scope are kept but nobody is told, while from ≤ clock < until (or `endedAt`, if it comes first). All
 * three are ingest times, ms since the Unix epoch, so that a replay suppresses the same findings.
 */
export interface Suppression {
  id: string;
  scope: SuppressionScope;
  reason: string;
  by: string;
  /** When it was made, by the server's clock. */
  at: number;
  from: number;
  until: number;
  endedAt?: number;
  endedBy?: string;
}

/** What a person states to make one. */
export const suppressionRequest = z.strictObject({
  scope: suppressionScope,
  reason: z.string().trim().min(1, 'say why, in a few words').max(2_000),
  days: z
    .number()
    .positive()
    .max(
      MOST_DAYS,
      `a suppression ends after ${MOST_DAYS} days at the latest; make a new one then if it is still right`,
    ),
});
export type SuppressionRequest = z.output<typeof suppressionRequest>;

/** @param from ingest time from which it holds: a little ahead, so that every program knows it by then. */
export function suppressionFor(
  { scope, reason, days }: SuppressionRequest,
  made: { id: string; by: string; at: number; from: number },
): Suppression {
  return { ...made, scope, reason, until: made.from + days * DAY_MS };
}

export function endOf({ until, endedAt }: Suppression): number {
  return Math.min(until, endedAt ?? Infinity);
}

/** What decides whether a finding is in the scope of a suppression. */
export interface SuppressionFacts {
  detector: string;
  actor: string;
  asset: string;
  department: string;
  vendor: string;
  system: string;
}

export function isInScope(scope: SuppressionScope, facts: SuppressionFacts): boolean {
  if (NEVER_SUPPRESSED.includes(facts.detector)) return false;
  if (scope.detector !== undefined && scope.detector !== facts.detector) return false;
  return PARTIES.every((party) => scope[party] === undefined || scope[party] === facts[party]);
}

/** Says which suppression, if any, keeps a group from being told at a time. */
export type Suppressing = (group: Group) => string;

/** All suppressions that were ever made, by the order of their beginning; the first that fits decides. */
export class SuppressionBook {
  #all: readonly Suppression[] = [];

  replace(all: readonly Suppression[]): void {
    this.#all = [...all].sort((a, b) => a.from - b.from || (a.id < b.id ? -1 : 1));
  }

  /** @returns the suppression's id, '' for none. The time is that of the group's last signal. */
  readonly suppressing: Suppressing = (group) => {
    if (this.#all.length === 0) return '';
    const { detector, best, department, vendor, system, touched } = group;
    const facts = { detector, actor: best.actor, asset: best.asset, department, vendor, system };
    for (const one of this.#all)
      if (one.from <= touched && touched < endOf(one) && isInScope(one.scope, facts)) return one.id;
    return '';
  };
}
