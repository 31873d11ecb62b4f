import { watch, type FSWatcher } from 'node:fs';
import { glob, readdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { WanglouError } from '../errors.ts';
import type { Collector, CollectorStatus, Identify, Intake, Origin } from './collector.ts';
import type { PositionStore, TailPosition } from './positions-file.ts';
import { TailedFile } from './tailed-file.ts';

export interface FileTailOptions {
  intake: Intake;
  identify: Identify;
  /** Paths or globs, and the registry id of their source ('' to go by the path). */
  files: readonly { path: string; source: string }[];
  positions: PositionStore;
  /** Longer lines are truncated. */
  maxRecordBytes?: number;
  pollMs?: number;
  /** How long a file that was moved away is still followed for its writer's last lines. */
  lingerMs?: number;
}

const SAVE_MS = 500;
/** A writer that appends line by line does not wake us for each. */
const REST_MS = 10;
/** Positions kept of files that are not there now. */
const MAX_ABSENT = 1_000;

/**
 * Follows files: from the beginning or where it left off, through renames, truncation and re-creation. A line's key is its
 * file and offset, so that lines that are read again after a crash are the same events.
 */
export class FileTail implements Collector {
  readonly name = 'file';
  readonly #options: FileTailOptions;
  readonly #pollMs: number;
  readonly #lingerMs: number;
  readonly #files = new Map<string, TailedFile>();
  readonly #watchers = new Map<string, FSWatcher>();
  readonly #problems = new Map<string, string>();
  #known = new Map<string, TailPosition>();
  #isRunning = false;
  #loop: Promise<void> = Promise.resolve();
  #wake: (() => void) | undefined;
  #finishedRecords = 0;
  #savedAt = 0;
  #saved = '';
  #saving: Promise<void> = Promise.resolve();

  constructor(options: FileTailOptions) {
    this.#options = options;
    this.#pollMs = options.pollMs ?? 250;
    this.#lingerMs = options.lingerMs ?? 5_000;
  }

  /** @throws WanglouError when the positions can not be read; a file that is not there yet is waited for. */
  async start(): Promise<void> {
    const positions = await this.#options.positions.load();
    this.#known = new Map(positions.map((position) => [`${position.device}:${position.inode}`, position]));
    this.#isRunning = true;
    await this.#findMoved(positions);
    this.#loop = this.#follow();
  }

  async stop(): Promise<void> {
    if (!this.#isRunning) return;
    this.#isRunning = false;
    this.#wake?.();
    await this.#loop;
    for (const watcher of this.#watchers.values()) watcher.close();
    await this.#saving;
    this.#savedAt = 0;
    await this.#save();
    for (const file of this.#files.values()) await file.close();
    this.#files.clear();
    await this.#options.intake.durable();
  }

  status(): CollectorStatus {
    let received = this.#finishedRecords;
    for (const file of this.#files.values()) received += file.received;
    return {
      name: this.name,
      listening: this.#options.files.map((file) => file.path).join(', '),
      ready: this.#isRunning,
      problem: [...this.#problems.values()].join('; '),
      received,
      refused: 0,
      lost: 0,
      connections: this.#files.size,
    };
  }

  async #follow(): Promise<void> {
    while (this.#isRunning) {
      const hasMore = await this.#look();
      this.#saving = this.#saving.then(() => this.#save());
      if (!hasMore) await this.#pause();
    }
  }

  /** One look at all files: the known ones first, so that a rotated file is read to its end before its successor. */
  async #look(): Promise<boolean> {
    const found = await this.#find();
    let hasMore = false;
    for (const file of this.#files.values()) {
      const path = found.get(file.id)?.path;
      if (path !== undefined) file.path = path;
      const more = await this.#attempt(file.path, () => file.read());
      hasMore ||= more === true;
      if (path === undefined && more === false && Date.now() - file.lastGrowth > this.#lingerMs)
        await this.#finish(file);
    }
    for (const [id, { path, source }] of found) {
      if (!this.#files.has(id) && (await this.#attempt(path, () => this.#open(path, source)))) hasMore = true;
    }
    return hasMore && this.#isRunning;
  }

  /** Files that the patterns match, by `device:inode`. */
  async #find(): Promise<Map<string, { path: string; source: string }>> {
    const found = new Map<string, { path: string; source: string }>();
    for (const { path: pattern, source } of this.#options.files) {
      let matches = 0;
      for await (const path of pathsOf(pattern)) {
        const id = await this.#attempt(path, () => idOf(path));
        if (id === undefined) continue;
        matches++;
        this.#watch(dirname(path));
        if (!found.has(id)) found.set(id, { path, source });
      }
      if (matches === 0 && !this.#problems.has(pattern)) this.#problems.set(pattern, `${pattern}: no such file yet`);
      else if (matches > 0) this.#problems.delete(pattern);
    }
    return found;
  }

  async #open(path: string, source: string): Promise<boolean> {
    const { intake, maxRecordBytes = 65_536 } = this.#options;
    const file = await TailedFile.open(path, this.#known, {
      intake,
      maxRecordBytes,
      origin: this.#origin(path, source),
    });
    this.#files.set(file.id, file);
    this.#known.delete(file.id);
    return true;
  }

  /** Files that were renamed while nobody followed them: looked for beside their old place and read to their end. */
  async #findMoved(positions: readonly TailPosition[]): Promise<void> {
    const found = await this.#find();
    for (const position of positions) {
      const id = `${position.device}:${position.inode}`;
      if (found.has(id)) continue;
      const path = await movedTo(dirname(position.path), id);
      const source = this.#options.files.find((file) => resolve(file.path) === position.path)?.source ?? '';
      if (path !== undefined) await this.#attempt(path, () => this.#open(path, source));
    }
  }

  #origin(path: string, source: string): Origin {
    const origin = this.#options.identify({
      collector: this.name,
      protocol: 'file',
      address: path,
      certificateSubject: '',
      boundSource: source,
      hasToken: false,
    });
    return { ...origin, peer: '' };
  }

  async #finish(file: TailedFile): Promise<void> {
    await this.#attempt(file.path, () => file.finish());
    this.#finishedRecords += file.received;
    this.#files.delete(file.id);
  }

  /** Runs a step on a file; a failure is shown in the status and tried again at the next look. */
  async #attempt<T>(path: string, step: () => Promise<T>): Promise<T | undefined> {
    try {
      const result = await step();
      this.#problems.delete(path);
      return result;
    } catch (error) {
      const isAbsent = error instanceof Error && 'code' in error && error.code === 'ENOENT';
      const why = error instanceof Error ? error.message : String(error);
      this.#problems.set(path, isAbsent ? `${path}: no such file yet` : why);
      return undefined;
    }
  }

  /** Saves the positions once everything handed over before is durable. */
  async #save(): Promise<void> {
    if (Date.now() - this.#savedAt < SAVE_MS) return;
    this.#savedAt = Date.now();
    const open = [...this.#files.values()].map((file) => file.position());
    const positions = [...open, ...[...this.#known.values()].slice(-MAX_ABSENT)];
    const text = JSON.stringify(positions);
    if (text === this.#saved) return;
    try {
      await this.#options.intake.durable();
      await this.#options.positions.save(positions);
      this.#saved = text;
      this.#problems.delete('positions');
    } catch (error) {
      // Lines not known as durable are read again after a restart; their keys make them the same events.
      const why = error instanceof WanglouError ? error.message : String(error);
      this.#problems.set('positions', `positions are not saved: ${why}`);
    }
  }

  #pause(): Promise<void> {
    return new Promise((done) => {
      const timer = setTimeout(done, this.#pollMs);
      this.#wake = () => {
        clearTimeout(timer);
        this.#wake = undefined;
        setTimeout(done, REST_MS);
      };
    });
  }

  /** Notices changes at once where the system tells of them; polling finds them otherwise. */
  #watch(folder: string): void {
    if (this.#watchers.has(folder)) return;
    try {
      const watcher = watch(folder, { persistent: false }, () => this.#wake?.());
      watcher.on('error', () => this.#watchers.delete(folder));
      this.#watchers.set(folder, watcher);
    } catch {
      // Polling it is.
    }
  }
}

/** Rotated files are often compressed; they have been read before. */
async function* pathsOf(pattern: string): AsyncIterable<string> {
  if (/[*?[{]/.test(pattern)) {
    for await (const path of glob(pattern)) if (!/\.(?:gz|bz2|xz|zst|lz4|zip)$/.test(path)) yield resolve(path);
  }
  if (!/[*?[{]/.test(pattern)) yield resolve(pattern);
}

/** `device:inode` of a regular file. */
async function idOf(path: string): Promise<string | undefined> {
  const found = await stat(path, { bigint: true });
  return found.isFile() ? `${found.dev}:${found.ino}` : undefined;
}

async function movedTo(folder: string, id: string): Promise<string | undefined> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    const path = join(folder, name);
    if ((await idOf(path).catch(() => undefined)) === id) return path;
  }
  return undefined;
}
