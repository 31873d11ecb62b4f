import { BY_DETECTION, stateOf, type LifeEvent, type LifeState } from '../finding/lifecycle.ts';
import type { FindingFacts, StandingFinding } from './contributions.ts';
import { COUNTED_DAYS, DAY_MS } from './finding-risk.ts';

interface Kept {
  /** By revision, ascending: the last one from before the time that can be asked about, and all later ones. */
  revisions: FindingFacts[];
  /** By id; only what can change how the finding stands. */
  life: Map<string, LifeEvent>;
  /** How it stands with all of its life, and the last moment in it. */
  state: Pick<LifeState, 'status' | 'disposition'>;
  stateAt: number;
}

const OPEN: Kept['state'] = { status: 'new', disposition: '' };

/**
 * The findings that can count in a score, in memory, as they stood at any moment since `exactSince`. Revisions and entries of
 * lives may come in any order and more than once.
 */
export class FindingBook {
  readonly #kept = new Map<string, Kept>();
  #exactSince: number;
  #changedFrom = Infinity;

  constructor(exactSince: number) {
    this.#exactSince = exactSince;
  }

  get size(): number {
    return this.#kept.size;
  }

  get exactSince(): number {
    return this.#exactSince;
  }

  /** Takes in a revision of a finding. */
  finding(finding: FindingFacts): void {
    const { revisions } = this.#of(finding.id);
    const place = revisions.findLastIndex(({ revision }) => revision <= finding.revision);
    if (revisions[place]?.revision === finding.revision) return;
    revisions.splice(place + 1, 0, factsOf(finding));
    this.#changedFrom = Math.min(this.#changedFrom, finding.causedAt);
    this.#forgetRevisions(revisions);
  }

  /** Takes in an entry of a finding's life. That it grew matters only where it can reopen what was closed. */
  life(event: LifeEvent): void {
    if (event.by === BY_DETECTION && !(event.act === 'grew' && event.alert)) return;
    const kept = this.#of(event.finding);
    if (kept.life.has(event.id)) return;
    kept.life.set(event.id, event);
    const { status, disposition } = stateOf([...kept.life.values()]);
    kept.state = { status, disposition };
    kept.stateAt = Math.max(kept.stateAt, event.at);
    this.#changedFrom = Math.min(this.#changedFrom, event.at);
  }

  /** How each finding stood at a time, not before `exactSince`. */
  *at(at: number): Generator<StandingFinding> {
    for (const { revisions, life, state, stateAt } of this.#kept.values()) {
      const finding = revisions.findLast(({ causedAt }) => causedAt <= at);
      if (finding === undefined) continue;
      const { status, disposition } = stateAt <= at ? state : stateOf([...life.values()].filter((one) => one.at <= at));
      yield { finding, status, disposition };
    }
  }

  /** The earliest moment of what has come in since this was last asked; Infinity when nothing has. */
  takeChangedFrom(): number {
    const from = this.#changedFrom;
    this.#changedFrom = Infinity;
    return from;
  }

  /** Lets go of what can not count at that time or later. */
  forgetBefore(exactSince: number): void {
    this.#exactSince = Math.max(this.#exactSince, exactSince);
    const oldest = this.#exactSince - COUNTED_DAYS * DAY_MS;
    for (const [id, { revisions, stateAt }] of this.#kept) {
      this.#forgetRevisions(revisions);
      const lastAt = revisions.at(-1)?.lastTime ?? stateAt;
      if (lastAt <= oldest) this.#kept.delete(id);
    }
  }

  #forgetRevisions(revisions: FindingFacts[]): void {
    const known = revisions.findLastIndex(({ causedAt }) => causedAt <= this.#exactSince);
    if (known > 0) revisions.splice(0, known);
  }

  #of(id: string): Kept {
    const known = this.#kept.get(id);
    if (known !== undefined) return known;
    const kept: Kept = { revisions: [], life: new Map(), state: OPEN, stateAt: -Infinity };
    this.#kept.set(id, kept);
    return kept;
  }
}

/** Without explanations, events and citations: a hundred thousand of them are kept. */
function factsOf({ id, revision, alert, suppression, detector, title, severity, assetLevel, ...rest }: FindingFacts) {
  const { department, vendor, system, lastTime, causedAt } = rest;
  const facts = { id, revision, alert, detector, title, severity, assetLevel, department, vendor, system };
  return { ...facts, lastTime, causedAt, ...(suppression === undefined ? {} : { suppression }) };
}
