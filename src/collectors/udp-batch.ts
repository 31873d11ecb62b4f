/**
 * Datagrams on their way from the reading thread: one buffer of `length (2 bytes), peer index (2 bytes), bytes` each, little
 * endian, transferred and not copied.
 */
export interface DatagramBatch {
  bytes: ArrayBuffer;
  /** Used bytes of the buffer. */
  length: number;
  peers: string[];
}

export interface UdpReaderOptions {
  host: string;
  port: number;
  receiveBufferBytes: number;
  /** Int32 counters shared with the main thread: see COUNTER. */
  counters: SharedArrayBuffer;
}

export type FromUdpReader =
  | { kind: 'listening'; port: number; receiveBufferBytes: number }
  | { kind: 'failed'; code: string; message: string }
  | { kind: 'batch'; batch: DatagramBatch };

/** Places in the shared counters. */
export const COUNTER = { batchesUnderway: 0, dropped: 1 } as const;

export const HEADER_BYTES = 4;
export const BATCH_BYTES = 262_144;
/** The main thread may be this many batches (64 MiB) behind; what comes beyond is dropped and counted. */
export const MAX_BATCHES_UNDERWAY = 256;
