import type { DayPlan } from '../activity/day-plan.ts';
import type { Difficulty } from '../season/label.ts';
import { accessOutsideValidity } from '../season/incidents/access-outside-validity.ts';
import { accessOverGrant } from '../season/incidents/access-over-grant.ts';
import { accessWithoutGrant } from '../season/incidents/access-without-grant.ts';
import { auditDisabled } from '../season/incidents/audit-disabled.ts';
import { denialProbing } from '../season/incidents/denial-probing.ts';
import { diffusionOutsideBoundary } from '../season/incidents/diffusion-outside-boundary.ts';
import { externalDestination } from '../season/incidents/external-destination.ts';
import { impossibleTravel } from '../season/incidents/impossible-travel.ts';
import { massChange } from '../season/incidents/mass-change.ts';
import { onwardSharing } from '../season/incidents/onward-sharing.ts';
import { personRecordSnooping } from '../season/incidents/person-record-snooping.ts';
import { privilegeBurst } from '../season/incidents/privilege-burst.ts';
import { purposeMismatch } from '../season/incidents/purpose-mismatch.ts';
import { sharedAccount } from '../season/incidents/shared-account.ts';
import { vendorOutOfScope } from '../season/incidents/vendor-out-of-scope.ts';
import { vendorOutsideWindow } from '../season/incidents/vendor-outside-window.ts';
import { vendorPrivilegeEscalation } from '../season/incidents/vendor-privilege-escalation.ts';
import { vendorReadsBusinessData } from '../season/incidents/vendor-reads-business-data.ts';
import { Scene, type Plot } from '../season/scene.ts';
import { worldAround } from '../season/world.ts';
import type { Incident } from './incident.ts';

/** Wrongdoing of the season that one day is enough for, and that needs no more history than the demo has. */
const STAGED: readonly (readonly [Plot, Difficulty])[] = [
  [accessOutsideValidity, 'blatant'],
  [accessOverGrant, 'blatant'],
  [accessWithoutGrant, 'blatant'],
  [auditDisabled, 'careful'],
  [denialProbing, 'blatant'],
  [diffusionOutsideBoundary, 'blatant'],
  [externalDestination, 'blatant'],
  [impossibleTravel, 'blatant'],
  [massChange, 'blatant'],
  [onwardSharing, 'blatant'],
  [personRecordSnooping, 'blatant'],
  [privilegeBurst, 'blatant'],
  [purposeMismatch, 'blatant'],
  [sharedAccount, 'blatant'],
  [vendorOutOfScope, 'blatant'],
  [vendorOutsideWindow, 'careful'],
  [vendorPrivilegeEscalation, 'blatant'],
  [vendorReadsBusinessData, 'blatant'],
];

/** @param used logins that other incidents of the day have taken already */
export function stagedIncidents(plan: DayPlan, used: ReadonlySet<string>): Incident[] {
  const world = worldAround(plan.platform);
  const busyUntil = new Map([...used].map((login) => [`person ${login}`, Infinity]));
  const known = new Set<string>();
  return STAGED.flatMap(([plot, difficulty]) => {
    const scene = new Scene(world, plan.day, `day/${plot.name}`, busyUntil, known);
    const draft = plot.stage(scene, difficulty);
    if (draft === undefined) return [];
    for (const name of scene.taken) busyUntil.set(name, Infinity);
    const id = `${plan.day}/${plot.name}/${difficulty}`;
    const times = scene.lines.map(({ atMs }) => atMs);
    const label = {
      id,
      detector: plot.name,
      actor: draft.actor ?? '',
      asset: '',
      clientAddress: '',
      from: Math.min(...times),
      to: Math.max(...times),
      expected: true,
      why: draft.why,
    };
    return [{ label, lines: scene.lines.map((line) => ({ ...line, incident: id })) }];
  });
}
