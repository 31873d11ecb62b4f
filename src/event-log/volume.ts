import { statfs } from 'node:fs/promises';

/** Free and whole size of the volume that a directory is on. */
export interface VolumeSpace {
  freeBytes: number;
  totalBytes: number;
}

const WARN_USED = 0.85;
const REFUSE_USED = 0.97;
const ASK_AGAIN_MS = 1_000;

/** Watches how full the log's volume is: what is left above 97 % is the reserve for findings, states and positions. */
export class Volume {
  readonly #measure: () => Promise<VolumeSpace>;
  readonly #warn: (message: string) => void;
  #space: VolumeSpace = { freeBytes: Infinity, totalBytes: Infinity };
  #askedAt = -Infinity;
  #warned = false;

  constructor(measure: () => Promise<VolumeSpace>, warn: (message: string) => void) {
    this.#measure = measure;
    this.#warn = warn;
  }

  /** Share in use, 0 to 1, at most a second old. */
  async used(): Promise<number> {
    if (performance.now() - this.#askedAt > ASK_AGAIN_MS) await this.ask();
    return this.#space.totalBytes === Infinity ? 0 : 1 - this.#space.freeBytes / this.#space.totalBytes;
  }

  /** Whether events must be refused. */
  async full(): Promise<boolean> {
    return (await this.used()) >= REFUSE_USED;
  }

  /** Free bytes as they are now. */
  async ask(): Promise<number> {
    this.#space = await this.#measure();
    this.#askedAt = performance.now();
    const used = 1 - this.#space.freeBytes / this.#space.totalBytes;
    if (used >= WARN_USED && !this.#warned)
      this.#warn(
        `the event log's volume is ${Math.floor(used * 100)} % full; at ${REFUSE_USED * 100} % events are refused`,
      );
    this.#warned = used >= WARN_USED;
    return this.#space.freeBytes;
  }
}

export async function spaceOf(dir: string): Promise<VolumeSpace> {
  const { bavail, blocks, bsize } = await statfs(dir);
  return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
}
