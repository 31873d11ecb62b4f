import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { WanglouError } from '../errors.ts';

/** How far a file has been taken in. */
export interface TailPosition {
  /** Where it was last seen. */
  path: string;
  device: string;
  inode: string;
  /** Times that the file began anew at offset 0. */
  generation: number;
  /** SHA-256 of the first line (of at most 1 KiB), which tells the file from another that got its inode; '' until there. */
  head: string;
  headBytes: number;
  /** Everything before this byte is durable. */
  offset: number;
}

/** Keeps positions over restarts. */
export interface PositionStore {
  load(): Promise<TailPosition[]>;
  /** Durable when resolved. */
  save(positions: readonly TailPosition[]): Promise<void>;
}

const schema = z.array(
  z.object({
    path: z.string(),
    device: z.string(),
    inode: z.string(),
    generation: z.number(),
    head: z.string(),
    headBytes: z.number(),
    offset: z.number(),
  }),
);

/** Positions in a JSON file that is replaced as a whole. */
export class PositionsFile implements PositionStore {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  /** @throws WanglouError WL_FILE_UNREADABLE when the file is there but can not be read as positions. */
  async load(): Promise<TailPosition[]> {
    let text: string;
    try {
      text = await readFile(this.#path, 'utf8');
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
      throw new WanglouError('WL_FILE_UNREADABLE', `${this.#path} can not be read`, { cause: error });
    }
    try {
      return schema.parse(JSON.parse(text));
    } catch (cause) {
      throw new WanglouError('WL_FILE_UNREADABLE', `${this.#path} does not hold the positions of followed files`, {
        cause,
        remedy:
          'Remove the file; followed files are then read from their beginning, what is known already stays single.',
      });
    }
  }

  async save(positions: readonly TailPosition[]): Promise<void> {
    const fresh = `${this.#path}.new`;
    await mkdir(dirname(this.#path), { recursive: true });
    await writeDurably(fresh, JSON.stringify(positions));
    await rename(fresh, this.#path);
    const folder = await open(dirname(this.#path), 'r');
    await folder.sync().finally(() => folder.close());
  }
}

async function writeDurably(path: string, text: string): Promise<void> {
  const file = await open(path, 'w', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}
