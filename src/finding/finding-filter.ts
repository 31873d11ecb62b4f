import type { Finding, Severity } from './finding.ts';
import type { Disposition, LifeState, LifeStatus } from './lifecycle.ts';

/** In place of a name: those that have none, and those that have any. No account, vendor or asset is called so. */
export const NONE = '@none';
export const ANY = '@any';

/** Fields of a finding that a filter can name. */
export const NAMED = ['detector', 'department', 'vendor', 'system', 'asset', 'actor'] as const;
export type Named = (typeof NAMED)[number];

/** What findings are narrowed to; what is absent narrows nothing. A name may be `@none` or `@any`. */
export interface FindingFilter extends Partial<Record<Named, string>> {
  severity?: readonly Severity[];
  status?: readonly LifeStatus[];
  /** Of the last closing. */
  disposition?: readonly Disposition[];
  assignee?: string;
  /** Id of an incident that it is part of, or `@none`. */
  incident?: string;
  ids?: readonly string[];
  /** When it was raised, or raised again by a revision that told people, ms: from ≤ time < to. */
  from?: number;
  to?: number;
  /** All its words are found in the finding, in either language; the case of letters does not matter. */
  text?: string;
  /** `no` leaves out what is suppressed, `only` gives nothing else. */
  suppressed?: 'no' | 'only';
}

/** A finding in the queue: its latest revision, where it stands, and how. */
export interface QueuedFinding extends Finding {
  /** When it was raised, or raised again by a revision that told people, ms: the order of the queue. */
  raisedAt: number;
  /** Absent while nobody has touched it. */
  life?: LifeState;
}

export const GROUPINGS = ['detector', 'actor', 'asset', 'vendor', 'department', 'incident'] as const;
export type Grouping = (typeof GROUPINGS)[number];

/** Findings that have something in common. */
export interface FindingGroup {
  /** What they have in common, as a filter takes it; '' for those that have none. */
  key: string;
  /** '' in both where it is the key. */
  title: { zh: string; en: string };
  findings: number;
  /** The worst in it. */
  severity: Severity;
  /** When the last was raised, ms. */
  raisedAt: number;
}

/** How many there are. */
export interface FindingCounts {
  total: number;
  /** Of what the filter without its severities, or without its statuses, leaves. */
  bySeverity: Record<Severity, number>;
  byStatus: Record<LifeStatus, number>;
}

/** Whether a name is the one that is asked for. */
export function isNamed(wanted: string | undefined, name: string): boolean {
  if (wanted === undefined) return true;
  if (wanted === NONE) return name === '';
  return wanted === ANY ? name !== '' : wanted === name;
}

/** Whether a finding passes all of the filter but `incident`, which only the store knows. */
export function passesFilter(finding: QueuedFinding, state: LifeState | undefined, filter: FindingFilter): boolean {
  const { severity, status, disposition, assignee, ids, from = -Infinity, to = Infinity, text, suppressed } = filter;
  if (severity !== undefined && !severity.includes(finding.severity)) return false;
  if (status !== undefined && !status.includes(state?.status ?? 'new')) return false;
  const closedAs = state?.disposition ?? '';
  if (disposition !== undefined && (closedAs === '' || !disposition.includes(closedAs))) return false;
  if (!isNamed(assignee, state?.assignee ?? '')) return false;
  if (ids !== undefined && !ids.includes(finding.id)) return false;
  if (finding.raisedAt < from || finding.raisedAt >= to) return false;
  if (suppressed !== undefined && (finding.suppression === undefined) !== (suppressed === 'no')) return false;
  if (!NAMED.every((field) => isNamed(filter[field], finding[field]))) return false;
  return hasWords(finding, text ?? '');
}

/** The words of a text that is searched for. */
export function wordsOf(text: string): string[] {
  return text
    .trim()
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
}

function hasWords(finding: Finding, text: string): boolean {
  const words = wordsOf(text);
  if (words.length === 0) return true;
  const { title, explanation, actor, asset, clientAddress, person, department, vendor, system, source, id } = finding;
  const content = [title.zh, title.en, explanation.zh, explanation.en, actor, asset, clientAddress, person]
    .concat(department, vendor, system, source, finding.detector, id)
    .join('\n')
    .toLowerCase();
  return words.every((word) => content.includes(word));
}
