import { watch, type FSWatcher } from 'node:fs';
import { WanglouError } from '../errors.ts';
import { readFolder, readTexts, type FolderContent, type Others } from './read-folder.ts';
import { DEFAULT_TIME_ZONE, registryFrom } from './registry-from.ts';
import type { Registry } from './registry.ts';

export interface RegistryFolderOptions {
  folder: string;
  /** Zone of dates without an offset, and of departments and sources that name none. */
  timeZone?: string;
  /** What the files may refer to and do not state themselves, and what changes whenever that does. */
  others?: { entries: () => Others; version: () => number };
  /** How often the files are looked at when the system tells of no changes. */
  pollMs?: number;
}

const SETTLE_MS = 200;
const POLL_MS = 5_000;

/**
 * The registry of a folder of YAML files, read again when they change. All or nothing: while there are problems the last
 * good registry stays.
 */
export class RegistryFolder {
  readonly #options: RegistryFolderOptions;
  readonly #listeners: ((registry: Registry) => void)[] = [];
  #current: Registry;
  #content: FolderContent | undefined;
  /** Of what `content` was read. */
  #readOf = '';
  #watcher: FSWatcher | undefined;
  #poll: NodeJS.Timeout | undefined;
  #settle: NodeJS.Timeout | undefined;

  constructor(options: RegistryFolderOptions) {
    this.#options = options;
    this.#current = registryFrom({}, this.#zone);
  }

  /** @throws WanglouError WL_REGISTRY_INVALID with every problem: file, line, column, field, value and remedy. */
  async start(): Promise<void> {
    this.reload();
    const problems = this.problems();
    if (problems.length > 0) throw new WanglouError('WL_REGISTRY_INVALID', problems.join('\n'));
    if (this.#poll !== undefined) return;
    this.#watch();
    this.#poll = setInterval(() => this.reload(), this.#options.pollMs ?? POLL_MS);
    this.#poll.unref();
  }

  stop(): void {
    clearInterval(this.#poll);
    clearTimeout(this.#settle);
    this.#watcher?.close();
    this.#watcher = undefined;
  }

  current(): Registry {
    return this.#current;
  }

  /** Calls back with each new good registry. */
  onChange(listener: (registry: Registry) => void): void {
    this.#listeners.push(listener);
  }

  /** What is wrong with the files as they are now; [] when the current registry is theirs. */
  problems(): readonly string[] {
    return this.#content?.problems ?? [];
  }

  /** The entries as written; undefined while there are problems, or no files. */
  stated(): FolderContent['stated'] {
    return this.#content?.stated;
  }

  /** Looks at the files now, and reads what they say if they or the other entries changed. */
  reload(): void {
    const { folder, others } = this.#options;
    const texts = readTexts(folder);
    const readOf = `${texts.digest} ${others?.version() ?? 0}`;
    if (readOf === this.#readOf) return;
    this.#readOf = readOf;
    const content = readFolder(texts, this.#zone.timeZone, others?.entries());
    if (content.digest === this.#content?.digest && content.problems.length === this.#content.problems.length) return;
    this.#content = content;
    if (content.registry === undefined) return;
    this.#current = content.registry;
    for (const listener of this.#listeners) listener(content.registry);
  }

  get #zone(): { timeZone: string } {
    return { timeZone: this.#options.timeZone ?? DEFAULT_TIME_ZONE };
  }

  /** An editor writes in several steps: wait until it is done. Where nothing can be watched, polling finds changes. */
  #watch(): void {
    try {
      this.#watcher = watch(this.#options.folder, { persistent: false }, () => {
        clearTimeout(this.#settle);
        this.#settle = setTimeout(() => this.reload(), SETTLE_MS);
        this.#settle.unref();
      });
      this.#watcher.on('error', () => this.#watcher?.close());
    } catch {
      this.#watcher = undefined;
    }
  }
}
