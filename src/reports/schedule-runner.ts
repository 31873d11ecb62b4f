import { WanglouError } from '../errors.ts';
import type { Registry } from '../registry/registry.ts';
import type { Scope } from '../scope/scope.ts';
import type { KnownSchedule, ReportBook } from './report-book.ts';
import type { ReportDesk } from './report-desk.ts';
import type { ReportMaker } from './report-maker.ts';
import { duesOf, reportOf, wishOf, type Due } from './schedule.ts';

export interface ScheduleRunnerParts {
  book: ReportBook;
  desk: Pick<ReportDesk, 'make'>;
  registry: { current(): Registry };
  makerOf: (scope: Scope | null) => ReportMaker;
  /** Why the account may not prepare reports within that scope any more; '' when it may. */
  objectionTo: (account: string, scope: Scope | null) => string;
  /** Records that a report is made; what can not be recorded is not made. */
  audit: (account: string, report: string, schedule: string) => Promise<void>;
  onProblem: (problem: string) => void;
  /** Tells programs apart. */
  instance: string;
  now?: () => number;
  pause?: (ms: number) => Promise<void>;
}

const TICK_MS = 15_000;
/** Whoever makes a report says so this often; one that was silent for the second is taken over from. */
const RENEW_MS = 10_000;
const STALE_MS = 60_000;
/** Two that begin at once both see by then whose claim stands. */
const SETTLE_MS = 1_500;
/** Errors that trying again does not help. */
const FOR_GOOD: ReadonlySet<string> = new Set([
  'WL_NOT_FOUND',
  'WL_FORBIDDEN',
  'WL_QUERY_INVALID',
  'WL_BODY_TOO_LARGE',
]);

/**
 * Makes the reports that are due, each once, whichever `serve` program comes first. The report of a period has one id and one
 * first version: what a second program makes of it counts for nothing; claims only spare it the work. What was due while no
 * program ran is made when one runs again.
 */
export class ScheduleRunner {
  readonly #parts: ScheduleRunnerParts;
  readonly #now: () => number;
  readonly #pause: (ms: number) => Promise<void>;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(parts: ScheduleRunnerParts) {
    this.#parts = parts;
    this.#now = parts.now ?? Date.now;
    this.#pause = parts.pause ?? ((ms) => new Promise((resolve) => setTimeout(resolve, ms)));
  }

  start(): void {
    this.#timer = setTimeout(() => {
      this.#running = this.run().catch((error: unknown) => this.#parts.onProblem(String(error)));
      void this.#running.then(() => this.#stopped || this.start());
    }, TICK_MS);
    this.#timer.unref();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  /** Makes everything that is due now and that nobody else is making. */
  async run(): Promise<void> {
    await this.#parts.book.look();
    for (const schedule of this.#parts.book.schedules)
      for (const due of this.dues(schedule)) if (!this.#stopped) await this.#make(schedule, due);
  }

  /** What is due by now and is not made. */
  dues(schedule: KnownSchedule): Due[] {
    const { book, registry } = this.#parts;
    const until = Math.min(this.#now(), schedule.ended?.at ?? Infinity);
    const isWorkday = (at: number): boolean => registry.current().dayType(at, '') === 'workday';
    return duesOf(schedule, schedule.at, until, isWorkday).filter(({ period }) => {
      const report = reportOf(schedule.id, period);
      return !book.reports.has(report) && book.missed(report) === undefined;
    });
  }

  async #make(schedule: KnownSchedule, due: Due): Promise<void> {
    const { desk, makerOf, objectionTo, audit, onProblem } = this.#parts;
    const id = reportOf(schedule.id, due.period);
    if (!(await this.#claimed(id))) return;
    const renewal = setInterval(() => void this.#claim(id).catch(() => undefined), RENEW_MS);
    try {
      const objection = objectionTo(schedule.by, schedule.scope);
      if (objection !== '') throw new WanglouError('WL_FORBIDDEN', objection);
      await audit(schedule.by, id, schedule.id);
      const maker = makerOf(schedule.scope);
      const made = { id, version: 1, wish: wishOf(schedule, due), maker, by: schedule.by, schedule: schedule.id };
      await desk.make(made, () => this.#checkGoingOn());
      onProblem('');
    } catch (error) {
      await this.#failed(schedule, due, error);
    } finally {
      clearInterval(renewal);
    }
  }

  #checkGoingOn(): void {
    if (this.#stopped) throw new Error('serve stops; the report is made when it runs again');
  }

  /** Whether this program is the one that makes it. */
  async #claimed(report: string): Promise<boolean> {
    const { book, instance } = this.#parts;
    const known = book.claim(report);
    if (known !== undefined && known.instance !== instance && this.#now() - known.at < STALE_MS) return false;
    await this.#claim(report);
    await this.#pause(SETTLE_MS);
    await book.look();
    return book.claim(report)?.instance === instance && !book.reports.has(report);
  }

  #claim(report: string): Promise<void> {
    const { book, instance } = this.#parts;
    return book.putClaim({ report, instance, at: this.#now() });
  }

  async #failed(schedule: KnownSchedule, due: Due, error: unknown): Promise<void> {
    const { book, onProblem } = this.#parts;
    const report = reportOf(schedule.id, due.period);
    if (book.reports.has(report)) return;
    const message = error instanceof Error ? error.message : String(error);
    onProblem(`the report of ${due.period} of schedule ${schedule.id} is not made: ${message}`);
    if (!(error instanceof WanglouError) || !FOR_GOOD.has(error.code)) return;
    const { code } = error;
    await book.addMissed({ schedule: schedule.id, period: due.period, report, at: this.#now(), code, message });
  }
}
