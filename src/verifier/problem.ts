/** What a verifier can find. `words.ts` says each for people. */
export const KINDS = [
  'record-changed',
  'record-removed',
  'record-inserted',
  'record-moved',
  'block-changed',
  'block-removed',
  'block-inserted',
  'block-moved',
  'seal-changed',
  'seal-forged',
  'seal-removed',
  'seal-inserted',
  'seal-unlinked',
  'rolled-back',
  'forked',
  'manifest-forged',
  'manifest-differs',
  'outside-forged',
  'key-forged',
  'key-anew',
  'places-skipped',
  'unreadable',
] as const;
export type Kind = (typeof KINDS)[number];

export interface Problem {
  kind: Kind;
  /** Number of the seal, and of the block in it. */
  seal?: number;
  block?: number;
  stream?: string;
  /** Which record of the block, from 0. */
  record?: number;
  /** As the record says: where it was in the log, its id or key. */
  place?: string;
  id?: string;
  /** Of the block's records, ms since the Unix epoch. */
  times?: [number, number];
  /** A file, or what else helps. */
  detail?: string;
}

export const MAX_PROBLEMS = 1_000;

/** Problems that were found; beyond a number of them they are only counted. */
export class Problems {
  readonly list: Problem[] = [];
  count = 0;

  add(problem: Problem): void {
    this.count++;
    if (this.list.length < MAX_PROBLEMS) this.list.push(problem);
  }

  addAll(problems: readonly Problem[], count = problems.length): void {
    for (const problem of problems) this.add(problem);
    this.count += count - problems.length;
  }
}
