import type { Event } from '../event/event.ts';
import { WanglouError } from '../errors.ts';
import { recordsOf, type AppendRecord, type Encode } from './append-records.ts';

/** What the intake needs of the event log. */
export interface AppendLog {
  partitions(topic: 'events'): number;
  append(records: readonly AppendRecord[]): Promise<number[]>;
}

export interface AppendQueueOptions {
  log: AppendLog;
  encode: Encode;
  /** An event batch is closed at this many events … */
  maxBatchEvents: number;
  /** … or this many (estimated) bytes. */
  maxBatchBytes: number;
  /** No record of the log is longer. */
  maxRecordBytes: number;
  /** (Estimated) bytes of one partition in one append: Kafka makes one message batch of them, which the broker bounds. */
  maxAppendBytes: number;
  /** How long an event waits for company when nobody waits for it. */
  lingerMs: number;
  /** How long `durable()` waits before it gives up. */
  maxWaitMs: number;
  /** Accepted but not durable bytes at which senders are refused … */
  maxPendingBytes: number;
  /** … and at which those that can wait are slowed, if not at half of that: what waits here only grows old. */
  slowBytes: number;
  /** Called for the events of each record that has become durable. */
  onAppended?(events: readonly Event[]): void;
  /** Called for an event that no encoding takes. It is the only way an event can be lost here, and it is counted. */
  onUnencodable(event: Event, error: unknown): void;
}

interface OpenBatch {
  partition: number;
  events: Event[];
  bytes: number;
  /** Position of its first event in the order of acceptance. */
  first: number;
}

interface Waiter {
  target: number;
  deadline: number;
  resolve(): void;
  reject(error: Error): void;
}

/** Estimated bytes of an event besides its texts. */
const EVENT_OVERHEAD_BYTES = 160;
const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 5_000;

/**
 * Gathers events into batches by partition and appends them: one append in flight at a time, and all that came meanwhile
 * shares the next (group commit). A failed append is repeated with the same bytes for as long as the process lives.
 */
export class AppendQueue {
  readonly #options: AppendQueueOptions;
  readonly #open: (OpenBatch | undefined)[];
  #closed: OpenBatch[] = [];
  #waiters: Waiter[] = [];
  #relief: (() => void)[] = [];
  #accepted = 0;
  #durable = 0;
  #pendingBytes = 0;
  #running = false;
  #lingered = false;
  #failure: Error | undefined;
  #inFlightSince = 0;
  #linger: NodeJS.Timeout | undefined;
  #sweep: NodeJS.Timeout | undefined;

  constructor(options: AppendQueueOptions, partitions: number) {
    this.#options = options;
    this.#open = new Array<OpenBatch | undefined>(partitions).fill(undefined);
  }

  /** Why nothing becomes durable now: the last append failed, or is not answered; '' while all is well. */
  get problem(): string {
    if (this.#failure !== undefined || this.#isUnanswered) return this.#reason();
    return '';
  }

  get pendingBytes(): number {
    return this.#pendingBytes;
  }

  get pendingEvents(): number {
    return this.#accepted - this.#durable;
  }

  add(partition: number, event: Event): void {
    const bytes = EVENT_OVERHEAD_BYTES + event.raw.length + event.message.length;
    let batch = this.#open[partition];
    if (batch === undefined) batch = this.#open[partition] = { partition, events: [], bytes: 0, first: this.#accepted };
    batch.events.push(event);
    batch.bytes += bytes;
    this.#accepted++;
    this.#pendingBytes += bytes;
    if (batch.events.length >= this.#options.maxBatchEvents || batch.bytes >= this.#options.maxBatchBytes) {
      this.#closed.push(batch);
      this.#open[partition] = undefined;
      this.#kick();
    } else if (this.#linger === undefined) {
      this.#linger = setTimeout(this.#onLinger, this.#options.lingerMs);
    }
  }

  /** See Intake.durable. */
  durable(): Promise<void> {
    if (this.#durable === this.#accepted) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const deadline = Date.now() + this.#options.maxWaitMs;
      this.#waiters.push({ target: this.#accepted, deadline, resolve, reject });
      this.#sweep ??= setInterval(this.#onSweep, 100);
      this.#kick();
    });
  }

