import type { Finding } from '../finding/finding.ts';

/** What can be measured again on stored events. */
export type Measured = 'events' | 'rows' | 'bytes' | 'failures' | 'accounts' | 'assets' | 'exports' | 'records';

/** Units of findings that single events can be summed up to; others are shown by events a day. */
const BY_UNIT: Readonly<Record<string, Measured>> = {
  rows: 'rows',
  'rows changed': 'rows',
  bytes: 'bytes',
  failures: 'failures',
  refusals: 'failures',
  accounts: 'accounts',
  assets: 'assets',
  exports: 'exports',
  records: 'records',
  events: 'events',
  accesses: 'events',
  'look-ups': 'events',
  requests: 'events',
};

/** Detectors that judge by the dates of a right rather than by a quantity. */
const BY_VALIDITY: ReadonlySet<string> = new Set([
  'access-outside-validity',
  'access-without-grant',
  'purpose-mismatch',
  'vendor-after-contract',
  'vendor-out-of-scope',
  'vendor-outside-window',
  'vendor-privilege-escalation',
  'vendor-reads-business-data',
  'onward-sharing',
]);

/** Detectors that count what a whole department does. */
const BY_DEPARTMENT: ReadonlySet<string> = new Set(['access-over-grant']);
/** Detectors that count over all assets, although one is named. */
const OVER_ALL_ASSETS: ReadonlySet<string> = new Set(['bulk-read-vs-peers', 'export-spike', 'denial-probing']);

const DAY_MS = 86_400_000;

/** What the picture of a finding shows. `measured` is comparable with the finding's numbers for `measure` only. */
export function pictureOf(finding: Pick<Finding, 'detector' | 'unit' | 'baseline' | 'windowMs'>): {
  kind: 'measure' | 'activity' | 'validity';
  measured: Measured;
} {
  const measured = BY_UNIT[finding.unit];
  if (BY_VALIDITY.has(finding.detector)) return { kind: 'validity', measured: 'events' };
  if (measured === undefined || finding.windowMs > DAY_MS) return { kind: 'activity', measured: 'events' };
  return { kind: 'measure', measured };
}

/** Fields by which the events of a finding's subject are found; all of them must be equal. */
export type SubjectFields = Partial<
  Record<'actor' | 'asset' | 'department' | 'clientAddress' | 'source' | 'system', string>
>;

/** Whose events the detector counted; an empty object when the finding names nobody. */
export function subjectOf(finding: Finding): SubjectFields {
  const { actor, asset, department, clientAddress, source, system } = finding;
  if (BY_DEPARTMENT.has(finding.detector) && department !== '' && asset !== '') return { department, asset };
  if (actor !== '' && asset !== '' && !OVER_ALL_ASSETS.has(finding.detector)) return { actor, asset };
  for (const [field, value] of Object.entries({ actor, clientAddress, asset, system, source }))
    if (value !== '') return { [field]: value };
  return {};
}
