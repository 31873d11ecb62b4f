import { WanglouError } from '../errors.ts';
import type { Finding } from '../finding/finding.ts';
import { stateOf, type LifeEvent } from '../finding/lifecycle.ts';
import { RegistryView, type RegistrySource } from '../profile/registry-view.ts';
import { dateOfDay, zoneClock } from '../registry/local-time.ts';
import type { ContextQueries } from '../store/context-queries.ts';
import type { DayCell, DayLane, FindingPicture, SimilarFindings, SubjectDay } from './finding-context.ts';
import { pictureOf, subjectOf, type SubjectFields } from './measures.ts';
import { partiesOf, spansOf } from './parties.ts';

export interface ContextParts {
  store: Pick<ContextQueries, 'dailyMost' | 'lanes' | 'similar' | 'incidentsWith'>;
  findings: {
    findingById(id: string): Promise<Finding | undefined>;
    lifeEvents(findings: readonly string[]): Promise<readonly LifeEvent[]>;
  };
  registry: RegistrySource;
}

const DAY_MS = 86_400_000;
const STEP_MS = 900_000;
const DAYS_BEFORE = 28;
const SIMILAR_DAYS = 90;
const SHOWN_SIMILAR = 8;
const MOST_LANES = 12;

/** What an analyst looks at beside a finding: each question by itself, everything as of the finding's time. */
export class FindingContextDesk {
  readonly #parts: ContextParts;

  constructor(parts: ContextParts) {
    this.#parts = parts;
  }

  /** @throws WanglouError WL_NOT_FOUND, as all of these */
  async picture(id: string): Promise<FindingPicture> {
    const finding = await this.#finding(id);
    const view = this.#view(finding);
    const { kind, measured } = pictureOf(finding);
    const timeZone = view.registry.timeZone(finding.department);
    const clock = zoneClock(timeZone);
    const last = clock.dayOf(finding.lastTime);
    const [from, to] = [clock.startOfDay(last - DAYS_BEFORE), clock.startOfDay(last + 1)];
    const isWithinDay = kind === 'measure' && finding.windowMs > 0 && finding.windowMs < DAY_MS / 2;
    const windowMs = isWithinDay ? finding.windowMs : DAY_MS;
    // A window of a day is the local day: one that no day can be cut by.
    const span = { from, to, windowMs: isWithinDay ? windowMs : to - from, zone: timeZone };
    const subject = subjectOf(finding);
    const isAnybody = Object.keys(subject).length === 0;
    const values = isAnybody ? [] : await this.#parts.store.dailyMost(subject, measured, span);
    const byDay = new Map(values.map(({ day, value }) => [day, value]));
    const days = Array.from({ length: DAYS_BEFORE + 1 }, (_, n) => {
      const day = dateOfDay(last - DAYS_BEFORE + n);
      const at = clock.startOfDay(last - DAYS_BEFORE + n) + DAY_MS / 2;
      return { day, at, rest: view.registry.dayType(at, finding.department) === 'rest', value: byDay.get(day) ?? 0 };
    });
    const active = days.slice(0, -1).flatMap(({ value }) => (value > 0 ? [value] : []));
    const spans = kind === 'validity' ? spansOf(finding, view) : [];
    return { kind, timeZone, from, to, windowMs, days, median: median(active), activeDays: active.length, spans };
  }

  async day(id: string): Promise<SubjectDay> {
    const finding = await this.#finding(id);
    const view = this.#view(finding);
    const timeZone = view.registry.timeZone(finding.department);
    const clock = zoneClock(timeZone);
    const day = clock.dayOf(finding.lastTime);
    const span = { from: clock.startOfDay(day), to: clock.startOfDay(day + 1) };
    const { subject, fields } = subjectOfDay(finding);
    const found =
      subject.id === ''
        ? []
        : await this.#parts.store.lanes(fields, { ...span, stepMs: STEP_MS, ids: finding.eventIds });
    const sums = new Map<string, DayLane & { marked: number }>();
    for (const { kind, id: name, events, rows, marked } of found) {
      const key = `${kind} ${name}`;
      const known = sums.get(key);
      if (known === undefined) sums.set(key, { ...laneNamed(view, kind, name), kind, events, rows, marked });
      else
        Object.assign(known, { events: known.events + events, rows: known.rows + rows, marked: known.marked + marked });
    }
    const ordered = [...sums].sort(
      ([a, one], [b, other]) =>
        Number(other.marked > 0) - Number(one.marked > 0) || other.events - one.events || (a < b ? -1 : 1),
    );
    const places = new Map(ordered.slice(0, MOST_LANES).map(([key], place) => [key, place]));
    return {
      ...{ subject, timeZone, ...span },
      lanes: ordered.slice(0, MOST_LANES).map(([, { marked: _, ...lane }]) => lane),
      otherLanes: Math.max(0, ordered.length - MOST_LANES),
      cells: cellsOf(found, (key) => places.get(key) ?? -1, span.from),
      events: found.reduce((sum, { events }) => sum + events, 0),
      rows: found.reduce((sum, { rows }) => sum + rows, 0),
    };
  }

