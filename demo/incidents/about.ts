import { networkOf } from '../../src/detection/subjects.ts';
import type { Finding } from '../../src/finding/finding.ts';
import type { Label } from './incident.ts';

/** Success may come this long after the last line of a label. */
const SLACK_MS = 30 * 60_000;
/** Syslog of the old kind dates lines to the second. */
const WHOLE_SECOND_MS = 1_000;

/** What of a finding tells which label it is about. */
export type Found = Pick<Finding, 'detector' | 'actor' | 'asset' | 'clientAddress' | 'firstTime' | 'lastTime'>;

/** Same detector, same actor, asset and network where the label names them, and an overlap in time. */
export function isAbout(finding: Found, label: Label): boolean {
  if (finding.detector !== label.detector) return false;
  if (finding.firstTime > label.to + SLACK_MS || finding.lastTime < label.from - WHOLE_SECOND_MS) return false;
  if (label.actor !== '' && finding.actor !== label.actor && !finding.actor.startsWith(`${label.actor}@`)) return false;
  if (label.asset !== '' && finding.asset !== '' && finding.asset !== label.asset) return false;
  return label.clientAddress === '' || network(finding.clientAddress) === network(label.clientAddress);
}

function network(address: string): string {
  return networkOf(address.replace(/\/\d+$/, ''));
}
