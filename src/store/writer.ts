import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { backOffMs, pause } from './back-off.ts';
import type { StoreClient } from './client.ts';

/** Where a block came from: the record of the event log. */
export interface BlockPlace {
  partition: number;
  offset: number;
}

export interface WriterOptions {
  client: StoreClient;
  /** Default `events`. */
  table?: string;
  /** An insert begins when so many rows are there … default 50,000 */
  maxRows?: number;
  /** … or bytes, default 32 MiB … */
  maxBytes?: number;
  /** … or the oldest has waited so long, twice so long while many come, ms, default 300. */
  flushMs?: number;
  /** `full` above so many bytes that are not yet durable; default 128 MiB. */
  maxPendingBytes?: number;
  /** Why inserts fail now, in one line; '' when they succeed again. They are tried again by themselves. */
  onProblem?: (problem: string) => void;
}

interface Batch {
  /** Blocks one after the other in the first `length` bytes. */
  bytes: Buffer;
  length: number;
  rows: number;
  /** Lowest offset per partition. */
  first: Map<number, number>;
  waited: boolean;
  sent: boolean;
}

const MAX_IN_FLIGHT = 2;
/** Buffers that are kept for the next batches: memory outside of the heap is given back only by a full garbage collection. */
const SPARE_BUFFERS = MAX_IN_FLIGHT + 1;
const ROWS_WORTH_WAITING = 3_000;
const FIRST_BYTES = 1 << 20;
const PIECE_BYTES = 1 << 20;

/**
 * Puts Native blocks into the store, many at once. Nothing is given up: while the store is away, or refuses, an insert is
 * tried again for ever, `onProblem` says why, and `full` tells the caller to stop adding. To insert again what may have
 * been inserted is harmless, because a row's sort key is fixed by its event; so after a crash the caller only needs to add
 * again from the offset that it had committed.
 */
export class StoreWriter {
  readonly #options: WriterOptions;
  readonly #statement: string;
  /** Not yet durable, in the order of adding. */
  readonly #sealed: Batch[] = [];
  readonly #waiting = new Set<() => void>();
  readonly #ended = new AbortController();
  readonly #spare: Buffer[] = [];
  #open = this.#emptyBatch();
  #timer: NodeJS.Timeout | undefined;
  #inFlight = 0;
  #pendingBytes = 0;
  #rows = 0;
  #started = false;
  #failing = false;

  constructor(options: WriterOptions) {
    this.#options = options;
    this.#statement = `INSERT INTO ${options.table ?? 'events'} FORMAT Native`;
  }

  /** Begins to insert: when the store has its schema. What was added before waits for it. */
  start(): void {
    this.#started = true;
    this.#send();
  }