  async parties(id: string) {
    const finding = await this.#finding(id);
    const incidents = await this.#parts.store.incidentsWith(id);
    return {
      ...partiesOf(finding, this.#view(finding)),
      incidents: incidents.map(({ id: incident, title, severity, lastTime }) => ({
        id: incident,
        title,
        severity,
        lastTime,
      })),
    };
  }

  async similar(id: string): Promise<SimilarFindings> {
    const finding = await this.#finding(id);
    const found = await this.#parts.store.similar(finding, finding.causedAt - SIMILAR_DAYS * DAY_MS);
    const lives = await this.#parts.findings.lifeEvents(found.map((one) => one.id));
    const livesBy = Map.groupBy(lives, (life) => life.finding);
    const stated = found.map((one) => ({ finding: one, state: stateOf(livesBy.get(one.id) ?? []) }));
    const closed = stated.filter(({ state }) => state.status === 'closed');
    const ways = [...Map.groupBy(closed, ({ state }) => state.disposition)].map(([disposition, those]) => ({
      disposition,
      count: those.length,
      by: [...new Set(those.map(({ state }) => state.changedBy))].sort(),
    }));
    return {
      days: SIMILAR_DAYS,
      total: stated.length,
      open: stated.length - closed.length,
      closed: ways.sort((a, b) => b.count - a.count || (a.disposition < b.disposition ? -1 : 1)),
      latest: stated.slice(0, SHOWN_SIMILAR),
    };
  }

  #view({ lastTime }: Finding): RegistryView {
    return new RegistryView(this.#parts.registry, lastTime);
  }

  async #finding(id: string): Promise<Finding> {
    const finding = await this.#parts.findings.findingById(id);
    if (finding === undefined)
      throw new WanglouError('WL_NOT_FOUND', `There is no finding ${id}`, { remedy: 'Check the id.' });
    return finding;
  }
}

/** A person's day is about all that the person did, not only about the asset of the finding. */
function subjectOfDay({ actor, clientAddress, source, asset }: Finding): {
  subject: SubjectDay['subject'];
  fields: SubjectFields;
} {
  if (actor !== '') return { subject: { kind: 'actor', id: actor }, fields: { actor } };
  if (clientAddress !== '') return { subject: { kind: 'address', id: clientAddress }, fields: { clientAddress } };
  if (asset !== '') return { subject: { kind: 'asset', id: asset }, fields: { asset } };
  return { subject: { kind: 'source', id: source }, fields: { source } };
}

function laneNamed(view: RegistryView, kind: DayLane['kind'], id: string): Pick<DayLane, 'id' | 'name' | 'known'> {
  const named = kind === 'source' ? undefined : view.named(kind, id);
  const source = kind === 'source' ? view.registry.source(id) : undefined;
  return named ?? { id, name: source?.name ?? { zh: id, en: id }, known: source !== undefined };
}

/** Lanes that are not shown by themselves become one. */
function cellsOf(
  found: Awaited<ReturnType<ContextQueries['lanes']>>,
  placeOf: (key: string) => number,
  from: number,
): DayCell[] {
  const cells = new Map<string, DayCell>();
  for (const { kind, id, step, events, rows, failures, marked } of found) {
    const lane = placeOf(`${kind} ${id}`);
    const cell = cells.get(`${lane} ${step}`);
    if (cell === undefined)
      cells.set(`${lane} ${step}`, { lane, at: from + step * STEP_MS, events, rows, failures, marked });
    else {
      cell.events += events;
      cell.rows += rows;
      cell.failures += failures;
      cell.marked += marked;
    }
  }
  return [...cells.values()].sort((a, b) => a.lane - b.lane || a.at - b.at);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  if (sorted.length === 0) return 0;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
