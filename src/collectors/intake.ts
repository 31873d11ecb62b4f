import { randomUUID } from 'node:crypto';
import { DoorAccount, type DoorRow } from '../coverage/door-account.ts';
import type { DoorStatement } from '../coverage/record.ts';
import type { WanglouError } from '../errors.ts';
import { emptyEvent, type Event } from '../event/event.ts';
import { HEARTBEAT_SOURCE } from '../event/heartbeat.ts';
import { IdSequence } from '../event/id.ts';
import { AppendQueue, type AppendLog } from './append-queue.ts';
import type { Encode } from './append-records.ts';
import type { Intake, IntakeStream, Origin } from './collector.ts';
import { partitionOf } from './partition-of.ts';
import { RecordStream, type Assembler, type Door } from './record-stream.ts';
import { countReason, SourceLedger, type SourceCounter, type SourceCounts } from './source-counts.ts';

/** Reads a record into the event; returns '' or the reason why it could not (wholly) be read. Never throws. */
export type Parse = (text: string, event: Event, context: { timeZone: string; now: number; format: string }) => string;

/** Limits of the intake, all with defaults (DEFAULT_LIMITS). */
export interface IntakeLimits {
  maxBatchEvents: number;
  maxBatchBytes: number;
  /** Longest record of the log; Kafka's brokers take 1 MiB unless configured otherwise. */
  maxLogRecordBytes: number;
  maxAppendBytes: number;
  lingerMs: number;
  /** How long a sender waits for durability before it is told that there is none yet. */
  maxWaitMs: number;
  maxPendingBytes: number;
  /** A few appends' worth: more in flight makes nothing faster, but events old before they are judged. */
  slowBytes: number;
  /** Longer records are truncated, with length and hash in the fault. */
  maxRecordBytes: number;
}

export const DEFAULT_LIMITS: IntakeLimits = {
  maxBatchEvents: 1_000,
  maxBatchBytes: 262_144,
  maxLogRecordBytes: 1_000_000,
  maxAppendBytes: 1_000_000,
  lingerMs: 10,
  maxWaitMs: 5_000,
  maxPendingBytes: 134_217_728,
  slowBytes: 4_194_304,
  maxRecordBytes: 65_536,
};

export interface IntakeOptions {
  log: AppendLog;
  parse: Parse;
  encode: Encode;
  assemblerFor(format: string): Assembler | undefined;
  limits?: Partial<IntakeLimits>;
  ids?: IdSequence;
  /** Tells several programs of this kind apart; '' where there is only one. */
  instance?: string;
  /** ms since the epoch. */
  clock?: () => number;
  /** Takes identifiers of persons out of the event before anything keeps it. */
  protect?: (event: Event) => void;
}

/** What the once-a-second pulse tells of the intake. */
export interface IntakeTally {
  sources: SourceCounts[];
  pendingEvents: number;
  pendingBytes: number;
  /** Why appending fails now; '' when it does not. */
  problem: string;
}

const UNENCODABLE = 'cannot be encoded';
/** While records flow, no partition is without a record for longer than this, so that merges across them go on. */
const PROGRESS_MS = 100;
/** When nothing flows, every partition gets a heartbeat this often. */
const IDLE_HEARTBEAT_MS = 10_000;
/** A record that might go on in the next line is taken as complete when nothing has come for this long. */
const HOLD_MS = 500;

/** The door of the event log; see Intake. One per process. */
export class EventIntake implements Intake {
  readonly #options: IntakeOptions;
  readonly #limits: IntakeLimits;
  readonly #queue: AppendQueue;
  readonly #ledger = new SourceLedger();
  readonly #account: DoorAccount;
  readonly #ids: IdSequence;
  readonly #clock: () => number;
  readonly #partitions: number;
  /** Whether a partition had an event since the last look, and whether any had one before that. */
  readonly #busy: Uint8Array;
  #wasBusy = false;
  readonly #holding = new Set<RecordStream>();
  readonly #door: Door;
  #sequence = 0;
  #ingestTime = 0;
  #lastHeartbeat = 0;
  #timer: NodeJS.Timeout | undefined;
  readonly #context = { timeZone: '', now: 0, format: '' };

