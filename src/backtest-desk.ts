import { randomUUID } from 'node:crypto';
import { rangeOf } from './backtest-command.ts';
import { hasEnded, type BacktestJob, type BacktestView } from './backtest-job.ts';
import type { BacktestEnd, RunningBacktest, StartBacktest } from './backtest-process.ts';
import type { BacktestProgress } from './backtest.ts';
import type { Detector } from './detection/detector.ts';
import { detectorNamed, settingsWith, type SettingsScope } from './detection/settings-versions.ts';
import { WanglouError } from './errors.ts';

/** What a person asks for. */
export interface BacktestWish {
  detector: string;
  scope: SettingsScope;
  /** The settings in force when absent. */
  settings?: Record<string, unknown> | undefined;
  /** Ingest times, ms; the last week when absent. */
  from?: number | undefined;
  to?: number | undefined;
  warmUpDays: number;
  analysts: number;
}

export interface BacktestDeskParts {
  files: {
    all(): Promise<BacktestJob[]>;
    keep(job: BacktestJob): Promise<void>;
    forget(id: string): Promise<void>;
  };
  start: StartBacktest;
  detectors: readonly Detector[];
  /** Settings by detector name of the configuration. */
  configured: Readonly<Record<string, unknown>>;
  /** What can not be written to disk is still in memory. */
  onProblem: (problem: string) => void;
  now?: () => number;
}

const MOST_WAITING = 20;
const MOST_KEPT = 50;
const KEPT_MS = 30 * 86_400_000;

