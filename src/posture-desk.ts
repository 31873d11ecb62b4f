import { WanglouError } from './errors.ts';
import type { ScopeScore } from './feed/protocol.ts';
import type { LifeEvent } from './finding/lifecycle.ts';
import type { FindingFacts, PostureInput } from './posture/contributions.ts';
import { FindingBook } from './posture/finding-book.ts';
import { COUNTED_DAYS, DAY_MS } from './posture/finding-risk.ts';
import { postureOf, scoresOf, type Posture } from './posture/score.ts';
import { keyOf, ScopeIndex, type Scope } from './posture/scopes.ts';
import { Trust, type HeardSource, type TrustTerm } from './posture/trust.ts';
import { UseBook, type DayUse } from './posture/use-book.ts';
import { dateOfDay } from './registry/local-time.ts';
import { USE_DAYS } from './use-keeper.ts';
import type { Bilingual } from './finding/finding.ts';
import type { Registry } from './registry/registry.ts';

/** The score of a scope at a minute, as it is kept (src/store/posture-rows.ts). */
export interface KeptPosture {
  kind: string;
  id: string;
  minute: number;
  score: number;
  sum: number;
  trust: number | null;
  writtenAt: number;
}

export interface PostureStore {
  revisions(oldest: number, exactSince: number, until: number): Promise<readonly FindingFacts[]>;
  lives(oldest: number, until: number): Promise<readonly LifeEvent[]>;
  /** Of all scopes, with a minute in [from, to]. */
  scores(from: number, to: number): Promise<readonly KeptPosture[]>;
  scoreAt(scope: string, id: string, after: number, at: number): Promise<KeptPosture | undefined>;
  uses(from: string): Promise<readonly DayUse[]>;
  series(scope: string, id: string, from: number, to: number, stepMs: number): Promise<readonly object[]>;
}

export interface PostureRegistry {
  current(): Registry;
  asOf(recordedAt: number): Registry;
  readonly history: { readonly lastRecordedAt: number };
}

export interface PostureParts {
  store: PostureStore;
  registry: PostureRegistry;
  /** The sources as they are heard now. */
  heard: () => readonly HeardSource[];
  now?: () => number;
}

/** What the API says of a scope. */
export interface ToldPosture extends Posture {
  name: Bilingual;
  /** How many terms there are; only the heaviest are told. */
  termCount: number;
  trust: number | null;
  trustTerms: readonly TrustTerm[];
  /** As it was a day and a week before; null when nothing is kept of then. */
  dayBefore: Before;
  weekBefore: Before;
}
type Before = { at: number; score: number; trust: number | null } | null;

const MINUTE_MS = 60_000;
/** Later than any time that the store is asked about. */
const ALL_TIMES = Date.UTC(2200, 0);
/** A minute may be missing after a restart: the one before says as much. */
const NEAR_MS = 10 * MINUTE_MS;
export const EXACT_MS = DAY_MS;

/** The posture at any time: of the last day from memory, of earlier times from what is stored. */
export class PostureDesk {
  readonly uses = new UseBook();
  readonly #parts: PostureParts;
  readonly #now: () => number;
  #book: FindingBook | undefined;

  constructor(parts: PostureParts) {
    this.#parts = parts;
    this.#now = parts.now ?? Date.now;
  }

  /** The findings of now, once they are loaded. */
  follow(book: FindingBook): void {
    this.#book = book;
  }

  /**
   * @param most how many terms are told, the heaviest first.
   * @throws WanglouError WL_NOT_FOUND when the registry did not know the scope then, WL_QUERY_INVALID for the future.
   */
  async of(scope: Scope, at: number, most: number): Promise<ToldPosture> {
    const now = this.#now();
    if (at > now + MINUTE_MS)
      throw new WanglouError('WL_QUERY_INVALID', `at is ${new Date(at).toISOString()}, which is still to come`, {
        remedy: 'Ask for now or for a time in the past.',
      });
    const input = await this.inputAt(at);
    const index = new ScopeIndex(input.registry, at);
    if (!index.has(scope)) throw unknownScope(scope, at);
    const posture = postureOf(input, scope, index);
    const [trusted, dayBefore, weekBefore] = await Promise.all([
      this.#trustIn(scope, input.registry, index, at, now),
      this.#before(scope, at - DAY_MS),
      this.#before(scope, at - 7 * DAY_MS),
    ]);
    return {
      ...posture,
      name: nameOf(scope, input.registry, at),
      terms: posture.terms.slice(0, most),
      termCount: posture.terms.length,
      ...trusted,
      ...{ dayBefore, weekBefore },
    };
  }

