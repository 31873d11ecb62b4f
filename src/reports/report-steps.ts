import type { Bilingual } from '../finding/finding.ts';
import type { Scope } from '../scope/scope.ts';
import type { ReportWish } from './report.ts';

export const REPORT_ACTS = ['prepared', 'reviewed', 'signed', 'returned'] as const;
export type ReportAct = (typeof REPORT_ACTS)[number];
/** How a report stands: what the last step that counts has made of it. */
export type ReportState = ReportAct;

/** What a person did with one version of a report. Steps are only ever added; one that the rules forbid counts for nothing. */
export interface ReportStep {
  id: string;
  /** Greater than that of every step of the report that was known when it was made. */
  n: number;
  report: string;
  version: number;
  act: ReportAct;
  /** SHA-256 of the content that it is about. */
  digest: string;
  /** ms since the Unix epoch. */
  at: number;
  by: string;
  /** Who that is: several accounts of one person count as one; '' where nobody knows. */
  person: string;
  /** Where one account does everything, nobody else can check. */
  trial: boolean;
  /** Why; '' where nothing was said. */
  text: string;
  /** The schedule that made it; '' for none. */
  schedule: string;
  /** Of `prepared`: what the version is about. */
  made?: MadeOf;
}

export interface MadeOf {
  wish: ReportWish;
  subject: Bilingual;
  scope: Scope | null;
  holes: number;
}

export interface ReportVersion extends MadeOf {
  version: number;
  digest: string;
}

export interface KeptReport {
  id: string;
  state: ReportState;
  /** The latest. */
  version: ReportVersion;
  versions: readonly ReportVersion[];
  /** Those that count, in order, of all versions. */
  steps: readonly ReportStep[];
}

export type Objection =
  | 'not-prepared'
  | 'signed'
  | 'not-returned'
  | 'not-reviewed'
  | 'other-digest'
  | 'same-person'
  | 'no-reason'
  | 'already-reviewed';

/** What each rule says, and what to do. */
export const OBJECTIONS: Readonly<Record<Objection, { message: string; remedy: string }>> = {
  'not-prepared': { message: 'it is not prepared', remedy: 'Prepare it first.' },
  signed: { message: 'it is signed, and never changes any more', remedy: 'Make a new report.' },
  'not-returned': {
    message: 'this version is not returned',
    remedy: 'Return it with a reason, then prepare it again; or make a new report.',
  },
  'not-reviewed': { message: 'it is not reviewed', remedy: 'Have it reviewed first.' },
  'already-reviewed': { message: 'it is reviewed already', remedy: 'Sign it, or return it with a reason.' },
  'other-digest': {
    message: 'it has changed since it was looked at: its digest is another one',
    remedy: 'Look at the report as it is now, then decide again.',
  },
  'same-person': {
    message: 'whoever prepared or reviewed it may not do the next step too',
    remedy: 'Ask another person: preparing, reviewing and signing take three.',
  },
  'no-reason': { message: 'no reason is stated', remedy: 'Say in a few words why it goes back.' },
};

/** @returns the rule that is against the step; undefined when it counts. */
export function objectionTo(report: KeptReport | undefined, step: ReportStep): Objection | undefined {
  if (step.act === 'prepared') {
    if (step.made === undefined) return 'not-prepared';
    if (report === undefined) return step.version === 1 ? undefined : 'not-prepared';
    if (report.state === 'signed') return 'signed';
    return report.state === 'returned' && step.version === report.version.version + 1 ? undefined : 'not-returned';
  }
  if (report === undefined) return 'not-prepared';
  if (report.state === 'signed') return 'signed';
  if (report.state === 'returned') return 'not-prepared';
  if (step.version !== report.version.version || step.digest !== report.version.digest) return 'other-digest';
  if (step.act === 'returned') return step.text.trim() === '' ? 'no-reason' : undefined;
  if (step.act === 'signed' && report.state !== 'reviewed') return 'not-reviewed';
  if (step.act === 'reviewed' && report.state === 'reviewed') return 'already-reviewed';
  const before = report.steps.filter(({ version, act }) => version === step.version && act !== 'returned');
  return !step.trial && before.some((other) => isSamePerson(other, step)) ? 'same-person' : undefined;
}

function isSamePerson(a: ReportStep, b: ReportStep): boolean {
  return a.by === b.by || (a.person !== '' && a.person === b.person);
}

/** Reports as they stand after these steps, in whatever order they came. */
export function reportsOf(steps: Iterable<ReportStep>): Map<string, KeptReport> {
  const reports = new Map<string, KeptReport>();
  for (const step of [...steps].sort(inOrder)) {
    const report = reports.get(step.report);
    if (objectionTo(report, step) === undefined) reports.set(step.report, after(report, step));
  }
  return reports;
}

function inOrder(a: ReportStep, b: ReportStep): number {
  return a.n - b.n || a.at - b.at || (a.id < b.id ? -1 : 1);
}

function after(report: KeptReport | undefined, step: ReportStep): KeptReport {
  const steps = [...(report?.steps ?? []), step];
  if (step.act !== 'prepared') return { ...report!, state: step.act, steps };
  const version = { version: step.version, digest: step.digest, ...step.made! };
  return { id: step.report, state: 'prepared', version, versions: [...(report?.versions ?? []), version], steps };
}
