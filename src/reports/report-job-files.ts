import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { replacePrivateFile } from '../access/private-file.ts';
import type { Scope } from '../scope/scope.ts';
import type { ReportWish } from './report.ts';

/** A version of a report that somebody asked for and that is not made yet. */
export interface WantedReport {
  id: string;
  version: number;
  wish: ReportWish;
  /** What its maker sees. */
  scope: Scope | null;
  by: string;
  /** ms since the Unix epoch. */
  at: number;
  /** How often it was begun: a restart of the program begins it again. */
  attempts: number;
}

const ENDING = '.wanted.json';

/** Reports that are wanted, a file each, so that a restart forgets none. */
export class ReportJobFiles {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** In the order in which they were asked for; one that can not be read (cut off, of a later version) is left out. */
  async all(): Promise<WantedReport[]> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const names = (await readdir(this.#folder)).filter((name) => name.endsWith(ENDING));
    const read = await Promise.all(names.map((name) => this.#read(name)));
    return read.filter((wanted) => wanted !== undefined).sort((a, b) => a.at - b.at);
  }

  /** @throws WanglouError WL_FILE_UNREADABLE */
  keep(wanted: WantedReport): Promise<void> {
    return replacePrivateFile(this.#pathOf(wanted.id), JSON.stringify(wanted));
  }

  forget(id: string): Promise<void> {
    return rm(this.#pathOf(id), { force: true });
  }

  #pathOf(id: string): string {
    return join(this.#folder, id + ENDING);
  }

  async #read(name: string): Promise<WantedReport | undefined> {
    try {
      return JSON.parse(await readFile(join(this.#folder, name), 'utf8')) as WantedReport;
    } catch {
      return undefined;
    }
  }
}
