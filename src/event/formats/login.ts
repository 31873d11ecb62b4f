import type { Event } from '../event.ts';
import { state, type Format } from './format.ts';
import { aside, manageUser, signIn } from './outcome.ts';
import { readPam } from './pam.ts';
import { setPeer } from './peer.ts';

const SERVICES = new Set([
  ...[
    'login',
    'systemd-logind',
    'gdm',
    'gdm-password',
    'lightdm',
    'sddm',
    'vsftpd',
    'ftpd',
    'proftpd',
    'dovecot',
    'cron',
  ],
  ...['CRON', 'crond', 'polkitd', 'remote', 'useradd', 'userdel', 'usermod', 'groupadd', 'passwd', 'chpasswd', 'chage'],
  ...['systemd', 'rsh', 'rlogin', 'rexec', 'samba', 'smbd', 'xrdp', 'unix_chkpwd', 'pam', 'klogind', 'kshd'],
]);

/**
 * The other programs of a Linux host that let people in or keep accounts: login, systemd-logind, display managers, FTP
 * servers, cron, useradd and its kin. Attributes: tty, session, uid, by.
 */
export const login: Format = {
  name: 'login',

  recognizes(text, event) {
    return (
      SERVICES.has(event.service) ||
      text.startsWith('pam_unix(') ||
      text.startsWith('pam_sss(') ||
      event.attributes.includes('pam_unix')
    );
  },

  parse(text, event) {
    event.message = text;
    if (!readPam(text, event) && !readLogin(text, event)) readAccounts(text, event);
    return '';
  },
};

function readLogin(text: string, event: Event): boolean {
  const failed = /^FAILED LOGIN (?:SESSION )?(?:\d+ |\(\d+\) )?(?:FROM (\S+) |on '?\S+ )?FOR '?([^',]*)/i.exec(text);
  const opened = /^New session (\S+) of user ([^\s.]+)/.exec(text);
  const closed = /^Removed session (\S+?)\.?$/.exec(text);
  const console = /^(ROOT LOGIN|LOGIN) +ON (\S+)(?: BY (\S+))?(?: FROM (\S+))?/i.exec(text);
  if (failed !== null) {
    event.account = failed[2]!;
    setPeer(failed[1] ?? '', event);
    signIn(event, 'failure');
  } else if (opened !== null) {
    event.session = opened[1]!;
    event.account = opened[2]!;
    aside(event, 'success');
  } else if (closed !== null) {
    event.session = closed[1]!;
    aside(event, 'success');
  } else if (console !== null) readConsole(console, event);
  else return false;
  return true;
}

function readConsole(parts: RegExpExecArray, event: Event): void {
  event.account = parts[3] ?? (parts[1]!.toUpperCase() === 'ROOT LOGIN' ? 'root' : '');
  state(event, 'tty', parts[2]!);
  setPeer(parts[4] ?? '', event);
  signIn(event, 'success');
}

const ACCOUNTS = [
  { shape: /^new user: name=([^,]+)/, action: 'account-create' },
  { shape: /^delete user '([^']+)'/, action: 'account-delete' },
  { shape: /^(?:change|lock|unlock) user '([^']+)'/, action: 'account-change' },
  { shape: /^password changed for (\S+)/, action: 'account-change' },
  { shape: /^changed password expiry for (\S+)/, action: 'account-change' },
  { shape: /^add '([^']+)' to (?:shadow )?group '([^']+)'/, action: 'grant' },
  { shape: /^delete '([^']+)' from (?:shadow )?group '([^']+)'/, action: 'revoke' },
] as const;

/** useradd, usermod, userdel, passwd: target is the account that was changed. */
function readAccounts(text: string, event: Event): void {
  for (const { shape, action } of ACCOUNTS) {
    const parts = shape.exec(text);
    if (parts === null) continue;
    manageUser(event, action, parts[1]!);
    event.outcome = 'success';
    state(event, 'group', parts[2] ?? '');
    return;
  }
}
