import type { Bilingual, Severity } from '../finding/finding.ts';
import type { Incident } from '../finding/incident.ts';
import { REPORT_FIELDS, type IncidentLevel, type ReportFieldName } from './report-fields.ts';

/** How long after an incident is known it must be reported: critical infrastructure, central and state organs, others. */
export const DEADLINES = ['1h', '2h', '4h'] as const;
export type Deadline = (typeof DEADLINES)[number];

/** What a person says about the report of an incident. */
export type ReportCommand =
  | { act: 'classified'; level: IncidentLevel; within: Deadline; text: string }
  | { act: 'stated'; field: ReportFieldName; text: string }
  | { act: 'sent'; text: string };

/** One entry: it is added, never changed. */
export type ReportEntry = ReportCommand & {
  id: string;
  incident: string;
  /** The server's clock, ms since the Unix epoch. */
  at: number;
  /** Account of the person. */
  by: string;
};

/**
 * - `maybe`: nobody has confirmed the level; a report is due if the proposed one is right.
 * - `not-reportable`: below 较大, proposed or confirmed.
 * - `running`, `overdue`: confirmed and not sent. `sent`: in time or late.
 */
export type ClockState = 'maybe' | 'not-reportable' | 'running' | 'overdue' | 'sent';

export interface ReportClock {
  state: ClockState;
  level: IncidentLevel;
  /** Whether a person has said the level; else it follows from the severity. */
  confirmed: { at: number; by: string; text: string } | null;
  within: Deadline;
  /** When detection told of the incident, ms. */
  detectedAt: number;
  /** From when the deadline counts: the confirmation, else the detection. */
  from: number;
  /** ms; 0 when nothing is due. */
  dueAt: number;
  /** The same counted from detection, for who wants to be on the safe side; 0 when nothing is due. */
  dueFromDetection: number;
  sent: { at: number; by: string; text: string; late: boolean } | null;
}

export interface StatedField {
  name: ReportFieldName;
  /** What a person wrote is the same in both languages. */
  value: Bilingual;
  /** `platform` is what Wanglou knows by itself; '' when nobody has said anything. */
  from: 'person' | 'platform' | '';
  at: number;
  by: string;
}

export function hoursOf(within: Deadline): number {
  return Number(within.slice(0, -1));
}

/** What the level probably is: an assumption until a person confirms it. 特别重大 is never assumed. */
export function assumedLevel(severity: Severity): IncidentLevel {
  if (severity === 'critical') return 'major';
  return severity === 'high' ? 'considerable' : 'general';
}

/**
 * @param entries in order. A later level does not set the clock back: it counts from the first confirmation that a report is
 * due, and anew only after one that none was.
 */
export function clockOf(
  incident: Pick<Incident, 'severity'> & { detectedAt: number },
  entries: readonly ReportEntry[],
  standard: Deadline,
  now: number,
): ReportClock {
  const { detectedAt, severity } = incident;
  let level = assumedLevel(severity);
  let within = standard;
  let confirmed: ReportClock['confirmed'] = null;
  let from = 0;
  for (const entry of entries) {
    if (entry.act !== 'classified') continue;
    ({ level, within } = entry);
    confirmed = { at: entry.at, by: entry.by, text: entry.text };
    if (level === 'general') from = 0;
    else if (from === 0) from = entry.at;
  }
  const isDue = level !== 'general';
  const begin = from === 0 ? detectedAt : from;
  const lengthMs = hoursOf(within) * 3_600_000;
  const dueAt = isDue ? begin + lengthMs : 0;
  const sending = entries.findLast((entry) => entry.act === 'sent');
  const sent =
    sending === undefined
      ? null
      : { at: sending.at, by: sending.by, text: sending.text, late: isDue && sending.at > dueAt };
  return {
    state: stateOf({ isDue, isConfirmed: confirmed !== null, isSent: sent !== null, isOver: now > dueAt }),
    ...{ level, confirmed, within, detectedAt, from: begin, dueAt },
    dueFromDetection: isDue ? detectedAt + lengthMs : 0,
    sent,
  };
}

function stateOf(is: { isDue: boolean; isConfirmed: boolean; isSent: boolean; isOver: boolean }): ClockState {
  if (is.isSent) return 'sent';
  if (!is.isDue) return 'not-reportable';
  if (!is.isConfirmed) return 'maybe';
  return is.isOver ? 'overdue' : 'running';
}

/** The last thing a person said of each field, else what the platform knows. An empty text takes a statement back. */
export function fieldsOf(
  entries: readonly ReportEntry[],
  known: Readonly<Partial<Record<ReportFieldName, Bilingual>>>,
): StatedField[] {
  return REPORT_FIELDS.map(({ name }) => {
    const last = entries.findLast((entry) => entry.act === 'stated' && entry.field === name);
    if (last?.act === 'stated' && last.text !== '')
      return { name, value: { zh: last.text, en: last.text }, from: 'person', at: last.at, by: last.by };
    const value = known[name];
    if (value === undefined) return { name, value: { zh: '', en: '' }, from: '', at: 0, by: '' };
    return { name, value, from: 'platform', at: 0, by: '' };
  });
}

/** What the report still lacks: `first` for the first report, `later` for what may follow. */
export function lackingOf(
  fields: readonly StatedField[],
  isConfirmed: boolean,
): {
  first: readonly (ReportFieldName | 'level')[];
  later: readonly ReportFieldName[];
} {
  const empty = REPORT_FIELDS.filter(({ name }) => fields.find((field) => field.name === name)?.from === '');
  const names = (first: boolean): ReportFieldName[] =>
    empty.filter((field) => field.first === first).map(({ name }) => name);
  return { first: [...(isConfirmed ? [] : (['level'] as const)), ...names(true)], later: names(false) };
}
