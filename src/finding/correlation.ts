import { keyedId } from '../event/id.ts';
import { CORRELATIONS, linkOf, type Correlation, type Surroundings } from './correlations.ts';
import type { Bilingual, Finding } from './finding.ts';
import { levelRank } from './group.ts';
import { stepOf, type Incident, type IncidentStep } from './incident.ts';
import { incidentOf } from './incident-story.ts';
import { byTime, WaitingSteps } from './waiting-steps.ts';

/** What an incident has told people so far, and what it is made of. Plain data. */
export interface OpenIncident {
  incident: Incident;
  /** The registry's fact that stands for the first step. */
  fact: Bilingual | undefined;
  alertScore: number;
  alertRank: number;
}

/** Where a step goes: an open incident, or one that begins. */
interface Start extends Pick<Incident, 'id' | 'link' | 'linkedBy'> {
  fact: Bilingual | undefined;
}

/** Changed parts of the state by key: `incident/<id>` or `step/<finding>`, undefined for what is forgotten. */
export type CorrelatorEntry = [key: string, value: OpenIncident | IncidentStep | undefined];

const RE_ALERT_SCORE = 15;
const MAX_STEPS = 50;
/** Findings that may still become part of an incident; the oldest go. */
const MAX_WAITING = 20_000;
/** A finding is added to for so long after its first event. */
const GROWS_FOR_MS = 36 * 3_600_000;
const HOUR_MS = 3_600_000;
const LONGEST_MS = Math.max(...CORRELATIONS.map(({ windowMs }) => windowMs)) + GROWS_FOR_MS;

/**
 * Makes incidents of findings: takes alerting revisions, in the order of the log, and joins those that a correlation puts
 * together. What was not told to people (suppressed, or only a count that rose) makes no incident. A revision that was taken
 * before changes nothing, and time is the findings' own, so that the same findings give the same incidents, however often
 * the program was restarted between them.
 */
export class Correlator {
  readonly #surroundings: Surroundings;
  readonly #correlations: readonly Correlation[];
  readonly #roles: ReadonlySet<string>;
  readonly #steps = new WaitingSteps();
  readonly #open = new Map<string, OpenIncident>();
  readonly #changed = new Map<string, OpenIncident | IncidentStep | undefined>();
  /** The open incident that has a finding, by `correlation/finding`. */
  readonly #homes = new Map<string, string>();
  #clock = -Infinity;
  /** What was caused before is forgotten. */
  #forgottenBefore = -Infinity;

  constructor(surroundings: Surroundings, correlations: readonly Correlation[] = CORRELATIONS) {
    this.#surroundings = surroundings;
    this.#correlations = correlations;
    this.#roles = new Set(correlations.flatMap(({ first, then }) => [...first, ...then]));
  }

