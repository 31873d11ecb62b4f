import { WanglouError } from '../errors.ts';
import type { EntryInput } from '../registry/change-set.ts';
import { periodFieldsOf } from '../registry/check.ts';
import type { Difference } from '../registry/difference.ts';
import { momentOf } from '../registry/fields.ts';
import type { Proposal } from '../registry/folder-changes.ts';
import type { Recorded } from '../registry/history.ts';
import type { RegistryOf } from './parts.ts';
import { ENTRIES, keyFieldOf, keyOf, type ListName } from '../registry/schema.ts';

export interface EntrySearch {
  /** A substring of the entry as JSON; the case of letters does not matter. */
  search?: string | undefined;
  /** Only what holds at this event time, ms. */
  validAt?: number | undefined;
  /** As it was known at this time, ms. */
  recordedAt?: number | undefined;
}

export interface Change {
  by: string;
  dryRun: boolean;
  /** `recordedAt` of the version that was looked at; the change is refused when another has come since. */
  basedOn?: number | undefined;
}

/** What the registry's routes do: read as of any time, create, correct and end entries by their names. */
export class RegistryDesk {
  readonly #registry: RegistryOf;

  constructor(registry: RegistryOf) {
    this.#registry = registry;
  }

  /** In the order of their names. `next` is '' on the last page. */
  list(
    list: ListName,
    search: EntrySearch,
    limit: number,
    after: string,
  ): { entries: Recorded[]; next: string; total: number } {
    const wanted = search.search?.toLowerCase() ?? '';
    const found: Recorded[] = [];
    for (const version of this.#registry.history.all(list, search.recordedAt)) {
      const entries = version.entries.filter((entry) => this.#holds(list, entry, search.validAt));
      if (entries.length === 0) continue;
      if (wanted === '' || JSON.stringify(entries).toLowerCase().includes(wanted)) found.push({ ...version, entries });
    }
    found.sort((a, b) => (a.key < b.key ? -1 : 1));
    const begin = after === '' ? 0 : found.findIndex(({ key }) => key > after);
    const entries = begin < 0 ? [] : found.slice(begin, begin + limit);
    const more = begin >= 0 && begin + limit < found.length;
    return { entries, next: more ? entries.at(-1)!.key : '', total: found.length };
  }

  /** @throws WanglouError WL_NOT_FOUND */
  entry(list: ListName, key: string, { validAt, recordedAt }: EntrySearch): Recorded {
    const version = this.#registry.history.latest(list, key, recordedAt);
    const entries = version?.entries.filter((entry) => this.#holds(list, entry, validAt)) ?? [];
    if (version === undefined || entries.length === 0) throw unknown(list, key);
    return { ...version, entries };
  }

  /** What people call these entries, by id; those that are unknown or have no name are left out. */
  names(list: ListName, keys: readonly string[]): Record<string, unknown> {
    const named = keys.map((key) => {
      const entry = this.#registry.history.latest(list, key)?.entries.at(-1);
      return [key, entry?.['name'] ?? entry?.['personName']] as const;
    });
    return Object.fromEntries(named.filter(([, name]) => name !== undefined && name !== ''));
  }

  /** Oldest first. @throws WanglouError WL_NOT_FOUND */
  history(list: ListName, key: string): readonly Recorded[] {
    const versions = this.#registry.history.versionsOf(list, key);
    if (versions.length === 0) throw unknown(list, key);
    return versions;
  }

  /** Another entry of a name that is known holds at another time. @throws RegistryRefusal */
  async create(list: ListName, entry: EntryInput, change: Change): Promise<Difference[]> {
    await this.#registry.refresh();
    const key = keyOf(list, entry);
    const known = this.#registry.history.latest(list, key)?.entries ?? [];
    return this.#record({ list, key, entries: [...known, entry] }, change);
  }

  /** Puts these entries in the place of all that is known of the name. @throws RegistryRefusal, WanglouError WL_NOT_FOUND, WL_CONFLICT */
  async correct(list: ListName, key: string, entries: readonly EntryInput[], change: Change): Promise<Difference[]> {
    await this.#registry.refresh();
    this.#checkUnchanged(this.entry(list, key, {}), change);
    const field = keyFieldOf(list);
    const other = entries.find((entry) => String(entry[field]) !== key);
    if (other !== undefined)
      throw new WanglouError(
        'WL_BODY_INVALID',
        `${field} is ${JSON.stringify(other[field])}, but the path says ${key}`,
        {
          remedy: 'End the one entry and create the other; a name does not change.',
        },
      );
    return this.#record({ list, key, entries }, change);
  }

  /** Ends what has no end yet. @throws RegistryRefusal, WanglouError WL_NOT_FOUND, WL_BODY_INVALID, WL_CONFLICT */
  async end(list: ListName, key: string, at: string, change: Change): Promise<Difference[]> {
    await this.#registry.refresh();
    const { to } = periodFieldsOf(list);
    if (!Object.hasOwn(ENTRIES[list].shape, to))
      throw new WanglouError('WL_BODY_INVALID', `entries of ${list} have no end`, {
        remedy: 'Correct the entry instead.',
      });
    const known = this.entry(list, key, {});
    this.#checkUnchanged(known, change);
    const { entries } = known;
    const last = entries.length - 1;
    const ended = entries.map((entry, n) => (n === last || entry[to] === undefined ? { ...entry, [to]: at } : entry));
    return this.#record({ list, key, entries: ended }, change);
  }

  #holds(list: ListName, entry: EntryInput, at: number | undefined): boolean {
    if (at === undefined) return true;
    const { timeZone } = this.#registry.history;
    const { from, to } = periodFieldsOf(list);
    const [begin, end] = [entry[from], entry[to]];
    return (
      (typeof begin !== 'string' || at >= momentOf(begin, 'start', timeZone)) &&
      (typeof end !== 'string' || at < momentOf(end, 'end', timeZone))
    );
  }

  #checkUnchanged({ list, key, recordedAt, by }: Recorded, { basedOn }: Change): void {
    if (basedOn === undefined || basedOn === recordedAt) return;
    throw new WanglouError('WL_CONFLICT', `${list} ${key} was changed by ${by} meanwhile`, {
      remedy: 'Look at the entry as it is now, then change it again.',
    });
  }

  async #record(proposal: Proposal, { by, dryRun }: Change): Promise<Difference[]> {
    return this.#registry.record([proposal], { origin: 'api', by, dryRun });
  }
}

function unknown(list: ListName, key: string): WanglouError {
  return new WanglouError('WL_NOT_FOUND', `${list} has no entry ${key} at that time`, {
    remedy: 'Check the name, validAt and recordedAt.',
  });
}
