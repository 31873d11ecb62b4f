import type { Event } from '../event.ts';
import { readAccounts } from './accounts.ts';
import { state, type Format } from './format.ts';
import { aside, signIn } from './outcome.ts';
import { readPam } from './pam.ts';
import { setPeer } from './peer.ts';

const SERVICES = new Set([
  ...['login', 'systemd-logind', 'gdm', 'gdm-password', 'gdm-launch-environment', 'lightdm', 'sddm', 'vsftpd', 'ftpd'],
  ...[
    'proftpd',
    'dovecot',
    'cron',
    'CRON',
    'crond',
    'polkitd',
    'remote',
    'systemd',
    'rsh',
    'rshd',
    'rlogin',
    'rlogind',
  ],
  ...['rexec', 'samba', 'smbd', 'xrdp', 'unix_chkpwd', 'pam', 'klogind', 'kshd', 'dropbear'],
  ...['useradd', 'userdel', 'usermod', 'groupadd', 'groupdel', 'groupmod', 'gpasswd', 'passwd', 'chpasswd', 'chage'],
]);

/**
 * The other programs of a Linux host that let people in or keep accounts: login, systemd-logind, dropbear, display managers,
 * FTP servers, cron, useradd and its kin. Attributes: tty, session, uid, by, group, invalidUser, method, repeat.
 */
export const login: Format = {
  name: 'login',

  recognizes(text, event) {
    return (
      SERVICES.has(event.service) ||
      (text.startsWith('pam_') && /^pam_\w{2,30}\([^()]{1,60}\): /.test(text.slice(0, 100))) ||
      event.attributes.includes('pam_unix')
    );
  },

  parse(text, event) {
    event.message = text;
    if (!readPam(text, event) && !readLogin(text, event)) readAccounts(text, event);
    return '';
  },
};

interface Shape {
  pattern: RegExp;
  /** success and failure count as an attempt; the others only tell more about one. */
  says: 'success' | 'failure' | 'aside' | 'aside success' | 'aside failure';
}

/** Lines by their shape; the named groups are account, address, port, tty, session, repeat, reason, method. */
const SHAPES: readonly Shape[] = [
  {
    pattern:
      /^FAILED LOGIN (?:SESSION )?(?:\d+ |\(\d+\) )?(?:FROM (?<address>\S+) |on '?\S+ )?FOR '?(?<account>[^',]*)/i,
    says: 'failure',
  },
  {
    pattern: /^(?<repeat>\d+) LOGIN FAILURES? (?:FROM (?<address>[^\s,]+)|ON (?<tty>[^\s,]+))(?:, (?<account>\S+))?/,
    says: 'failure',
  },
  { pattern: /^LOGIN (?<account>\S+) REFUSED (?:FROM (?<address>\S+) )?ON TTY (?<tty>\S+)/, says: 'aside failure' },
  {
    pattern: /^invalid password for '(?<account>[^']*)' on '(?<tty>[^']*)'(?: from '(?<address>[^']*)')?/,
    says: 'aside failure',
  },
  {
    pattern: /^(?:ROOT LOGIN|LOGIN|DIALUP) +(?:ON|AT) (?<tty>\S+)(?: BY (?<account>\S+))?(?: FROM (?<address>\S+))?/i,
    says: 'success',
  },
  { pattern: /^New session '?(?<session>[^\s']+)'? of user '?(?<account>[^\s'.]+)/, says: 'aside success' },
  { pattern: /^Removed session (?<session>\S+?)\.?$/, says: 'aside success' },
  { pattern: /^Session (?<session>\S+) logged out\./, says: 'aside success' },
  { pattern: /^Started Session (?<session>\S+) of [Uu]ser (?<account>\S+?)\.?$/, says: 'aside success' },
  { pattern: /^(?<account>ANONYMOUS) FTP LOGIN FROM (?<address>[^\s,]+)/, says: 'success' },
  { pattern: /^FTP LOGIN FROM (?<address>\S+) as (?<account>\S+)/, says: 'success' },
  { pattern: /^FTP LOGIN FAILED FROM (?<address>[^\s,]+)(?:, (?<account>\S+))?/, says: 'failure' },
  { pattern: /^connection from (?<address>\S+)/, says: 'aside' },
  { pattern: /^Authentication failed from (?<address>\S+) \(/, says: 'aside failure' },
  { pattern: /^(?:\[pid \d+\] )?\[(?<account>[^\]]*)\] FAIL LOGIN: Client "(?<address>[^"]*)"/, says: 'aside failure' },
  { pattern: /^(?:\[pid \d+\] )?\[(?<account>[^\]]*)\] OK LOGIN: Client "(?<address>[^"]*)"/, says: 'aside success' },
  {
    pattern: /^\S+ \([^[\s]*\[(?<address>[^\]]*)\]\) - USER (?<account>.{1,64}?)(?: \(Login failed\)|: no such user)/,
    says: 'aside failure',
  },
  {
    pattern: /^(?<method>\w{1,20}) auth succeeded for '(?<account>[^']*)' (?:with key .{1,120} )?from (?<address>\S+)$/,
    says: 'success',
  },
  {
    pattern: /^Bad (?<method>\w{1,20}) (?:password )?attempt for '(?<account>[^']*)' from (?<address>\S+)$/,
    says: 'failure',
  },
  { pattern: /^Login attempt for nonexistent user(?: '(?<account>[^']*)')? from (?<address>\S+)$/, says: 'failure' },
  { pattern: /^Child connection from (?<address>\S+)$/, says: 'aside' },
  {
    pattern: /^Exit before auth(?: from <(?<address>[^>]*)>)?: \(user '(?<account>[^']*)', \d+ fails\)/,
    says: 'aside failure',
  },
];

function readLogin(text: string, event: Event): boolean {
  for (const { pattern, says } of SHAPES) {
    const groups = pattern.exec(text)?.groups;
    if (groups === undefined) continue;
    setParts(text, groups, event);
    const outcome = says.endsWith('success') ? 'success' : says.endsWith('failure') ? 'failure' : '';
    if (says === 'success' || says === 'failure') signIn(event, says);
    else aside(event, outcome);
    return true;
  }
  return false;
}

function setParts(text: string, groups: Record<string, string | undefined>, event: Event): void {
  const account = groups['account'] ?? '';
  event.account = account === '(null)' || account === 'UNKNOWN' ? '' : account;
  if (account === '' && /^ROOT LOGIN/i.test(text)) event.account = 'root';
  if (account === 'ANONYMOUS') event.account = 'anonymous';
  event.session = groups['session'] ?? '';
  setPeer(groups['address'] ?? '', event);
  for (const name of ['tty', 'repeat', 'method']) state(event, name, (groups[name] ?? '').toLowerCase());
  if (text.includes('nonexistent user') || text.includes('no such user')) state(event, 'invalidUser', 'true');
}
