import { randomUUID } from 'node:crypto';
import type { ChangeSetMark, Origin, RegistryVersion, VersionTable } from './change-set.ts';
import { isMark, markKey, markRow, versionKey, versionRow } from './change-set.ts';
import { parseEntry } from './check.ts';
import { differenceOf, type Difference } from './difference.ts';
import { changesOf, type Proposal } from './folder-changes.ts';
import { RegistryHistory } from './history.ts';
import { faultOf, RegistryRefusal, type EntryFault } from './refusal.ts';
import { RegistryFolder } from './registry-folder.ts';
import { DEFAULT_TIME_ZONE, registryFrom } from './registry-from.ts';
import type { Registry } from './registry.ts';
import type { Entry, ListName } from './schema.ts';

export interface RecordedRegistryOptions {
  table: VersionTable;
  /** Folder of YAML files whose changes are recorded; '' for none. */
  folder?: string;
  timeZone?: string;
  /** How often the table is asked for what others have recorded. */
  pollMs?: number;
  now?: () => number;
}

const POLL_MS = 1_000;
const ROWS_PER_TURN = 2_000;

/**
 * The registry with everything that was ever recorded, the same in every program: kept in a table that all of them follow. A
 * folder of YAML is one way in, `record` the other.
 */
export class RecordedRegistry {
  readonly history: RegistryHistory;
  readonly #table: VersionTable;
  readonly #folder: RegistryFolder | undefined;
  readonly #pollMs: number;
  readonly #now: () => number;
  readonly #listeners: ((registry: Registry) => void)[] = [];
  /** Rows that are in the history. */
  readonly #taken = new Set<string>();
  /** Change sets of which not everything was there when their mark was read. */
  readonly #incomplete = new Set<string>();
  #current: Registry;
  #position = '';
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;
  #folderChanged = false;
  /** One reading or writing at a time. */
  #turn: Promise<unknown> = Promise.resolve();
  #problems = new Map<string, string>();

