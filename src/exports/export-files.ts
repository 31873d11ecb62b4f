import { mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { replacePrivateFile } from '../access/private-file.ts';
import type { ExportJob } from './export-job.ts';

type Named = Pick<ExportJob, 'id' | 'format'>;

/** Exports on disk: of each the job, the file and its manifest. What is being written has `.part` at its end. */
export class ExportFiles {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Jobs in any order; one that can not be read (cut off, of a later version) is left out. Of no job no file stays. */
  async all(): Promise<ExportJob[]> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const names = await readdir(this.#folder);
    const read = names.filter((name) => name.endsWith('.job.json')).map((name) => this.#read(name));
    const jobs = (await Promise.all(read)).filter((job) => job !== undefined);
    const known = new Set(jobs.map(({ id }) => id));
    const stray = names.filter((name) => name.endsWith('.part') || !known.has(name.split('.', 1)[0]!));
    await Promise.all(stray.map((name) => rm(join(this.#folder, name), { force: true })));
    return jobs;
  }

  /** @throws WanglouError WL_FILE_UNREADABLE */
  keep(job: ExportJob): Promise<void> {
    return replacePrivateFile(join(this.#folder, `${job.id}.job.json`), JSON.stringify(job));
  }

  pathOf({ id, format }: Named): string {
    return join(this.#folder, `${id}.${format}`);
  }

  manifestPathOf({ id }: Named): string {
    return join(this.#folder, `${id}.manifest.json`);
  }

  /** Makes what was written the file and the manifest: the manifest first, so that no file is without one. */
  async place(job: Named): Promise<void> {
    for (const path of [this.manifestPathOf(job), this.pathOf(job)]) await rename(`${path}.part`, path);
  }

  /** Whether file and manifest are there, the file as long as it was. */
  async isWhole(job: ExportJob): Promise<boolean> {
    const sizes = await Promise.all([this.#sizeOf(this.pathOf(job)), this.#sizeOf(this.manifestPathOf(job))]);
    return sizes[0] === job.result?.bytes && sizes[1] > 0;
  }

  manifest(job: Named): Promise<string> {
    return readFile(this.manifestPathOf(job), 'utf8');
  }

  /** The file and what was written of it; the job stays. */
  async removeFile(job: Named): Promise<void> {
    const paths = [this.pathOf(job), this.manifestPathOf(job)];
    await Promise.all(paths.flatMap((path) => [path, `${path}.part`]).map((path) => rm(path, { force: true })));
  }

  async forget(job: Named): Promise<void> {
    await this.removeFile(job);
    await rm(join(this.#folder, `${job.id}.job.json`), { force: true });
  }

  async #read(name: string): Promise<ExportJob | undefined> {
    try {
      return JSON.parse(await readFile(join(this.#folder, name), 'utf8')) as ExportJob;
    } catch {
      return undefined;
    }
  }

  async #sizeOf(path: string): Promise<number> {
    return (await stat(path).catch(() => undefined))?.size ?? -1;
  }
}
