import type { Session } from 'chdb';
import { identifier, literal } from './request-settings.ts';
import { StoreError } from './store-error.ts';

/** One statement for the engine, its end (FORMAT, data) taken off where the engine gets it separately. */
export interface Work {
  sql: string;
  format: string;
  database: string;
  settings: ReadonlyMap<string, string>;
  parameters: ReadonlyMap<string, string>;
  /** By which a running statement can be killed; travels as `log_comment`. */
  queryId: string;
  /** Whose connections it runs on: those of `hunting`, of `control`, or those of all other statements. */
  workload?: string;
}

export interface Outcome {
  bytes: Uint8Array;
  rowsRead: number;
  bytesRead: number;
  elapsedSeconds: number;
}

const DATABASE = /^[^\0]{1,200}$/;

/**
 * One connection to the embedded engine; it runs one statement at a time. What a statement sets is taken back before the
 * next: settings by the profile's value, and output that a failed statement left behind by an empty one.
 */
export class Connection {
  readonly #session: Session;
  readonly #profile: ReadonlyMap<string, string>;
  #set: readonly string[] = [];
  #dirty = false;

  constructor(session: Session, profile: ReadonlyMap<string, string>) {
    this.#session = session;
    this.#profile = profile;
  }

  async run(work: Work): Promise<Outcome> {
    if (this.#dirty) await this.#flush();
    if (!DATABASE.test(work.database)) throw new StoreError('BAD_ARGUMENTS', 'Not a database name');
    this.#dirty = true;
    try {
      const outcome = await this.#execute(work);
      this.#dirty = false;
      return outcome;
    } catch (error) {
      // What failed stays in the engine, and in its list of running queries, until the connection's next statement.
      await this.#flush().catch(() => undefined);
      throw error;
    }
  }

  async #execute(work: Work): Promise<Outcome> {
    await this.#session.queryAsync(this.#preparation(work), { format: 'Null' });
    const result = await this.#session.queryAsync(work.sql, { format: work.format });
    return {
      bytes: result.bytes(),
      rowsRead: result.rowsRead,
      bytesRead: result.bytesRead,
      elapsedSeconds: result.elapsed,
    };
  }

  close(): void {
    this.#session.close();
  }

  #preparation(work: Work): string {
    const set = [`log_comment = ${literal(work.queryId)}`];
    for (const name of this.#set) if (!work.settings.has(name)) set.push(`${name} = ${this.#usual(name)}`);
    for (const [name, value] of work.settings) set.push(`${name} = ${literal(value)}`);
    for (const [name, value] of work.parameters) set.push(`param_${name} = ${literal(value)}`);
    this.#set = [...work.settings.keys()];
    return `USE ${identifier(work.database)}; SET ${set.join(', ')}`;
  }

  #usual(name: string): string {
    const value = this.#profile.get(name);
    return value === undefined ? 'DEFAULT' : literal(value);
  }

  /** The engine gives rows that a failed statement had produced to the next one: take them out. */
  async #flush(): Promise<void> {
    await this.#session.queryAsync("SELECT 'clean'", { format: 'TSV' });
    const again = await this.#session.queryAsync("SELECT 'clean'", { format: 'TSV' });
    if (again.text() !== 'clean\n') throw new StoreError('ABORTED', 'A connection to the engine is out of step');
    this.#dirty = false;
  }
}

interface Waiting {
  resolve(connection: Connection): void;
  reject(error: Error): void;
}

/** A fixed number of connections of one kind, with a bounded queue before them. */
export class ConnectionPool {
  readonly #idle: Connection[];
  readonly #all: readonly Connection[];
  readonly #waiting = new Set<Waiting>();
  readonly #maxWaiting: number;

  constructor(connections: readonly Connection[], maxWaiting: number) {
    this.#all = connections;
    this.#idle = [...connections];
    this.#maxWaiting = maxWaiting;
  }

  /**
   * Runs the work on the next free connection.
   * @throws StoreError TOO_MANY_SIMULTANEOUS_QUERIES when the queue is full; QUERY_WAS_CANCELLED when aborted in it.
   */
  async run(work: Work, signal: AbortSignal): Promise<Outcome> {
    const connection = this.#idle.pop() ?? (await this.#wait(signal));
    try {
      if (signal.aborted) throw new StoreError('QUERY_WAS_CANCELLED', 'Query was cancelled');
      return await connection.run(work);
    } finally {
      this.#release(connection);
    }
  }

  /** Waits until nothing runs, then closes. */
  async close(): Promise<void> {
    while (this.#idle.length < this.#all.length) await new Promise((resolve) => setTimeout(resolve, 10));
    for (const connection of this.#all) connection.close();
  }

  #wait(signal: AbortSignal): Promise<Connection> {
    if (this.#waiting.size >= this.#maxWaiting)
      throw new StoreError(
        'TOO_MANY_SIMULTANEOUS_QUERIES',
        `Too many simultaneous queries: ${this.#maxWaiting} are waiting`,
      );
    return new Promise((resolve, reject) => {
      const waiting: Waiting = { resolve, reject };
      this.#waiting.add(waiting);
      const cancel = (): void => {
        if (this.#waiting.delete(waiting)) reject(new StoreError('QUERY_WAS_CANCELLED', 'Query was cancelled'));
      };
      signal.addEventListener('abort', cancel, { once: true });
    });
  }

  #release(connection: Connection): void {
    const [next] = this.#waiting;
    if (!next) {
      this.#idle.push(connection);
      return;
    }
    this.#waiting.delete(next);
    next.resolve(connection);
  }
}
