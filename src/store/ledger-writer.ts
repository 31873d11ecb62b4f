import type { Event } from '../event/event.ts';
import type { BlockPlace, StoreWriter } from './writer.ts';

/** Block of Native with the given events of a record. */
type EncodeRows = (events: readonly Event[], places: readonly (BlockPlace & { index: number })[]) => Uint8Array;

/**
 * Puts events into `events`, and those that pass data on into the ledger `diffusion` too, which is kept longer. (A
 * materialized view would do the same, and work at every insert, though few events pass anything on.)
 */
export class LedgerWriter {
  readonly #events: StoreWriter;
  readonly #diffusion: StoreWriter;
  readonly #passesOn: (event: Event) => boolean;
  readonly #encodeRows: EncodeRows;

  constructor(
    events: StoreWriter,
    diffusion: StoreWriter,
    passesOn: (event: Event) => boolean,
    encodeRows: EncodeRows,
  ) {
    this.#events = events;
    this.#diffusion = diffusion;
    this.#passesOn = passesOn;
    this.#encodeRows = encodeRows;
  }

  add(block: Uint8Array, rows: number, place: BlockPlace, events: readonly Event[]): void {
    this.#events.add(block, rows, place);
    let passed: Event[] | undefined;
    for (const event of events) if (this.#passesOn(event)) (passed ??= []).push(event);
    if (passed === undefined) return;
    const places = passed.map((_, index) => ({ ...place, index }));
    this.#diffusion.add(this.#encodeRows(passed, places), passed.length, place);
  }

  /** Events made durable since the start. */
  get stored(): number {
    return this.#events.counts.rows;
  }

  full(): boolean {
    return this.#events.full() || this.#diffusion.full();
  }

  async relieved(): Promise<void> {
    await Promise.all([this.#events.relieved(), this.#diffusion.relieved()]);
  }

  async durable(partition: number, offset: number): Promise<void> {
    await Promise.all([this.#events.durable(partition, offset), this.#diffusion.durable(partition, offset)]);
  }

  start(): void {
    this.#events.start();
    this.#diffusion.start();
  }

  async flushed(): Promise<void> {
    await Promise.all([this.#events.flushed(), this.#diffusion.flushed()]);
  }

  stop(): void {
    this.#events.stop();
    this.#diffusion.stop();
  }
}
