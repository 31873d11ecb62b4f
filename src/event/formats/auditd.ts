import type { Event } from '../event.ts';
import { conclude } from './auditd-meaning.ts';
import { fieldOf, isAuditRecord, readAuditRecord, type AuditRecord } from './auditd-record.ts';
import { setPeer } from './peer.ts';
import { state, type Format } from './format.ts';

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

  parse(text, event) {
    const records = text
      .split('\n', 64)
      .filter((line) => line !== '')
      .map(recordOf);
    const first = records[0];
    if (first === undefined) return 'no audit record';
    const time = Number(first.stamp) * 1000;
    if (first.stamp !== '' && Number.isFinite(time) && time >= 0 && time < 253_402_300_800_000)
      event.time = Math.round(time);
    if (first.node !== '') event.host = first.node;
    event.service = event.service || 'auditd';
    state(event, 'audit.type', records.map((record) => record.type).join(','));
    state(event, 'audit.serial', first.serial);
    keepFields(records, event);
    readActor(records, event);
    conclude(records, event);
    event.message ||= messageOf(records);
    return first.type === '' ? 'the audit record names no type' : '';
  },
};

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
function readActor(records: readonly AuditRecord[], event: Event): void {
  const acct = first(records, 'acct');
  if (NOBODY.test(acct)) state(event, 'invalidUser', 'true');
  else event.account = acct || nameOf(records, 'auid', 'AUID') || nameOf(records, 'uid', 'UID');
  const address = first(records, 'addr') || first(records, 'hostname');
  if (address !== '') setPeer(address, event);
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

function messageOf(records: readonly AuditRecord[]): string {
  const main = records.find((record) => record.type !== 'SYSCALL') ?? records[0]!;
  const words = [main.type, main.text, fieldOf(main, 'op'), fieldOf(main, 'exe'), fieldOf(main, 'res')];
  return words.filter((word) => word !== '').join(' ');
}
