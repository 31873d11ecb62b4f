import { zoneClock } from '../../../src/registry/local-time.ts';
import {
  KINDS,
  REPORT_KINDS,
  REPORT_SUBJECTS,
  type ReportKind,
  type SubjectOf,
} from '../../../src/reports/report-kinds.ts';
import type { ReportView } from '../../../src/reports/report-desk.ts';
import type { ReportJob } from '../../../src/reports/report-jobs.ts';
import { REPORT_ACTS, type KeptReport, type ReportState } from '../../../src/reports/report-steps.ts';
import type { ListedSchedule, ScheduleWish } from '../../../src/reports/schedule-desk.ts';
import { ApiError, call } from '../api.ts';
import type { Language } from '../i18n.ts';

export { KINDS, REPORT_ACTS, REPORT_KINDS, REPORT_SUBJECTS };
export type { KeptReport, ListedSchedule, ReportJob, ReportKind, ReportState, ReportView, ScheduleWish, SubjectOf };

export interface ReportList {
  reports: readonly KeptReport[];
  total: number;
  jobs: readonly ReportJob[];
  /** Whether there is a browser that prints PDFs. */
  pdf: { found: boolean; problem: string };
  trial: boolean;
}

/** What is asked for. Times as the API takes them. */
export interface Wish {
  kind: ReportKind;
  subject: { kind: SubjectOf; id: string };
  from: string;
  to: string;
  timeZone: string;
  within: 'all' | 'subject';
}

/** Classes of the tag that says how a report stands. */
export const STATE_TONES: Readonly<Record<ReportState, string>> = {
  ...{ prepared: 'warn', reviewed: 'warn', signed: 'good', returned: 'bad' },
};

export type SignOffAct = 'review' | 'sign' | 'return';

/** @param kind and @param state '' for all. @throws ApiError */
export function reportList(kind: string, state: string): Promise<ReportList> {
  const asked = new URLSearchParams({ limit: '200' });
  if (kind !== '') asked.set('kind', kind);
  if (state !== '') asked.set('state', state);
  return call('GET', `reports?${asked.toString()}`);
}

export interface ReportAnswer {
  report: ReportView | null;
  job: ReportJob | null;
  /** Why its content can not be shown; null when it can. */
  problem: { code: string; message: string; remedy: string; reason?: string } | null;
}

export function reportById(id: string): Promise<ReportAnswer> {
  return call('GET', `reports/${encodeURIComponent(id)}`);
}

export function makeReport(wish: Wish): Promise<{ id: string }> {
  return call('POST', 'reports', wish);
}

export function makeAgain(id: string): Promise<{ id: string }> {
  return call('POST', `reports/${encodeURIComponent(id)}/prepare`, {});
}

export function cancelMaking(id: string): Promise<ReportJob> {
  return call('POST', `reports/${encodeURIComponent(id)}/cancel`, {});
}

export function signOff(id: string, act: SignOffAct, digest: string, text: string): Promise<ReportView> {
  return call('POST', `reports/${encodeURIComponent(id)}/${act}`, { digest, text });
}

export async function scheduleList(): Promise<readonly ListedSchedule[]> {
  return (await call<{ schedules: ListedSchedule[] }>('GET', 'report-schedules')).schedules;
}

export function makeSchedule(wish: ScheduleWish): Promise<ListedSchedule> {
  return call('POST', 'report-schedules', wish);
}

export function endSchedule(id: string): Promise<ListedSchedule> {
  return call('POST', `report-schedules/${encodeURIComponent(id)}/end`, {});
}

/** What the frame shows. */
export function previewAddress(id: string, version: number, language: Language): string {
  return `/api/v1/reports/${encodeURIComponent(id)}/preview?language=${language}&version=${version}`;
}

export type ReportForm = 'html' | 'pdf' | 'json';

/** Fetches a file and hands it to the browser to keep. @throws ApiError */
export async function keepFile(id: string, form: ReportForm, version: number, language: Language): Promise<void> {
  const query = new URLSearchParams({ form, language, version: String(version) });
  const response = await fetch(`/api/v1/reports/${encodeURIComponent(id)}/file?${query.toString()}`).catch(
    (error: unknown) => {
      throw new ApiError('network', String(error), 0);
    },
  );
  if (!response.ok) {
    const answer = (await response.json().catch(() => ({}))) as Record<string, string | undefined>;
    const { code = 'network', message = response.statusText, ...said } = answer;
    throw new ApiError(code, message, response.status, said);
  }
  const link = document.createElement('a');
  link.href = URL.createObjectURL(await response.blob());
  link.download = /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '')?.[1] ?? `report.${form}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** `2026-11-01` as the beginning of that day in a zone; '' for no date or no such zone. */
export function startIn(date: string, timeZone: string): string {
  const day = Date.parse(`${date}T00:00:00Z`) / 86_400_000;
  if (!Number.isInteger(day)) return '';
  try {
    return new Date(zoneClock(timeZone).startOfDay(day)).toISOString();
  } catch {
    return '';
  }
}
