import type { WanglouError } from '../errors.ts';
import type { Event } from '../event/event.ts';

/** One way in. Every file in this folder has the same anatomy: options, constructor (no I/O), start, stop, status. */
export interface Collector {
  readonly name: string;
  /** Binds and begins to take records. @throws a WanglouError that names port or path, cause and remedy. */
  start(): Promise<void>;
  /** Stops taking, waits until what was taken is durable and answered. */
  stop(): Promise<void>;
  /** For the health route and the page. */
  status(): CollectorStatus;
}

export interface CollectorStatus {
  name: string;
  /** Address or path that it listens on, for people. */
  listening: string;
  ready: boolean;
  /** Why it is not ready or not well, in one sentence; '' when it is. */
  problem: string;
  /** Counters since start. `lost` counts datagrams that came faster than they could be taken. */
  received: number;
  refused: number;
  lost: number;
  connections: number;
}

/**
 * How a sender was known, the surest first: a verified client certificate; a token of its own; a token for all, which says
 * that it may send but not who it is; the configuration (files, topics); its network address, which can be forged; nothing.
 */
export const IDENTITIES = ['certificate', 'token', 'shared-token', 'configured', 'network', 'claimed'] as const;
export type SenderIdentity = (typeof IDENTITIES)[number];

/** Who sends: settled once per connection, request, peer or file; not per record. */
export interface Origin {
  /** Name of the collector: `syslog-tcp`, `ingest`, … */
  collector: string;
  /** Registry id of the source, or `<protocol>/<peer>`. */
  source: string;
  authenticated: boolean;
  identity?: SenderIdentity;
  /** Peer address, shortest text form; '' for files. */
  peer: string;
  /** Format that the source's registry entry fixes; '' to recognize each record. */
  format: string;
  /** IANA zone for times without one. */
  timeZone: string;
  /** Encoding for bytes that are not UTF-8. */
  encoding: 'utf-8' | 'gb18030';
  /** Records that carry a sequence number of their sender (RFC 5424 sequenceId) are one event however often they come. */
  contentKey?: boolean;
}

/** What a collector knows of a sender when it asks whose records these are. '' means "not known". */
export interface Sender {
  /** Name of the collector. */
  collector: string;
  /** `udp`, `tcp`, `tls`, `http`, `file`, `kafka`: the first part of an unknown sender's source. */
  protocol: string;
  /** Peer address in its shortest text form, path of the file, or topic. */
  address: string;
  /** Common name of the verified client certificate. */
  certificateSubject: string;
  /** SHA-256 of that certificate, hexadecimal without colons. */
  certificateFingerprint?: string;
  /** Source that a verified token is bound to, or that the configuration gives to a file or topic. */
  boundSource: string;
  /** A valid token was shown, whether it is bound to a source or not. */
  hasToken: boolean;
}

/** The registry's answer to "who sends?"; wiring.ts provides it. */
export type Identify = (sender: Sender) => Origin;

/**
 * The door of the event log: parses records, gives ids, gathers batches by partition, appends. One per process, shared by
 * all collectors (src/collectors/intake.ts).
 */
export interface Intake {
  /** Opens a stream of records of one origin; multi-line and multi-record formats are joined within a stream. */
  open(origin: Origin): IntakeStream;
  /** Takes an event that is already parsed and has its id (the Kafka-topic collector's native path, heartbeat, …). */
  add(event: Event): void;
  /**
   * Resolves when everything accepted before the call is durable.
   * @throws WanglouError WL_LOG_FULL or WL_LOG_AWAY (its cause is the log's error) when that has not happened within the
   * intake's limit; it may still happen later.
   */
  durable(): Promise<void>;
  /** none: go on; slow: stop reading until relief (senders without answers); refuse: answer 429/503 at the door. */
  pressure(): 'none' | 'slow' | 'refuse';
  /** Calls back once, when pressure is none again. */
  onRelief(resume: () => void): void;
  /** While pressure is refuse: why, for the answer (WL_TOO_MANY, WL_LOG_FULL, WL_LOG_AWAY). */
  refusal(): WanglouError | undefined;
  /** Counts records that were not taken, by source and reason, so that nothing disappears silently. */
  refused(source: string, reason: string, records: number): void;
  /** Counts what was lost before it could be read. */
  lost(source: string, reason: string, records: number): void;
}

/** What the collector already knows about a record before it is parsed. */
export interface RecordNote {
  /** What is wrong with it (truncated, connection ended inside), or ''. */
  fault: string;
  /** Encoding of its bytes when they were not UTF-8 (`gb18030`, `latin1`), or ''. The original bytes can be had back by it. */
  encoding: string;
}

export interface IntakeStream {
  /**
   * Takes one record (one line, datagram, JSON object or array element). Never throws for its content: what can not be
   * parsed becomes an event with `fault`, kept raw.
   * @param key what the sender can repeat (its id, idempotency key + index, file + offset); '' when there is none.
   * @returns '' or the reason why it could not be parsed.
   */
  accept(record: string, key: string, note?: RecordNote): string;
  /** Characters still held because the record may go on in the next line; a tailer must not move past them. */
  held(): number;
  /** Flushes what is held: end of connection, file or request. */
  end(): void;
}