  pressure(): 'none' | 'slow' | 'refuse' {
    const { maxPendingBytes, slowBytes } = this.#options;
    if (this.#failure !== undefined || this.#pendingBytes >= maxPendingBytes || this.#isUnanswered) return 'refuse';
    return this.#pendingBytes >= Math.min(slowBytes, maxPendingBytes / 2) ? 'slow' : 'none';
  }

  refusal(): WanglouError | undefined {
    if (this.pressure() !== 'refuse') return undefined;
    const { maxPendingBytes } = this.#options;
    if (this.#failure === undefined && this.#pendingBytes >= maxPendingBytes)
      return new WanglouError('WL_TOO_MANY', `${this.#pendingBytes} bytes wait to become durable`);
    return this.#notDurable(`nothing can be made durable now`);
  }

  onRelief(resume: () => void): void {
    if (this.pressure() === 'none') setImmediate(resume);
    else this.#relief.push(resume);
  }

  readonly #onLinger = (): void => {
    this.#linger = undefined;
    this.#lingered = true;
    this.#kick();
  };

  readonly #onSweep = (): void => {
    const now = Date.now();
    const late = this.#waiters.filter((waiter) => waiter.deadline <= now);
    if (late.length > 0) this.#waiters = this.#waiters.filter((waiter) => waiter.deadline > now);
    const error = this.#notDurable(`not durable within ${this.#options.maxWaitMs} ms`);
    for (const waiter of late) waiter.reject(error);
    this.#endSweep();
  };

  #endSweep(): void {
    if (this.#waiters.length > 0 || this.#sweep === undefined) return;
    clearInterval(this.#sweep);
    this.#sweep = undefined;
  }

  get #isUnanswered(): boolean {
    return this.#inFlightSince !== 0 && Date.now() - this.#inFlightSince > this.#options.maxWaitMs;
  }

  #notDurable(what: string): WanglouError {
    const cause = this.#failure;
    return new WanglouError(isFull(cause) ? 'WL_LOG_FULL' : 'WL_LOG_AWAY', `${what}: ${this.#reason()}`, { cause });
  }

  #reason(): string {
    return this.#failure === undefined ? 'the event log has not answered' : this.#failure.message;
  }

  /** Begins to append in this turn's end, so that requests that came together share the first append too. */
  #kick(): void {
    if (this.#running) return;
    this.#running = true;
    setImmediate(() => void this.#run());
  }

  async #run(): Promise<void> {
    while (this.#closed.length > 0 || this.#waiters.length > 0 || this.#lingered) {
      const round = this.#takeRound();
      if (round.length === 0) break;
      await this.#appendRound(round);
      this.#settle(round);
    }
    this.#running = false;
  }

  /** Closes what is open and takes of each partition, in order, what fits into one append. */
  #takeRound(): OpenBatch[] {
    this.#lingered = false;
    this.#open.forEach((batch, partition) => {
      if (batch !== undefined) this.#closed.push(batch);
      this.#open[partition] = undefined;
    });
    const taken = new Array<number>(this.#open.length).fill(0);
    const round: OpenBatch[] = [];
    const rest: OpenBatch[] = [];
    for (const batch of this.#closed) {
      const before = taken[batch.partition]!;
      const fits = before === 0 || before + batch.bytes <= this.#options.maxAppendBytes;
      // A batch that does not fit closes its partition for this round: order within a partition is kept.
      taken[batch.partition] = fits ? before + batch.bytes : Infinity;
      (fits ? round : rest).push(batch);
    }
    this.#closed = rest;
    return round;
  }

  async #appendRound(round: readonly OpenBatch[]): Promise<void> {
    const records = round.flatMap((batch) => recordsOf(batch.partition, batch.events, this.#options));
    for (let retryMs = FIRST_RETRY_MS; ; retryMs = Math.min(retryMs * 2, LONGEST_RETRY_MS)) {
      try {
        this.#inFlightSince = Date.now();
        if (records.length > 0) await this.#options.log.append(records);
        this.#failure = undefined;
        break;
      } catch (error) {
        this.#failure = error instanceof Error ? error : new Error(String(error));
        await new Promise((resume) => setTimeout(resume, retryMs));
      } finally {
        this.#inFlightSince = 0;
      }
    }
    for (const { live } of records) this.#options.onAppended?.(live.events);
  }

  #settle(round: readonly OpenBatch[]): void {
    for (const batch of round) this.#pendingBytes -= batch.bytes;
    this.#durable = this.#oldestPending();
    const done = this.#waiters.filter((waiter) => waiter.target <= this.#durable);
    if (done.length > 0) this.#waiters = this.#waiters.filter((waiter) => waiter.target > this.#durable);
    for (const waiter of done) waiter.resolve();
    this.#endSweep();
    if (this.#relief.length === 0 || this.pressure() !== 'none') return;
    const resumed = this.#relief;
    this.#relief = [];
    for (const resume of resumed) resume();
  }

  #oldestPending(): number {
    let oldest = this.#accepted;
    for (const batch of this.#closed) oldest = Math.min(oldest, batch.first);
    for (const batch of this.#open) if (batch !== undefined) oldest = Math.min(oldest, batch.first);
    return oldest;
  }
}

function isFull(error: Error | undefined): boolean {
  return error !== undefined && 'reason' in error && error.reason === 'full';
}
