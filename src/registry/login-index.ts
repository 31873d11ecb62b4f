import { loginOf } from '../event/login.ts';
import type { Account } from './registry.ts';

interface Known {
  /** The account when it is the only one of the login, on all systems, without dates: most are. */
  always: Account | undefined;
  all: Account[];
}

/** Accounts by login: as spelled, else by the name without domain and in small letters. */
export class LoginIndex {
  readonly #logins = new Map<string, Known>();
  /** Accounts that the registry spells otherwise than loginOf does. */
  readonly #respelled = new Map<string, Known>();

  constructor(accounts: readonly Account[]) {
    for (const account of accounts) {
      add(this.#logins, account.login, account);
      const login = loginOf(account.login);
      if (login !== account.login) add(this.#respelled, login, account);
    }
  }

  at(login: string, system: string, at: number): Account | undefined {
    const exact = bestOf(this.#logins.get(login), system, at);
    if (exact !== undefined) return exact;
    const spelling = loginOf(login);
    return bestOf(this.#logins.get(spelling), system, at) ?? bestOf(this.#respelled.get(spelling), system, at);
  }
}

function add(logins: Map<string, Known>, login: string, account: Account): void {
  const known = logins.get(login);
  if (known === undefined) {
    const { systems, validFrom, validTo } = account;
    const isAlways = systems.length === 0 && validFrom === -Infinity && validTo === Infinity;
    logins.set(login, { always: isAlways ? account : undefined, all: [account] });
    return;
  }
  known.always = undefined;
  known.all.push(account);
}

/** One that names the system wins over one for all systems, a valid one over a closed one, the last closed over others. */
function bestOf(known: Known | undefined, system: string, at: number): Account | undefined {
  if (known === undefined) return undefined;
  if (known.always !== undefined) return known.always;
  let best: Account | undefined;
  let bestRank = -1;
  for (const account of known.all) {
    const everywhere = account.systems.length === 0;
    if (at < account.validFrom || (!everywhere && !account.systems.includes(system))) continue;
    const rank = (at < account.validTo ? 2 : 0) + (everywhere ? 0 : 1);
    if (rank < bestRank || (rank === bestRank && best !== undefined && account.validTo <= best.validTo)) continue;
    best = account;
    bestRank = rank;
  }
  return best;
}
