import { randomUUID } from 'node:crypto';
import type { CoverageGap } from './coverage/gaps.ts';
import type { Replay } from './coverage/replay.ts';
import { WanglouError } from './errors.ts';
import type { StartReplay } from './replay-process.ts';

export interface ReplayDeskParts {
  gap: (id: string) => Promise<CoverageGap>;
  start: StartReplay;
  /** Durable when resolved. */
  write: (replay: Replay) => Promise<void>;
  /** What was done about minutes [from, to) is to be checked. */
  onDone: (from: number, to: number) => void;
  onProblem: (error: Error) => void;
  now?: () => number;
}

const WRITE_EVERY_MS = 1_000;
/** Also while nothing is to be told, so that one whose program ended is told from one that runs. */
const ALIVE_MS = 10_000;

/** Gaps of the coverage ledger that people have replayed: one at a time, each in a process of its own. */
export class ReplayDesk {
  readonly #parts: ReplayDeskParts;
  readonly #now: () => number;
  #running: { replay: Replay; kill: () => void; ended: Promise<void> } | undefined;

  constructor(parts: ReplayDeskParts) {
    this.#parts = parts;
    this.#now = parts.now ?? Date.now;
  }

  /**
   * Begins to replay the gap.
   * @throws WanglouError WL_NOT_FOUND for a gap that is not open, WL_CONFLICT while another one is replayed and for a gap
   * that can not be replayed.
   */
  async replay(id: string, by: string): Promise<Replay> {
    const gap = await this.#parts.gap(id);
    if (!gap.canReplay)
      throw new WanglouError('WL_CONFLICT', `Gap ${id} (${gap.kind}) can not be replayed`, {
        remedy:
          'Events that the store lacks, or that a detector has missed, can be replayed; nothing else is in reach.',
      });
    if (this.#running !== undefined)
      throw new WanglouError('WL_CONFLICT', `Gap ${this.#running.replay.gap} is being replayed`, {
        remedy: 'Wait until it is done.',
      });
    const { kind, detector, partition, from, to, since, until } = gap;
    const now = this.#now();
    const replay: Replay = {
      ...{ id: randomUUID(), gap: id, kind, detector, partition: Math.max(0, partition), from, to, since, until },
      ...{ askedBy: by, askedAt: now, state: 'running', done: 0, total: 0 },
      ...{ stored: 0, evaluated: 0, findings: 0, unreadable: 0, reason: '', at: now },
    };
    this.#begin(replay);
    return replay;
  }

  async stop(): Promise<void> {
    this.#running?.kill();
    await this.#running?.ended;
  }

  #begin(replay: Replay): void {
    const { kind, detector, partition, from, to, since, until } = replay;
    let [writtenAt, latest, written] = [0, replay, this.#write(replay)];
    const { ended, kill } = this.#parts.start({ kind, detector, partition, from, to, since, until }, (progress) => {
      latest = { ...latest, ...progress };
      if (this.#now() - writtenAt < WRITE_EVERY_MS) return;
      writtenAt = this.#now();
      written = written.then(() => this.#write(latest));
    });
    const alive = setInterval(() => {
      written = written.then(() => this.#write(latest));
    }, ALIVE_MS);
    const settled = ended
      .then(
        (result) => ({ ...latest, ...result, state: 'done' as const, done: latest.total }),
        (error: unknown) => ({ ...latest, state: 'failed' as const, reason: (error as Error).message }),
      )
      .then(async (outcome) => {
        clearInterval(alive);
        await written;
        await this.#write(outcome);
        this.#running = undefined;
        this.#parts.onDone(since, until);
      });
    this.#running = { replay, kill, ended: settled };
  }

  async #write(replay: Replay): Promise<void> {
    await this.#parts.write({ ...replay, at: this.#now() }).catch((error: unknown) => {
      this.#parts.onProblem(error as Error);
    });
  }
}
