import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { WanglouError } from '../errors.ts';
import type { Column } from '../store/result-stream.ts';
import type { QueryEnd, QueryProgress, QueryWork, RowTaker, RunningQuery } from '../store/running-queries.ts';
import { ResultFile } from './result-file.ts';

/** What ended without a result, and why. */
export interface RunFault {
  code: string;
  message: string;
  remedy: string;
}

export interface RunView {
  id: string;
  state: 'running' | 'done' | 'failed' | 'cancelled';
  /** As it was asked. */
  sql: string;
  startedAt: number;
  progress: QueryProgress;
  columns: readonly Column[];
  /** Rows of the result so far. */
  rows: number;
  /** The result has more rows than are kept. */
  truncated: boolean;
  fault: RunFault | null;
}

/** Who asks: within another scope the same person is another asker. */
export interface Asker {
  account: string;
  /** Of the scope; '' for none. */
  within: string;
}

interface Run {
  id: string;
  by: Asker;
  sql: string;
  startedAt: number;
  query: RunningQuery;
  /** What is known of the result by now. */
  known: { columns: readonly Column[] };
  file: ResultFile;
  end?: QueryEnd;
  fault?: WanglouError;
  askedAt: number;
  /** Resolves when the size of the result is in the audit trail. */
  recorded?: Promise<void> | undefined;
}

export interface SqlRunsParts {
  queries: { start(work: QueryWork, taker: RowTaker): RunningQuery };
  /** Where results lie; emptied at the start. */
  folder: string;
  /** Records that a run of somebody has so many rows. @throws WanglouError WL_AUDIT_AWAY */
  record: (account: string, run: string, rows: number) => Promise<void>;
  now?: () => number;
}

const MOST_OF_ONE = 3;
const MOST_IN_ALL = 8;
const MOST_KEPT_OF_ONE = 10;
const KEPT_MS = 20 * 60_000;
const LOOK_MS = 30_000;

/** The runs of people's queries: who started them alone sees them, their number is bounded, and results go when nobody asks any more. */
export class SqlRuns {
  readonly #parts: SqlRunsParts;
  readonly #now: () => number;
  readonly #runs = new Map<string, Run>();
  readonly #sweeping: NodeJS.Timeout;

  constructor(parts: SqlRunsParts) {
    this.#parts = parts;
    this.#now = parts.now ?? Date.now;
    rmSync(parts.folder, { recursive: true, force: true });
    this.#sweeping = setInterval(() => this.#sweep(), LOOK_MS);
    this.#sweeping.unref();
  }

  /** @throws WanglouError WL_TOO_MANY */
  start(work: QueryWork, sql: string, by: Asker): string {
    const running = [...this.#runs.values()].filter((run) => !hasEnded(run));
    const own = running.filter((run) => run.by.account === by.account).length;
    if (own >= MOST_OF_ONE || running.length >= MOST_IN_ALL)
      throw new WanglouError('WL_TOO_MANY', `${own} queries of yours run already, and ${running.length} in all`, {
        remedy: 'Wait for one of them, or cancel one.',
      });
    const id = randomUUID();
    const file = new ResultFile(this.#parts.folder, id);
    const known: Run['known'] = { columns: [] };
    const taker: RowTaker = {
      columns: (columns) => (known.columns = columns),
      row: (json) => file.add(json),
    };
    const now = this.#now();
    const query = this.#parts.queries.start(work, taker);
    const run: Run = { id, by, sql, startedAt: now, askedAt: now, file, known, query };
    this.#runs.set(id, run);
    query.ended.then(
      (end) => (run.end = end),
      (fault: unknown) => (run.fault = fault as WanglouError),
    );
    this.#sweep();
    return id;
  }

  /** @throws WanglouError WL_NOT_FOUND, also for a run of somebody else; WL_AUDIT_AWAY when its size can not be recorded */
  async of(id: string, by: Asker): Promise<RunView> {
    const run = this.#run(id, by);
    const progress = await run.query.progress();
    if (run.end !== undefined) await this.#record(run);
    return {
      ...{ id, state: stateOf(run), sql: run.sql, startedAt: run.startedAt, columns: run.known.columns },
      progress: run.end === undefined ? progress : { ...progress, elapsedMs: run.end.elapsedMs },
      rows: run.file.rows,
      truncated: run.end?.truncated ?? false,
      fault: run.fault === undefined ? null : faultOf(run.fault),
    };
  }

  /** A window of a result that is there. @throws WanglouError WL_NOT_FOUND, WL_CONFLICT while it runs, WL_AUDIT_AWAY; what ended it */
  async window(
    id: string,
    by: Asker,
    from: number,
    count: number,
  ): Promise<{ columns: readonly Column[]; rows: unknown[][] }> {
    const run = this.#run(id, by);
    if (run.fault !== undefined) throw run.fault;
    if (run.end === undefined)
      throw new WanglouError('WL_CONFLICT', `run ${id} has no result yet`, { remedy: 'Ask again when it is done.' });
    await this.#record(run);
    return {
      columns: run.known.columns,
      rows: run.file.window(from, count).map((json) => JSON.parse(json) as unknown[]),
    };
  }

  /** Ends it, or lets go of its result. @throws WanglouError WL_NOT_FOUND */
  async cancel(id: string, by: Asker): Promise<void> {
    const run = this.#run(id, by);
    await run.query.cancel();
    if (run.end !== undefined) this.#forget(run);
  }

  async stop(): Promise<void> {
    clearInterval(this.#sweeping);
    await Promise.all([...this.#runs.values()].map((run) => run.query.cancel()));
    for (const run of this.#runs.values()) this.#forget(run);
  }

  /** Nobody has a row before it is recorded how many there are. */
  async #record(run: Run): Promise<void> {
    run.recorded ??= this.#parts.record(run.by.account, run.id, run.file.rows);
    await run.recorded.catch((error: unknown) => {
      run.recorded = undefined;
      throw error;
    });
  }

  #run(id: string, by: Asker): Run {
    const run = this.#runs.get(id);
    if (run === undefined || run.by.account !== by.account || run.by.within !== by.within)
      throw new WanglouError('WL_NOT_FOUND', `There is no run ${id} of yours`, {
        remedy: 'Run the query again: results are kept for 20 minutes after somebody last asked.',
      });
    run.askedAt = this.#now();
    run.query.wanted();
    return run;
  }

  #sweep(): void {
    const ended = [...this.#runs.values()].filter(hasEnded);
    for (const [, own] of Map.groupBy(ended, ({ by }) => by.account))
      own
        .sort((a, b) => b.askedAt - a.askedAt)
        .forEach((run, place) => {
          if (place >= MOST_KEPT_OF_ONE || run.askedAt < this.#now() - KEPT_MS) this.#forget(run);
        });
  }

  #forget(run: Run): void {
    if (this.#runs.delete(run.id)) run.file.remove();
  }
}

function hasEnded(run: Run): boolean {
  return run.end !== undefined || run.fault !== undefined;
}

function stateOf({ end, fault }: Run): RunView['state'] {
  if (end !== undefined) return 'done';
  if (fault === undefined) return 'running';
  return fault.code === 'WL_QUERY_CANCELLED' ? 'cancelled' : 'failed';
}

function faultOf({ code, message, remedy, details }: WanglouError): RunFault {
  return { code, message, remedy, ...details };
}
