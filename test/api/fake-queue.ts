import {
  NONE,
  passesFilter,
  type FindingCounts,
  type FindingFilter,
  type FindingGroup,
  type Grouping,
  type QueuedFinding,
} from '../../src/finding/finding-filter.ts';
import type { Finding } from '../../src/finding/finding.ts';
import type { Incident } from '../../src/finding/incident.ts';
import { stateOf, type LifeEvent, type LifeState } from '../../src/finding/lifecycle.ts';
import type { QueueStore } from '../../src/queue-desk.ts';

/** What a store in memory has; `fault` is why it does not answer. */
interface Kept {
  findings: readonly Finding[];
  incidents: readonly Incident[];
  lives: readonly LifeEvent[];
  asked: object[];
  fault: Error | undefined;
}

type States = ReadonlyMap<string, LifeState>;

const RANKS = ['low', 'medium', 'high', 'critical'];

/** The queue over a store in memory, as src/store/queue-queries.ts does it over the real one. Cursors are places. */
export class FakeQueue implements QueueStore {
  readonly #kept: Kept;
  #known = { of: [] as readonly Finding[], count: -1, latest: new Map<string, QueuedFinding>() };

  constructor(kept: Kept) {
    this.#kept = kept;
  }

  async page(filter: FindingFilter, { limit, cursor, unsettled }: Parameters<QueueStore['page']>[1]) {
    this.#kept.asked.push({ ...filter, limit, ...(cursor === undefined ? {} : { cursor }) });
    const from = Number(cursor ?? 0) || 0;
    const all = this.#passing(filter, unsettled);
    const findings = all.slice(from, from + limit);
    return { findings, next: from + limit < all.length ? String(from + limit) : '' };
  }

  async ids(filter: FindingFilter, { limit, unsettled }: Parameters<QueueStore['ids']>[1]) {
    return this.#passing(filter, unsettled)
      .slice(0, limit)
      .map(({ id }) => id);
  }

  async counts({ severity, status, ...others }: FindingFilter, unsettled: States): Promise<FindingCounts> {
    const bySeverity = { critical: 0, high: 0, medium: 0, low: 0 };
    const byStatus = { new: 0, acknowledged: 0, closed: 0, reopened: 0 };
    for (const one of this.#passing({ ...others, ...(status && { status }) }, unsettled)) bySeverity[one.severity]++;
    for (const one of this.#passing({ ...others, ...(severity && { severity }) }, unsettled))
      byStatus[this.#stateOf(one.id, unsettled)?.status ?? 'new']++;
    const total = this.#passing(
      { ...others, ...(status && { status }), ...(severity && { severity }) },
      unsettled,
    ).length;
    return { total, bySeverity, byStatus };
  }

  async groups(filter: FindingFilter, by: Grouping, unsettled: States): Promise<FindingGroup[]> {
    const groups = new Map<string, FindingGroup>();
    for (const one of this.#passing(filter, unsettled))
      for (const { key, title } of this.#keysOf(one, by)) {
        const group = groups.get(key) ?? { key, title, findings: 0, severity: one.severity, raisedAt: one.raisedAt };
        group.findings++;
        if (RANKS.indexOf(one.severity) > RANKS.indexOf(group.severity)) group.severity = one.severity;
        groups.set(key, group);
      }
    return [...groups.values()].sort(
      (a, b) => RANKS.indexOf(b.severity) - RANKS.indexOf(a.severity) || b.findings - a.findings,
    );
  }

  #keysOf(finding: Finding, by: Grouping): Pick<FindingGroup, 'key' | 'title'>[] {
    const untitled = { zh: '', en: '' };
    if (by === 'detector') return [{ key: finding.detector, title: finding.title }];
    if (by !== 'incident') return [{ key: finding[by], title: untitled }];
    const of = this.#kept.incidents.filter(({ steps }) => steps.some((step) => step.finding === finding.id));
    return of.length === 0 ? [{ key: '', title: untitled }] : of.map(({ id, title }) => ({ key: id, title }));
  }

  #passing(filter: FindingFilter, unsettled: States): QueuedFinding[] {
    if (this.#kept.fault) throw this.#kept.fault;
    const latest = this.#latest();
    const asked =
      filter.ids === undefined ? [...latest.values()] : inOrder(filter.ids.flatMap((id) => latest.get(id) ?? []));
    const { incident } = filter;
    const steps = this.#kept.incidents
      .filter(({ id }) => incident === NONE || id === incident)
      .flatMap((one) => one.steps.map(({ finding }) => finding));
    return asked
      .filter((one) => passesFilter(one, this.#stateOf(one.id, unsettled), filter))
      .filter(({ id }) => incident === undefined || steps.includes(id) === (incident !== NONE));
  }

  /** The latest revision of each; the last raised first, worked out once for as long as nothing is added. */
  #latest(): Map<string, QueuedFinding> {
    const { findings } = this.#kept;
    if (this.#known.of === findings && this.#known.count === findings.length) return this.#known.latest;
    const latest = new Map<string, QueuedFinding>();
    for (const finding of findings) {
      const raisedAt = finding.alert ? finding.causedAt : (latest.get(finding.id)?.raisedAt ?? finding.causedAt);
      latest.set(finding.id, { ...finding, raisedAt });
    }
    const order = inOrder([...latest.values()]).map((one) => [one.id, one] as const);
    this.#known = { of: findings, count: findings.length, latest: new Map(order) };
    return this.#known.latest;
  }

  #stateOf(id: string, unsettled: States): LifeState | undefined {
    const known = unsettled.get(id);
    if (known !== undefined) return known;
    const life = this.#kept.lives.filter(({ finding }) => finding === id);
    return life.length === 0 ? undefined : stateOf(life);
  }
}

function inOrder(findings: QueuedFinding[]): QueuedFinding[] {
  return findings.sort((a, b) => b.raisedAt - a.raisedAt || (a.id < b.id ? 1 : -1));
}
