import { createHash, randomUUID } from 'node:crypto';
import { WanglouError } from '../errors.ts';
import type { Event } from '../event/event.ts';
import type { KeyedTable } from '../event-log/event-log.ts';
import type { Finding } from '../finding/finding.ts';
import type { Incident } from '../finding/incident.ts';
import type { LifeEvent, LifeState, LifeStatus } from '../finding/lifecycle.ts';
import { RegistryView, type RegistrySource } from '../profile/registry-view.ts';
import type { Evidence, IncidentDecisions, IncidentFile, ReportState } from './incident-file.ts';
import { knownFields } from './known-fields.ts';
import { clockOf, fieldsOf, lackingOf, type Deadline, type ReportCommand, type ReportEntry } from './report-entry.ts';

export interface IncidentParts {
  store: {
    incidentRevisions(id: string): Promise<readonly Incident[]>;
    eventsById(ids: readonly string[]): Promise<readonly Event[]>;
  };
  findings: { revisionsOf(findings: readonly string[]): Promise<readonly Finding[]> };
  triage: { history(finding: string): Promise<{ state: LifeState; events: readonly LifeEvent[] }> };
  registry: RegistrySource;
  /** Keeps the entries: one key each, so that none is ever replaced. */
  reports: KeyedTable;
  /** The deadline of the organisation's kind. */
  reportWithin: Deadline;
  now?: () => number;
}

