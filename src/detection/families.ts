/** By what people look for detectors. */
export const FAMILIES = ['data', 'vendor', 'identity', 'logs'] as const;
export type Family = (typeof FAMILIES)[number];

const MEMBERS: Readonly<Record<Family, readonly string[]>> = {
  data: [
    'access-outside-validity',
    'access-over-grant',
    'access-without-grant',
    'bulk-read',
    'bulk-read-vs-peers',
    'denial-probing',
    'diffusion-outside-boundary',
    'enumeration',
    'export-spike',
    'external-destination',
    'first-time-asset',
    'mass-change',
    'off-hours-access',
    'onward-sharing',
    'person-record-snooping',
    'purpose-mismatch',
    'slow-drip',
  ],
  vendor: [
    'service-degradation',
    'vendor-after-contract',
    'vendor-out-of-scope',
    'vendor-outside-window',
    'vendor-privilege-escalation',
    'vendor-reads-business-data',
  ],
  identity: [
    'brute-force',
    'dormant-account',
    'impossible-travel',
    'new-network-or-device',
    'password-spray',
    'privilege-burst',
    'shared-account',
    'watching-the-watchers',
  ],
  logs: ['audit-disabled', 'audit-trail-gap', 'clock-skew', 'log-tampering', 'source-lag', 'source-silence'],
};

/** @returns undefined for a detector that no family has; test/detection/cards.test.ts holds that there is none. */
export function familyOf(detector: string): Family | undefined {
  return FAMILIES.find((family) => MEMBERS[family].includes(detector));
}
