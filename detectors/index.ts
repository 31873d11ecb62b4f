import type { Detector } from '../src/detection/detector.ts';
import { accessOutsideValidity } from './access-outside-validity.ts';
import { accessOverGrant } from './access-over-grant.ts';
import { accessWithoutGrant } from './access-without-grant.ts';
import { auditDisabled } from './audit-disabled.ts';
import { auditTrailGap } from './audit-trail-gap.ts';
import { bruteForce } from './brute-force.ts';
import { bulkRead } from './bulk-read.ts';
import { bulkReadVsPeers } from './bulk-read-vs-peers.ts';
import { clockSkew } from './clock-skew.ts';
import { denialProbing } from './denial-probing.ts';
import { diffusionOutsideBoundary } from './diffusion-outside-boundary.ts';
import { dormantAccount } from './dormant-account.ts';
import { enumeration } from './enumeration.ts';
import { exportSpike } from './export-spike.ts';
import { externalDestination } from './external-destination.ts';
import { firstTimeAsset } from './first-time-asset.ts';
import { impossibleTravel } from './impossible-travel.ts';
import { logTampering } from './log-tampering.ts';
import { massChange } from './mass-change.ts';
import { newNetworkOrDevice } from './new-network-or-device.ts';
import { offHoursAccess } from './off-hours-access.ts';
import { onwardSharing } from './onward-sharing.ts';
import { passwordSpray } from './password-spray.ts';
import { personRecordSnooping } from './person-record-snooping.ts';
import { privilegeBurst } from './privilege-burst.ts';
import { purposeMismatch } from './purpose-mismatch.ts';
import { serviceDegradation } from './service-degradation.ts';
import { sharedAccount } from './shared-account.ts';
import { slowDrip } from './slow-drip.ts';
import { sourceLag } from './source-lag.ts';
import { sourceSilence } from './source-silence.ts';
import { vendorAfterContract } from './vendor-after-contract.ts';
import { vendorOutOfScope } from './vendor-out-of-scope.ts';
import { vendorOutsideWindow } from './vendor-outside-window.ts';
import { vendorPrivilegeEscalation } from './vendor-privilege-escalation.ts';
import { vendorReadsBusinessData } from './vendor-reads-business-data.ts';
import { watchingTheWatchers } from './watching-the-watchers.ts';

/** Every detector of this folder; test/detectors/index.test.ts checks that none is missing. */
export const detectors: readonly Detector[] = [
  accessOutsideValidity,
  accessOverGrant,
  accessWithoutGrant,
  auditDisabled,
  auditTrailGap,
  bruteForce,
  bulkRead,
  bulkReadVsPeers,
  clockSkew,
  denialProbing,
  diffusionOutsideBoundary,
  dormantAccount,
  enumeration,
  exportSpike,
  externalDestination,
  firstTimeAsset,
  impossibleTravel,
  logTampering,
  massChange,
  newNetworkOrDevice,
  offHoursAccess,
  onwardSharing,
  passwordSpray,
  personRecordSnooping,
  privilegeBurst,
  purposeMismatch,
  serviceDegradation,
  sharedAccount,
  slowDrip,
  sourceLag,
  sourceSilence,
  vendorAfterContract,
  vendorOutOfScope,
  vendorOutsideWindow,
  vendorPrivilegeEscalation,
  vendorReadsBusinessData,
  watchingTheWatchers,
] as readonly unknown[] as readonly Detector[];
