import { RETRY_AFTER_MS } from './append-queue.ts';
import { EventLogUnavailable } from './event-log.ts';
import type { Volume } from './volume.ts';

const ENOSPC = 28;
const EFBIG = 27;
const MDB_MAP_FULL = -30792;
/** LMDB reports a write that was cut short by a full volume as an I/O error. */
const MARGIN_BYTES = 4 << 20;

/**
 * Tells a full volume, after which writing may be tried again, from an I/O error, after which it may not: what the disk
 * holds is then unknown until the log is opened again.
 */
export class WriteFailures {
  readonly #volume: Volume;
  readonly #onFatal: (error: Error) => void;
  /** Set when nothing may be written any more. */
  ended: EventLogUnavailable | undefined;

  constructor(volume: Volume, onFatal: (error: Error) => void) {
    this.#volume = volume;
    this.#onFatal = onFatal;
  }

  full(cause?: unknown): EventLogUnavailable {
    return new EventLogUnavailable('full', "the event log's volume is full", RETRY_AFTER_MS, cause);
  }

  /** What to tell those whose write of about `bytes` failed. */
  async reasonOf(error: unknown, bytes: number): Promise<EventLogUnavailable> {
    if (error instanceof EventLogUnavailable) return error;
    const cause = await failureOf(error);
    if (await outOfSpace(cause, bytes, this.#volume)) return this.full(cause);
    const message = `the event log can not be written any more: ${cause.message}`;
    this.ended ??= new EventLogUnavailable('away', message, RETRY_AFTER_MS, cause);
    this.#onFatal(this.ended);
    return this.ended;
  }

  /** Runs a write of about `bytes`. @throws EventLogUnavailable */
  async guard<T>(bytes: number, write: () => Promise<T>): Promise<T> {
    if (this.ended) throw this.ended;
    try {
      return await write();
    } catch (error) {
      throw await this.reasonOf(error, bytes);
    }
  }
}

/** What lmdb-js knows about a failed commit: it hides it in a promise. */
async function failureOf(error: unknown): Promise<Error> {
  const hidden = (error as { commitError?: unknown }).commitError;
  try {
    await Promise.race([hidden, new Promise((resolve) => setImmediate(resolve))]);
  } catch (cause) {
    if (cause instanceof Error) return cause;
  }
  return error instanceof Error ? error : new Error(String(error));
}

/** Whether a failed write of `bytes` is explained by a full volume. Nothing was appended then, and it may be tried again. */
async function outOfSpace(failure: Error, bytes: number, volume: Volume): Promise<boolean> {
  const code = (failure as { code?: unknown }).code;
  if (code === ENOSPC || code === EFBIG || code === MDB_MAP_FULL) return true;
  return (await volume.ask()) < 2 * bytes + MARGIN_BYTES;
}
