import type { Account } from './registry.ts';
import { addTo } from './versions.ts';

const MIN_MEMBERS = 5;
const DAY_MS = 86_400_000;
const NOBODY: readonly string[] = Object.freeze([]);

/**
 * Who is comparable to whom: accounts of the same department, role and kind (officer, vendor, service) when they are at
 * least five, else of the same department and kind, else of the same kind. The actor itself is a member.
 */
export class PeerGroups {
  readonly #byActor = new Map<string, Account[]>();
  readonly #groups = new Map<string, Account[]>();
  /** Members by group and UTC day: memberships change by day, and the answer is asked for per event. */
  readonly #members = new Map<string, readonly string[]>();

  constructor(accounts: readonly Account[]) {
    for (const account of accounts) {
      addTo(this.#byActor, account.id, account);
      for (const group of groupsOf(account)) addTo(this.#groups, group, account);
    }
  }

  of(actor: string, at: number): readonly string[] {
    const versions = this.#byActor.get(actor);
    if (versions === undefined) return NOBODY;
    const account = versions.find((version) => at >= version.validFrom && at < version.validTo) ?? versions[0]!;
    for (const group of groupsOf(account)) {
      const members = this.#membersOf(group, Math.floor(at / DAY_MS));
      if (members.length >= MIN_MEMBERS) return members;
    }
    return NOBODY;
  }

  #membersOf(group: string, day: number): readonly string[] {
    const key = `${day}\u001f${group}`;
    let members = this.#members.get(key);
    if (members === undefined) {
      const at = day * DAY_MS;
      const valid = this.#groups.get(group)!.filter((one) => at + DAY_MS > one.validFrom && at < one.validTo);
      members = Object.freeze([...new Set(valid.map((one) => one.id))].sort());
      if (this.#members.size > 10_000) this.#members.clear();
      this.#members.set(key, members);
    }
    return members;
  }
}

function groupsOf(account: Account): string[] {
  const kind = kindOf(account);
  const { department, role } = account;
  return department === ''
    ? [`kind\u001f${kind}`]
    : [
        `role\u001f${department}\u001f${role}\u001f${kind}`,
        `department\u001f${department}\u001f${kind}`,
        `kind\u001f${kind}`,
      ];
}

function kindOf(account: Account): string {
  if (account.role === 'service') return 'service';
  return account.vendor === '' ? 'officer' : 'vendor';
}
