import { rfc3164 } from './syslog.ts';

const USER_WARNING = 12;

interface Record {
  atMs: number;
  host: string;
  serial: number;
  pid: number;
}

/** Single-record audit events, as audisp-syslog relays them. */
export function serviceEvent(of: Record, type: 'SERVICE_START' | 'SERVICE_STOP', unit: string): string {
  const detail = `unit=${unit} comm="systemd" exe="/usr/lib/systemd/systemd" hostname=? addr=? terminal=? res=success`;
  return audit(of, type, `pid=1 uid=0 auid=4294967295 ses=4294967295 subj=unconfined msg='${detail}'`);
}

/** @param command in upper-case hexadecimal, as the kernel writes strings with spaces */
export function userCommand(of: Record, uid: number, account: string, command: string): string {
  const hex = Buffer.from(command).toString('hex').toUpperCase();
  const detail = `cwd="/home/${account}" cmd=${hex} exe="/usr/bin/sudo" terminal=pts/0 res=success`;
  return audit(of, 'USER_CMD', `pid=${of.pid} uid=${uid} auid=${uid} ses=${of.serial % 900} msg='${detail}'`);
}

function audit(of: Record, type: string, fields: string): string {
  const stamp = `${Math.floor(of.atMs / 1000)}.${String(of.atMs % 1000).padStart(3, '0')}:${of.serial}`;
  return rfc3164(USER_WARNING, of.atMs, of.host, 'audisp-syslog', 700, `type=${type} msg=audit(${stamp}): ${fields}`);
}
