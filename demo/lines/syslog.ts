import { clockOf, isoTime } from '../calendar.ts';

/** The envelopes that syslog daemons put around a message. Facilities: 4 auth, 10 authpriv, 13 audit, 16 local0. */
export function rfc5424(
  priority: number,
  atMs: number,
  host: string,
  program: string,
  pid: number | '-',
  message: string,
): string {
  return `<${priority}>1 ${isoTime(atMs)} ${host} ${program} ${pid} - - ${message}`;
}

/** RFC 3164: no year, no zone. */
export function rfc3164(
  priority: number,
  atMs: number,
  host: string,
  program: string,
  pid: number,
  message: string,
): string {
  const { month, day, time } = clockOf(atMs);
  return `<${priority}>${month} ${String(day).padStart(2)} ${time} ${host} ${program}[${pid}]: ${message}`;
}
