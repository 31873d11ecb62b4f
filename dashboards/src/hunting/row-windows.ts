import { shallowReactive } from 'vue';
import type { Row } from './hunting-calls.ts';

export const WINDOW = 100;
const MOST_KEPT = 60;

export type AskWindow = (offset: number, limit: number) => Promise<readonly Row[]>;

/** Rows of a list of millions, asked for by the hundred where somebody looks; those seen last are kept. */
export class RowWindows {
  readonly windows = shallowReactive(new Map<number, readonly Row[]>());
  readonly #asked = new Set<number>();
  readonly #ask: AskWindow;
  readonly #onFault: (error: unknown) => void;
  #isOver = false;

  constructor(ask: AskWindow, onFault: (error: unknown) => void) {
    this.#ask = ask;
    this.#onFault = onFault;
  }

  /** Undefined until it has come. */
  at(index: number): Row | undefined {
    return this.windows.get(Math.floor(index / WINDOW))?.[index % WINDOW];
  }

  /** Asks for what is missing of these rows. */
  look(first: number, last: number): void {
    for (let window = Math.floor(first / WINDOW); window <= Math.floor(last / WINDOW); window++) {
      if (this.windows.has(window) || this.#asked.has(window)) continue;
      this.#asked.add(window);
      void this.#read(window);
    }
  }

  /** What comes later is for nobody. */
  end(): void {
    this.#isOver = true;
  }

  async #read(window: number): Promise<void> {
    try {
      const rows = await this.#ask(window * WINDOW, WINDOW);
      if (this.#isOver) return;
      this.windows.set(window, rows);
      for (const kept of [...this.windows.keys()].slice(0, Math.max(0, this.windows.size - MOST_KEPT)))
        this.windows.delete(kept);
    } catch (error) {
      if (!this.#isOver) this.#onFault(error);
    }
    this.#asked.delete(window);
  }
}
