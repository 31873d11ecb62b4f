import { randomUUID } from 'node:crypto';
import { WanglouError } from '../errors.ts';
import type { KeyedTable } from '../event-log/event-log.ts';
import { TableFollower } from '../event-log/table-follower.ts';
import { objectionTo, OBJECTIONS, reportsOf, type KeptReport, type ReportStep } from './report-steps.ts';
import type { Schedule } from './schedule.ts';

const LOOK_EVERY_MS = 500;

/** A period of a schedule that was not reported, for good, and why. */
export interface Missed {
  schedule: string;
  period: string;
  report: string;
  at: number;
  code: string;
  message: string;
}

/** Who makes a report that is due: the last one who said so, as long as they go on saying it. */
export interface Claim {
  report: string;
  instance: string;
  at: number;
}

/** A row of the table. Steps, schedules, endings and misses are added and never changed; a claim is renewed. */
type Row =
  | { step: ReportStep }
  | { schedule: Schedule }
  | { ended: { schedule: string; at: number; by: string } }
  | { missed: Missed }
  | { claim: Claim };

export interface KnownSchedule extends Schedule {
  ended: { at: number; by: string } | null;
}

export interface ReportBookOptions {
  table: KeyedTable;
  /** '' when all is well. */
  onProblem: (problem: string) => void;
}

/** Reports, their steps and schedules, in a keyed table of the event log that all `serve` programs follow. */
export class ReportBook {
  readonly #table: KeyedTable;
  readonly #follower: TableFollower<Row>;
  readonly #steps = new Map<string, ReportStep>();
  readonly #claims = new Map<string, Claim>();
  readonly #schedules = new Map<string, Schedule>();
  readonly #endings = new Map<string, { at: number; by: string }>();
  readonly #missed = new Map<string, Missed>();
  #reports: ReadonlyMap<string, KeptReport> = new Map();

  constructor({ table, onProblem }: ReportBookOptions) {
    this.#table = table;
    const onEntries = (rows: readonly Row[]): void => this.#learn(rows);
    this.#follower = new TableFollower(table, { onEntries, onProblem, everyMs: LOOK_EVERY_MS });
  }

  /** Resolves when all reports are known. @throws when the event log can not be read. */
  start(): Promise<void> {
    return this.#follower.start();
  }

  stop(): Promise<void> {
    return this.#follower.stop();
  }

  look(): Promise<void> {
    return this.#follower.look();
  }

  get reports(): ReadonlyMap<string, KeptReport> {
    return this.#reports;
  }

  get schedules(): readonly KnownSchedule[] {
    return [...this.#schedules.values()].map((one) => ({ ...one, ended: this.#endings.get(one.id) ?? null }));
  }

  missed(report: string): Missed | undefined {
    return this.#missed.get(report);
  }

  claim(report: string): Claim | undefined {
    return this.#claims.get(report);
  }

  /**
   * Adds a step: durable when this resolves, and it counts from then on.
   * @throws WanglouError WL_CONFLICT that says which rule is against it.
   */
  async add(what: Omit<ReportStep, 'id' | 'n'>): Promise<KeptReport> {
    await this.look();
    const known = this.#reports.get(what.report);
    const step: ReportStep = { ...what, id: randomUUID(), n: (known?.steps.at(-1)?.n ?? 0) + 1 };
    const objection = objectionTo(known, step);
    if (objection !== undefined) throw refused(what.report, objection);
    await this.#put(`step/${step.report}/${String(step.n).padStart(6, '0')}/${step.id}`, { step });
    await this.look();
    const report = this.#reports.get(step.report);
    if (report?.steps.some(({ id }) => id === step.id)) return report;
    throw new WanglouError('WL_CONFLICT', `Somebody else has acted on report ${step.report} at this moment`);
  }

  async addSchedule(schedule: Schedule): Promise<void> {
    await this.#put(`schedule/${schedule.id}`, { schedule });
  }

  /** The first ending counts. */
  async endSchedule(schedule: string, at: number, by: string): Promise<void> {
    if (!this.#endings.has(schedule)) await this.#put(`ended/${schedule}`, { ended: { schedule, at, by } });
  }

  async addMissed(missed: Missed): Promise<void> {
    await this.#put(`missed/${missed.report}`, { missed });
  }

  async putClaim(claim: Claim): Promise<void> {
    await this.#put(`claim/${claim.report}`, { claim });
  }

  async #put(key: string, row: Row): Promise<void> {
    await this.#table.put([[key, Buffer.from(JSON.stringify(row))]]);
    this.#learn([row]);
  }

  #learn(rows: readonly Row[]): void {
    const known = this.#steps.size;
    for (const row of rows)
      if ('step' in row) this.#steps.set(row.step.id, row.step);
      else if ('schedule' in row) this.#schedules.set(row.schedule.id, row.schedule);
      else if ('ended' in row) this.#endings.set(row.ended.schedule, row.ended);
      else if ('missed' in row) this.#missed.set(row.missed.report, row.missed);
      else this.#claims.set(row.claim.report, row.claim);
    if (this.#steps.size > known) this.#reports = reportsOf(this.#steps.values());
  }
}

function refused(report: string, objection: keyof typeof OBJECTIONS): WanglouError {
  const { message, remedy } = OBJECTIONS[objection];
  return new WanglouError('WL_CONFLICT', `report ${report}: ${message}`, {
    remedy,
    details: { reason: `report-${objection}` },
  });
}
