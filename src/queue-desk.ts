import type { FindingCounts, FindingFilter, FindingGroup, Grouping, QueuedFinding } from './finding/finding-filter.ts';
import { BY_DETECTION, type LifeState } from './finding/lifecycle.ts';

type States = ReadonlyMap<string, LifeState>;

/** What the desk reads of the store; `unsettled` are states that go before what the store says. */
export interface QueueStore {
  page(
    filter: FindingFilter,
    options: { limit: number; cursor?: string; unsettled: States },
  ): Promise<{ findings: readonly QueuedFinding[]; next: string }>;
  ids(filter: FindingFilter, options: { limit: number; unsettled: States }): Promise<readonly string[]>;
  counts(filter: FindingFilter, unsettled: States): Promise<FindingCounts>;
  groups(filter: FindingFilter, by: Grouping, unsettled: States): Promise<readonly FindingGroup[]>;
}

/** What it asks of src/triage-desk.ts. */
export interface Lives {
  states(findings: readonly string[]): Promise<States>;
  /** Findings whose last decision the store may not have yet. */
  unsettled(): readonly string[];
}

/** Searches all findings that were ever raised. Whoever has decided something finds it in the next answer. */
export class QueueDesk {
  readonly #store: QueueStore;
  readonly #lives: Lives;

  constructor(store: QueueStore, lives: Lives) {
    this.#store = store;
    this.#lives = lives;
  }

  /** The last raised first; `next` is '' on the last page. */
  async page(
    filter: FindingFilter,
    options: { limit: number; cursor?: string },
  ): Promise<{ findings: readonly QueuedFinding[]; next: string }> {
    const { findings, next } = await this.#store.page(filter, { ...options, unsettled: await this.#unsettled(filter) });
    const states = await this.#lives.states(findings.map(({ id }) => id));
    const withLife = findings.map((finding) => {
      const life = states.get(finding.id);
      return life === undefined || (life.changedBy === BY_DETECTION && life.status === 'new')
        ? finding
        : { ...finding, life };
    });
    return { findings: withLife, next };
  }

  /** The last raised first. */
  async ids(filter: FindingFilter, limit: number): Promise<readonly string[]> {
    return this.#store.ids(filter, { limit, unsettled: await this.#unsettled(filter) });
  }

  async counts(filter: FindingFilter): Promise<FindingCounts> {
    return this.#store.counts(filter, await this.#unsettled({ status: [] }));
  }

  async groups(filter: FindingFilter, by: Grouping): Promise<readonly FindingGroup[]> {
    return this.#store.groups(filter, by, await this.#unsettled(filter));
  }

  /** Only for filters that ask how findings stand. */
  async #unsettled({ status, disposition, assignee }: FindingFilter): Promise<States> {
    if (status === undefined && disposition === undefined && assignee === undefined) return new Map();
    const findings = this.#lives.unsettled();
    return findings.length === 0 ? new Map() : this.#lives.states(findings);
  }
}
