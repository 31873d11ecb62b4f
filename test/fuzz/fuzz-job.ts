/** What the thread of a target is told. */
export interface FuzzJob {
  target: string;
  inputs: number;
  seed: number;
  /** fast-check's path to one input of this seed; '' for all. */
  path: string;
  /** An input that takes longer than this of the thread's own time is a fault. */
  maxMs: number;
  /** Int32 places shared with who waits: see PLACES. */
  places: SharedArrayBuffer;
  /** Bytes of the input that is being taken. */
  current: SharedArrayBuffer;
}

export const PLACES = { taken: 0, length: 1 } as const;

export type WorkerReport =
  | { kind: 'passed'; inputs: number; slowestMs: number; growthBytes: number }
  | { kind: 'failed'; input: string; path: string; error: string };
