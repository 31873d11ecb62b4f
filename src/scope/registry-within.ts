import { WanglouError } from '../errors.ts';
import type { EntryInput } from '../registry/change-set.ts';
import { REFERENCES } from '../registry/check-references.ts';
import { RegistryHistory, type Recorded } from '../registry/history.ts';
import type { RecordedRegistry } from '../registry/recorded-registry.ts';
import type { Registry } from '../registry/registry.ts';
import type { ListName } from '../registry/schema.ts';
import type { Reach } from './reach.ts';

type Base = Pick<RecordedRegistry, 'current' | 'history' | 'refresh'>;

/** Lists that are about nobody in particular. */
const EVERYBODYS: readonly ListName[] = ['networks', 'calendar'];
const RECIPIENTS: Readonly<Record<string, ListName>> = {
  department: 'departments',
  system: 'systems',
  person: 'persons',
};

/**
 * The registry as somebody with a scope sees it, as of any time: the entries of the scope, and those that they name (the
 * vendor that runs an own system, the asset of a grant to an own department), one step far. What else there is is not there.
 */
export class RegistryWithin {
  readonly #base: Base;
  readonly #reach: Reach;
  /** What it was made from; another one makes it anew. */
  #madeFrom: Registry | undefined;
  #history: RegistryHistory;
  #current: Registry;

  constructor(base: Base, reach: Reach) {
    this.#base = base;
    this.#reach = reach;
    this.#history = new RegistryHistory(base.history.timeZone);
    this.#current = this.#history.registry().registry;
  }

  get history(): RegistryHistory {
    this.#makeFresh();
    return this.#history;
  }

  current(): Registry {
    this.#makeFresh();
    return this.#current;
  }

  asOf(recordedAt: number): Registry {
    return this.history.asOf(recordedAt);
  }

  /** What is wrong with what was recorded is for those who see all of it. */
  problems(): readonly string[] {
    return [];
  }

  refresh(): Promise<void> {
    return this.#base.refresh();
  }

  /** @throws WanglouError WL_FORBIDDEN always */
  async record(): Promise<never> {
    throw new WanglouError('WL_FORBIDDEN', 'Within a scope the registry is only read');
  }

  #makeFresh(): void {
    const base = this.#base.current();
    if (base === this.#madeFrom) return;
    this.#madeFrom = base;
    this.#history = historyWithin(this.#base.history, this.#reach);
    this.#current = this.#history.registry().registry;
  }
}

function historyWithin(history: RegistryHistory, reach: Reach): RegistryHistory {
  const isOwn = ownEntries(history, reach);
  const named = namedBy(history, isOwn);
  const kept = new Set<string>();
  const within = new RegistryHistory(history.timeZone);
  const versions = history.arrived(0).flatMap((version): Recorded[] => {
    const { list, key } = version;
    const name = `${list}/${key}`;
    const entries = named.has(name) ? version.entries : version.entries.filter((entry) => isOwn(list, key, entry));
    if (entries.length > 0) kept.add(name);
    if (entries.length === 0 && version.entries.length > 0 && kept.has(name))
      return [{ ...version, entries, change: 'removed' }];
    return kept.has(name) ? [{ ...version, entries }] : [];
  });
  for (const set of Map.groupBy(versions, ({ recordedAt, changeSet }) => `${recordedAt}/${changeSet}`).values()) {
    const { changeSet, recordedAt, origin, by } = set[0]!;
    within.add(set, { changeSet, recordedAt, count: set.length, origin, by });
  }
  return within;
}

type IsOwn = (list: ListName, key: string, entry: EntryInput) => boolean;

/** Whether an entry, as people wrote it, is of the scope. */
function ownEntries(history: RegistryHistory, reach: Reach): IsOwn {
  const { departments, systems, assets, sources, vendors } = reach;
  const isOurs = (entry: EntryInput): boolean =>
    departments.has(textOf(entry, 'department')) || vendors.has(textOf(entry, 'vendor'));
  const keysOf = (list: ListName): ReadonlySet<string> =>
    new Set([...history.all(list)].filter(({ entries }) => entries.some(isOurs)).map(({ key }) => key));
  const [persons, accounts] = [keysOf('persons'), keysOf('accounts')];
  const people = new Set(persons);
  for (const { entries } of history.all('accounts'))
    for (const entry of entries) if (isOurs(entry)) people.add(textOf(entry, 'person'));
  const contracts = new Set(
    [...history.all('contracts')].filter(({ entries }) => entries.some(isOurs)).map(({ key }) => key),
  );
  const recipients = [departments, systems, people];
  const some = (entry: EntryInput, field: string, own: ReadonlySet<string>): boolean =>
    namesIn(entry, field).some((id) => own.has(id));
  return (list, key, entry) => {
    switch (list) {
      case 'departments':
        return departments.has(key);
      case 'vendors':
        return vendors.has(key);
      case 'systems':
        return systems.has(key);
      case 'assets':
        return assets.has(key);
      case 'sources':
        return sources.has(key);
      case 'persons':
      case 'accounts':
        return isOurs(entry);
      case 'contracts':
        return isOurs(entry) || some(entry, 'systems', systems);
      case 'work-orders':
        return (
          contracts.has(textOf(entry, 'contract')) || some(entry, 'systems', systems) || some(entry, 'assets', assets)
        );
      case 'grants': {
        const recipient = textOf(entry, 'recipient');
        return assets.has(textOf(entry, 'asset')) || recipients.some((ids) => ids.has(recipient));
      }
      case 'cases':
        return people.has(textOf(entry, 'officer'));
      case 'watch-tags':
        return accounts.has(textOf(entry, 'value'));
      default:
        return EVERYBODYS.includes(list);
    }
  };
}

/** `list/name` of what the own entries name. */
function namedBy(history: RegistryHistory, isOwn: IsOwn): ReadonlySet<string> {
  const named = new Set<string>();
  const own = (list: ListName): EntryInput[] =>
    [...history.all(list)].flatMap(({ key, entries }) => entries.filter((entry) => isOwn(list, key, entry)));
  for (const { list, field, to } of REFERENCES)
    for (const entry of own(list)) for (const id of namesIn(entry, field)) named.add(`${to}/${id}`);
  for (const grant of own('grants'))
    named.add(`${RECIPIENTS[textOf(grant, 'recipientKind') || 'department']!}/${textOf(grant, 'recipient')}`);
  return named;
}

function textOf(entry: EntryInput, field: string): string {
  const value = entry[field];
  return typeof value === 'string' ? value : '';
}

function namesIn(entry: EntryInput, field: string): string[] {
  return [entry[field]].flat().filter((one): one is string => typeof one === 'string');
}
