import { randomUUID } from 'node:crypto';
import type { AuditEntry } from '../access/audit/entry.ts';
import { WanglouError } from '../errors.ts';
import type { Scope } from '../scope/scope.ts';
import type { ExportEnd, RunningExport, StartExport } from './export-process.ts';
import type { ExportFiles } from './export-files.ts';
import {
  hasEnded,
  type ExportEstimate,
  type ExportFailure,
  type ExportJob,
  type ExportProgress,
  type ExportView,
  type ExportWish,
  type RecordQuery,
} from './export-job.ts';
import { estimateOf, UNKNOWN_ESTIMATE } from './estimate.ts';

/** Who asks. */
export interface Exporter {
  account: string;
  roles: readonly string[];
  scope: Scope | null;
}

export interface ExportLimits {
  /** Of all files together. */
  quotaBytes: number;
  keepMs: number;
  /** Exports of one account that wait or run. */
  perPerson: number;
}

export interface ExportDeskParts {
  files: ExportFiles;
  start: StartExport;
  /** How many rows a query has, within a scope. */
  count: (query: RecordQuery, scope: Scope | null) => Promise<number>;
  /** Records what was made: nothing is handed out that is not recorded. @throws WanglouError WL_AUDIT_AWAY */
  record: (entry: Omit<AuditEntry, 'id' | 'phase' | 'recordedAt'>) => Promise<unknown>;
  limits: ExportLimits;
  /** What can not be written to disk is still in memory. */
  onProblem: (problem: string) => void;
  now?: () => number;
}

const MOST_ATTEMPTS = 3;
/** Jobs without a file are still listed for so long. */
const LISTED_MS = 30 * 86_400_000;
const LOOK_EVERY_MS = 60_000;

