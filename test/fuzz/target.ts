import type { Arbitrary } from 'fast-check';

/** Something of ours that takes bytes from outside. */
export interface Target {
  /** Whole, ordinary inputs: what is thrown at the target is mostly one of them, damaged. */
  corpus: readonly Buffer[];
  /** Inputs made by a grammar, thrown beside the damaged ones. */
  structured?: Arbitrary<Buffer>;
  /** Times that an input of this target takes as long as one of the others: it gets fewer where time is short. */
  weight?: number;
  start(): Taker | Promise<Taker>;
}

export interface Taker {
  /** Takes one input. Throws (or rejects) only for what is a fault of ours: declared refusals are caught in here. */
  take(input: Buffer): void | Promise<void>;
  stop?(): void | Promise<void>;
}

/** Runs, and lets pass the errors that the tried code declares. */
export function refusing(isDeclared: (error: unknown) => boolean, run: () => void): void {
  try {
    run();
  } catch (error) {
    if (!isDeclared(error)) throw error;
  }
}

export async function refusingAsync(isDeclared: (error: unknown) => boolean, run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (!isDeclared(error)) throw error;
  }
}

/** What every target asserts. */
export function must(condition: boolean, what: string): asserts condition {
  if (!condition) throw new Error(what);
}
