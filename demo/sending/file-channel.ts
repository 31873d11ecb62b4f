import { appendFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Line } from '../line.ts';
import type { Channel } from './channel.ts';

/** Appends to `<folder>/<source>.log`, which the platform follows. */
export class FileChannel implements Channel {
  readonly #folder: string;
  readonly #path: string;
  #waiting: string[] = [];
  acknowledged = 0;

  constructor(folder: string, source: string) {
    this.#folder = folder;
    this.#path = join(folder, `${source}.log`);
  }

  add({ line }: Line): void {
    this.#waiting.push(line);
  }

  async flush(): Promise<void> {
    if (this.#waiting.length === 0) return;
    const lines = this.#waiting;
    this.#waiting = [];
    await mkdir(this.#folder, { recursive: true });
    await appendFile(this.#path, `${lines.join('\n')}\n`);
    this.acknowledged += lines.length;
  }

  async stop(): Promise<void> {
    await this.flush();
  }
}