/** Exports that people ask for: one is made at a time, the others wait in the order in which they came. */
export class ExportDesk {
  readonly #parts: ExportDeskParts;
  readonly #now: () => number;
  /** In the order in which they came. */
  readonly #jobs = new Map<string, ExportJob>();
  #running: { id: string; process: RunningExport; progress: ExportProgress | null } | undefined;
  #written: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(parts: ExportDeskParts) {
    this.#parts = parts;
    this.#now = parts.now ?? Date.now;
  }

  /** Reads what earlier runs of the program left; what it was cut off at is made again, as of the same time. */
  async start(): Promise<void> {
    const kept = (await this.#parts.files.all()).sort((a, b) => a.at - b.at);
    for (const job of kept) this.#jobs.set(job.id, job);
    for (const job of kept) {
      if (job.state === 'done' && !(await this.#parts.files.isWhole(job)))
        await this.#fail(job.id, 'fault', 'its file is not there any more');
      if (hasEnded(job)) continue;
      if (job.attempts < MOST_ATTEMPTS) this.#jobs.set(job.id, { ...job, state: 'queued' });
      else await this.#fail(job.id, 'restarted', `the program ended ${job.attempts} times while it was made`);
    }
    await this.expire();
    this.#timer = setInterval(() => void this.expire(), LOOK_EVERY_MS);
    this.#timer.unref();
    this.#next();
  }

  /** Own ones, newest first. */
  list(who: Exporter): ExportView[] {
    const own = [...this.#jobs.values()].filter((job) => isOf(job, who));
    return own.reverse().map((job) => this.#view(job));
  }

  /** @throws WanglouError WL_NOT_FOUND */
  of(id: string, who: Exporter): ExportView {
    return this.#view(this.#job(id, who));
  }

  async estimate(
    { query, format }: Pick<ExportWish, 'query' | 'format'>,
    { scope }: Exporter,
  ): Promise<ExportEstimate> {
    if (query.of === 'sql') return UNKNOWN_ESTIMATE;
    const rows = await this.#parts.count(query, scope);
    return estimateOf(rows, query.of, format, [...this.#jobs.values()]);
  }

  /** @throws WanglouError WL_TOO_MANY, WL_EXPORTS_FULL, and those of the store */
  async create(wish: ExportWish, who: Exporter): Promise<ExportView> {
    const unfinished = [...this.#jobs.values()].filter((job) => job.by === who.account && !hasEnded(job));
    const { perPerson } = this.#parts.limits;
    if (unfinished.length >= perPerson)
      throw new WanglouError('WL_TOO_MANY', `${unfinished.length} exports of yours wait or run; ${perPerson} may`, {
        remedy: 'Ask again when one of them has ended, or cancel one.',
      });
    const estimate = await this.estimate(wish, who);
    const left = this.#bytesLeft();
    if (estimate.bytes !== null && estimate.bytes > left)
      throw new WanglouError(
        'WL_EXPORTS_FULL',
        `The file would have about ${megabytes(estimate.bytes)} MB; ${megabytes(left)} MB are left for exports`,
      );
    const job: ExportJob = {
      ...wish,
      ...{
        id: randomUUID(),
        by: who.account,
        scope: who.scope,
        at: this.#now(),
        state: 'queued',
        attempts: 0,
        estimate,
      },
    };
    this.#jobs.set(job.id, job);
    await this.#keep(job);
    this.#next();
    return this.#view(this.#jobs.get(job.id)!);
  }

  /** Ends one that waits or runs; of one that has ended removes file and all. @throws WanglouError WL_NOT_FOUND */
  async remove(id: string, who: Exporter): Promise<ExportView> {
    const job = this.#job(id, who);
    if (hasEnded(job)) {
      this.#jobs.delete(id);
      await this.#write(() => this.#parts.files.forget(job), id);
      return this.#view(job);
    }
    await this.#end(id, { state: 'cancelled' });
    if (this.#running?.id === id) this.#running.process.kill();
    return this.of(id, who);
  }

  /** Where the file of an export is. @throws WanglouError WL_NOT_FOUND, WL_CONFLICT while there is none */
  fileOf(id: string, who: Exporter): { path: string; job: ExportView & { result: NonNullable<ExportView['result']> } } {
    const job = this.#job(id, who);
    const { result } = job;
    if (job.state !== 'done' || result === undefined) throw noFile(job);
    return { path: this.#parts.files.pathOf(job), job: { ...this.#view(job), result } };
  }

  /** @throws WanglouError WL_NOT_FOUND, WL_CONFLICT while there is none */
  manifestOf(id: string, who: Exporter): Promise<string> {
    const job = this.#job(id, who);
    if (job.state !== 'done') throw noFile(job);
    return this.#parts.files.manifest(job);
  }

  /** Deletes files whose time has come. */
  async expire(): Promise<void> {
    const now = this.#now();
    for (const job of [...this.#jobs.values()].filter(hasEnded)) {
      if ((job.endedAt ?? 0) + this.#parts.limits.keepMs + LISTED_MS < now) {
        this.#jobs.delete(job.id);
        await this.#write(() => this.#parts.files.forget(job), job.id);
      } else if (job.state === 'done' && (job.expiresAt ?? 0) <= now) {
        await this.#write(() => this.#parts.files.removeFile(job), job.id);
        this.#jobs.set(job.id, { ...job, state: 'expired' });
        await this.#keep(this.#jobs.get(job.id)!);
      }
    }
  }

  /** The one that runs is ended; the next start begins it again. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    this.#running?.process.kill();
    await this.#running?.process.ended;
    await this.#written;
  }

  /** Somebody who sees less or other things than when they asked has no use of it any more. */
  #job(id: string, who: Exporter): ExportJob {
    const job = this.#jobs.get(id);
    if (job !== undefined && isOf(job, who)) return job;
    throw new WanglouError('WL_NOT_FOUND', `There is no export ${id} of yours`, {
      remedy: 'Check the id: exports are only of whoever asked for them, with the scope that they had.',
    });
  }

  #waiting(): ExportJob[] {
    return [...this.#jobs.values()].filter(({ state }) => state === 'queued');
  }

  #bytesLeft(): number {
    const taken = [...this.#jobs.values()].filter(({ state }) => state === 'done');
    return Math.max(
      0,
      this.#parts.limits.quotaBytes - taken.reduce((sum, { result }) => sum + (result?.bytes ?? 0), 0),
    );
  }

  #next(): void {
    const [job] = this.#waiting();
    if (this.#stopped || this.#running !== undefined || job === undefined) return;
    const started: ExportJob = { ...job, state: 'running', attempts: job.attempts + 1, startedAt: this.#now() };
    this.#jobs.set(job.id, started);
    void this.#keep(started);
    const [path, manifestPath] = [this.#parts.files.pathOf(job), this.#parts.files.manifestPathOf(job)];
    const request = { job: started, path, manifestPath, name: fileName(job), maxBytes: this.#bytesLeft() };
    const process = this.#parts.start(request, (progress) => {
      if (this.#running?.id === job.id) this.#running.progress = progress;
    });
    this.#running = { id: job.id, process, progress: null };
    void process.ended.then((end) => this.#ended(job.id, end));
  }

  async #ended(id: string, end: ExportEnd): Promise<void> {
    const job = this.#jobs.get(id)!;
    if (!this.#stopped && !hasEnded(job)) await this.#settle(job, end);
    if (!this.#stopped && this.#jobs.get(id)?.state !== 'done') await this.#parts.files.removeFile(job);
    this.#running = undefined;
    this.#next();
  }

  /** What was made is there for its person once it is recorded. */
  async #settle(job: ExportJob, end: ExportEnd): Promise<void> {
    if ('failure' in end) {
      await this.#record(job, 'failed', `${end.failure.reason}: ${end.failure.message}`, 0).catch(() => undefined);
      return this.#fail(job.id, end.failure.reason, end.failure.message);
    }
    const { rows, bytes, sha256, rowsDigest, cut } = end.file;
    try {
      await this.#record(job, 'success', `sha256 ${sha256}`, rows);
      if (this.#jobs.get(job.id)?.state !== 'running') return; // it was cancelled meanwhile
      await this.#parts.files.place(job);
    } catch (error) {
      const reason = error instanceof WanglouError && error.code === 'WL_AUDIT_AWAY' ? 'audit-away' : 'fault';
      return this.#fail(job.id, reason, (error as Error).message);
    }
    const result = { name: fileName(job), rows, bytes, sha256, rowsDigest, cut };
    await this.#end(job.id, { state: 'done', result, expiresAt: this.#now() + this.#parts.limits.keepMs });
  }

  async #record(job: ExportJob, outcome: 'success' | 'failed', said: string, rows: number): Promise<void> {
    const { id, by, at, query, format, asked } = job;
    await this.#parts.record({
      ...{ at, account: by, roles: [], session: '', address: '', request: '', code: '', digest: '', count: 1 },
      ...{ action: 'export.made', object: `export ${id}: ${query.of} as ${format}, ${said}`, outcome, rows },
      ...{ reason: '', asked: JSON.stringify(asked).slice(0, 2_000) },
    });
  }

  #fail(id: string, reason: ExportFailure, message: string): Promise<void> {
    return this.#end(id, { state: 'failed', failure: { reason, message } });
  }

  async #end(id: string, how: Partial<ExportJob>): Promise<void> {
    const job = { ...this.#jobs.get(id)!, ...how, endedAt: this.#now() };
    this.#jobs.set(id, job);
    await this.#keep(job);
  }

  async #keep(job: ExportJob): Promise<void> {
    await this.#write(() => this.#parts.files.keep(job), job.id);
  }

  /** One after the other, so that what was written last is what stays. */
  #write(write: () => Promise<void>, id: string): Promise<void> {
    this.#written = this.#written
      .then(write)
      .catch((error: unknown) => this.#parts.onProblem(`export ${id} is not kept: ${String(error)}`));
    return this.#written;
  }

  #view(job: ExportJob): ExportView {
    const inside = ['query', 'scope', 'attempts'];
    const same = Object.fromEntries(Object.entries(job).filter(([name]) => !inside.includes(name)));
    const place = this.#waiting().findIndex(({ id }) => id === job.id) + 1;
    const progress = this.#running?.id === job.id && job.state === 'running' ? this.#running.progress : null;
    return {
      ...(same as unknown as Omit<ExportJob, 'query' | 'scope' | 'attempts'>),
      of: job.query.of,
      place,
      progress,
    };
  }
}

function isOf({ by, scope }: ExportJob, who: Exporter): boolean {
  return by === who.account && JSON.stringify(scope) === JSON.stringify(who.scope);
}

function fileName({ query, at, id, format }: ExportJob): string {
  const stamp = new Date(at).toISOString().slice(0, 16).replace(/[-:]/g, '');
  return `wanglou-${query.of}-${stamp}-${id.slice(0, 8)}.${format}`;
}

function noFile({ id, state }: ExportJob): WanglouError {
  return new WanglouError('WL_CONFLICT', `Export ${id} is ${state}: there is no file of it`, {
    details: { state },
    remedy: hasEndedWord(state),
  });
}

function hasEndedWord(state: ExportJob['state']): string {
  return state === 'queued' || state === 'running' ? 'Wait until it is done.' : 'Ask for the export again.';
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0);
}