  /** @throws WanglouError WL_NOT_FOUND */
  async series(scope: Scope, from: number, to: number, stepMs: number): Promise<readonly object[]> {
    const at = Math.min(to, this.#now());
    if (!new ScopeIndex(this.registryAt(at), at).has(scope)) throw unknownScope(scope, at);
    return this.#parts.store.series(scope.kind, scope.id, from, to, stepMs);
  }

  /** The scores of all scopes at a time of the last day, without trust. @param book the findings of now. */
  scoresAt(at: number, book: FindingBook): Omit<KeptPosture, 'trust' | 'writtenAt'>[] {
    const registry = this.registryAt(at);
    const input = { at, findings: book.at(at), registry, uses: this.uses.at(at, registry) };
    return scoresOf(input).map((score) => ({ ...score, minute: at }));
  }

  /** Trust in every scope now, by its key. */
  trustAt(at: number): Map<string, number> {
    const registry = this.registryAt(at);
    const index = new ScopeIndex(registry, at);
    return new Trust(this.#parts.heard(), registry, index, at).of(index.scopes);
  }

  /** How every scope stands now: what the feed tells (src/feed/protocol.ts), without the day before. */
  async now(): Promise<Omit<ScopeScore, 'dayBefore'>[]> {
    const at = this.#now();
    const input = await this.inputAt(at);
    const index = new ScopeIndex(input.registry, at);
    const trust = new Trust(this.#parts.heard(), input.registry, index, at).of(index.scopes);
    return scoresOf(input, index).map(({ kind, id, score }) => {
      const name = nameOf({ kind, id }, input.registry, at);
      return { kind, id, name, score, at, trust: trust.get(keyOf({ kind, id }))! };
    });
  }

  /** The scores that were kept a day ago, by scope; those of some minutes earlier where that minute is missing. */
  async aDayAgo(): Promise<Map<string, number>> {
    const at = this.#now() - DAY_MS;
    const kept = await this.#parts.store.scores(at - NEAR_MS, at);
    return new Map([...kept].sort((a, b) => a.minute - b.minute).map((one) => [keyOf(one as Scope), one.score]));
  }

  /** All that a score at a time rests on. */
  async inputAt(at: number): Promise<PostureInput> {
    const registry = this.registryAt(at);
    if (this.#book !== undefined && at >= this.#book.exactSince)
      return { at, findings: this.#book.at(at), registry, uses: this.uses.at(at, registry) };
    const book = await this.load(at, at);
    const uses = new UseBook();
    uses.add(await this.#parts.store.uses(dateOfDay(Math.floor(at / DAY_MS) - USE_DAYS)));
    return { at, findings: book.at(at), registry, uses: uses.at(at, registry) };
  }

  /** The findings from the store, exact from a time on. */
  async load(exactSince: number, until = ALL_TIMES): Promise<FindingBook> {
    const oldest = exactSince - COUNTED_DAYS * DAY_MS;
    const book = new FindingBook(exactSince);
    const { store } = this.#parts;
    for (const finding of await store.revisions(oldest, exactSince, until)) book.finding(finding);
    for (const life of await store.lives(oldest, until)) book.life(life);
    return book;
  }

  /** As it was known then; the registry of now is at hand, one of the past is made when it is asked for. */
  registryAt(at: number): Registry {
    const { registry } = this.#parts;
    return registry.history.lastRecordedAt <= at ? registry.current() : registry.asOf(at);
  }

  async #trustIn(
    scope: Scope,
    registry: Registry,
    index: ScopeIndex,
    at: number,
    now: number,
  ): Promise<Pick<ToldPosture, 'trust' | 'trustTerms'>> {
    if (at < now - MINUTE_MS) return { trust: (await this.#before(scope, at))?.trust ?? null, trustTerms: [] };
    const trust = new Trust(this.#parts.heard(), registry, index, at);
    return { trust: trust.of([scope]).get(keyOf(scope))!, trustTerms: trust.terms(scope) };
  }

  async #before({ kind, id }: Scope, at: number): Promise<Before> {
    const kept = await this.#parts.store.scoreAt(kind, id, at - NEAR_MS, at);
    return kept === undefined ? null : { at: kept.minute, score: kept.score, trust: kept.trust };
  }
}

export function unknownScope({ kind, id }: Scope, at: number): WanglouError {
  return new WanglouError('WL_NOT_FOUND', `There was no ${kind} ${id} at ${new Date(at).toISOString()}`, {
    remedy: 'Check the id, or enter it into the registry.',
  });
}

function nameOf({ kind, id }: Scope, registry: Registry, at: number): Bilingual {
  if (kind === 'department' || kind === 'system' || kind === 'vendor') return registry[kind](id, at)!.name;
  return kind === 'overall' ? { zh: '全平台', en: 'Overall' } : { zh: id, en: id };
}
