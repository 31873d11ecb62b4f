/**
 * The event log: partitioned, durable, replayable. Two implementations, embedded.ts (LMDB) and kafka.ts (kafkajs), hold to
 * one conformance suite (test/event-log/conformance.ts). A record is opaque bytes here; for `events` it is one batch of
 * events in ClickHouse Native format (src/event/batch.ts).
 */
export interface EventLog {
  start(): Promise<void>;
  stop(): Promise<void>;

  /** Number of partitions of a topic. */
  partitions(topic: Topic): number;

  /**
   * Appends records; resolves with their offsets (same order) only when they are durable: LMDB flushed, Kafka acks=all.
   * @throws EventLogUnavailable when the log can not take them now (full, away); nothing may be assumed appended.
   */
  append(records: readonly NewRecord[]): Promise<number[]>;

  /**
   * Delivers records of a topic in offset order per partition, each partition's batches one after the other. The next
   * batch of a partition comes when `onRecords` has resolved. Nothing is committed by delivery.
   */
  subscribe(subscription: SubscriptionRequest): Promise<Subscription>;

  /** Records that a group has done everything below `offset`. Durable when resolved. */
  commit(group: string, positions: readonly Position[]): Promise<void>;

  /** The committed position of a group, or undefined. */
  committed(group: string, topic: Topic, partition: number): Promise<number | undefined>;

  /** First kept offset and the offset that the next record will get. */
  bounds(topic: Topic, partition: number): Promise<{ first: number; next: number }>;

  /** Reads [from, to) of one partition, in order. */
  readRange(topic: Topic, partition: number, from: number, to: number): AsyncIterable<LogRecord>;

  /** A keyed (compacted) topic as a table: the last value of each key. */
  table(topic: KeyedTopic): KeyedTable;
}

/** Topics with their purpose: topics.ts has partitions, retention and cleanup policy. */
export type Topic =
  'events' | 'findings' | 'triage' | 'incidents' | 'audit' | 'coverage' | 'seals' | 'pulse' | 'unparsed';
export type KeyedTopic =
  | 'states'
  | 'registry'
  | 'suppressions'
  | 'settings'
  | 'correlation'
  | 'reports'
  | 'holds'
  | 'report-steps'
  | 'people'
  | 'sender-tokens'
  | 'sender-token-uses'
  | 'credentials'
  | 'saved-queries';

export interface NewRecord {
  topic: Topic;
  partition: number;
  key?: string;
  value: Uint8Array;
  /**
   * The decoded form of `value`. The embedded log hands it to a subscriber in the same process that has caught up, so that
   * the batch is not decoded again; every other subscriber gets bytes only.
   */
  live?: unknown;
}

export interface LogRecord {
  topic: Topic;
  partition: number;
  offset: number;
  key: string;
  value: Uint8Array;
  live?: unknown;
}

export interface Position {
  topic: Topic;
  partition: number;
  offset: number;
}

export interface SubscriptionRequest {
  topic: Topic;
  /** Position is kept per group; within a group each partition has one subscriber. */
  group: string;
  /** Where a group (or partition) without a committed position begins. */
  from: 'earliest' | 'latest';
  /**
   * Whether all partitions belong to one subscriber, the one that came first; others of the group stand by (`onAssigned`
   * with none) and take over when it is gone. The embedded log has one subscriber a group anyway.
   */
  exclusive?: boolean;
  /** Called before the first record of partitions newly owned, with none when others have them; records wait for it. */
  onAssigned?(partitions: readonly number[]): Promise<void>;
  /** Called when partitions go to another subscriber: finish and commit what is in hand. */
  onRevoked?(partitions: readonly number[]): Promise<void>;
  onRecords(partition: number, records: readonly LogRecord[]): Promise<void>;
  /** The subscription ended for good; transient faults are retried inside and only logged. */
  onFault(error: Error): void;
}

export interface Subscription {
  /** Stops delivery and waits for a running onRecords. */
  stop(): Promise<void>;
}

export interface KeyedTable {
  entries(): AsyncIterable<[key: string, value: Uint8Array]>;
  /** Durable when resolved. An undefined value removes the key. */
  put(entries: readonly (readonly [key: string, value: Uint8Array | undefined])[]): Promise<void>;
  /** A text that differs after anything was put, by whichever program; cheap to ask for. */
  position(): Promise<string>;
}

/** The log can not take records now; `retryAfterMs` is a hint for the sender. */
export class EventLogUnavailable extends Error {
  readonly reason: 'full' | 'away';
  readonly retryAfterMs: number;
  constructor(reason: 'full' | 'away', message: string, retryAfterMs: number, cause?: unknown) {
    super(message, { cause });
    this.reason = reason;
    this.retryAfterMs = retryAfterMs;
  }
}