  /** Takes a revision in. @returns the revisions of incidents that follow from it. */
  take(finding: Finding): Incident[] {
    if (!finding.alert || !this.#roles.has(finding.detector)) return [];
    const known = this.#steps.get(finding.id);
    if (known !== undefined && known.revision >= finding.revision) return [];
    const step = stepOf(finding);
    this.#clock = Math.max(this.#clock, step.causedAt);
    this.#forget();
    const found: Incident[] = [];
    this.#steps.put(step);
    this.#changed.set(`step/${step.finding}`, step);
    for (const correlation of this.#correlations) this.#correlate(correlation, step, found);
    return found;
  }

  /** What changed since the last call, incidents before steps: a step is known only when its incidents are. */
  drainChanged(): CorrelatorEntry[] {
    const changed = [...this.#changed].sort(([a], [b]) => (a < b ? -1 : 1));
    this.#changed.clear();
    return changed;
  }

  /** Takes back what `drainChanged` gave, in any order. Call `restored` after the last. */
  restore(key: string, value: unknown): void {
    if (key.startsWith('incident/')) this.#keep(key.slice(9), value as OpenIncident);
    else this.#steps.put(value as IncidentStep);
  }

  /** Brings what was restored into the order in which it was taken. */
  restored(): void {
    const steps = [...this.#steps.values()].sort((a, b) => a.causedAt - b.causedAt || byTime(a, b));
    for (const step of steps) this.#steps.put(step);
    this.#clock = steps.at(-1)?.causedAt ?? -Infinity;
  }

  #correlate(correlation: Correlation, step: IncidentStep, found: Incident[]): void {
    const home = this.#homeOf(correlation, step);
    if (home !== undefined) this.#join(correlation, home, [step], found);
    else if (correlation.then.includes(step.detector)) this.#follow(correlation, step, found);
    if (correlation.first.includes(step.detector)) this.#begin(correlation, step, found);
  }

  /** A second step: it joins the earliest first step that it belongs to, or begins by a fact of the registry. */
  #follow(correlation: Correlation, then: IncidentStep, found: Incident[]): void {
    const first = this.#steps.of(correlation.first).find((step) => this.#joins(correlation, step, then));
    if (first !== undefined)
      return this.#join(correlation, this.#startOf(correlation, first, then), [first, then], found);
    const fact = correlation.orFact?.(then, this.#surroundings);
    if (fact === undefined) return;
    const open = [...this.#open.values()].find(
      ({ incident, fact: known }) =>
        incident.correlation === correlation.name && known !== undefined && incident.vendor === then.vendor,
    );
    const start = { id: incidentId(correlation, then), link: 'vendor', linkedBy: then.vendor, fact };
    this.#join(correlation, open ? startOfOpen(open) : start, [then], found);
  }

  /** A first step that is told after the second ones: those can be found sooner. */
  #begin(correlation: Correlation, first: IncidentStep, found: Incident[]): void {
    for (const then of this.#steps.of(correlation.then)) {
      if (!this.#joins(correlation, first, then)) continue;
      const told = this.#homeOf(correlation, then);
      if (told === undefined) this.#join(correlation, this.#startOf(correlation, first, then), [first, then], found);
      else if (this.#homeOf(correlation, first) === undefined) this.#join(correlation, told, [first], found);
    }
  }

  /** Whether the second comes after the first, within the window, and they belong together. */
  #joins(correlation: Correlation, first: IncidentStep, then: IncidentStep): boolean {
    if (first.finding === then.finding || correlation.begins?.(first) === false) return false;
    const isInTime = then.lastTime >= first.firstTime && then.firstTime - first.lastTime <= correlation.windowMs;
    return isInTime && linkOf(correlation, first, then, this.#surroundings) !== undefined;
  }

  /** The open incident of the correlation that has the finding. */
  #homeOf({ name }: Correlation, { finding }: IncidentStep): Start | undefined {
    const open = this.#open.get(this.#homes.get(`${name}/${finding}`) ?? '');
    return open && startOfOpen(open);
  }

  #keep(id: string, open: OpenIncident): void {
    this.#open.set(id, open);
    for (const { finding } of open.incident.steps) {
      const place = `${open.incident.correlation}/${finding}`;
      if (!this.#homes.has(place)) this.#homes.set(place, id);
    }
  }

  /** The incident that the first step has begun, or the one that it begins now. */
  #startOf(correlation: Correlation, first: IncidentStep, then: IncidentStep): Start {
    const home = this.#homeOf(correlation, first);
    if (home !== undefined) return home;
    const { link, linkedBy } = linkOf(correlation, first, then, this.#surroundings)!;
    return { id: incidentId(correlation, first), link, linkedBy, fact: undefined };
  }

  #join(correlation: Correlation, start: Start, added: readonly IncidentStep[], found: Incident[]): void {
    const { fact, ...known } = start;
    const open = this.#open.get(start.id);
    const steps = withSteps(open?.incident.steps ?? [], added);
    if (steps === undefined) return;
    const incident = incidentOf(correlation, steps, fact, {
      ...known,
      revision: (open?.incident.revision ?? 0) + 1,
      causedAt: Math.max(...steps.map(({ causedAt }) => causedAt)),
    });
    const rank = levelRank(incident.assetLevel);
    const alert = !open || incident.score >= open.alertScore + RE_ALERT_SCORE || rank > open.alertRank;
    const next: OpenIncident = {
      incident: { ...incident, alert },
      fact,
      alertScore: alert ? incident.score : open.alertScore,
      alertRank: alert ? rank : open.alertRank,
    };
    this.#keep(start.id, next);
    this.#changed.set(`incident/${start.id}`, next);
    found.push(next.incident);
  }

  /** Steps and incidents to which nothing can be added any more, once an hour; and the oldest when they are too many. */
  #forget(): void {
    const before = Math.floor(this.#clock / HOUR_MS) * HOUR_MS - LONGEST_MS;
    const isDue = before > this.#forgottenBefore;
    this.#forgottenBefore = before;
    for (const { finding, causedAt } of this.#steps.values()) {
      if (this.#steps.size <= MAX_WAITING && !isDue) break;
      if (this.#steps.size <= MAX_WAITING && causedAt >= before) continue;
      this.#steps.delete(finding);
      this.#changed.set(`step/${finding}`, undefined);
    }
    if (!isDue) return;
    for (const [id, { incident }] of this.#open) {
      if (incident.causedAt >= before) continue;
      this.#open.delete(id);
      this.#changed.set(`incident/${id}`, undefined);
      for (const { finding } of incident.steps) this.#homes.delete(`${incident.correlation}/${finding}`);
    }
  }
}

function incidentId({ name }: Correlation, first: IncidentStep): string {
  return keyedId('incident', name, first.finding);
}

function startOfOpen({ incident, fact }: OpenIncident): Start {
  return { id: incident.id, link: incident.link, linkedBy: incident.linkedBy, fact };
}

/** The steps with those added, or undefined when nothing is new; in order of time. */
function withSteps(known: readonly IncidentStep[], added: readonly IncidentStep[]): IncidentStep[] | undefined {
  const steps = new Map(known.map((step) => [step.finding, step]));
  let isNew = false;
  for (const step of added) {
    const before = steps.get(step.finding);
    if (before ? before.revision >= step.revision : steps.size >= MAX_STEPS) continue;
    steps.set(step.finding, step);
    isNew = true;
  }
  if (!isNew) return undefined;
  return [...steps.values()].sort(byTime);
}
