import type { KeyedTable } from './event-log.ts';

/** How often a table is looked at unless stated. What is written into one to take effect everywhere must do so later than this. */
const LOOK_EVERY_MS = 2_000;

/** From the writing of an entry to its taking effect, so that every program has read it by then. */
export const TAKES_EFFECT_AFTER_MS = 10_000;

export interface FollowOptions<T> {
  /** All entries of the table, at the start and whenever they have changed. Entries that can not be read are left out. */
  onEntries(entries: readonly T[]): void;
  /** '' when all is well. */
  onProblem(problem: string): void;
  /** How often the table is looked at, ms. */
  everyMs?: number;
}

/** Keeps a small keyed table of JSON values known in this program. */
export class TableFollower<T> {
  readonly #table: KeyedTable;
  readonly #options: FollowOptions<T>;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;
  #known = '';
  #position = '';
  #stopped = false;

  constructor(table: KeyedTable, options: FollowOptions<T>) {
    this.#table = table;
    this.#options = options;
  }

  /** Resolves when the entries as they are now are known. @throws when they can not be read. */
  async start(): Promise<void> {
    await this.look();
    this.#schedule();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#looking?.catch(() => undefined);
  }

  /** Reads the table now. */
  async look(): Promise<void> {
    await (this.#looking ??= this.#read().finally(() => (this.#looking = undefined)));
  }

  async #read(): Promise<void> {
    const position = await this.#table.position();
    if (position === this.#position) return;
    const texts: string[] = [];
    for await (const [, value] of this.#table.entries()) texts.push(Buffer.from(value).toString());
    const known = texts.sort().join('\n');
    if (known !== this.#known) this.#options.onEntries(texts.flatMap((text) => this.#decode(text)));
    this.#known = known;
    this.#position = position;
  }

  #decode(text: string): T[] {
    try {
      return [JSON.parse(text) as T];
    } catch {
      this.#options.onProblem('an entry of a table of the event log is no JSON and is left out');
      return [];
    }
  }

  #schedule(): void {
    if (this.#stopped) return;
    this.#timer = setTimeout(() => {
      void this.look()
        .then(
          () => this.#options.onProblem(''),
          (error: unknown) => this.#options.onProblem(error instanceof Error ? error.message : String(error)),
        )
        .then(() => this.#schedule());
    }, this.#options.everyMs ?? LOOK_EVERY_MS);
    this.#timer.unref();
  }
}
