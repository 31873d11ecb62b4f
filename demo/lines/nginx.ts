import { clockOf } from '../calendar.ts';
import { rfc5424 } from './syslog.ts';

const LOCAL7_INFO = 190;

export interface WebRequest {
  atMs: number;
  host: string;
  address: string;
  /** Remote user; '-' on the public portal. */
  account: string;
  method: string;
  path: string;
  status: number;
  bytes: number;
  referrer: string;
  agent: string;
}

/** nginx `access_log syslog:` in the combined format, relayed as RFC 5424. */
export function accessLog(of: WebRequest): string {
  const message = `${of.address} - ${of.account} [${accessTime(of.atMs)}] "${of.method} ${of.path} HTTP/1.1" ${of.status} ${of.bytes} "${of.referrer}" "${of.agent}"`;
  return rfc5424(LOCAL7_INFO, of.atMs, of.host, 'nginx', '-', message);
}

/** `20/Nov/2026:09:01:02 +0800`. */
export function accessTime(atMs: number): string {
  const { date, time, month } = clockOf(atMs);
  return `${date.slice(8)}/${month}/${date.slice(0, 4)}:${time} +0800`;
}
