import { mayHave } from '../detection/authorization.ts';
import type { Diffusion } from '../detection/diffusion/graph.ts';
import { WanglouError } from '../errors.ts';
import type { Finding } from '../finding/finding.ts';
import { stateOf, type LifeEvent } from '../finding/lifecycle.ts';
import { COUNTED_DAYS } from '../posture/finding-risk.ts';
import { vendorRisk } from '../posture/vendor-risk.ts';
import { dateOfDay, zoneClock } from '../registry/local-time.ts';
import type { ProfileQueries, SubjectKind, SubjectSpan, UsedBy, UseOf } from '../store/profile-queries.ts';
import { actorFacts, assetFacts, departmentFacts, vendorFacts, type Facts } from './facts.ts';
import { fiveQuestions, type FiveQuestions, type NamedUse } from './five-questions.ts';
import type { Activity, Profile, StatedFinding, VendorLine } from './profile.ts';
import { both, RegistryView, text, type RegistrySource } from './registry-view.ts';
import { scorecard, type Scorecard } from './scorecard.ts';

export interface ProfileParts {
  store: Pick<
    ProfileQueries,
    'hours' | 'seen' | 'uses' | 'reasons' | 'vendorUses' | 'findings' | 'findingsOfVendors' | 'livesOfVendors'
  >;
  lives: { lifeEvents(findings: readonly string[]): Promise<readonly LifeEvent[]> };
  diffusion: { of(asset: string, asOf: number): Promise<Diffusion> };
  registry: RegistrySource;
}

const DAY_MS = 86_400_000;
const SEEN_DAYS = 90;
const TREND_DAYS = 30;
const TOP = 10;
const MOST_ADDRESSES = 500;

/** By what the activity of each kind is summed up. */
const TOPS: Readonly<Record<SubjectKind, readonly UsedBy[]>> = {
  actor: ['asset', 'system', 'action', 'address'],
  asset: ['actor', 'department', 'action'],
  vendor: ['actor', 'asset', 'system'],
  department: ['actor', 'asset', 'system'],
};

/** Actors, assets, vendors and departments: who they are, what they did, and what was found about them, as of any time. */
export class ProfileDesk {
  readonly #parts: ProfileParts;

  constructor(parts: ProfileParts) {
    this.#parts = parts;
  }

  /** @throws WanglouError WL_NOT_FOUND when neither the registry knows it nor an event or finding of 90 days names it. */
  async of(kind: SubjectKind, id: string, asOf: number): Promise<Profile> {
    const view = this.#view(asOf);
    const facts = factsOf(view, kind, id);
    if (facts === undefined && !(await this.#wasSeen(kind, id, asOf))) throw notFound(kind, id);
    const named = kind === 'actor' ? view.actor(id) : view.named(kind, id)!;
    return { ...named, kind, asOf, timeZone: zoneOf(view, kind, id), facts: facts ?? null };
  }

  async activity(kind: SubjectKind, id: string, days: number, asOf: number): Promise<Activity> {
    const view = this.#view(asOf);
    const timeZone = zoneOf(view, kind, id);
    const span = this.#span(view, kind, id, days, timeZone);
    const [cells, seen, ...uses] = await Promise.all([
      this.#parts.store.hours(span, timeZone),
      this.#parts.store.seen({ ...span, from: asOf - SEEN_DAYS * DAY_MS }),
      ...TOPS[kind].map((by) => this.#parts.store.uses(span, by, TOP)),
    ]);
    const department = departmentOf(view, kind, id);
    return {
      ...{ from: span.from, to: span.to, timeZone, cells },
      days: daysOf(span, timeZone).map(({ date, noon }) => ({
        day: date,
        rest: view.registry.dayType(noon, department) === 'rest',
      })),
      events: cells.reduce((sum, { events }) => sum + events, 0),
      rows: cells.reduce((sum, { rows }) => sum + rows, 0),
      seen: seen ?? null,
      seenWithinDays: SEEN_DAYS,
      top: Object.fromEntries(TOPS[kind].map((by, place) => [by, uses[place]!.map((use) => titled(view, by, use))])),
    };
  }

  /** Last changed first, with how each stands. */
  async findings(kind: SubjectKind, id: string, limit: number, asOf: number): Promise<StatedFinding[]> {
    const view = this.#view(asOf);
    const person = kind === 'actor' ? text(view.entry('accounts', id), 'person') : '';
    const span = { kind, id: idOf(view, kind, id), from: asOf - COUNTED_DAYS * DAY_MS, to: asOf + 1 };
    const findings = await this.#parts.store.findings(span, person, limit);
    const lives = Map.groupBy(
      await this.#parts.lives.lifeEvents(findings.map((one) => one.id)),
      ({ finding }) => finding,
    );
    return findings.map((finding) => ({ finding, state: stateOf(lives.get(finding.id) ?? []) }));
  }

  async questions(asset: string, days: number, asOf: number): Promise<FiveQuestions> {
    const view = this.#view(asOf);
    const span = this.#span(view, 'asset', asset, days, zoneOf(view, 'asset', asset));
    const { store, diffusion } = this.#parts;
    const [actors, sources, purposes, departments, reasons, spread] = await Promise.all([
      store.uses(span, 'actor', TOP),
      store.uses(span, 'source', TOP),
      store.uses(span, 'purpose', TOP),
      store.uses(span, 'department', 200),
      store.reasons(span),
      diffusion.of(asset, asOf),
    ]);
    const entry = view.registry.asset(asset, asOf);
    const withoutGrant = departments
      .map(({ name }) => name)
      .filter((name) => name !== '' && entry !== undefined && !mayHave(name, entry, view.registry, asOf));
    const { from, to } = span;
    return fiveQuestions(
      asset,
      { from, to, actors, sources, purposes, reasons, withoutGrant, diffusion: spread },
      view,
    );
  }

  async scorecard(vendor: string, days: number, asOf: number): Promise<Scorecard> {
    const view = this.#view(asOf);
    const span = { kind: 'vendor' as const, id: vendor, from: asOf - days * DAY_MS, to: asOf + 1 };
    const [uses, addresses, findings] = await Promise.all([
      this.#parts.store.vendorUses(vendor, span.from, span.to),
      this.#parts.store.uses(span, 'address', MOST_ADDRESSES),
      this.#parts.store.findings(span, '', 5_000),
    ]);
    return scorecard(vendor, { from: span.from, to: span.to }, { uses, addresses, findings }, view);
  }

  /** The riskiest first: those of the registry, and those that findings name. */
  async vendors(asOf: number): Promise<VendorLine[]> {
    const view = this.#view(asOf);
    const from = asOf - (COUNTED_DAYS + TREND_DAYS) * DAY_MS;
    const [findings, lives] = await Promise.all([
      this.#parts.store.findingsOfVendors(from, asOf + 1),
      this.#parts.store.livesOfVendors(from, asOf + 1),
    ]);
    const findingsBy = Map.groupBy(findings, ({ vendor }) => vendor);
    const vendorOf = new Map(findings.map(({ id, vendor }) => [id, vendor]));
    const livesBy = Map.groupBy(lives, ({ finding }) => vendorOf.get(finding) ?? '');
    const ids = new Set([...view.ids('vendors').filter((id) => view.named('vendor', id)!.known), ...findingsBy.keys()]);
    const lines = [...ids].map((id) => vendorLine(view, id, findingsBy.get(id) ?? [], livesBy.get(id) ?? []));
    return lines.sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1));
  }

  #view(at: number): RegistryView {
    return new RegistryView(this.#parts.registry, at);
  }

  /** Whole days of the subject's zone, the last of them the one of `asOf`. */
  #span(view: RegistryView, kind: SubjectKind, id: string, days: number, timeZone: string): SubjectSpan {
    const clock = zoneClock(timeZone);
    const first = clock.startOfDay(clock.dayOf(view.at) - days + 1);
    return { kind, id: idOf(view, kind, id), from: first, to: view.at + 1 };
  }

