import { createHash, randomUUID } from 'node:crypto';
import { accessSync, constants, mkdirSync, readdirSync, rmSync, statfsSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { StoreError } from './store-error.ts';

const WRITE_BYTES = 4 * 1024 * 1024;
const MIN_FREE_BYTES = 512 * 1024 * 1024;

/**
 * Where the rows of an insert lie, in memory (/dev/shm) when there is room, while the engine reads them. Nothing here is
 * durable or needs to be: an insert is acknowledged only after the engine has taken it.
 */
export class Spool {
  readonly folder: string;

  constructor(dataDir: string) {
    const mark = createHash('sha256').update(resolve(dataDir)).digest('hex').slice(0, 12);
    this.folder = join(shared(), `wanglou-store-${mark}`);
  }

  /** Makes the folder, empty of what a killed process left. Only the owner of the data directory may call it. */
  start(): void {
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    for (const name of readdirSync(this.folder)) rmSync(join(this.folder, name), { force: true });
  }

  stop(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /**
   * Writes a whole body, after `head`, to a file and returns its path.
   * @throws StoreError REQUEST_TOO_LARGE beyond maxBytes; the stream's own error when it breaks off.
   */
  async write(head: string, body: Readable, maxBytes: number): Promise<string> {
    const path = join(this.folder, randomUUID());
    const file = await open(path, 'wx', 0o600);
    try {
      let total = 0;
      let held: Buffer[] = head === '' ? [] : [Buffer.from(head)];
      let heldBytes = 0;
      for await (const chunk of body as AsyncIterable<Buffer>) {
        total += chunk.length;
        if (total > maxBytes) throw new StoreError('REQUEST_TOO_LARGE', `The body is larger than ${maxBytes} bytes`);
        held.push(chunk);
        heldBytes += chunk.length;
        if (heldBytes < WRITE_BYTES) continue;
        await file.appendFile(Buffer.concat(held));
        [held, heldBytes] = [[], 0];
      }
      if (held.length > 0) await file.appendFile(Buffer.concat(held));
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    } finally {
      await file.close();
    }
    return path;
  }

  async remove(path: string): Promise<void> {
    await rm(path, { force: true });
  }
}

function shared(): string {
  try {
    accessSync('/dev/shm', constants.W_OK);
    const { bavail, bsize } = statfsSync('/dev/shm');
    return bavail * bsize >= MIN_FREE_BYTES ? '/dev/shm' : tmpdir();
  } catch {
    return tmpdir();
  }
}
