import type { Changes, FeedFinding, FeedHealth, RatePoint, ScopeScore, SourceState } from '../feed/protocol.ts';
import type { Incident } from '../finding/incident.ts';

/** Something to tell, once. */
export type News =
  | { type: 'finding'; finding: FeedFinding; what: 'raised' | 'handled' | 'grew' }
  | { type: 'incident'; incident: Incident; what: 'raised' | 'grew' }
  | { type: 'gone'; id: string }
  | { type: 'source'; source: SourceState }
  | { type: 'score'; score: ScopeScore; before: number | null }
  | { type: 'rate'; rate: RatePoint }
  | { type: 'health'; health: FeedHealth };

/** Things remembered as told; many times what the feed itself keeps. */
const MAX_TOLD = 20_000;

interface Told {
  revision: number;
  raisedAt: number;
  lifeAt: number;
}

/** What of a message is new to the reader: a snapshot after a restart of the server has much that was told before. */
export class NewsOf {
  readonly #told = new Map<string, Told>();
  readonly #sources = new Map<string, string>();
  #ratesUntil = 0;
  readonly #scores = new Map<string, number>();
  #health = '';

  take(changes: Changes): News[] {
    const { findings, incidents = [], gone = [], sources, posture = [], rates, health } = changes;
    return [
      ...findings.flatMap((finding) => this.#finding(finding)),
      ...incidents.flatMap((incident) => this.#incident(incident)),
      ...gone.map((id): News => ({ type: 'gone', id })),
      ...sources.flatMap((source) => this.#source(source)),
      ...posture.flatMap((score) => this.#score(score)),
      ...rates.flatMap((rate) => this.#rate(rate)),
      ...(health === undefined ? [] : this.#healthNews(health)),
    ];
  }

  #finding(finding: FeedFinding): News[] {
    const { id, revision, raisedAt, life } = finding;
    const now = { revision, raisedAt, lifeAt: life?.changedAt ?? 0 };
    const before = this.#told.get(id);
    if (before && revision <= before.revision && now.lifeAt <= before.lifeAt) return [];
    this.#remember(id, now);
    if (before && now.lifeAt > before.lifeAt) return [{ type: 'finding', finding, what: 'handled' }];
    // Between two messages an alerting revision may have been followed by others: the time of raising tells.
    return [{ type: 'finding', finding, what: before?.raisedAt === raisedAt ? 'grew' : 'raised' }];
  }

  #incident(incident: Incident): News[] {
    const { id, revision, alert } = incident;
    const before = this.#told.get(id);
    if (before && revision <= before.revision) return [];
    this.#remember(id, { revision, raisedAt: 0, lifeAt: 0 });
    return [{ type: 'incident', incident, what: before === undefined || alert ? 'raised' : 'grew' }];
  }

  #source(source: SourceState): News[] {
    const before = this.#sources.get(source.source) ?? '';
    this.#sources.set(source.source, source.problem);
    return before === source.problem ? [] : [{ type: 'source', source }];
  }

  /** What is told is the score; trust and the day before go with it. */
  #score(score: ScopeScore): News[] {
    const key = `${score.kind}/${score.id}`;
    const before = this.#scores.get(key) ?? null;
    if (score.ended) this.#scores.delete(key);
    else this.#scores.set(key, score.score);
    return before === score.score && !score.ended ? [] : [{ type: 'score', score, before }];
  }

  #rate(rate: RatePoint): News[] {
    if (rate.at <= this.#ratesUntil) return [];
    this.#ratesUntil = rate.at;
    return [{ type: 'rate', rate }];
  }

  /** Its counters change every second; what is told is how things stand. */
  #healthNews(health: FeedHealth): News[] {
    const stands = JSON.stringify([health.state, health.problems, health.parked]);
    if (stands === this.#health) return [];
    this.#health = stands;
    return [{ type: 'health', health }];
  }

  #remember(id: string, told: Told): void {
    this.#told.delete(id);
    this.#told.set(id, told);
    if (this.#told.size > MAX_TOLD) this.#told.delete(this.#told.keys().next().value!);
  }
}
