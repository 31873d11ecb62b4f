import type { Diffusion } from '../../../src/detection/diffusion/graph.ts';
import type { Bilingual } from '../../../src/finding/finding.ts';
import type { VendorRisk } from '../../../src/posture/vendor-risk.ts';
import type { FiveQuestions } from '../../../src/profile/five-questions.ts';
import type { Activity, Profile, StatedFinding, VendorLine } from '../../../src/profile/profile.ts';
import type { Scorecard } from '../../../src/profile/scorecard.ts';
import type { SeriesForecast } from '../../../src/forecast-desk.ts';
import type { VendorService } from '../../../src/vendor-service-desk.ts';
import { call } from '../api.ts';
import type { Subject } from './subject.ts';

export type Days = 7 | 28;
export type Spread = Diffusion & { titles: Readonly<Record<string, Bilingual>> };
export type RiskWithTrend = VendorRisk & { trend: readonly { at: number; score: number }[] };

const at = ({ kind, id }: Subject): string => `profiles/${kind}/${encodeURIComponent(id)}`;

/** Parameters of a request; `asOf` 0 is now. */
function query(asOf: number, others: Record<string, string | number> = {}): string {
  const stated = Object.entries({ ...(asOf === 0 ? {} : { asOf }), ...others });
  return stated.length === 0 ? '' : `?${stated.map(([name, value]) => `${name}=${value}`).join('&')}`;
}

/** @param asOf ms since the Unix epoch; 0 for now. @throws ApiError, as all of these */
export function profileOf(subject: Subject, asOf: number): Promise<Profile> {
  return call('GET', at(subject) + query(asOf));
}

export function activityOf(subject: Subject, days: Days, asOf: number): Promise<Activity> {
  return call('GET', `${at(subject)}/activity${query(asOf, { days })}`);
}

export async function findingsAbout(subject: Subject, asOf: number): Promise<readonly StatedFinding[]> {
  return (await call<{ findings: StatedFinding[] }>('GET', `${at(subject)}/findings${query(asOf)}`)).findings;
}

export function questionsOf(asset: string, days: Days, asOf: number): Promise<FiveQuestions> {
  return call('GET', `assets/${encodeURIComponent(asset)}/questions${query(asOf, { days })}`);
}

export function spreadOf(asset: string, asOf: number): Promise<Spread> {
  return call('GET', `assets/${encodeURIComponent(asset)}/diffusion${query(asOf)}`);
}

export function scorecardOf(vendor: string, days: Days, asOf: number): Promise<Scorecard> {
  return call('GET', `vendors/${encodeURIComponent(vendor)}/scorecard${query(asOf, { days })}`);
}

export function riskOf(vendor: string, asOf: number): Promise<RiskWithTrend> {
  return call('GET', `vendors/${encodeURIComponent(vendor)}/risk${query(asOf)}`);
}

export async function vendorList(): Promise<readonly VendorLine[]> {
  return (await call<{ vendors: VendorLine[] }>('GET', 'vendors')).vendors;
}

/** How the vendor's systems serve. */
export function serviceOf(vendor: string, asOf: number): Promise<VendorService> {
  return call('GET', `vendors/${encodeURIComponent(vendor)}/service${query(asOf)}`);
}

/** The vendor's risk over the next 7 days. */
export function riskForecast(vendor: string): Promise<SeriesForecast> {
  return call('GET', `forecasts?series=vendor-risk&step=day&id=${encodeURIComponent(vendor)}`);
}
