import type { Incident } from '../../../src/finding/incident.ts';
import type { Evidence, IncidentDecisions, ReportState } from '../../../src/incident/incident-file.ts';
import type { Deadline } from '../../../src/incident/report-entry.ts';
import type { IncidentLevel, ReportFieldName } from '../../../src/incident/report-fields.ts';
import { call } from '../api.ts';

const at = (id: string): string => `incidents/${encodeURIComponent(id)}`;

/** What a person says about the report, as the server takes it. */
export type ReportAct =
  | { act: 'classify'; level: IncidentLevel; within: Deadline; text: string }
  | { act: 'state'; field: ReportFieldName; text: string }
  | { act: 'sent'; text: string };

/** @throws ApiError, as all of these */
export async function incidentById(id: string): Promise<Incident> {
  return (await call<{ incident: Incident }>('GET', at(id))).incident;
}

export function evidenceOf(id: string): Promise<Evidence> {
  return call('GET', `${at(id)}/evidence`);
}

export function decisionsOf(id: string): Promise<IncidentDecisions> {
  return call('GET', `${at(id)}/decisions`);
}

export function reportOf(id: string): Promise<ReportState> {
  return call('GET', `${at(id)}/report-state`);
}

export function say(id: string, { act, ...body }: ReportAct): Promise<ReportState> {
  return call('POST', `${at(id)}/report/${act}`, body);
}

/** Where the report is to be had as a file. */
export function reportAddress(id: string, form: 'html' | 'json', language: 'zh' | 'en'): string {
  return `/api/v1/${at(id)}/report?form=${form}&language=${language}`;
}
