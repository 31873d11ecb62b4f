import { randomUUID } from 'node:crypto';
import { WanglouError, type ErrorCode } from './errors.ts';
import type { EventLog } from './event-log/event-log.ts';
import type { Finding } from './finding/finding.ts';
import { BY_DETECTION, historyOf, lifeEventOf, stateOf, type LifeEvent, type LifeState } from './finding/lifecycle.ts';
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

/** A decision that was taken; `entry` is the id of what it added to the history. */
export interface Decided extends FindingHistory {
  entry: string;
}

/** What came of one decision about many findings: each is in exactly one of the two. */
export interface DecidedAll {
  done: { finding: string; entry: string; state: LifeState }[];
  refused: { finding: string; code: ErrorCode; message: string; remedy: string }[];
}

interface Act {
  finding: string;
  command: TriageCommand;
}

/** Entries that are kept until the store is sure to have them. */
const MAX_RECENT = 20_000;
/** How long the store may take until it has an entry that the log has. */
const STORED_WITHIN_MS = 60_000;

/**
 * Where people's decisions about findings are taken: an entry is checked against the history so far, appended to the log,
 * and known here at once. The history comes from the store, and from the log what the store may not have yet.
 */
export class TriageDesk {
  readonly #log: EventLog;
  readonly #store: TriageStore;
  readonly #now: () => number;
  readonly #recent = new Map<string, LifeEvent>();
  readonly #recentOf = new Map<string, Map<string, LifeEvent>>();
  /** Findings that people acted on, and when that was learned; in this order. */
  readonly #touched = new Map<string, number>();
  readonly #running = new Map<string, Promise<unknown>>();

  constructor(log: EventLog, store: TriageStore, now: () => number = Date.now) {
    this.#log = log;
    this.#store = store;
    this.#now = now;
  }

  /** Takes in an entry that the log delivered. */
  learn(event: LifeEvent): void {
    this.#forget(event);
    this.#recent.set(event.id, event);
    const ofFinding = this.#recentOf.get(event.finding) ?? new Map<string, LifeEvent>();
    this.#recentOf.set(event.finding, ofFinding.set(event.id, event));
    if (event.by !== BY_DETECTION) {
      this.#touched.delete(event.finding);
      this.#touched.set(event.finding, this.#now());
    }
    if (this.#recent.size > MAX_RECENT) this.#forget(this.#recent.values().next().value!);
  }

  /** @throws WanglouError WL_NOT_FOUND */
  async history(finding: string): Promise<FindingHistory> {
    const events = (await this.#eventsOf([finding])).get(finding);
    if (events === undefined) throw unknownFinding(finding);
    return { state: stateOf(events), events: historyOf(events) };
  }

  /** How these findings stand; without those that nobody knows. */
  async states(findings: readonly string[]): Promise<Map<string, LifeState>> {
    const events = await this.#eventsOf(findings);
    return new Map([...events].map(([finding, of]) => [finding, stateOf(of)]));
  }

  /** Findings whose last decision the store may not have yet. */
  unsettled(): string[] {
    for (const [finding, learnedAt] of this.#touched) {
      if (learnedAt >= this.#now() - STORED_WITHIN_MS) break;
      this.#touched.delete(finding);
    }
    return [...this.#touched.keys()];
  }

  /**
   * Does it, one after the other for each finding. Durable when resolved.
   * @throws WanglouError WL_NOT_FOUND, WL_CONFLICT, WL_LOG_AWAY
   */
  async act(finding: string, command: TriageCommand, by: string): Promise<Decided> {
    const [outcome] = await this.#inTurn([{ finding, command }], by);
    if (outcome instanceof WanglouError) throw outcome;
    return outcome!;
  }

  /**
   * Does each that can be done, all at once: durable when resolved, and none of them when it rejects.
   * @throws WanglouError WL_LOG_AWAY
   */
  async actOnAll(acts: readonly Act[], by: string): Promise<DecidedAll> {
    const once = [...new Map(acts.map((act) => [act.finding, act])).values()];
    const outcomes = await this.#inTurn(once, by);
    const all: DecidedAll = { done: [], refused: [] };
    for (const [at, outcome] of outcomes.entries()) {
      const { finding } = once[at]!;
      if (outcome instanceof WanglouError) {
        const { code, message, remedy } = outcome;
        all.refused.push({ finding, code, message, remedy });
      } else all.done.push({ finding, entry: outcome.entry, state: outcome.state });
    }
    return all;
  }

  /** When those who came before are done with these findings. */
  async #inTurn(acts: readonly Act[], by: string): Promise<(Decided | WanglouError)[]> {
    const before = acts.flatMap(({ finding }) => this.#running.get(finding) ?? []);
    const turn = Promise.allSettled(before).then(() => this.#decide(acts, by));
    for (const { finding } of acts) this.#running.set(finding, turn);
    try {
      return await turn;
    } finally {
      for (const { finding } of acts) if (this.#running.get(finding) === turn) this.#running.delete(finding);
    }
  }

  async #decide(acts: readonly Act[], by: string): Promise<(Decided | WanglouError)[]> {
    const known = await this.#eventsOf(acts.map(({ finding }) => finding));
    const made = acts.map(({ finding, command }) => this.#entryFor(command, finding, known.get(finding), by));
    const entries = made.filter((one) => 'finding' in one);
    if (entries.length > 0)
      await this.#log.append(
        entries.map((entry) => {
          const value = Buffer.from(JSON.stringify(entry));
          return { topic: 'triage', partition: 0, key: entry.finding, value, live: entry };
        }),
      );
    for (const entry of entries) this.learn(entry);
    return made.map((one) => {
      if (!('finding' in one)) return one;
      const events = [...known.get(one.finding)!, one];
      return { entry: one.id, state: stateOf(events), events: historyOf(events) };
    });
  }

  #entryFor(
    command: TriageCommand,
    finding: string,
    history: readonly LifeEvent[] | undefined,
    by: string,
  ): LifeEvent | WanglouError {
    if (history === undefined) return unknownFinding(finding);
    try {
      return lifeEventFor(command, history, { by, at: this.#now(), id: randomUUID() });
    } catch (error) {
      if (error instanceof WanglouError) return error;
      throw error;
    }
  }

  /** The entries of each finding, with at least one; findings that nobody knows are left out. */
  async #eventsOf(findings: readonly string[]): Promise<Map<string, LifeEvent[]>> {
    const byId = new Map<string, Map<string, LifeEvent>>(findings.map((finding) => [finding, new Map()]));
    for (const event of await this.#store.lifeEvents(findings)) byId.get(event.finding)?.set(event.id, event);
    for (const [finding, events] of byId)
      for (const event of this.#recentOf.get(finding)?.values() ?? []) events.set(event.id, event);
    const found = await Promise.all(
      [...byId].map(async ([finding, events]): Promise<[string, LifeEvent[]]> => {
        if (events.size > 0) return [finding, [...events.values()]];
        // Found before findings had a history.
        const known = await this.#store.findingById(finding);
        return [finding, known === undefined ? [] : [lifeEventOf(known)]];
      }),
    );
    return new Map(found.filter(([, events]) => events.length > 0));
  }

  #forget({ id, finding }: LifeEvent): void {
    this.#recent.delete(id);
    const ofFinding = this.#recentOf.get(finding);
    ofFinding?.delete(id);
    if (ofFinding?.size === 0) this.#recentOf.delete(finding);
  }
}

export function unknownFinding(finding: string): WanglouError {
  return new WanglouError('WL_NOT_FOUND', `There is no finding ${finding}`, { remedy: 'Check the id.' });
}
