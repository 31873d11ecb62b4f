import type { Event } from '../event/event.ts';
import { keyedId } from '../event/id.ts';
import { severityOf, type Bilingual, type Citation, type Finding, type Signal, type Technique } from './finding.ts';
import type { Suppressing } from './suppression.ts';
import { addSignal, deservesAlert, keyOf, markAlerted, newGroup, type Group, type Moment } from './group.ts';

/** What a finding repeats of its detector. */
export interface DetectorFacts {
  name: string;
  title: Bilingual;
  techniques: readonly Technique[];
  cites: readonly Citation[];
  knownGaps: readonly Bilingual[];
}

/** A group that got no signal for so long shows its final count. */
const SETTLE_MS = 60_000;
/** A group that got no signal for so long is forgotten: longer than the local day that its key names. */
const FORGET_MS = 36 * 3_600_000;
const LOOK_EVERY_MS = 10_000;

/** A group and the places up to which a restored one has its signals already. */
interface Kept {
  group: Group;
  seenBy: readonly number[];
}

/**
 * Makes findings of signals. The first signal of a group raises it; later ones raise its count, and a new revision comes
 * when people are to be told again (+15 score, higher asset level), when the count has doubled, and when the group settles.
 * While a suppression holds nobody is told; what goes on after it is told then.
 * Time is the moment's clock, so that a replay gives the same revisions.
 */
export class Grouping {
  readonly #groups = new Map<string, Kept>();
  readonly #changed = new Set<string>();
  readonly #facts = new Map<string, DetectorFacts>();
  readonly #suppressing: Suppressing;
  #lookedAt = -Infinity;

  constructor(detectors: readonly DetectorFacts[], suppressing: Suppressing = () => '') {
    this.#suppressing = suppressing;
    for (const facts of detectors) this.#facts.set(facts.name, facts);
  }

  get size(): number {
    return this.#groups.size;
  }

  /** Takes a signal in and appends the revisions that it causes to `out`. One that was counted before changes nothing. */
  take(detector: string, signal: Signal, event: Event, moment: Moment, out: Finding[]): void {
    const key = keyOf(signal, moment.day);
    const name = `${detector}\u001f${key}`;
    const kept = this.#groups.get(name);
    if (kept && moment.place <= (kept.seenBy[moment.partition] ?? -1)) return;
    this.#changed.add(name);
    if (kept) this.#settle(name, kept.group, moment.clock, out);
    if (kept && moment.clock <= kept.group.touched + FORGET_MS) {
      addSignal(kept.group, signal, event, moment.clock);
      this.#emitIfDue(kept.group, out);
      return;
    }
    const group = newGroup(detector, key, signal, event, moment);
    this.#groups.set(name, { group, seenBy: kept?.seenBy ?? [] });
    this.#emitIfDue(group, out);
  }

  /** Lets groups settle and forgets old ones; looks at them every ten seconds of the clock. */
  tick(clock: number, out: Finding[]): void {
    if (clock < this.#lookedAt + LOOK_EVERY_MS) return;
    this.#lookedAt = clock;
    for (const [name, { group }] of this.#groups) {
      this.#settle(name, group, clock, out);
      if (clock <= group.touched + FORGET_MS) continue;
      this.#groups.delete(name);
      this.#changed.add(name);
    }
  }

  /** Groups that changed since the last call, by name; undefined for forgotten ones. */
  drainChanged(): [name: string, group: Group | undefined][] {
    const changed = [...this.#changed].map((name): [string, Group | undefined] => [
      name,
      this.#groups.get(name)?.group,
    ]);
    this.#changed.clear();
    return changed;
  }

  /** @param seenBy the last place of each partition whose signals the group has. */
  restore(group: Group, seenBy: readonly number[]): void {
    this.#groups.set(`${group.detector}\u001f${group.key}`, { group, seenBy });
  }

  #settle(name: string, group: Group, clock: number, out: Finding[]): void {
    if (group.count === group.emitted || clock <= group.touched + SETTLE_MS) return;
    out.push(this.#revision(group, false));
    group.emitted = group.count;
    this.#changed.add(name);
  }

  #emitIfDue(group: Group, out: Finding[]): void {
    const deserves = deservesAlert(group);
    const isCountDue = group.count >= group.emitted * 2;
    if (!deserves && !isCountDue) return;
    const alert = deserves && this.#suppressing(group) === '';
    if (!alert && !isCountDue) return;
    out.push(this.#revision(group, alert));
    group.emitted = group.count;
    if (alert) markAlerted(group);
  }

  #revision(group: Group, alert: boolean): Finding {
    const facts = this.#facts.get(group.detector)!;
    const suppression = alert ? '' : this.#suppressing(group);
    return {
      ...group.best,
      id: keyedId('finding', group.detector, group.groupKey),
      revision: group.count,
      alert,
      ...(suppression === '' ? {} : { suppression }),
      detector: group.detector,
      title: facts.title,
      severity: severityOf(group.best.score),
      firstTime: group.firstTime,
      lastTime: group.lastTime,
      causedAt: group.causedAt,
      count: group.count,
      groupKey: group.groupKey,
      eventIds: group.eventIds,
      person: group.person,
      department: group.department,
      vendor: group.vendor,
      system: group.system,
      source: group.source,
      assetLevel: group.assetLevel,
      techniques: facts.techniques,
      cites: facts.cites,
      knownGaps: facts.knownGaps,
    };
  }
}