  constructor(options: IntakeOptions) {
    this.#options = options;
    this.#limits = { ...DEFAULT_LIMITS, ...options.limits };
    this.#ids = options.ids ?? new IdSequence();
    this.#clock = options.clock ?? Date.now;
    this.#account = new DoorAccount({ epoch: randomUUID(), instance: options.instance ?? '' });
    this.#partitions = options.log.partitions('events');
    this.#busy = new Uint8Array(this.#partitions);
    this.#queue = new AppendQueue(
      {
        ...this.#limits,
        maxRecordBytes: this.#limits.maxLogRecordBytes,
        log: options.log,
        encode: options.encode,
        onAppended: (events) => this.#account.appended(events),
        onUnencodable: (event) => this.#withdraw(event),
      },
      this.#partitions,
    );
    this.#door = {
      maxRecordBytes: this.#limits.maxRecordBytes,
      newEvent: (origin) => this.#newEvent(origin),
      nextId: () => this.#ids.next(),
      parse: (text, event, origin) => this.#parse(text, event, origin),
      take: (event, counter) => this.#take(event, counter),
      hold: (stream) => this.#holding.add(stream),
    };
  }

  /** Begins the heartbeat. Without it (tests) `progress` can be called by hand. */
  start(): void {
    this.#lastHeartbeat = this.#clock();
    this.#timer = setInterval(() => this.progress(), PROGRESS_MS);
  }

  /** Waits until everything is durable. @throws WanglouError when it does not become so. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    for (const stream of this.#holding) stream.end();
    this.#holding.clear();
    await this.#queue.durable();
  }

  open(origin: Origin): IntakeStream {
    const counter = this.#ledger.of(origin.source, origin.collector, origin.authenticated, origin.identity);
    return new RecordStream(this.#door, origin, counter, this.#options.assemblerFor(origin.format));
  }

  add(event: Event): void {
    event.ingestTime = this.#now();
    event.sequence = this.#sequence++;
    this.#take(event, this.#ledger.of(event.source, 'native', event.authenticated));
  }

  durable(): Promise<void> {
    return this.#queue.durable();
  }

  pressure(): 'none' | 'slow' | 'refuse' {
    return this.#queue.pressure();
  }

  refusal(): WanglouError | undefined {
    return this.#queue.refusal();
  }

  onRelief(resume: () => void): void {
    this.#queue.onRelief(resume);
  }

  refused(source: string, reason: string, records: number): void {
    countReason(this.#ledger.of(source, '', false).refused, reason, records);
    this.#account.refused(source, reason, records, this.#now());
  }

  lost(source: string, reason: string, records: number): void {
    countReason(this.#ledger.of(source, '', false).refused, reason, records);
    this.#account.lost(source, records, this.#now());
  }

  /** What has come and become of it, minute by minute, as far as that has changed: for the coverage ledger. */
  statement(ended = false): DoorStatement {
    return this.#account.statement(this.#now(), ended);
  }

  /** The statement is durable. */
  stated(statement: DoorStatement): void {
    this.#account.stated(statement);
  }

  /** Why nothing can be made durable now; '' when it can. For the health route. */
  problem(): string {
    return this.#queue.problem;
  }

  /** Counts since the last call. */
  tally(): IntakeTally {
    return {
      sources: this.#ledger.take(),
      pendingEvents: this.#queue.pendingEvents,
      pendingBytes: this.#queue.pendingBytes,
      problem: this.problem(),
    };
  }

  /**
   * Lets every partition's stream of records go on: those that had none while others had get a heartbeat, all get one in the
   * round after the last record, and all get one every 10 s. Flushes records that waited too long for a next line.
   */
  progress(): void {
    this.#flushHeld();
    const now = this.#now();
    const busy = this.#busy.includes(1);
    const isDue = now - this.#lastHeartbeat >= IDLE_HEARTBEAT_MS;
    const wantsMerge = this.#partitions > 1 && (busy || this.#wasBusy);
    if (isDue) this.#lastHeartbeat = now;
    if (isDue || wantsMerge)
      for (let partition = 0; partition < this.#partitions; partition++)
        if (isDue || this.#busy[partition] === 0) this.#queue.add(partition, this.#heartbeat());
    this.#wasBusy = busy;
    this.#busy.fill(0);
  }

  #flushHeld(): void {
    const now = this.#clock();
    for (const stream of this.#holding) {
      if (stream.held() > 0 && now - stream.lastAt < HOLD_MS) continue;
      stream.end();
      this.#holding.delete(stream);
    }
  }

  #heartbeat(): Event {
    const event = emptyEvent();
    event.id = this.#ids.next();
    event.ingestTime = event.time = this.#now();
    event.sequence = this.#sequence++;
    event.source = HEARTBEAT_SOURCE;
    event.authenticated = true;
    event.format = 'wanglou';
    event.service = 'wanglou';
    event.action = 'heartbeat';
    return event;
  }

  #now(): number {
    const now = this.#clock();
    if (now > this.#ingestTime) this.#ingestTime = now;
    return this.#ingestTime;
  }

  #newEvent(origin: Origin): Event {
    const event = emptyEvent();
    event.ingestTime = this.#now();
    event.sequence = this.#sequence++;
    event.source = origin.source;
    event.authenticated = origin.authenticated;
    return event;
  }

  #parse(text: string, event: Event, origin: Origin): string {
    const context = this.#context;
    context.timeZone = origin.timeZone;
    context.now = event.ingestTime;
    context.format = origin.format;
    try {
      return this.#options.parse(text, event, context);
    } catch (error) {
      event.raw = text;
      event.format = 'unparsed';
      event.time = event.ingestTime;
      return `reader failed: ${error instanceof Error ? error.message : String(error)}`;
    }
  }

  #withdraw(event: Event): void {
    countReason(this.#ledger.of(event.source, '', false).refused, UNENCODABLE, 1);
    this.#account.withdrawn(event, UNENCODABLE);
  }

  #take(event: Event, counter: SourceCounter): void {
    this.#options.protect?.(event);
    counter.received++;
    const row = this.#rowOf(counter, event);
    row.received++;
    row.isNews = true;
    counter.lastEventTime = event.time;
    counter.lagMs = event.ingestTime - event.time;
    if (event.fault !== '') countReason(counter.unparsed, event.fault, 1);
    const partition = partitionOf(event, this.#partitions);
    this.#busy[partition] = 1;
    this.#queue.add(partition, event);
  }

  #rowOf(counter: SourceCounter, { source, ingestTime }: Event): DoorRow {
    const { row } = counter;
    if (row !== undefined && ingestTime < row.endsAt) return row;
    const next = this.#account.row(source, ingestTime);
    // The counter for all sources beyond the bound is of many: each of them is looked up.
    if (counter.source === source) counter.row = next;
    return next;
  }
}
