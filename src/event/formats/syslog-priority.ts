import type { Event } from '../event.ts';
import { state } from './format.ts';
import { digitsEnd } from './scan.ts';

/** Syslog severity 0–7 (emergency to debug) as OCSF severity_id. */
const SEVERITIES = [6, 5, 5, 4, 3, 2, 1, 1] as const;

const NUMBERS = Array.from({ length: 192 }, (_, n) => String(n));

/** End of `<PRI>` at the start of the text (behind the `>`), or 0 when there is none. */
export function priorityEnd(text: string): number {
  if (text.charCodeAt(0) !== 60) return 0;
  const end = digitsEnd(text, 1);
  return end > 1 && end <= 4 && text.charCodeAt(end) === 62 ? end + 1 : 0;
}

/** Reads `<PRI>` into severity and the attributes syslog.priority, .facility, .severity. @returns '' or the fault. */
export function readPriority(text: string, end: number, event: Event): string {
  const priority = Number(text.slice(1, end - 1));
  if (priority > 191) return `priority ${priority} is above 191`;
  const severity = priority & 7;
  event.severity = SEVERITIES[severity]!;
  state(event, 'syslog.priority', NUMBERS[priority]!);
  state(event, 'syslog.facility', NUMBERS[priority >> 3]!);
  state(event, 'syslog.severity', NUMBERS[severity]!);
  return '';
}
