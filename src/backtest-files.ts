import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { replacePrivateFile } from './access/private-file.ts';
import type { BacktestJob } from './backtest-job.ts';

/** Backtests on disk, one JSON file each, so that results outlive a restart. */
export class BacktestFiles {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** In any order. A file that can not be read (cut off, of a later version) is left out. */
  async all(): Promise<BacktestJob[]> {
    const names = await readdir(this.#folder).catch(() => []);
    const jobs = await Promise.all(
      names.filter((name) => name.endsWith('.json')).map((name) => this.#read(join(this.#folder, name))),
    );
    return jobs.filter((job) => job !== undefined);
  }

  /** @throws WanglouError WL_FILE_UNREADABLE */
  keep(job: BacktestJob): Promise<void> {
    return replacePrivateFile(this.#pathOf(job.id), JSON.stringify(job));
  }

  async forget(id: string): Promise<void> {
    await rm(this.#pathOf(id), { force: true });
  }

  async #read(path: string): Promise<BacktestJob | undefined> {
    try {
      return JSON.parse(await readFile(path, 'utf8')) as BacktestJob;
    } catch {
      return undefined;
    }
  }

  #pathOf(id: string): string {
    return join(this.#folder, `${id}.json`);
  }
}
