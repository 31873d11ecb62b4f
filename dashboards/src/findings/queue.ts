import { shallowReactive, shallowRef, type ShallowRef } from 'vue';
import type { FindingCounts, FindingFilter, FindingGroup, QueuedFinding } from '../../../src/finding/finding-filter.ts';
import { NONE, type Grouping } from './filters.ts';

/** What is asked of the server. All reject with ApiError. */
export interface QueueCalls {
  /** The first page, the last raised first. */
  first(filter: FindingFilter): Promise<{ findings: QueuedFinding[]; isAll: boolean }>;
  ids(filter: FindingFilter): Promise<readonly string[]>;
  counts(filter: FindingFilter): Promise<FindingCounts>;
  groups(filter: FindingFilter, by: Grouping): Promise<readonly FindingGroup[]>;
  /** At most ROWS_AT_ONCE. */
  rows(ids: readonly string[]): Promise<readonly QueuedFinding[]>;
}

export const ROWS_AT_ONCE = 100;

const MAX_ROWS = 5_000;
/** Begins the place of a group's head among the places of findings, which are UUIDs. */
const GROUP = 'group:';

/**
 * The queue as it was when it was asked for: the place of every finding that passes, and the findings where somebody looks.
 * Its order does not change by itself, so that nothing moves under the reader; what is known of each finding does.
 */
export class Queue {
  /** Ids in their order; with groups, `group:<key>` heads the ids of each that is open. */
  readonly places: ShallowRef<readonly string[]> = shallowRef([]);
  readonly rows = shallowReactive(new Map<string, QueuedFinding>());
  readonly counts: ShallowRef<FindingCounts | undefined> = shallowRef();
  readonly groups: ShallowRef<ReadonlyMap<string, FindingGroup>> = shallowRef(new Map());
  readonly openGroups: ShallowRef<ReadonlyMap<string, readonly string[]>> = shallowRef(new Map());
  /** Whether the places are there, as far as they are known. */
  readonly loaded = shallowRef(false);
  readonly fault = shallowRef<unknown>();
  readonly #calls: QueueCalls;
  #filter: FindingFilter = {};
  #grouping: Grouping | '' = '';
  /** Answers to earlier questions are not listened to. */
  #question = 0;
  #has = new Set<string>();
  readonly #asked = new Set<string>();

  constructor(calls: QueueCalls) {
    this.#calls = calls;
  }

