import { randomUUID } from 'node:crypto';
import { WanglouError } from './errors.ts';
import type { KeyedTable } from './event-log/event-log.ts';
import { TAKES_EFFECT_AFTER_MS } from './event-log/table-follower.ts';
import type { Finding } from './finding/finding.ts';
import {
  endOf,
  suppressionFor,
  type Suppression,
  type SuppressionRequest,
  type SuppressionScope,
} from './finding/suppression.ts';

/** What a suppression would have hidden. */
export interface SuppressionPreview {
  since: number;
  findings: number;
  byDetector: Readonly<Record<string, number>>;
  bySeverity: Readonly<Record<string, number>>;
  /** The last changed of them. */
  latest: readonly Finding[];
}

export interface SuppressionStore {
  findingsInScope(scope: SuppressionScope, since: number): Promise<Omit<SuppressionPreview, 'since'>>;
}

/** What suppressions have hidden so far, by id (src/store/detector-queries.ts). */
export interface HiddenFindings {
  hidden(): Promise<ReadonlyMap<string, { findings: number; last: number }>>;
}

export interface ListedSuppression extends Suppression {
  active: boolean;
  /** Null while the store does not answer: suppressions are kept elsewhere, and can be ended without it. */
  hidden: { findings: number; last: number | null } | null;
}

const PREVIEW_MS = 30 * 86_400_000;

/** Where suppressions are made, listed and ended. They are kept in a table of the event log, so that all programs have them. */
export class SuppressionDesk {
  readonly #table: KeyedTable;
  readonly #store: SuppressionStore;
  readonly #effects: HiddenFindings;
  readonly #now: () => number;

  constructor(
    table: KeyedTable,
    store: SuppressionStore,
    effects: HiddenFindings = { hidden: async () => new Map() },
    now: () => number = Date.now,
  ) {
    this.#table = table;
    this.#store = store;
    this.#effects = effects;
    this.#now = now;
  }

  /** Newest first, those that have ended too. */
  async list(): Promise<ListedSuppression[]> {
    const now = this.#now();
    const [all, hidden] = await Promise.all([this.#all(), this.#effects.hidden().catch(() => null)]);
    const hiddenBy = (id: string) => hidden && (hidden.get(id) ?? { findings: 0, last: null });
    return all
      .sort((a, b) => b.at - a.at)
      .map((one) => ({ ...one, active: now < endOf(one), hidden: hiddenBy(one.id) }));
  }

  async create(request: SuppressionRequest, by: string): Promise<Suppression> {
    const at = this.#now();
    const made = { id: randomUUID(), by, at, from: at + TAKES_EFFECT_AFTER_MS };
    return this.#put(suppressionFor(request, made));
  }

  /** @throws WanglouError WL_NOT_FOUND, WL_CONFLICT */
  async end(id: string, by: string): Promise<Suppression> {
    const suppression = (await this.#all()).find((one) => one.id === id);
    if (suppression === undefined)
      throw new WanglouError('WL_NOT_FOUND', `There is no suppression ${id}`, { remedy: 'Check the id.' });
    if (this.#now() >= endOf(suppression) || suppression.endedAt !== undefined)
      throw new WanglouError('WL_CONFLICT', `suppression ${id} ends at ${new Date(endOf(suppression)).toISOString()}`, {
        remedy: 'Nothing is left to do.',
      });
    return this.#put({ ...suppression, endedAt: this.#now() + TAKES_EFFECT_AFTER_MS, endedBy: by });
  }

  /** The findings of the last 30 days that it would have hidden. */
  async preview(scope: SuppressionScope): Promise<SuppressionPreview> {
    const since = this.#now() - PREVIEW_MS;
    return { since, ...(await this.#store.findingsInScope(scope, since)) };
  }

  async #all(): Promise<Suppression[]> {
    const all: Suppression[] = [];
    for await (const [, value] of this.#table.entries())
      all.push(JSON.parse(Buffer.from(value).toString()) as Suppression);
    return all;
  }

  async #put(suppression: Suppression): Promise<Suppression> {
    await this.#table.put([[suppression.id, Buffer.from(JSON.stringify(suppression))]]);
    return suppression;
  }
}
