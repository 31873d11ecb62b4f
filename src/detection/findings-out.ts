import { EventLogUnavailable, type EventLog, type NewRecord } from '../event-log/event-log.ts';
import type { Finding } from '../finding/finding.ts';
import { lifeEventOf } from '../finding/lifecycle.ts';

const FIRST_PAUSE_MS = 100;
const MAX_PAUSE_MS = 5_000;

/** Appends findings to the topic `findings` in order, one record each, as JSON, and their growth to `triage`; goes on trying while the log is away. */
export class FindingsOut {
  readonly #log: EventLog;
  readonly #onProblem: (problem: string, error?: unknown) => void;
  #queue: Finding[] = [];
  #running = Promise.resolve();
  #active = false;
  #stopped = false;

  constructor(log: EventLog, onProblem: (problem: string, error?: unknown) => void) {
    this.#log = log;
    this.#onProblem = onProblem;
  }

  get pending(): number {
    return this.#queue.length;
  }

  add(findings: readonly Finding[]): void {
    if (findings.length === 0) return;
    this.#queue.push(...findings);
    if (this.#active || this.#stopped) return;
    this.#active = true;
    this.#running = this.#run();
  }

  /** Resolves when everything added before is durable. @throws when the log failed for good or `abandon` was called. */
  async durable(): Promise<void> {
    while (this.#active) await this.#running;
    if (this.#queue.length > 0) throw new Error(`${this.#queue.length} findings could not be appended`);
  }

  /** Stops trying. */
  abandon(): void {
    this.#stopped = true;
  }

  async #run(): Promise<void> {
    let pauseMs = FIRST_PAUSE_MS;
    while (this.#queue.length > 0 && !this.#stopped) {
      const batch = this.#queue.slice(0, 500);
      try {
        await this.#log.append(batch.flatMap(recordsOf));
        this.#queue = this.#queue.slice(batch.length);
        pauseMs = FIRST_PAUSE_MS;
      } catch (error) {
        if (!(error instanceof EventLogUnavailable))
          this.#onProblem('findings could not be appended to the log', error);
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
        pauseMs = Math.min(MAX_PAUSE_MS, pauseMs * 2);
      }
    }
    this.#active = false;
  }
}

/** The finding, and the entry that it makes in its history. */
function recordsOf(finding: Finding): NewRecord[] {
  const life = lifeEventOf(finding);
  return [
    { topic: 'findings', partition: 0, key: finding.id, value: bytesOf(finding), live: finding },
    { topic: 'triage', partition: 0, key: finding.id, value: bytesOf(life), live: life },
  ];
}

function bytesOf(value: object): Uint8Array {
  return Buffer.from(JSON.stringify(value));
}