  async #wasSeen(kind: SubjectKind, id: string, asOf: number): Promise<boolean> {
    const span = { kind, id, from: asOf - SEEN_DAYS * DAY_MS, to: asOf + 1 };
    if ((await this.#parts.store.seen(span)) !== undefined) return true;
    return (await this.#parts.store.findings(span, '', 1)).length > 0;
  }
}

function factsOf(view: RegistryView, kind: SubjectKind, id: string): Facts | undefined {
  if (kind === 'actor') return actorFacts(view, id);
  if (kind === 'asset') return assetFacts(view, id);
  return kind === 'vendor' ? vendorFacts(view, id) : departmentFacts(view, id);
}

/** Events carry an asset's id where the registry knows its name. */
function idOf(view: RegistryView, kind: SubjectKind, id: string): string {
  return kind === 'asset' ? (view.registry.asset(id, view.at)?.id ?? id) : id;
}

/** The department whose days and hours are the subject's; '' for the platform's own. */
function departmentOf(view: RegistryView, kind: SubjectKind, id: string): string {
  if (kind === 'department') return id;
  if (kind === 'asset') return view.registry.asset(id, view.at)?.owner ?? '';
  return kind === 'actor' ? text(view.entry('accounts', id), 'department') : '';
}

function zoneOf(view: RegistryView, kind: SubjectKind, id: string): string {
  return view.registry.timeZone(departmentOf(view, kind, id));
}

/** Dates of the span, each with its noon. */
function daysOf({ from, to }: SubjectSpan, timeZone: string): { date: string; noon: number }[] {
  const clock = zoneClock(timeZone);
  const [first, last] = [clock.dayOf(from), clock.dayOf(to - 1)];
  return Array.from({ length: last - first + 1 }, (_, n) => ({
    date: dateOfDay(first + n),
    noon: clock.startOfDay(first + n) + DAY_MS / 2,
  }));
}

function titled(view: RegistryView, by: UsedBy, use: UseOf): NamedUse {
  if (by === 'actor') return { ...use, title: view.actor(use.name).name };
  if (by === 'asset' || by === 'system' || by === 'department')
    return { ...use, title: view.named(by, use.name)?.name ?? both('') };
  return { ...use, title: both(use.name) };
}

function vendorLine(
  view: RegistryView,
  id: string,
  findings: readonly Finding[],
  lives: readonly LifeEvent[],
): VendorLine {
  const { registry, at } = view;
  const riskAt = (time: number) => vendorRisk(id, findings, lives, registry.vendor(id, time), time);
  const now = riskAt(at);
  const trend = Array.from({ length: TREND_DAYS + 1 }, (_, n) => riskAt(at - (TREND_DAYS - n) * DAY_MS).score);
  const contracts = registry.contractsOf(id).filter(({ from, to }) => at >= from && at < to);
  return {
    ...view.named('vendor', id)!,
    score: now.score,
    before: trend.at(-8)!,
    trend,
    findings: now.terms.filter(({ points }) => points > 0).length,
    gaps: now.gaps.length,
    contracts: contracts.length,
    contractEnd: contracts.length === 0 ? null : Math.max(...contracts.map(({ to }) => to)),
  };
}

function notFound(kind: SubjectKind, id: string): WanglouError {
  return new WanglouError('WL_NOT_FOUND', `There is no ${kind} ${id}`, {
    remedy: `Check the id: the registry has no such ${kind}, and no event or finding of the last ${SEEN_DAYS} days names it.`,
  });
}
