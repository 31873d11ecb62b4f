import type { Event } from '../event/event.ts';
import type { Account, Contract, Registry, System } from '../registry/registry.ts';

/** A name that the registry does not know, and how many events carried it. */
export interface Unresolved {
  kind: 'system' | 'account' | 'asset';
  name: string;
  count: number;
}

const MAX_NAMES = 1_000;
const MAX_NAME_LENGTH = 200;

/** Adds to events, in place, what the registry knows about them as of their time; counts what it does not know. */
export class Enrichment {
  readonly #unknown = {
    system: new Map<string, number>(),
    account: new Map<string, number>(),
    asset: new Map<string, number>(),
  };

  /** Claims of the sender about department, vendor and role stay only where the registry knows nothing. Idempotent. */
  enrich(event: Event, registry: Registry): void {
    const { time } = event;
    const system = this.#system(event, registry);
    if (event.asset !== '') this.#asset(event, registry, system);
    if (event.account === '') event.actor = '';
    else {
      const account = registry.account(event.account, event.system, time);
      if (account === undefined) this.#unknownAccount(event);
      else applyAccount(event, account);
    }
    if (event.vendor !== '') {
      const contract = contractAt(registry.contractsOf(event.vendor), event.system, time);
      if (contract !== undefined) event.contract = contract.id;
    }
  }

  /** What could not be resolved, most frequent first; at most 1,000 names of each kind are known by name. */
  unresolved(limit = 100): Unresolved[] {
    const all = Object.entries(this.#unknown).flatMap(([kind, names]) =>
      [...names].map(([name, count]) => ({ kind: kind as Unresolved['kind'], name, count })),
    );
    return all.sort((a, b) => b.count - a.count).slice(0, limit);
  }

  #system(event: Event, registry: Registry): System | undefined {
    const { time } = event;
    let system = registry.system(event.system, time) ?? registry.system(event.host, time);
    if (system === undefined) {
      const source = registry.source(event.source);
      if (source !== undefined) system = registry.system(source.system, time);
    }
    if (system !== undefined) {
      event.system = system.id;
      event.plane = system.plane;
      return system;
    }
    const name = event.system === '' ? event.host : event.system;
    if (name !== '') count(this.#unknown.system, name);
    return undefined;
  }

  #asset(event: Event, registry: Registry, system: System | undefined): void {
    const asset = registry.asset(event.asset, event.time);
    if (asset === undefined) {
      // A level stands for a known asset; a sender's claim about an unknown one does not raise or lower anything.
      event.assetLevel = '';
      count(this.#unknown.asset, event.asset);
      return;
    }
    event.asset = asset.id;
    event.assetLevel = asset.level;
    if (system !== undefined || asset.system === '') return;
    event.system = asset.system;
    event.plane = registry.system(asset.system, event.time)?.plane ?? event.plane;
  }

  #unknownAccount(event: Event): void {
    const where = event.system === '' ? event.host : event.system;
    event.actor = where === '' ? event.account : `${event.account}@${where}`;
    count(this.#unknown.account, event.account);
  }
}

function applyAccount(event: Event, account: Account): void {
  event.actor = account.id;
  event.person = account.person;
  event.department = account.department;
  event.vendor = account.vendor;
  event.role = account.role;
  event.privileged = account.privileged;
}

/**
 * The contract that covers system and time, the one ending last if there are several; else the one that ended last
 * before, for this system before others. A system that is not known is covered by any contract.
 */
export function contractAt<C extends Pick<Contract, 'systems' | 'from' | 'to'>>(
  contracts: readonly C[],
  system: string,
  at: number,
): C | undefined {
  let best: C | undefined;
  let bestRank = -1;
  for (const contract of contracts) {
    if (contract.from > at) continue;
    const covers = system === '' || contract.systems.includes(system);
    const rank = (covers ? 2 : 0) + (at < contract.to ? 1 : 0);
    // A running contract for another system says nothing about this one; a past one for this system does.
    if (rank < bestRank || (rank === bestRank && best !== undefined && contract.to <= best.to)) continue;
    best = contract;
    bestRank = rank;
  }
  return best;
}

function count(names: Map<string, number>, name: string): void {
  const known = names.get(name);
  if (known !== undefined) names.set(name, known + 1);
  else if (names.size < MAX_NAMES) names.set(Buffer.from(name.slice(0, MAX_NAME_LENGTH)).toString(), 1);
}
