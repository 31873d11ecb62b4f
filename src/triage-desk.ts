import { randomUUID } from 'node:crypto';
import { WanglouError } from './errors.ts';
import type { EventLog } from './event-log/event-log.ts';
import type { Finding } from './finding/finding.ts';
import { historyOf, lifeEventOf, stateOf, type LifeEvent, type LifeState } from './finding/lifecycle.ts';
import { lifeEventFor, type TriageCommand } from './finding/triage.ts';

/** What the desk reads of the store. */
export interface TriageStore {
  lifeEvents(findings: readonly string[]): Promise<readonly LifeEvent[]>;
  findingById(id: string): Promise<Finding | undefined>;
}

export interface FindingHistory {
  state: LifeState;
  /** In order. */
  events: readonly LifeEvent[];
}

/** Entries that are kept until the store is sure to have them. */
const MAX_RECENT = 20_000;

/**
 * Where people's decisions about findings are taken: an entry is checked against the history so far, appended to the log,
 * and known here at once. The history comes from the store, and from the log what the store may not have yet.
 */
export class TriageDesk {
  readonly #log: EventLog;
  readonly #store: TriageStore;
  readonly #now: () => number;
  readonly #recent = new Map<string, LifeEvent>();
  readonly #running = new Map<string, Promise<unknown>>();

  constructor(log: EventLog, store: TriageStore, now: () => number = Date.now) {
    this.#log = log;
    this.#store = store;
    this.#now = now;
  }

  /** Takes in an entry that the log delivered. */
  learn(event: LifeEvent): void {
    this.#recent.delete(event.id);
    this.#recent.set(event.id, event);
    if (this.#recent.size > MAX_RECENT) this.#recent.delete(this.#recent.keys().next().value!);
  }

  /** @throws WanglouError WL_NOT_FOUND */
  async history(finding: string): Promise<FindingHistory> {
    const events = await this.#eventsOf(finding);
    return { state: stateOf(events), events: historyOf(events) };
  }

  /**
   * Does it, one after the other for each finding. Durable when resolved.
   * @throws WanglouError WL_NOT_FOUND, WL_CONFLICT, WL_LOG_AWAY
   */
  async act(finding: string, command: TriageCommand, by: string): Promise<FindingHistory> {
    const before = this.#running.get(finding) ?? Promise.resolve();
    const turn = before.catch(() => undefined).then(() => this.#act(finding, command, by));
    this.#running.set(finding, turn);
    try {
      return await turn;
    } finally {
      if (this.#running.get(finding) === turn) this.#running.delete(finding);
    }
  }

  async #act(finding: string, command: TriageCommand, by: string): Promise<FindingHistory> {
    const before = await this.#eventsOf(finding);
    const event = lifeEventFor(command, before, { by, at: this.#now(), id: randomUUID() });
    const value = Buffer.from(JSON.stringify(event));
    await this.#log.append([{ topic: 'triage', partition: 0, key: finding, value, live: event }]);
    this.learn(event);
    const events = [...before, event];
    return { state: stateOf(events), events: historyOf(events) };
  }

  async #eventsOf(finding: string): Promise<LifeEvent[]> {
    const stored = await this.#store.lifeEvents([finding]);
    const recent = [...this.#recent.values()].filter((event) => event.finding === finding);
    const events = [...new Map([...stored, ...recent].map((event) => [event.id, event])).values()];
    if (events.length > 0) return events;
    // Found before findings had a history.
    const known = await this.#store.findingById(finding);
    if (known !== undefined) return [lifeEventOf(known)];
    throw new WanglouError('WL_NOT_FOUND', `There is no finding ${finding}`, { remedy: 'Check the id.' });
  }
}