  /** Copies one block of a record; records of a partition must come in the order of their offsets. */
  add(block: Uint8Array, rows: number, place: BlockPlace): void {
    const batch = this.#open;
    append(batch, block);
    batch.rows += rows;
    if (!batch.first.has(place.partition)) batch.first.set(place.partition, place.offset);
    this.#pendingBytes += block.length;
    const full =
      batch.rows >= (this.#options.maxRows ?? 50_000) || batch.length >= (this.#options.maxBytes ?? 33_554_432);
    if (full) this.#seal();
    else this.#timer ??= setTimeout(() => this.#onTimer(), this.#options.flushMs ?? 300);
  }

  /** Resolves when everything that was added up to and including the record at `offset` is durable. */
  async durable(partition: number, offset: number): Promise<void> {
    while (this.#holds(partition, offset)) await this.#progress();
  }

  /** Resolves when all that was added before the call is durable. */
  async flushed(): Promise<void> {
    this.#seal();
    const last = this.#sealed.at(-1);
    while (last && this.#sealed.includes(last)) await this.#progress();
  }

  /** Whether so much waits that no more should be added until `relieved`. */
  full(): boolean {
    return this.#pendingBytes > (this.#options.maxPendingBytes ?? 134_217_728);
  }

  /** Resolves when it is no longer full. */
  async relieved(): Promise<void> {
    while (this.full()) await this.#progress();
  }

  /** Rows made durable, bytes waiting. */
  get counts(): { rows: number; pendingBytes: number } {
    return { rows: this.#rows, pendingBytes: this.#pendingBytes };
  }

  /** Gives up what is not durable: it comes again from the event log. Call `flushed` first to lose no time. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#ended.abort();
    this.#announce();
  }

  /** When many rows come, waiting once more makes larger parts, and larger parts are merged less often. */
  #onTimer(): void {
    const batch = this.#open;
    if (batch.rows < ROWS_WORTH_WAITING || batch.waited) return this.#seal();
    batch.waited = true;
    this.#timer = setTimeout(() => this.#onTimer(), this.#options.flushMs ?? 300);
  }

  #seal(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#open.length > 0) {
      this.#sealed.push(this.#open);
      this.#open = this.#emptyBatch();
    }
    this.#send();
  }

  #send(): void {
    while (this.#started && this.#inFlight < MAX_IN_FLIGHT) {
      const batch = this.#sealed.find(({ sent }) => !sent);
      if (!batch || this.#ended.signal.aborted) return;
      batch.sent = true;
      this.#inFlight++;
      void this.#insert(batch);
    }
  }

  async #insert(batch: Batch): Promise<void> {
    for (let attempt = 1; !this.#ended.signal.aborted; attempt++) {
      try {
        await insertBlocks(
          this.#options.client,
          this.#statement,
          batch.bytes.subarray(0, batch.length),
          this.#ended.signal,
        );
        this.#settle(batch);
        break;
      } catch (error) {
        if (this.#ended.signal.aborted) break;
        this.#report(`events wait for the store: ${(error as Error).message}`);
        await pause(backOffMs(attempt), this.#ended.signal);
      }
    }
    this.#inFlight--;
    this.#send();
  }

  #holds(partition: number, offset: number): boolean {
    const belongs = (batch: Batch): boolean => (batch.first.get(partition) ?? Infinity) <= offset;
    return belongs(this.#open) || this.#sealed.some(belongs);
  }

  #settle(batch: Batch): void {
    if (this.#failing) this.#report('');
    this.#rows += batch.rows;
    this.#pendingBytes -= batch.length;
    if (this.#spare.length < SPARE_BUFFERS) this.#spare.push(batch.bytes);
    this.#sealed.splice(this.#sealed.indexOf(batch), 1);
    this.#announce();
  }

  #report(problem: string): void {
    this.#failing = problem !== '';
    this.#options.onProblem?.(problem);
  }

  /** @throws when the writer is stopped meanwhile. */
  async #progress(): Promise<void> {
    this.#ended.signal.throwIfAborted();
    await new Promise<void>((resolve) => this.#waiting.add(resolve));
    this.#ended.signal.throwIfAborted();
  }

  #emptyBatch(): Batch {
    const bytes = this.#spare.pop() ?? Buffer.allocUnsafeSlow(FIRST_BYTES);
    return { bytes, length: 0, rows: 0, first: new Map(), waited: false, sent: false };
  }

  #announce(): void {
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }
}

/** Like all of the batch's bytes these may come in a larger buffer, and are written over once they are durable. */
function append(batch: Batch, block: Uint8Array): void {
  const length = batch.length + block.length;
  if (length > batch.bytes.length) {
    const larger = Buffer.allocUnsafeSlow(Math.max(2 * batch.bytes.length, length));
    batch.bytes.copy(larger, 0, 0, batch.length);
    batch.bytes = larger;
  }
  batch.bytes.set(block, batch.length);
  batch.length = length;
}

async function insertBlocks(client: StoreClient, query: string, blocks: Buffer, signal: AbortSignal): Promise<void> {
  const values = Readable.from(piecesOf(blocks), { objectMode: false });
  const { stream } = await client.exec({ query, values, abort_signal: signal });
  stream.resume();
  await finished(stream);
}

function* piecesOf(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) yield bytes.subarray(at, at + PIECE_BYTES);
}