  /**
   * Asks for all places anew; what is shown stays until they are there.
   * @param live what passes and the server may not have yet: it has its place from the beginning.
   */
  async load(filter: FindingFilter, grouping: Grouping | '', live: () => readonly QueuedFinding[]): Promise<void> {
    const mine = ++this.#question;
    const isCurrent = (): boolean => mine === this.#question;
    const isOther = grouping !== this.#grouping;
    [this.#filter, this.#grouping] = [filter, grouping];
    if (isOther) this.#openWith(new Map());
    try {
      void this.count();
      if (grouping === '') await this.#loadPlaces(filter, isCurrent, live);
      else await this.#loadGroups(filter, grouping, isCurrent);
      if (isCurrent()) this.fault.value = undefined;
    } catch (error) {
      if (isCurrent()) this.fault.value = error;
    }
    if (isCurrent()) this.loaded.value = true;
  }

  /** Counts again; what was counted before stays when that fails. */
  async count(): Promise<void> {
    const mine = this.#question;
    const counts = await this.#calls.counts(this.#filter).catch(() => undefined);
    if (counts !== undefined && mine === this.#question) this.counts.value = counts;
  }

  has(id: string): boolean {
    return this.#has.has(id);
  }

  /** Puts findings in where they belong by when they were raised; those that have a place leave it. */
  insert(findings: readonly QueuedFinding[]): void {
    if (findings.length === 0) return;
    const moved = new Set(findings.map(({ id }) => id));
    const places = this.places.value.filter((id) => !moved.has(id));
    for (const finding of [...findings].sort((a, b) => a.raisedAt - b.raisedAt)) {
      this.rows.set(finding.id, finding);
      const at = places.findIndex((id) => (this.rows.get(id)?.raisedAt ?? 0) <= finding.raisedAt);
      places.splice(at === -1 ? places.length : at, 0, finding.id);
      this.#has.add(finding.id);
    }
    this.places.value = places;
  }

  /** Takes findings out that no longer belong here. */
  remove(findings: readonly QueuedFinding[]): void {
    const gone = new Set(findings.map(({ id }) => id).filter((id) => this.#has.has(id)));
    if (gone.size > 0) this.#put(this.places.value.filter((id) => !gone.has(id)));
  }

  /** When the last of them was raised, ms, as far as it is known here. */
  get newest(): number {
    const first = this.rows.get(this.places.value[0] ?? '')?.raisedAt ?? 0;
    return this.#grouping === '' ? first : Math.max(0, ...[...this.groups.value.values()].map((one) => one.raisedAt));
  }

  /** Takes what is newly known of findings that are here. */
  revise(findings: readonly QueuedFinding[]): void {
    for (const finding of findings) {
      const known = this.rows.get(finding.id);
      if (known !== undefined && isNews(finding, known)) this.rows.set(finding.id, finding);
    }
  }

  /** Asks for the findings at these places that are not here; `again` also for those that are. */
  async need(ids: readonly string[], again = false): Promise<void> {
    const wanted = ids.filter((id) => !id.startsWith(GROUP) && (again || !this.rows.has(id)) && !this.#asked.has(id));
    for (let at = 0; at < wanted.length; at += ROWS_AT_ONCE) await this.#fetch(wanted.slice(at, at + ROWS_AT_ONCE));
  }

  groupAt(place: string): FindingGroup | undefined {
    return place.startsWith(GROUP) ? this.groups.value.get(place.slice(GROUP.length)) : undefined;
  }

  isOpenAt(place: string): boolean {
    return this.openGroups.value.has(place.slice(GROUP.length));
  }

  /** Opens or closes a group; its findings are asked for when it opens. */
  async toggleGroup({ key }: FindingGroup): Promise<void> {
    const open = new Map(this.openGroups.value);
    if (open.delete(key)) return this.#openWith(open);
    const mine = this.#question;
    try {
      const ids = await this.#calls.ids(this.#filterOf(key));
      if (mine === this.#question) this.#openWith(new Map(this.openGroups.value).set(key, ids));
    } catch (error) {
      this.fault.value = error;
    }
  }

  async #loadPlaces(
    filter: FindingFilter,
    isCurrent: () => boolean,
    live: () => readonly QueuedFinding[],
  ): Promise<void> {
    const { findings, isAll } = await this.#calls.first(filter);
    if (!isCurrent()) return;
    for (const finding of findings) this.rows.set(finding.id, finding);
    this.#put(findings.map(({ id }) => id));
    this.loaded.value = true;
    this.insert(live());
    if (isAll) return;
    const ids = await this.#calls.ids(filter);
    if (!isCurrent()) return;
    this.#put(ids);
    this.insert(live());
  }

  async #loadGroups(filter: FindingFilter, by: Grouping, isCurrent: () => boolean): Promise<void> {
    const groups = await this.#calls.groups(filter, by);
    if (!isCurrent()) return;
    this.groups.value = new Map(groups.map((group) => [group.key, group]));
    const open = [...this.openGroups.value.keys()].filter((key) => this.groups.value.has(key));
    const ids = await Promise.all(open.map((key) => this.#calls.ids(this.#filterOf(key))));
    if (isCurrent()) this.#openWith(new Map(open.map((key, n) => [key, ids[n]!])));
  }

  #filterOf(key: string): FindingFilter {
    return { ...this.#filter, [this.#grouping]: key === '' ? NONE : key };
  }

  #openWith(open: ReadonlyMap<string, readonly string[]>): void {
    this.openGroups.value = open;
    if (this.#grouping === '') return;
    this.#put([...this.groups.value.keys()].flatMap((key) => [GROUP + key, ...(open.get(key) ?? [])]));
  }

  #put(places: readonly string[]): void {
    this.#has = new Set(places);
    this.places.value = places;
  }

  async #fetch(ids: readonly string[]): Promise<void> {
    for (const id of ids) this.#asked.add(id);
    try {
      for (const finding of await this.#calls.rows(ids)) {
        const known = this.rows.get(finding.id);
        if (known === undefined || isNews(finding, known)) this.rows.set(finding.id, finding);
      }
      this.#forget(new Set(ids));
    } catch (error) {
      this.fault.value = error;
    }
    for (const id of ids) this.#asked.delete(id);
  }

  /** Lets go of what was looked at longest ago. */
  #forget(except: ReadonlySet<string>): void {
    for (const id of this.rows.keys()) {
      if (this.rows.size <= MAX_ROWS) return;
      if (!except.has(id)) this.rows.delete(id);
    }
  }
}

function isNews(finding: QueuedFinding, known: QueuedFinding): boolean {
  return finding.revision > known.revision || (finding.life?.changedAt ?? 0) > (known.life?.changedAt ?? 0);
}