/** Backtests that people ask for at the page: one runs at a time, the others wait in the order in which they came. */
export class BacktestDesk {
  readonly #parts: BacktestDeskParts;
  readonly #now: () => number;
  /** In the order in which they came. */
  readonly #jobs = new Map<string, BacktestJob>();
  #running: { id: string; process: RunningBacktest; progress?: BacktestProgress } | undefined;
  #written: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(parts: BacktestDeskParts) {
    this.#parts = parts;
    this.#now = parts.now ?? Date.now;
  }

  /** Reads what earlier runs of the program left; what it was cut off at has no result. */
  async start(): Promise<void> {
    const kept = (await this.#parts.files.all()).sort((a, b) => a.at - b.at);
    for (const job of kept) this.#jobs.set(job.id, job);
    for (const job of kept)
      if (!hasEnded(job)) {
        const message = 'the program was started again meanwhile';
        await this.#end(job.id, { state: 'failed', failure: { reason: 'restarted', message } });
      }
  }

  /** Newest first, without results. */
  list(): BacktestView[] {
    return [...this.#jobs.values()].reverse().map((job) => {
      const view = this.#view(job);
      delete view.result;
      return view;
    });
  }

  /** @throws WanglouError WL_NOT_FOUND */
  of(id: string): BacktestView {
    return this.#view(this.#job(id));
  }

  /** @throws WanglouError WL_SETTINGS_INVALID, WL_QUERY_INVALID, WL_TOO_MANY */
  async create(wish: BacktestWish, by: string): Promise<BacktestView> {
    const { detector, scope, settings, warmUpDays, analysts } = wish;
    const known = detectorNamed(this.#parts.detectors, detector);
    if (settings !== undefined) settingsWith(known, this.#parts.configured[detector], settings);
    const times = { from: wish.from?.toString(), to: wish.to?.toString() };
    const { from, to } = rangeOf({ ...times, warmUpDays }, this.#now());
    if (this.#waiting().length >= MOST_WAITING)
      throw new WanglouError('WL_TOO_MANY', `${MOST_WAITING} backtests wait already`, {
        remedy: 'Ask again when one of them has ended, or cancel one.',
      });
    const job: BacktestJob = {
      ...{ id: randomUUID(), by, at: this.#now(), detector, scope, from, to, warmUpDays, analysts, state: 'queued' },
      ...(settings !== undefined && { settings }),
    };
    this.#jobs.set(job.id, job);
    await this.#keep(job);
    this.#next();
    return this.of(job.id);
  }

  /** @throws WanglouError WL_NOT_FOUND, WL_CONFLICT when it has ended */
  async cancel(id: string, by: string): Promise<BacktestView> {
    const job = this.#job(id);
    if (hasEnded(job))
      throw new WanglouError('WL_CONFLICT', `backtest ${id} is ${job.state}`, { remedy: 'Nothing is left to cancel.' });
    await this.#end(id, { state: 'cancelled', cancelledBy: by });
    if (this.#running?.id === id) this.#running.process.kill();
    return this.of(id);
  }

  /** The one that runs is ended; the next start says so. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#running?.process.kill();
    await this.#running?.process.ended;
    await this.#written;
  }

  #job(id: string): BacktestJob {
    const job = this.#jobs.get(id);
    if (job !== undefined) return job;
    throw new WanglouError('WL_NOT_FOUND', `There is no backtest ${id}`, {
      remedy: `Check the id: results are kept for 30 days, and the last ${MOST_KEPT} of them.`,
    });
  }

  #waiting(): BacktestJob[] {
    return [...this.#jobs.values()].filter(({ state }) => state === 'queued');
  }

  #next(): void {
    const [job] = this.#waiting();
    if (this.#stopped || this.#running !== undefined || job === undefined) return;
    const started: BacktestJob = { ...job, state: 'running', startedAt: this.#now() };
    this.#jobs.set(job.id, started);
    void this.#keep(started);
    const { detector, settings, scope, from, to, warmUpDays, analysts } = job;
    const request = { detector, settings, scope, from: String(from), to: String(to), warmUpDays, analysts };
    const process = this.#parts.start(request, (progress) => {
      if (this.#running?.id === job.id) this.#running.progress = progress;
    });
    this.#running = { id: job.id, process };
    void process.ended.then((end) => this.#ended(job.id, end));
  }

  async #ended(id: string, end: BacktestEnd): Promise<void> {
    this.#running = undefined;
    if (this.#stopped) return;
    // One that was cancelled has its state already.
    if (!hasEnded(this.#job(id)))
      await this.#end(id, 'result' in end ? { state: 'done', ...end } : { state: 'failed', ...end });
    this.#next();
  }

  async #end(id: string, how: Partial<BacktestJob>): Promise<void> {
    const job = { ...this.#job(id), ...how, endedAt: this.#now() };
    this.#jobs.set(id, job);
    await this.#keep(job);
    const ended = [...this.#jobs.values()].filter(hasEnded);
    const old = ended.filter((one, n) => n < ended.length - MOST_KEPT || (one.endedAt ?? 0) < this.#now() - KEPT_MS);
    for (const one of old) {
      this.#jobs.delete(one.id);
      await this.#write(() => this.#parts.files.forget(one.id), one.id);
    }
  }

  async #keep(job: BacktestJob): Promise<void> {
    await this.#write(() => this.#parts.files.keep(job), job.id);
  }

  /** One after the other, so that what was written last is what stays. */
  #write(write: () => Promise<void>, id: string): Promise<void> {
    this.#written = this.#written
      .then(write)
      .catch((error: unknown) => this.#parts.onProblem(`backtest ${id} is not kept: ${String(error)}`));
    return this.#written;
  }

  #view(job: BacktestJob): BacktestView {
    const place = this.#waiting().findIndex(({ id }) => id === job.id) + 1;
    const known = this.#running?.id === job.id && job.state === 'running' ? this.#running.progress : undefined;
    if (known === undefined) return { ...job, place, progress: null };
    const { events, total, elapsedMs } = known;
    const rate = events / Math.max(elapsedMs / 1_000, 0.001);
    const leftMs = Math.ceil(((total - events) / Math.max(rate, 1)) * 1_000);
    return { ...job, place, progress: { events, total, eventsPerSecond: Math.round(rate), leftMs } };
  }
}
