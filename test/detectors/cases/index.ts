import { accessOutsideValidityCases } from './access-outside-validity.ts';
import { accessOverGrantCases } from './access-over-grant.ts';
import { accessWithoutGrantCases } from './access-without-grant.ts';
import { auditDisabledCases } from './audit-disabled.ts';
import { auditTrailGapCases } from './audit-trail-gap.ts';
import { bruteForceCases } from './brute-force.ts';
import { bulkReadVsPeersCases } from './bulk-read-vs-peers.ts';
import { bulkReadCases } from './bulk-read.ts';
import { clockSkewCases } from './clock-skew.ts';
import { denialProbingCases } from './denial-probing.ts';
import { diffusionOutsideBoundaryCases } from './diffusion-outside-boundary.ts';
import { dormantAccountCases } from './dormant-account.ts';
import { enumerationCases } from './enumeration.ts';
import { exportSpikeCases } from './export-spike.ts';
import { externalDestinationCases } from './external-destination.ts';
import { firstTimeAssetCases } from './first-time-asset.ts';
import { impossibleTravelCases } from './impossible-travel.ts';
import { logTamperingCases } from './log-tampering.ts';
import { massChangeCases } from './mass-change.ts';
import { newNetworkOrDeviceCases } from './new-network-or-device.ts';
import { offHoursAccessCases } from './off-hours-access.ts';
import { onwardSharingCases } from './onward-sharing.ts';
import { passwordSprayCases } from './password-spray.ts';
import { personRecordSnoopingCases } from './person-record-snooping.ts';
import { privilegeBurstCases } from './privilege-burst.ts';
import { purposeMismatchCases } from './purpose-mismatch.ts';
import { serviceDegradationCases } from './service-degradation.ts';
import { sharedAccountCases } from './shared-account.ts';
import { slowDripCases } from './slow-drip.ts';
import { sourceLagCases } from './source-lag.ts';
import { sourceSilenceCases } from './source-silence.ts';
import { vendorAfterContractCases } from './vendor-after-contract.ts';
import { vendorOutOfScopeCases } from './vendor-out-of-scope.ts';
import { vendorOutsideWindowCases } from './vendor-outside-window.ts';
import { vendorPrivilegeEscalationCases } from './vendor-privilege-escalation.ts';
import { vendorReadsBusinessDataCases } from './vendor-reads-business-data.ts';
import { watchingTheWatchersCases } from './watching-the-watchers.ts';
import type { Contract } from '../contract.ts';

/** The cases of every detector; test/detectors/index.test.ts checks that none is missing. */
export const contracts: readonly Contract[] = [
  accessOutsideValidityCases,
  accessOverGrantCases,
  accessWithoutGrantCases,
  auditDisabledCases,
  auditTrailGapCases,
  bruteForceCases,
  bulkReadVsPeersCases,
  bulkReadCases,
  clockSkewCases,
  denialProbingCases,
  diffusionOutsideBoundaryCases,
  dormantAccountCases,
  enumerationCases,
  exportSpikeCases,
  externalDestinationCases,
  firstTimeAssetCases,
  impossibleTravelCases,
  logTamperingCases,
  massChangeCases,
  newNetworkOrDeviceCases,
  offHoursAccessCases,
  onwardSharingCases,
  passwordSprayCases,
  personRecordSnoopingCases,
  privilegeBurstCases,
  purposeMismatchCases,
  serviceDegradationCases,
  sharedAccountCases,
  slowDripCases,
  sourceLagCases,
  sourceSilenceCases,
  vendorAfterContractCases,
  vendorOutOfScopeCases,
  vendorOutsideWindowCases,
  vendorPrivilegeEscalationCases,
  vendorReadsBusinessDataCases,
  watchingTheWatchersCases,
];
