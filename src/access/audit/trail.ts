import { randomUUID } from 'node:crypto';
import { WanglouError } from '../../errors.ts';
import type { EventLog } from '../../event-log/event-log.ts';
import { auditEntry, type AuditEntry } from './entry.ts';
import { Refusals } from './refusals.ts';

export interface AuditTrailOptions {
  log: Pick<EventLog, 'append'>;
  /** '' when all is well. */
  onProblem?: (problem: string) => void;
  /** ms since the Unix epoch. */
  now?: () => number;
  /** How long a record may take to become durable. */
  maxWaitMs?: number;
}

const MAX_WAIT_MS = 5_000;
const MINUTE_MS = 60_000;

/**
 * The audit trail: records in the topic `audit` of the event log, each durable when its promise resolves. A change is
 * recorded before it is made and again, with its outcome, before it is answered: whatever ends the program in between,
 * nobody has an answer without its record. While nothing can be recorded nothing may be changed.
 */
export class AuditTrail {
  readonly #options: AuditTrailOptions;
  readonly #now: () => number;
  readonly #refusals = new Refusals();
  #timer: NodeJS.Timeout | undefined;
  /** Since when nothing can be recorded, and how many records are missing since; 0 while all is well. */
  #awaySince = 0;
  #missing = 0;
  #problem = '';

  constructor(options: AuditTrailOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  /** Why nothing can be recorded now; '' when it can. */
  get problem(): string {
    return this.#problem;
  }

  /** Begins to record, once a minute, the refusals that were only counted. */
  start(): void {
    this.#timer = setInterval(() => void this.flush(), MINUTE_MS);
    this.#timer.unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.flush();
  }

  /** Resolves when records can be made; after a gap, by recording that there was one. @throws WanglouError WL_AUDIT_AWAY */
  async ready(): Promise<void> {
    if (this.#awaySince === 0) return;
    const [since, missing] = [this.#awaySince, this.#missing];
    const at = this.#now();
    const object = `since ${new Date(since).toISOString()}`;
    const reason = `${object} nothing could be recorded`;
    const action = 'audit.resumed';
    await this.#write(auditEntry({ id: randomUUID(), at, action, object, outcome: 'success', reason, count: missing }));
    this.#awaySince = 0;
    this.#problem = '';
    this.#missing -= missing;
    this.#options.onProblem?.('');
  }

  /** Records what is about to be done. @returns what `end` wants. @throws WanglouError WL_AUDIT_AWAY: do not do it. */
  async begin(said: Omit<AuditEntry, 'id' | 'phase' | 'recordedAt' | 'outcome'>): Promise<AuditEntry> {
    await this.ready();
    const begun = auditEntry({ ...said, id: randomUUID(), recordedAt: this.#now() }, 'begun');
    await this.#write(begun);
    return begun;
  }

  /** Records what came of it. @throws WanglouError WL_AUDIT_AWAY: it is done, but do not answer as if all were well. */
  async end(begun: AuditEntry, came: Partial<AuditEntry>): Promise<void> {
    await this.#write({ ...begun, ...came, phase: 'done', recordedAt: this.#now() }).catch((error: unknown) => {
      this.#missing++;
      throw error;
    });
  }

  /** Records what needed no permission of the trail. @returns its id. @throws WanglouError WL_AUDIT_AWAY */
  async done(said: Omit<AuditEntry, 'id' | 'phase' | 'recordedAt'>): Promise<string> {
    await this.ready();
    const id = randomUUID();
    await this.#write(auditEntry({ ...said, id, recordedAt: this.#now() }));
    return id;
  }

  /** Records what must not be held up: while nothing can be recorded it is counted as missing. */
  async noted(said: Omit<AuditEntry, 'id' | 'phase' | 'recordedAt'>): Promise<string> {
    if (this.#awaySince === 0) {
      const id = await this.done(said).catch(() => '');
      if (id !== '') return id;
    }
    this.#missing++;
    return '';
  }

  /** Records that something was refused: at once when it is the first of its kind in this minute, else with the others. */
  async refused(said: Omit<AuditEntry, 'id' | 'phase' | 'recordedAt'>): Promise<void> {
    const first = this.#refusals.add(auditEntry({ ...said, id: randomUUID(), recordedAt: this.#now() }));
    if (first !== undefined) await this.noted(first);
  }

  /** Records the refusals that were only counted, and tries again when nothing could be recorded. */
  async flush(): Promise<void> {
    await this.ready().catch(() => undefined);
    for (const entry of this.#refusals.take()) await this.noted(entry);
  }

  async #write(entry: AuditEntry): Promise<void> {
    const record = { topic: 'audit', partition: 0, key: entry.id, value: Buffer.from(JSON.stringify(entry)) } as const;
    try {
      await within(this.#options.maxWaitMs ?? MAX_WAIT_MS, this.#options.log.append([record]));
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      this.#problem = `the audit trail can not be written: ${why}`;
      if (this.#awaySince === 0) this.#options.onProblem?.(this.#problem);
      this.#awaySince ||= this.#now();
      throw new WanglouError('WL_AUDIT_AWAY', `The audit trail can not be written: ${why}`, { cause });
    }
  }
}

async function within<T>(limitMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`the event log has not taken it within ${limitMs} ms`)), limitMs);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
