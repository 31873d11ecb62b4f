import { accessLine } from './activity/access.ts';
import { DayPlan, type Flow, type Planned } from './activity/day-plan.ts';
import { administrators, backups, healthChecks, hostAudit, scanners } from './activity/hosts.ts';
import { lookAlikes } from './activity/look-alikes.ts';
import { vendorMaintenance } from './activity/maintenance.ts';
import { administrationOfTheDay, signIns } from './activity/sign-ins.ts';
import { officePortal, openInterfaces, publicPortal } from './activity/web.ts';
import { addDays, dayOf, MINUTE } from './calendar.ts';
import { ordinaryAccesses } from './history.ts';
import { incidentLines } from './incidents.ts';
import type { Line } from './line.ts';
import type { Platform } from './platform.ts';

export interface DayOptions {
  /** Lines of a workday, roughly. */
  volume?: number;
  /** Begins at this moment of the day, ms; default midnight. */
  fromMs?: number;
  /** Without the labelled incidents: what is left must stay quiet. */
  quiet?: boolean;
}

export const DEFAULT_VOLUME = 250_000;
const SLICE_MS = 10 * MINUTE;
/** What the planned activities and the health checks come to. */
const FIXED_LINES = 37_000;

const PLANNED: readonly Planned[] = [
  (plan) => ordinaryAccesses(plan).map((access) => accessLine(plan.platform, access)),
  signIns,
  administrationOfTheDay,
  administrators,
  scanners,
  hostAudit,
  backups,
  vendorMaintenance,
  lookAlikes,
];

/** One day's lines in the order of their times. The same platform and day give the same lines. */
export function* dayLines(platform: Platform, day: string, options: DayOptions = {}): Generator<Line> {
  const plan = new DayPlan(platform, day);
  const planned = inSlices(plan, [
    ...PLANNED.flatMap((activity) => activity(plan)),
    ...(options.quiet ? [] : incidentLines(plan)),
  ]);
  const web = Math.max(0, (options.volume ?? DEFAULT_VOLUME) - FIXED_LINES);
  const flows: Flow[] = [healthChecks, publicPortal(web * 0.7), officePortal(web * 0.15), openInterfaces(web * 0.15)];
  const fromMs = options.fromMs ?? plan.from;
  for (let at = plan.from; at < plan.to; at += SLICE_MS) {
    if (at + SLICE_MS <= fromMs) continue;
    const lines = flows.flatMap((flow) => flow(plan, at, at + SLICE_MS));
    lines.push(...(planned.get(at) ?? []));
    lines.sort((a, b) => a.atMs - b.atMs);
    yield* fromMs <= at ? lines : lines.filter((line) => line.atMs >= fromMs);
  }
}

/** Day after day from a moment on, without end. */
export function* endlessLines(platform: Platform, fromMs: number, volume = DEFAULT_VOLUME): Generator<Line> {
  yield* dayLines(platform, dayOf(fromMs), { fromMs, volume });
  for (let day = addDays(dayOf(fromMs), 1); ; day = addDays(day, 1)) yield* dayLines(platform, day, { volume });
}

/** What runs over midnight is left out: each day stands alone. */
function inSlices(plan: DayPlan, lines: readonly Line[]): Map<number, Line[]> {
  const slices = new Map<number, Line[]>();
  for (const line of lines) {
    if (line.atMs < plan.from || line.atMs >= plan.to) continue;
    const start = line.atMs - ((line.atMs - plan.from) % SLICE_MS);
    const slice = slices.get(start);
    if (slice) slice.push(line);
    else slices.set(start, [line]);
  }
  return slices;
}
