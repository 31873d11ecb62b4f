import type { Event } from '../event/event.ts';
import type { EventLog } from '../event-log/event-log.ts';
import type { Suppressing } from '../finding/suppression.ts';
import type { Registry } from '../registry/registry.ts';
import type { Baselines, Detector } from './detector.ts';
import type { SettingsBook } from './scoped-contexts.ts';

/** Baselines that the engine feeds, keeps and restores. */
export interface EngineBaseline extends Baselines {
  /**
   * Takes in an event that was judged. After a crash events come again, with their places: what a restored value has in it
   * must not count twice.
   */
  observe(event: Event, place: number): void;
  /** What observe changed since the last call: copies of plain data by key, undefined for what is to be removed. */
  changed(): Iterable<[key: string, value: unknown]>;
  restore(key: string, value: unknown): void;
}

/** Where judged events are stored; the store's writer in production. */
export interface EventSink {
  /**
   * Takes a block of `rows` rows in the store's format; its bytes are written over after the call. Blocks of a partition come
   * in order, again after a restart.
   * @param events of the rows, as enriched.
   */
  add(block: Uint8Array, rows: number, place: { partition: number; offset: number }, events: readonly Event[]): void;
  /** Whether so much waits that no more should be added now. */
  full(): boolean;
  /** Resolves when it is no longer full. */
  relieved(): Promise<void>;
  /** Resolves when everything added up to and including the record at `offset` is durable in the store. */
  durable(partition: number, offset: number): Promise<void>;
}

/** How batches of events are read and written: src/event/batch.ts. */
export interface BatchCodec {
  /** @throws when the bytes are no batch. */
  decodeBatch(bytes: Uint8Array): { events: Event[]; baseEnd: number };
  /** The store's block of a whole batch with its events as enriched: bytes that the next call writes over, as below. */
  storeBlock(
    bytes: Uint8Array,
    baseEnd: number,
    events: readonly Event[],
    place: { partition: number; offset: number },
  ): Uint8Array;
  /** The store's block of some events of a record. */
  encodeRows(events: readonly Event[], places: readonly RowPlace[]): Uint8Array;
}

export interface RowPlace {
  partition: number;
  offset: number;
  index: number;
}

export interface EngineOptions {
  log: EventLog;
  codec: BatchCodec;
  sink: EventSink;
  detectors: readonly Detector[];
  /** Settings by detector name; missing ones take their defaults. */
  settings?: Readonly<Record<string, unknown>>;
  registry: { current(): Registry };
  /** Versions of settings by scope; none when absent. */
  versions?: SettingsBook;
  /** What nobody is to be told of. */
  suppressing?: Suppressing;
  makeBaseline(registry: () => Registry): EngineBaseline;
  /** Pause between checkpoints; Infinity for only when asked. */
  checkpointMs?: number;
  /** How often the topic `coverage` is told what records held and what became of them, ms; default 5 s. */
  coverageMs?: number;
  /** Whether offsets of the log follow each other, so that one that is left out is a lost record; default true. */
  isContiguous?: boolean;
  /** Ids per partition in which a repeated event is known, at least. */
  forgetDuplicatesAfter?: number;
  /** Events held back until all partitions have come as far; beyond it the engine stops reading. */
  maxHeld?: number;
  /** How long `stop` tries to save what was judged while log or store are away; default 10 s. */
  stopLimitMs?: number;
  /** Something that people should know: it goes on. */
  onProblem?(problem: string, error?: unknown): void;
  /** The engine can not go on. */
  onFault?(error: Error): void;
}

/** For health, metrics and the page. Counters since start; after a restart the last records are counted again. */
export interface EngineStatus {
  ready: boolean;
  /** In one sentence; '' when all is well. */
  problem: string;
  partitions: readonly PartitionStatus[];
  received: number;
  heartbeats: number;
  duplicates: number;
  undecodable: number;
  evaluated: number;
  /** Handed to the sink, which may still wait for its store. */
  handedOver: number;
  findings: number;
  /** Held back until every partition has come as far, and the partition waited for. */
  held: number;
  waitingFor: { partition: number; behindMs: number } | undefined;
  /** Events released out of the common order because a partition stayed away. */
  forced: number;
  parked: readonly { detector: string; partition: number; place: number; eventId: string; reason: string }[];
  subjects: number;
  groups: number;
  checkpoints: number;
  lastCheckpointMs: number;
  sources: readonly SourceStatus[];
}

export interface PartitionStatus {
  partition: number;
  /** Next offset to read, and the one that a restart begins with. */
  next: number;
  committed: number;
  /** Event time, ms. */
  watermark: number;
}

export interface SourceStatus {
  source: string;
  events: number;
  late: number;
  future: number;
  lastIngestTime: number;
  lagMs: number;
}