/** What people see and do about an incident as a whole. All throw WanglouError WL_NOT_FOUND for an unknown one. */
export class IncidentDesk {
  readonly #parts: IncidentParts;
  readonly #now: () => number;
  #read: { position: string; entries: ReadonlyMap<string, readonly ReportEntry[]> } = {
    position: '',
    entries: new Map(),
  };

  constructor(parts: IncidentParts) {
    this.#parts = parts;
    this.#now = parts.now ?? Date.now;
  }

  async file(id: string): Promise<IncidentFile> {
    const { incident, detectedAt } = await this.#incident(id);
    const [evidence, decisions, report] = await Promise.all([
      this.#evidenceOf(incident),
      this.#decisionsOf(incident),
      this.#reportOf(incident, detectedAt),
    ]);
    const timeZone = this.#parts.registry.current().timeZone(incident.department);
    return { timeZone, incident, evidence, decisions, report };
  }

  async evidence(id: string): Promise<Evidence> {
    return this.#evidenceOf((await this.#incident(id)).incident);
  }

  async decisions(id: string): Promise<IncidentDecisions> {
    return this.#decisionsOf((await this.#incident(id)).incident);
  }

  async report(id: string): Promise<ReportState> {
    const { incident, detectedAt } = await this.#incident(id);
    return this.#reportOf(incident, detectedAt);
  }

  /** Adds an entry. Durable when resolved. @throws WanglouError WL_CONFLICT for a report of what is not to be reported */
  async say(id: string, command: ReportCommand, by: string): Promise<ReportState> {
    const { incident, detectedAt } = await this.#incident(id);
    const before = await this.#entriesOf(id);
    if (command.act === 'sent') this.#refuseSending(incident, detectedAt, before);
    // Entries of one incident are in the order in which they were made, however clocks differ.
    const at = Math.max(this.#now(), (before.at(-1)?.at ?? 0) + 1);
    const entry: ReportEntry = { ...command, id: randomUUID(), incident: id, at, by };
    await this.#parts.reports.put([[`${id} ${entry.id}`, Buffer.from(JSON.stringify(entry))]]);
    return this.#stateAfter(incident, detectedAt, [...before, entry]);
  }

  #refuseSending(incident: Incident, detectedAt: number, entries: readonly ReportEntry[]): void {
    const { confirmed } = this.#stateAfter(incident, detectedAt, entries).clock;
    if (confirmed !== null) return;
    throw new WanglouError('WL_CONFLICT', `nobody has confirmed the level of incident ${incident.id}`, {
      remedy: 'Confirm the level first.',
    });
  }

  async #evidenceOf({ steps }: Incident): Promise<Evidence> {
    const ids = [...new Set(steps.map(({ finding }) => finding))];
    const revisions = Map.groupBy(await this.#parts.findings.revisionsOf(ids), ({ id }) => id);
    const findings = ids.flatMap((id) => revisions.get(id)?.at(-1) ?? []);
    const namedBy = new Map<string, string[]>();
    for (const { id, eventIds } of findings)
      for (const event of eventIds) namedBy.set(event, [...(namedBy.get(event) ?? []), id]);
    const wanted = [...namedBy.keys()];
    const events = wanted.length === 0 ? [] : await this.#parts.store.eventsById(wanted);
    const found = new Set(events.map(({ id }) => id));
    return {
      findings,
      revisions: Object.fromEntries([...revisions].map(([id, all]) => [id, all.length])),
      events: events
        .map(({ id, time, ingestTime, source, raw }) => ({
          ...{ id, time, ingestTime, source, raw, sha256: createHash('sha256').update(raw).digest('hex') },
          findings: namedBy.get(id) ?? [],
        }))
        .sort((a, b) => a.time - b.time || (a.id < b.id ? -1 : 1)),
      missing: wanted.filter((id) => !found.has(id)).sort(),
    };
  }

  async #decisionsOf({ steps }: Incident): Promise<IncidentDecisions> {
    const ids = [...new Set(steps.map(({ finding }) => finding))];
    const histories = await Promise.all(ids.map((id) => this.#historyOf(id)));
    const known = histories.flatMap((history) => history ?? []);
    return {
      status: statusOf(known.map(({ state }) => state.status)),
      states: Object.fromEntries(ids.flatMap((id, n) => (histories[n] ? [[id, histories[n].state]] : []))),
      events: known
        .flatMap(({ events }) => events)
        .filter(({ act }) => act !== 'grew')
        .sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1)),
    };
  }

  /** Undefined for a finding that is not in the store yet: the others are shown. */
  async #historyOf(finding: string) {
    try {
      return await this.#parts.triage.history(finding);
    } catch (error) {
      if (error instanceof WanglouError && error.code === 'WL_NOT_FOUND') return undefined;
      throw error;
    }
  }

  async #reportOf(incident: Incident, detectedAt: number): Promise<ReportState> {
    return this.#stateAfter(incident, detectedAt, await this.#entriesOf(incident.id));
  }

  #stateAfter(incident: Incident, detectedAt: number, entries: readonly ReportEntry[]): ReportState {
    const view = new RegistryView(this.#parts.registry, incident.lastTime);
    const clock = clockOf({ ...incident, detectedAt }, entries, this.#parts.reportWithin, this.#now());
    const fields = fieldsOf(entries, knownFields(incident, detectedAt, view));
    return { clock, fields, lacking: lackingOf(fields, clock.confirmed !== null), entries };
  }

  /** In order. The table is read again only after something was put into it, by whichever program. */
  async #entriesOf(incident: string): Promise<readonly ReportEntry[]> {
    const position = await this.#parts.reports.position();
    if (position !== this.#read.position) {
      const all: ReportEntry[] = [];
      for await (const [, value] of this.#parts.reports.entries())
        all.push(JSON.parse(Buffer.from(value).toString()) as ReportEntry);
      all.sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
      this.#read = { position, entries: Map.groupBy(all, (entry) => entry.incident) };
    }
    return this.#read.entries.get(incident) ?? [];
  }

  /** `detectedAt` is when its first revision was caused. */
  async #incident(id: string): Promise<{ incident: Incident; detectedAt: number }> {
    const revisions = await this.#parts.store.incidentRevisions(id);
    const incident = revisions.at(-1);
    if (incident === undefined)
      throw new WanglouError('WL_NOT_FOUND', `There is no incident ${id}`, { remedy: 'Check the id.' });
    return { incident, detectedAt: revisions[0]!.causedAt };
  }
}

function statusOf(statuses: readonly LifeStatus[]): LifeStatus {
  if (statuses.length > 0 && statuses.every((status) => status === 'closed')) return 'closed';
  if (statuses.includes('reopened')) return 'reopened';
  return statuses.some((status) => status !== 'new') ? 'acknowledged' : 'new';
}
