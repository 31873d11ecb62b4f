import type { Event } from '../event.ts';
import { state } from './format.ts';
import { CLASS, manageUser } from './outcome.ts';

/** Lines of shadow-utils by their shape; the named groups are target, group, by. */
const SHAPES = [
  { pattern: /^new user: name=(?<target>[^,]+)/, action: 'account-create' },
  { pattern: /^failed adding user '(?<target>[^']+)'/, action: 'account-create' },
  { pattern: /^delete user '(?<target>[^']+)'/, action: 'account-delete' },
  { pattern: /^(?:change|lock|unlock) user '(?<target>[^']+)'/, action: 'account-change' },
  { pattern: /^password changed for (?<target>\S+)/, action: 'account-change' },
  { pattern: /^password for '(?<target>[^']+)' changed by '(?<by>[^']+)'/, action: 'account-change' },
  { pattern: /^changed password expiry for (?<target>\S+)/, action: 'account-change' },
  { pattern: /^add '(?<target>[^']+)' to (?:shadow )?group '(?<group>[^']+)'/, action: 'grant' },
  { pattern: /^user (?<target>\S+) added by (?<by>\S+) to group (?<group>\S+)/, action: 'grant' },
  { pattern: /^members of group (?<group>\S+) set by (?<by>\S+) to (?<target>\S+)/, action: 'grant' },
  { pattern: /^delete '(?<target>[^']+)' from (?:shadow )?group '(?<group>[^']+)'/, action: 'revoke' },
  { pattern: /^user (?<target>\S+) removed by (?<by>\S+) from group (?<group>\S+)/, action: 'revoke' },
] as const;

/** useradd, usermod, userdel, gpasswd, passwd: target is the account that was changed, account who did it where it is named. */
export function readAccounts(text: string, event: Event): void {
  for (const { pattern, action } of SHAPES) {
    const groups = pattern.exec(text)?.groups;
    if (groups === undefined) continue;
    manageUser(event, action, groups['target']!);
    event.outcome = text.startsWith('failed ') ? 'failure' : 'success';
    event.account = groups['by'] ?? '';
    state(event, 'group', groups['group'] ?? '');
    return;
  }
  readGroups(text, event);
}

/** `new group: name=x, GID=1`, `group 'x' removed from /etc/group`, `removed group 'x' owned by 'x'`: OCSF Group Management. */
function readGroups(text: string, event: Event): void {
  const created = /^(?:new group|group added to \/etc\/group): name=([^,]+)/.exec(text);
  const removed = /^(?:group '([^']+)' removed(?: from \/etc\/group)?$|removed group '([^']+)')/.exec(text);
  const name = created?.[1] ?? removed?.[1] ?? removed?.[2];
  if (name === undefined) return;
  event.classUid = CLASS.groupManagement;
  event.activityId = created === null ? 5 : 6;
  event.action = 'account-change';
  event.outcome = 'success';
  event.target = name;
}
