import type { Event } from '../event.ts';
import { conclude } from './auditd-meaning.ts';
import { fieldOf, isAuditRecord, readAuditRecord, type AuditRecord } from './auditd-record.ts';
import { shortestAddress } from './address.ts';
import { setPeer } from './peer.ts';
import { state, type Format, type ParseContext } from './format.ts';
import { readClock, reading, utc } from './time.ts';
import { instantOf } from './zone.ts';

/**
 * Linux audit: the records of one event (same serial), one per line, joined before by assemble.ts or standing alone. Sets
 * time, account, clientAddress, session, action, outcome, target, asset; attributes audit.type (all types), audit.serial and
 * every field by its name (the first of a name), EXECVE's arguments as `command`.
 */
export const auditd: Format = {
  name: 'auditd',

  recognizes(text, event) {
    return isAuditRecord(text) || (event.service === 'audit' && /^[A-Z_]+ \w+=/.test(text));
  },

  parse(text, event, context) {
    const records = text
      .split('\n', 64)
      .filter((line) => line !== '')
      .map(recordOf);
    const first = records[0];
    if (first === undefined) return 'no audit record';
    const time = timeOfStamp(first.stamp, context);
    if (time === time) event.time = time;
    if (first.node !== '') event.host = first.node;
    event.service = event.service || 'auditd';
    state(event, 'audit.type', records.map((record) => record.type).join(','));
    state(event, 'audit.serial', first.serial);
    keepFields(records, event);
    readActor(records, event);
    conclude(records, event);
    event.message ||= messageOf(records, event);
    if (first.type === '') return 'the audit record names no type';
    if (first.stamp === '') return event.format === 'auditd' ? 'the audit record names no time' : '';
    return time === time ? '' : `'${first.stamp.slice(0, 40)}' is no time`;
  },
};

/** `1790000000.125`, or `11/24/2026 09:08:07.125` as `ausearch -i` writes it in the zone of its host. */
export function timeOfStamp(stamp: string, context: ParseContext): number {
  if (/^\d{1,11}(?:\.\d{1,9})?$/.test(stamp)) return Math.round(Number(stamp) * 1000);
  const date = /^(\d\d)\/(\d\d)\/(\d{4}|\d\d) /.exec(stamp);
  if (date === null || !readClock(stamp, date[0].length)) return NaN;
  const year = date[3]!.length === 2 ? 2000 + Number(date[3]) : Number(date[3]);
  return instantOf(utc(year, Number(date[1]), Number(date[2]), 0, 0, 0) + reading.wallMs, context.timeZone);
}

/** systemd-journald writes `USER_LOGIN pid=1 …` under the identifier `audit`. */
function recordOf(line: string): AuditRecord {
  const named = /^([A-Z_]+) (\w+=.*)$/s.exec(line);
  if (named === null || isAuditRecord(line)) return readAuditRecord(line);
  return { ...readAuditRecord(named[2]!), type: named[1]! };
}

const MAX_KEPT = 120;

function keepFields(records: readonly AuditRecord[], event: Event): void {
  const kept = new Set<string>();
  for (const record of records)
    for (let i = 0; i + 1 < record.fields.length && kept.size < MAX_KEPT; i += 2) {
      const name = record.fields[i]!;
      if (kept.has(name) || (record.type === 'EXECVE' && /^a\d/.test(name))) continue;
      kept.add(name);
      state(event, name, record.fields[i + 1]!);
    }
}

const UNSET_UID = '4294967295';
/** What programs write for the name of somebody who does not exist: `(invalid user)`, `(unknown)`. */
const NOBODY = /^\((?:invalid|unknown)[^)]*\)$/;

/** The login name that stands behind the event: acct, else the audit user (who signed in), else the effective one. */
export function readActor(records: readonly AuditRecord[], event: Event): void {
  const acct = first(records, 'acct');
  if (NOBODY.test(acct)) state(event, 'invalidUser', 'true');
  else event.account = acct || nameOf(records, 'auid', 'AUID') || nameOf(records, 'uid', 'UID');
  const address = first(records, 'addr');
  // The host name is the client's for sshd and the own one for useradd and its kin: only an address says which.
  if (address !== '') setPeer(address, event);
  else event.clientAddress = shortestAddress(first(records, 'hostname'));
  const session = first(records, 'ses');
  if (session !== '' && session !== UNSET_UID) event.session = session;
}

function nameOf(records: readonly AuditRecord[], number: string, enriched: string): string {
  const name = first(records, enriched);
  if (name !== '' && name !== 'unset') return name;
  const uid = first(records, number);
  if (uid === '' || uid === UNSET_UID || uid === '-1' || uid === 'unset') return '';
  if (!/^\d+$/.test(uid)) return uid;
  return uid === '0' ? 'root' : `uid:${uid}`;
}

function first(records: readonly AuditRecord[], name: string): string {
  for (const record of records) {
    const value = fieldOf(record, name);
    if (value !== '') return value;
  }
  return '';
}

function messageOf(records: readonly AuditRecord[], event: Event): string {
  const title = records.find((record) => record.type === 'PROCTITLE');
  const main = records.find((record) => !BESIDE.has(record.type)) ?? records[0]!;
  if (main.type === 'TTY' || main.type === 'USER_TTY') return fieldOf(main, 'data');
  const name = fieldOf(main, 'SYSCALL') || fieldOf(main, 'op');
  const words = [main.type, main.text, name, fieldOf(main, 'exe'), event.asset, fieldOf(main, 'res')];
  if (title !== undefined && main.type === 'SYSCALL') words.push(`(${fieldOf(title, 'proctitle')})`);
  return words.filter((word) => word !== '' && word !== '()').join(' ');
}

/** Records that only add to the one that says what happened. */
const BESIDE = new Set(['CWD', 'PATH', 'PROCTITLE', 'SOCKADDR', 'EOE']);
