import { randomUUID } from 'node:crypto';
import { WanglouError } from '../errors.ts';
import type { Registry } from '../registry/registry.ts';
import type { KnownSchedule, Missed, ReportBook } from './report-book.ts';
import type { Viewer } from './report-desk.ts';
import { checkWish } from './report-maker.ts';
import { checkSchedule, duesOf, nextDue, reportOf, type Schedule } from './schedule.ts';

export type ScheduleWish = Omit<Schedule, 'id' | 'by' | 'scope' | 'at'>;

export interface ListedSchedule extends KnownSchedule {
  /** When the next report is due; null when it has ended. */
  nextAt: number | null;
  /** Reports that were made, and periods that were missed for good, the latest first. */
  reports: readonly string[];
  missed: readonly Missed[];
}

const MOST_LISTED = 24;
const MOST_SCHEDULES = 200;

/** Where schedules are made, listed and ended. */
export class ScheduleDesk {
  readonly #book: ReportBook;
  readonly #registry: { current(): Registry };
  readonly #now: () => number;

  constructor(book: ReportBook, registry: { current(): Registry }, now: () => number = Date.now) {
    this.#book = book;
    this.#registry = registry;
    this.#now = now;
  }

  /** The viewer's own; all of them for somebody without a scope. */
  list({ account, scope }: Viewer): ListedSchedule[] {
    return this.#book.schedules
      .filter(({ by }) => scope === null || by === account)
      .sort((a, b) => b.at - a.at || (a.id < b.id ? -1 : 1))
      .map((schedule) => this.#listed(schedule));
  }

  /** @throws WanglouError WL_QUERY_INVALID, WL_TOO_MANY */
  async create(wish: ScheduleWish, { account, scope }: Viewer): Promise<ListedSchedule> {
    checkSchedule(wish);
    checkWish({ ...wish, from: 0, to: 1 }, 1);
    if (this.#book.schedules.filter(({ ended }) => ended === null).length >= MOST_SCHEDULES)
      throw new WanglouError('WL_TOO_MANY', `there are ${MOST_SCHEDULES} schedules`, {
        remedy: 'End one of them first.',
      });
    const schedule: Schedule = { ...wish, id: randomUUID(), by: account, scope, at: this.#now() };
    await this.#book.addSchedule(schedule);
    return this.#listed({ ...schedule, ended: null });
  }

  /** @throws WanglouError WL_NOT_FOUND, WL_CONFLICT */
  async end(id: string, viewer: Viewer): Promise<ListedSchedule> {
    await this.#book.look();
    const known = this.list(viewer).find((one) => one.id === id);
    if (known === undefined)
      throw new WanglouError('WL_NOT_FOUND', `There is no schedule ${id}`, { remedy: 'Check the id.' });
    if (known.ended !== null)
      throw new WanglouError('WL_CONFLICT', `schedule ${id} has ended`, { remedy: 'Nothing is left to do.' });
    await this.#book.endSchedule(id, this.#now(), viewer.account);
    return this.list(viewer).find((one) => one.id === id)!;
  }

  #listed(schedule: KnownSchedule): ListedSchedule {
    const isWorkday = (at: number): boolean => this.#registry.current().dayType(at, '') === 'workday';
    const now = this.#now();
    const ids = duesOf(schedule, schedule.at, Math.min(now, schedule.ended?.at ?? now), isWorkday)
      .reverse()
      .slice(0, MOST_LISTED)
      .map(({ period }) => reportOf(schedule.id, period));
    return {
      ...schedule,
      nextAt: schedule.ended === null ? (nextDue(schedule, now, isWorkday)?.at ?? null) : null,
      reports: ids.filter((report) => this.#book.reports.has(report)),
      missed: ids.flatMap((report) => this.#book.missed(report) ?? []),
    };
  }
}
