import { randomUUID } from 'node:crypto';
import { WanglouError } from '../errors.ts';
import type { KeyedTable } from '../event-log/event-log.ts';
import { checkRetention, type RetentionDays } from '../retention.ts';
import { holdsOf, type Hold, type HoldEntry, type HoldWish } from './hold.ts';

export interface HoldParts {
  /** Keeps the entries: one key each, so that none is ever replaced. */
  table: KeyedTable;
  /** Whether a release takes a second person: a trial has only one. */
  needsTwo: boolean;
  /**
   * Makes the store keep what open holds are about.
   * @returns ids of holds that somebody had changed there.
   * @throws the store's error.
   */
  enforce: (holds: readonly Hold[]) => Promise<readonly string[]>;
  /** Somebody who can write to the store had changed holds there; they are as they were. */
  onForged?: (holds: readonly string[]) => void;
  /** How long is kept what no hold is about: the store is told again when it changes. */
  retention?: RetentionDays;
  onProblem: (error: Error) => void;
  now?: () => number;
}

const LOOK_EVERY_MS = 60_000;

/** Places and releases legal holds, and sees that the store obeys them. */
export class HoldDesk {
  readonly #parts: HoldParts;
  readonly #now: () => number;
  #timer: NodeJS.Timeout | undefined;
  #enforced = '';
  #running: Promise<void> = Promise.resolve();

  constructor(parts: HoldParts) {
    this.#parts = parts;
    this.#now = parts.now ?? Date.now;
  }

  /** Begins to look once a minute whether the store obeys: it may be away, or other programs may have placed holds. */
  start(): void {
    const look = (): void => {
      this.#running = this.enforce().catch((error: unknown) => this.#parts.onProblem(error as Error));
    };
    look();
    this.#timer = setInterval(look, LOOK_EVERY_MS).unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#running;
  }

  async list(): Promise<readonly Hold[]> {
    return holdsOf(await this.#entries(), this.#parts.needsTwo);
  }

  /** Durable, and obeyed by the store unless that is away, when it resolves. */
  async place(wish: HoldWish, why: string, by: string): Promise<{ hold: Hold; isEnforced: boolean }> {
    const id = randomUUID();
    return this.#add({ hold: id, n: 1, at: this.#now(), by, why, act: 'placed', ...wish });
  }

  /** Where two are needed somebody else has to agree. @throws WanglouError WL_NOT_FOUND, WL_CONFLICT */
  async askRelease(id: string, why: string, by: string): Promise<{ hold: Hold; isEnforced: boolean }> {
    const hold = await this.#in(id, 'open');
    const asked = await this.#add({ hold: id, n: hold.n + 1, at: this.#after(hold), by, why, act: 'release-asked' });
    if (this.#parts.needsTwo) return asked;
    return this.#add({ hold: id, n: hold.n + 2, at: this.#after(hold) + 1, by, why, act: 'released' });
  }

  /** @throws WanglouError WL_NOT_FOUND, WL_CONFLICT, WL_FORBIDDEN for who asked. */
  async decideRelease(id: string, agrees: boolean, by: string): Promise<{ hold: Hold; isEnforced: boolean }> {
    const hold = await this.#in(id, 'release-asked');
    if (hold.askedBy === by)
      throw new WanglouError('WL_FORBIDDEN', `${by} asked for this and can not decide it`, {
        remedy: 'Somebody else decides it.',
      });
    const act = agrees ? 'released' : 'release-refused';
    return this.#add({ hold: id, n: hold.n + 1, at: this.#after(hold), by, why: '', act });
  }

  /** Makes the store obey the holds as they are now, unless it does. @throws the store's error. */
  async enforce(): Promise<void> {
    const holds = await this.list();
    const state = JSON.stringify([holds, this.#parts.retention && checkRetention(this.#parts.retention)]);
    // Again each time: incidents grow, and who can write to the store could take a hold out there.
    const isAnyOpen = holds.some(({ state: is }) => is !== 'released');
    if (state === this.#enforced && !isAnyOpen) return;
    const forged = await this.#parts.enforce(holds);
    this.#enforced = state;
    if (forged.length === 0) return;
    // Another program may have placed or released one at this moment.
    if (JSON.stringify(await this.list()) === JSON.stringify(holds)) this.#parts.onForged?.(forged);
    else await this.enforce();
  }

  async #add(entry: HoldEntry): Promise<{ hold: Hold; isEnforced: boolean }> {
    const key = `${entry.hold}/${String(entry.n).padStart(6, '0')}/${randomUUID()}`;
    await this.#parts.table.put([[key, Buffer.from(JSON.stringify(entry))]]);
    const isEnforced = await this.enforce().then(
      () => true,
      () => false,
    );
    const hold = (await this.list()).find(({ id }) => id === entry.hold)!;
    return { hold, isEnforced };
  }

  async #entries(): Promise<HoldEntry[]> {
    const entries: HoldEntry[] = [];
    for await (const [, value] of this.#parts.table.entries())
      entries.push(JSON.parse(Buffer.from(value).toString()) as HoldEntry);
    return entries;
  }

  async #in(id: string, state: Hold['state']): Promise<Hold> {
    const hold = (await this.list()).find((one) => one.id === id);
    if (hold === undefined)
      throw new WanglouError('WL_NOT_FOUND', `There is no hold ${id}`, { remedy: 'Look at the list of holds.' });
    if (hold.state === state) return hold;
    throw new WanglouError('WL_CONFLICT', `The hold ${hold.name} is ${hold.state}, not ${state}`);
  }

  /** Entries of one hold are in the order in which they were made, however clocks differ. */
  #after({ placedAt }: Hold): number {
    return Math.max(this.#now(), placedAt + 1);
  }
}
