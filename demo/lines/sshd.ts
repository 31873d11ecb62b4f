import { rfc3164 } from './syslog.ts';

const AUTHPRIV_INFO = 86;
const AUTHPRIV_NOTICE = 85;

/** What sshd and sudo write, one function a line. `port` doubles as the process id's seed, as both just count up. */
export interface Connection {
  atMs: number;
  host: string;
  account: string;
  address: string;
  port: number;
}

export function failedPassword(of: Connection, known = true): string {
  const name = known ? of.account : `invalid user ${of.account}`;
  return sshd(of, `Failed password for ${name} from ${of.address} port ${of.port} ssh2`);
}

export function acceptedPassword(of: Connection): string {
  return sshd(of, `Accepted password for ${of.account} from ${of.address} port ${of.port} ssh2`);
}

/** @param fingerprint 43 characters of base64 */
export function acceptedKey(of: Connection, fingerprint: string): string {
  return sshd(
    of,
    `Accepted publickey for ${of.account} from ${of.address} port ${of.port} ssh2: ED25519 SHA256:${fingerprint}`,
  );
}

export function sessionOpened(of: Connection): string {
  return sshd(of, `pam_unix(sshd:session): session opened for user ${of.account}(uid=1001) by (uid=0)`);
}

export function disconnected(of: Connection): string {
  return sshd(of, `Disconnected from user ${of.account} ${of.address} port ${of.port}`);
}

function sshd(of: Connection, message: string): string {
  return rfc3164(AUTHPRIV_INFO, of.atMs, of.host, 'sshd', 2000 + (of.port % 30_000), message);
}

export function sudo(atMs: number, host: string, account: string, command: string, pid: number): string {
  const message = `${account.padStart(8)} : TTY=pts/0 ; PWD=/home/${account} ; USER=root ; COMMAND=${command}`;
  return rfc3164(AUTHPRIV_NOTICE, atMs, host, 'sudo', pid, message);
}
