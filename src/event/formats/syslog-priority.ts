import type { Event } from '../event.ts';
import { state } from './format.ts';
import { COLON, digitsEnd, skipSpaces, tokenEnd } from './scan.ts';

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
  state(event, 'syslog.priority', NUMBERS[priority]!);
  setFacility(priority >> 3, priority & 7, event);
  return '';
}

function setFacility(facility: number, severity: number, event: Event): void {
  event.severity = SEVERITIES[severity]!;
  state(event, 'syslog.facility', NUMBERS[facility]!);
  state(event, 'syslog.severity', NUMBERS[severity]!);
}

const FACILITIES = new Map(
  [
    ...['kern', 'user', 'mail', 'daemon', 'auth', 'syslog', 'lpr', 'news', 'uucp', 'cron', 'authpriv', 'ftp', 'ntp'],
    ...['security', 'console', '', 'local0', 'local1', 'local2', 'local3', 'local4', 'local5', 'local6', 'local7'],
  ].map((name, number) => [name, number]),
);

const LEVELS = new Map(
  Object.entries({ emerg: 0, alert: 1, crit: 2, err: 3, error: 3, warning: 4, warn: 4, notice: 5, info: 6, debug: 7 }),
);

/**
 * Reads a priority in words at `at`: `auth.info ` (OpenWrt), `<auth.info> ` (BSD), `auth|security:info ` (AIX). A number that
 * was read before counts more. @returns the position behind it, or `at`.
 */
export function readFacility(text: string, at: number, event: Event): number {
  const start = text.charCodeAt(at) === 60 ? at + 1 : at;
  const end = tokenEnd(text, start);
  if (end - start > 40) return at;
  const stop = start > at ? end - 1 : end;
  const mark = lastMark(text, start, stop);
  const severity = mark + 1 >= stop ? undefined : LEVELS.get(text.slice(mark + 1, stop));
  if (severity === undefined) return at;
  const facility = FACILITIES.get(/^[a-z]*\d?/.exec(text.slice(start, stop))![0]);
  if (facility === undefined) return at;
  if (!event.attributes.includes('syslog.facility')) setFacility(facility, severity, event);
  return skipSpaces(text, end);
}

/** Position of the last `.` or `:` in a range, or its end. */
function lastMark(text: string, start: number, stop: number): number {
  for (let i = stop - 1; i > start; i--) {
    const code = text.charCodeAt(i);
    if (code === 46 || code === COLON) return i;
  }
  return stop;
}

/** Sets the severity that a Cisco mnemonic names (`%SYS-5-CONFIG_I`), where no number said it. */
export function readMnemonic(mnemonic: string, event: Event): void {
  const level = /-([0-7])-/.exec(mnemonic.slice(0, 80));
  if (level !== null && event.severity === 0) event.severity = SEVERITIES[Number(level[1])]!;
}