  constructor(options: RecordedRegistryOptions) {
    const timeZone = options.timeZone ?? DEFAULT_TIME_ZONE;
    this.#table = options.table;
    this.#pollMs = options.pollMs ?? POLL_MS;
    this.#now = options.now ?? Date.now;
    this.history = new RegistryHistory(timeZone);
    this.#current = registryFrom({}, { timeZone });
    if (options.folder === undefined || options.folder === '') return;
    const others = {
      entries: () => this.history.latestBut('folder'),
      version: () => this.history.lastRecordedAt,
    };
    this.#folder = new RegistryFolder({ folder: options.folder, timeZone, others });
    this.#folder.onChange(() => {
      this.#folderChanged = true;
      this.#lookNow();
    });
  }

  /**
   * May be called again when the table was away.
   * @throws WanglouError WL_REGISTRY_INVALID with every problem of the folder's files.
   */
  async start(): Promise<void> {
    await this.#inTurn(() => this.#follow());
    await this.#folder?.start();
    await this.#inTurn(() => this.#recordFolder());
    this.#lookLater();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#folder?.stop();
    await this.#turn;
  }

  current(): Registry {
    return this.#current;
  }

  /** The registry as it was known at a time, ms since the epoch. */
  asOf(recordedAt: number): Registry {
    return this.history.asOf(recordedAt);
  }

  /** Calls back with each new registry. */
  onChange(listener: (registry: Registry) => void): void {
    this.#listeners.push(listener);
  }

  /** What is wrong with the folder or with what was recorded, one sentence each. */
  problems(): readonly string[] {
    return [...(this.#folder?.problems() ?? []), ...this.#problems.values()];
  }

  /** Takes over what others have recorded. */
  async refresh(): Promise<void> {
    await this.#inTurn(() => this.#follow());
  }

  /**
   * Records what is to be known from now on, all or nothing; durable when it resolves.
   * @returns what changed, or with `dryRun` would change.
   * @throws RegistryRefusal with every fault; nothing has changed then.
   */
  async record(
    proposals: readonly Proposal[],
    who: { origin: Origin; by: string; dryRun?: boolean },
  ): Promise<Difference[]> {
    return this.#inTurn(async () => {
      await this.#follow();
      return this.#record(proposals, who);
    });
  }

  async #record(
    proposals: readonly Proposal[],
    { origin, by, dryRun }: { origin: Origin; by: string; dryRun?: boolean },
  ): Promise<Difference[]> {
    const differences: Difference[] = [];
    const changed: Proposal[] = [];
    for (const proposal of proposals) {
      const { list, key, entries } = proposal;
      const difference = differenceOf(list, key, this.history.latest(list, key)?.entries ?? [], entries);
      if (difference !== undefined) differences.push(difference);
      // A folder's statement is noted also where it says what is known already: it is compared with its last one.
      if (difference !== undefined || (origin !== 'import' && origin !== 'api')) changed.push(proposal);
    }
    this.#refuseFaulty(changed);
    if (dryRun === true || changed.length === 0) return differences;
    const recordedAt = Math.max(this.#now(), this.history.lastRecordedAt + 1);
    const changeSet = randomUUID();
    const kinds = new Map(differences.map(({ list, key, change }) => [`${list}/${key}`, change]));
    const versions: RegistryVersion[] = changed.map(({ list, key, entries }) => {
      const change = kinds.get(`${list}/${key}`) ?? 'corrected';
      return { list, key, recordedAt, changeSet, change, entries };
    });
    await this.#table.put(versions.map(versionRow));
    await this.#table.put([markRow({ changeSet, recordedAt, count: versions.length, origin, by })]);
    await this.#follow();
    return differences;
  }

  #refuseFaulty(proposals: readonly Proposal[]): void {
    const changes = new Map<ListName, Map<string, readonly Entry[]>>();
    const faults: EntryFault[] = [];
    for (const { list, key, entries } of proposals) {
      const parsed: Entry[] = [];
      for (const entry of entries) {
        const { value, problems } = parseEntry(list, entry);
        for (const problem of problems) faults.push(faultOf(problem, entry));
        if (value !== undefined) parsed.push(value);
      }
      const names = changes.get(list) ?? new Map<string, readonly Entry[]>();
      changes.set(list, names.set(key, parsed));
    }
    if (faults.length === 0) faults.push(...this.history.check(changes));
    if (faults.length > 0) throw new RegistryRefusal(faults);
  }

  /** A folder without files (not mounted, not there) says nothing. Changes that do not fit wait for the folder's next ones. */
  async #recordFolder(): Promise<void> {
    const stated = this.#folder?.stated();
    if (stated === undefined || !this.#folderChanged) return;
    await this.#follow();
    try {
      await this.#record(changesOf(stated, this.history, 'folder'), { origin: 'folder', by: 'registry folder' });
      this.#problems.delete('folder');
    } catch (error) {
      if (!(error instanceof RegistryRefusal)) throw error;
      this.#problems.set('folder', `the registry folder's changes are not recorded: ${error.message}`);
    }
    this.#folderChanged = false;
  }

  /** Reads what is new in the table. A change set counts when its mark and all of its versions are there. */
  async #follow(): Promise<void> {
    const position = await this.#table.position();
    if (position === this.#position) return;
    const { marks, versions } = await this.#readNew();
    let grown = this.#position === '';
    let waiting = false;
    for (const mark of marks.sort((a, b) => a.recordedAt - b.recordedAt)) {
      const some = versions.get(mark.changeSet) ?? [];
      if (some.length < mark.count && !this.#incomplete.has(mark.changeSet)) {
        this.#incomplete.add(mark.changeSet);
        waiting = true;
        continue;
      }
      if (some.length < mark.count)
        this.#problems.set(mark.changeSet, `${mark.count - some.length} recorded registry entries are lost`);
      this.history.add(some, mark);
      for (const key of [markKey(mark), ...some.map(versionKey)]) this.#taken.add(key);
      grown = true;
    }
    this.#position = waiting ? this.#position : position;
    if (grown) this.#rebuild();
  }

  async #readNew(): Promise<{ marks: ChangeSetMark[]; versions: Map<string, RegistryVersion[]> }> {
    const marks: ChangeSetMark[] = [];
    const versions = new Map<string, RegistryVersion[]>();
    let rows = 0;
    for await (const [key, value] of this.#table.entries()) {
      if (++rows % ROWS_PER_TURN === 0) await new Promise((resolve) => setImmediate(resolve));
      if (this.#taken.has(key)) continue;
      const found: unknown = JSON.parse(Buffer.from(value).toString());
      if (isMark(key)) {
        marks.push(found as ChangeSetMark);
        continue;
      }
      const version = found as RegistryVersion;
      const some = versions.get(version.changeSet);
      if (some) some.push(version);
      else versions.set(version.changeSet, [version]);
    }
    return { marks, versions };
  }

  #rebuild(): void {
    const { registry, problems } = this.history.registry();
    if (problems.length === 0) this.#problems.delete('entries');
    else this.#problems.set('entries', `recorded registry entries are left out: ${problems.slice(0, 5).join('; ')}`);
    this.#current = registry;
    for (const listener of this.#listeners) listener(registry);
  }

  #lookLater(): void {
    clearTimeout(this.#timer);
    if (this.#stopped) return;
    this.#timer = setTimeout(() => this.#lookNow(), this.#pollMs).unref();
  }

  #lookNow(): void {
    this.#inTurn(async () => {
      await this.#follow();
      await this.#recordFolder();
    })
      .then(() => this.#problems.delete('table'))
      .catch((error: unknown) => this.#problems.set('table', `the registry can not be read or kept: ${String(error)}`))
      .finally(() => this.#lookLater());
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work, work);
    this.#turn = done.catch(() => undefined);
    return done;
  }
}
