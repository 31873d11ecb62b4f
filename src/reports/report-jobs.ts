import { WanglouError, type ErrorCode } from '../errors.ts';
import { isPassing } from '../store/client.ts';
import type { WantedReport } from './report-job-files.ts';

/** A report that is being made, for whoever asked for it. */
export interface ReportJob {
  id: string;
  by: string;
  at: number;
  state: 'queued' | 'making' | 'failed' | 'cancelled';
  /** Steps done, and in all; 0 of 0 before it begins. */
  done: number;
  total: number;
  /** With Chinese words where there are some. */
  failure: { code: ErrorCode; message: string; remedy: string; messageZh?: string; remedyZh?: string } | null;
}

export interface ReportJobsParts {
  /** Where they wait for a program that goes on with them (report-job-files.ts). */
  kept: {
    keep(wanted: WantedReport): Promise<void>;
    forget(id: string): Promise<void>;
  };
  /** Told of errors that are not for people. */
  onFault: (error: unknown) => void;
}

type Work = (step: (done: number, total: number) => void) => Promise<void>;

const MOST_QUEUED = 50;
const MOST_ENDED = 100;
const MOST_ATTEMPTS = 3;

/**
 * Makes reports one after the other, so that they never ask the store for many things at once. What was asked for is on disk until
 * it is made, fails or is cancelled: a program that was ended goes on with it when it starts again.
 */
export class ReportJobs {
  readonly #jobs = new Map<string, ReportJob>();
  readonly #parts: ReportJobsParts;
  #running: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(parts: ReportJobsParts) {
    this.#parts = parts;
  }

  /** Resolves when the one that is being made has noticed; the next start begins it again. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running;
  }

  /** Those that wait, are made, failed or were cancelled; one that is made is a report. */
  list(): ReportJob[] {
    return [...this.#jobs.values()];
  }

  of(id: string): ReportJob | undefined {
    return this.#jobs.get(id);
  }

  /**
   * Resolves when it is sure to be made, whatever becomes of the program.
   * @throws WanglouError WL_CONFLICT when it is being made, WL_TOO_MANY when 50 wait, WL_FILE_UNREADABLE
   */
  async add(wanted: WantedReport, work: Work): Promise<void> {
    const known = this.#jobs.get(wanted.id);
    if (known !== undefined && isOpen(known))
      throw new WanglouError('WL_CONFLICT', `report ${wanted.id} is being made`, { remedy: 'Wait until it is there.' });
    if (this.list().filter(isOpen).length >= MOST_QUEUED)
      throw new WanglouError('WL_TOO_MANY', `${MOST_QUEUED} reports wait to be made`, {
        remedy: 'Wait until some are made.',
      });
    this.#forget();
    this.#jobs.set(wanted.id, jobOf(wanted));
    try {
      await this.#parts.kept.keep(wanted);
    } catch (error) {
      this.#jobs.delete(wanted.id);
      throw error;
    }
    this.#queue(wanted, work);
  }

  /** Goes on with one that an earlier run of the program left. */
  async again(wanted: WantedReport, work: Work): Promise<void> {
    this.#jobs.set(wanted.id, jobOf(wanted));
    if (wanted.attempts < MOST_ATTEMPTS) return this.#queue(wanted, work);
    this.#failed(this.#jobs.get(wanted.id)!, tooOften(wanted));
    await this.#parts.kept.forget(wanted.id);
  }

  #queue(wanted: WantedReport, work: Work): void {
    this.#running = this.#running.then(() => this.#run(wanted, work)).catch(this.#parts.onFault);
  }

  /** @throws WanglouError WL_CONFLICT when it is not being made. */
  async cancel(id: string): Promise<ReportJob> {
    const job = this.#jobs.get(id);
    if (job === undefined || !isOpen(job))
      throw new WanglouError('WL_CONFLICT', `report ${id} is not being made`, { remedy: 'Nothing is left to do.' });
    const cancelled = this.#change(job, { state: 'cancelled' });
    await this.#parts.kept.forget(id);
    return cancelled;
  }

  async #run(wanted: WantedReport, work: Work): Promise<void> {
    const { id } = wanted;
    const job = this.#jobs.get(id);
    if (job === undefined || this.#stopped) return;
    if (job.state !== 'cancelled') {
      this.#change(job, { state: 'making' });
      try {
        await this.#parts.kept.keep({ ...wanted, attempts: wanted.attempts + 1 });
        await work((done, total) => this.#step(id, done, total));
        this.#jobs.delete(id);
      } catch (error) {
        // What ends with the program may not find what it needs any more: that says nothing of the report.
        if (this.#stopped) return;
        this.#failed(this.#jobs.get(id)!, error);
      }
    }
    await this.#parts.kept.forget(id);
  }

  #step(id: string, done: number, total: number): void {
    const job = this.#jobs.get(id)!;
    if (job.state === 'cancelled' || this.#stopped) throw new Cancelled();
    this.#change(job, { done, total });
  }

  #failed(job: ReportJob, error: unknown): void {
    if (error instanceof Cancelled) return;
    const told = forPeople(error);
    if (told.code === 'WL_INTERNAL') this.#parts.onFault(error);
    const { code, message, remedy, details } = told;
    this.#change(job, { state: 'failed', failure: { ...details, code, message, remedy } });
  }

  #change(job: ReportJob, changes: Partial<ReportJob>): ReportJob {
    const changed = { ...job, ...changes };
    this.#jobs.set(job.id, changed);
    return changed;
  }

  #forget(): void {
    const ended = this.list().filter((job) => !isOpen(job));
    for (const { id } of ended.slice(0, Math.max(0, ended.length - MOST_ENDED))) this.#jobs.delete(id);
  }
}

function jobOf({ id, by, at }: WantedReport): ReportJob {
  return { id, by, at, state: 'queued', done: 0, total: 0, failure: null };
}

function tooOften({ id, attempts }: WantedReport): WanglouError {
  return new WanglouError('WL_QUERY_STOPPED', `The program ended ${attempts} times while report ${id} was made`, {
    remedy: 'Ask for a shorter span, or for one department; the log of serve says why it ended.',
    details: {
      messageZh: `制作这份报告时程序 ${attempts} 次中断`,
      remedyZh: '请缩短时段或只做一个部门；程序为何中断见 serve 的日志。',
    },
  });
}

function forPeople(error: unknown): WanglouError {
  if (error instanceof WanglouError) return error;
  if (error instanceof Error && 'code' in error && isPassing(error))
    return new WanglouError('WL_STORE_AWAY', 'The store does not answer', { cause: error });
  return new WanglouError('WL_INTERNAL', 'The report can not be made', { cause: error });
}

class Cancelled extends Error {}

function isOpen({ state }: ReportJob): boolean {
  return state === 'queued' || state === 'making';
}
