import { closeSync, mkdirSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const FLUSH_BYTES = 262_144;

/** The rows of one result on disk, each as a JSON array, and where each begins: so any window of them is read at once. */
export class ResultFile {
  readonly #path: string;
  readonly #file: number;
  readonly #starts: number[] = [0];
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #flushedBytes = 0;
  #isRemoved = false;

  /** @param folder is made when it is not there; only this user may read it. */
  constructor(folder: string, name: string) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.#path = join(folder, name);
    this.#file = openSync(this.#path, 'w+', 0o600);
  }

  get rows(): number {
    return this.#starts.length - 1;
  }

  /** What comes after it was removed is dropped. */
  add(json: string): void {
    if (this.#isRemoved) return;
    const bytes = Buffer.from(json);
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    this.#starts.push(this.#starts.at(-1)! + bytes.length);
    if (this.#waitingBytes >= FLUSH_BYTES) this.#flush();
  }

  /** At most `count` rows from the row `from` on, as JSON arrays. */
  window(from: number, count: number): string[] {
    this.#flush();
    const to = Math.min(this.rows, from + count);
    if (to <= from) return [];
    const begin = this.#starts[from]!;
    const bytes = Buffer.alloc(this.#starts[to]! - begin);
    readSync(this.#file, bytes, 0, bytes.length, begin);
    return Array.from({ length: to - from }, (_, at) =>
      bytes.toString('utf8', this.#starts[from + at]! - begin, this.#starts[from + at + 1]! - begin),
    );
  }

  remove(): void {
    this.#isRemoved = true;
    closeSync(this.#file);
    rmSync(this.#path, { force: true });
  }

  #flush(): void {
    if (this.#waiting.length === 0) return;
    const bytes = Buffer.concat(this.#waiting);
    writeSync(this.#file, bytes, 0, bytes.length, this.#flushedBytes);
    this.#flushedBytes += bytes.length;
    this.#waiting = [];
    this.#waitingBytes = 0;
  }
}
