import type { DayPlan } from './activity/day-plan.ts';
import { bruteForce } from './incidents/brute-force.ts';
import { bulkRead } from './incidents/bulk-read.ts';
import { firstTimeAsset } from './incidents/first-time-asset.ts';
import { Cast, type Incident, type Label } from './incidents/incident.ts';
import { offHoursAccess } from './incidents/off-hours-access.ts';
import { passwordSpray } from './incidents/password-spray.ts';
import { stagedIncidents } from './incidents/staged.ts';
import { vendorAfterContract } from './incidents/vendor-after-contract.ts';
import type { Line } from './line.ts';

export type { Incident, Label } from './incidents/incident.ts';

/** What happens on rest days too. */
const ALWAYS = {
  'brute-force': bruteForce,
  'password-spray': passwordSpray,
  'off-hours-access': offHoursAccess,
  'vendor-after-contract': vendorAfterContract,
};
const WORKDAYS = { 'bulk-read': bulkRead, 'first-time-asset': firstTimeAsset };

/** The labelled incidents of a day, each detector's in several variants, hard ones included. */
export function incidents(plan: DayPlan): Incident[] {
  const used = new Set<string>();
  const written = Object.entries({ ...ALWAYS, ...(plan.workday ? WORKDAYS : {}) }).flatMap(([detector, write], n) =>
    write(new Cast(plan, detector, used, n * 42)),
  );
  return plan.workday ? [...written, ...stagedIncidents(plan, used)] : written;
}

export function labels(plan: DayPlan): Label[] {
  return incidents(plan).map((incident) => incident.label);
}

export function incidentLines(plan: DayPlan): Line[] {
  return incidents(plan).flatMap((incident) => incident.lines);
}
