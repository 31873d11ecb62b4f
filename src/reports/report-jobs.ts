import { WanglouError, type ErrorCode } from '../errors.ts';
import { isPassing } from '../store/client.ts';

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

type Work = (step: (done: number, total: number) => void) => Promise<void>;

const MOST_QUEUED = 50;
const MOST_ENDED = 100;

/** Makes reports one after the other, so that they never ask the store for many things at once; what was asked for is in memory. */
export class ReportJobs {
  readonly #jobs = new Map<string, ReportJob>();
  readonly #onFault: (error: unknown) => void;
  #running: Promise<void> = Promise.resolve();
  #stopped = false;

  /** @param onFault told of errors that are not for people. */
  constructor(onFault: (error: unknown) => void) {
    this.#onFault = onFault;
  }

  /** Resolves when the one that is being made has noticed. */
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

  /** @throws WanglouError WL_CONFLICT when it is being made, WL_TOO_MANY when 50 wait. */
  add(job: Pick<ReportJob, 'id' | 'by' | 'at'>, work: Work): void {
    const known = this.#jobs.get(job.id);
    if (known !== undefined && isOpen(known))
      throw new WanglouError('WL_CONFLICT', `report ${job.id} is being made`, { remedy: 'Wait until it is there.' });
    if (this.list().filter(isOpen).length >= MOST_QUEUED)
      throw new WanglouError('WL_TOO_MANY', `${MOST_QUEUED} reports wait to be made`, {
        remedy: 'Wait until some are made.',
      });
    this.#forget();
    this.#jobs.set(job.id, { ...job, state: 'queued', done: 0, total: 0, failure: null });
    this.#running = this.#running.then(() => this.#run(job.id, work));
  }

  /** @throws WanglouError WL_CONFLICT when it is not being made. */
  cancel(id: string): ReportJob {
    const job = this.#jobs.get(id);
    if (job === undefined || !isOpen(job))
      throw new WanglouError('WL_CONFLICT', `report ${id} is not being made`, { remedy: 'Nothing is left to do.' });
    return this.#change(job, { state: 'cancelled' });
  }

  async #run(id: string, work: Work): Promise<void> {
    const job = this.#jobs.get(id)!;
    if (job.state === 'cancelled' || this.#stopped) return;
    this.#change(job, { state: 'making' });
    try {
      await work((done, total) => this.#step(id, done, total));
      this.#jobs.delete(id);
    } catch (error) {
      this.#failed(this.#jobs.get(id)!, error);
    }
  }

  #step(id: string, done: number, total: number): void {
    const job = this.#jobs.get(id)!;
    if (job.state === 'cancelled' || this.#stopped) throw new Cancelled();
    this.#change(job, { done, total });
  }

  #failed(job: ReportJob, error: unknown): void {
    if (error instanceof Cancelled) return;
    const told = forPeople(error);
    if (told.code === 'WL_INTERNAL') this.#onFault(error);
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
