import type { ChangeSetMark, RegistryVersion } from './change-set.ts';
import { checkTogether, parseEntry } from './check.ts';
import { listsOf } from './entries.ts';
import { IndexedRegistry } from './indexed-registry.ts';
import { faultOf, type EntryFault } from './refusal.ts';
import { LISTS, type Entry, type ListName, type RegistryEntries } from './schema.ts';

/** A version with who recorded it. */
export interface Recorded extends RegistryVersion {
  origin: ChangeSetMark['origin'];
  by: string;
}

interface Known {
  version: Recorded;
  /** Entries with defaults filled in, once they were needed. */
  parsed?: readonly Entry[];
}

const MAX_PAST_REGISTRIES = 4;

/** Every version that was ever recorded, in memory; gives the registry as it was known at any time. */
export class RegistryHistory {
  /** Of dates without an offset. */
  readonly timeZone: string;
  /** By list and name, oldest first. */
  readonly #known = new Map<ListName, Map<string, Known[]>>(LISTS.map((list) => [list, new Map()]));
  readonly #past = new Map<number, IndexedRegistry>();
  /** Moments at which something was recorded, ascending. */
  #moments: number[] = [];
  readonly #arrived: Recorded[] = [];

  /** @param timeZone of dates without an offset. */
  constructor(timeZone: string) {
    this.timeZone = timeZone;
  }

  get lastRecordedAt(): number {
    return this.#moments.at(-1) ?? 0;
  }

  /** How many versions there are. */
  get size(): number {
    return this.#arrived.length;
  }

  add(versions: readonly RegistryVersion[], mark: ChangeSetMark): void {
    for (const version of versions) {
      const { list, key } = version;
      const names = this.#known.get(list);
      if (names === undefined) continue;
      const known = names.get(key) ?? [];
      const recorded = { ...version, origin: mark.origin, by: mark.by };
      this.#arrived.push(recorded);
      known.push({ version: recorded });
      known.sort((a, b) => inOrder(a.version, b.version));
      names.set(key, known);
    }
    this.#moments = [...new Set([...this.#moments, mark.recordedAt])].sort((a, b) => a - b);
    this.#past.clear();
  }

  /** All versions of a name, oldest first. */
  versionsOf(list: ListName, key: string): readonly Recorded[] {
    return (this.#known.get(list)!.get(key) ?? []).map(({ version }) => version);
  }

  /** What is known of a name as of a time; undefined when nothing is. */
  latest(list: ListName, key: string, recordedAt = Infinity): Recorded | undefined {
    const version = lastBefore(this.#known.get(list)!.get(key) ?? [], recordedAt)?.version;
    return version === undefined || version.entries.length === 0 ? undefined : version;
  }

  /** What is known of every name of a list as of a time, in the order in which the names came. */
  *all(list: ListName, recordedAt = Infinity): Generator<Recorded> {
    for (const known of this.#known.get(list)!.values()) {
      const found = lastBefore(known, recordedAt);
      if (found !== undefined && found.version.entries.length > 0) yield found.version;
    }
  }

  /** What is known now and came by another way than this one. */
  latestBut(origin: Recorded['origin']): Map<ListName, Recorded[]> {
    return new Map(LISTS.map((list) => [list, [...this.all(list)].filter((version) => version.origin !== origin)]));
  }

  /** Versions in the order in which they came to be known here, from the n-th on. */
  arrived(from: number): readonly Recorded[] {
    return this.#arrived.slice(from);
  }

  /**
   * The registry as it was known at a time (default: now).
   * @returns problems that no registry should have; entries of an older form that this version can not read are left out.
   */
  registry(recordedAt = Infinity): { registry: IndexedRegistry; problems: readonly string[] } {
    const { entries, problems } = this.#entriesWith(new Map(), recordedAt);
    const version = `${this.#moments.findLast((moment) => moment <= recordedAt) ?? 0}-${this.timeZone}`;
    const warnings = this.size === 0 ? ['registry: nothing is known about anybody; no entry was recorded'] : [];
    return {
      registry: new IndexedRegistry(listsOf(entries, this.timeZone), this.timeZone, version, warnings),
      problems,
    };
  }

  /** The registry as it was known at a time in the past; some are remembered. */
  asOf(recordedAt: number): IndexedRegistry {
    const moment = this.#moments.findLast((one) => one <= recordedAt) ?? 0;
    let registry = this.#past.get(moment);
    if (registry !== undefined) return registry;
    if (this.#past.size >= MAX_PAST_REGISTRIES) this.#past.clear();
    registry = this.registry(moment).registry;
    this.#past.set(moment, registry);
    return registry;
  }

  /** What would be wrong if these changes were made. */
  check(changes: ReadonlyMap<ListName, ReadonlyMap<string, readonly Entry[]>>): EntryFault[] {
    const { entries, keys } = this.#entriesWith(changes);
    return checkTogether(entries).map((problem) => {
      const index = Number(problem.path[0]);
      return faultOf(problem, entries[problem.list][index], keys[problem.list][index]);
    });
  }

  /**
   * All entries with defaults filled in, with `changes` in the place of what is known of their names.
   * @returns also the name of each entry, place by place.
   */
  #entriesWith(
    changes: ReadonlyMap<ListName, ReadonlyMap<string, readonly Entry[]>>,
    recordedAt = Infinity,
  ): { entries: RegistryEntries; keys: Record<ListName, string[]>; problems: string[] } {
    const problems: string[] = [];
    const keys = {} as Record<ListName, string[]>;
    const entries = {} as Record<ListName, Entry[]>;
    for (const list of LISTS) {
      const changed = changes.get(list);
      const taken: Entry[] = (entries[list] = []);
      const names: string[] = (keys[list] = []);
      const take = (key: string, some: readonly Entry[]): void => {
        for (const entry of some) {
          taken.push(entry);
          names.push(key);
        }
      };
      for (const [key, known] of this.#known.get(list)!) {
        const found = changed?.has(key) === true ? undefined : lastBefore(known, recordedAt);
        if (found !== undefined) take(key, (found.parsed ??= parsedOf(found.version, problems)));
      }
      for (const [key, some] of changed ?? []) take(key, some);
    }
    return { entries: entries as unknown as RegistryEntries, keys, problems };
  }
}

function parsedOf(version: RegistryVersion, problems: string[]): Entry[] {
  return version.entries.flatMap((entry) => {
    const { value, problems: found } = parseEntry(version.list, entry);
    for (const { message } of found) problems.push(`${version.list} ${version.key}: ${message}`);
    return value === undefined ? [] : [value];
  });
}

function lastBefore(known: readonly Known[], recordedAt: number): Known | undefined {
  for (let at = known.length - 1; at >= 0; at--) if (known[at]!.version.recordedAt <= recordedAt) return known[at];
  return undefined;
}

function inOrder(a: RegistryVersion, b: RegistryVersion): number {
  if (a.recordedAt !== b.recordedAt) return a.recordedAt - b.recordedAt;
  return a.changeSet < b.changeSet ? -1 : Number(a.changeSet > b.changeSet);
}
