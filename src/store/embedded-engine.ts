import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { Readable as Stream } from 'node:stream';
import { drainPending, Session } from 'chdb';
import { WanglouError } from '../errors.ts';
import { Connection, ConnectionPool, type Outcome, type Work } from './engine.ts';
import { profileOf, writeEngineConfig } from './engine-config.ts';
import { literal } from './request-settings.ts';
import { Spool } from './spool.ts';
import type { InsertedRows } from './statement.ts';

export interface EngineOptions {
  dataDir: string;
  maxMemoryBytes?: number;
  maxExecutionMs?: number;
  maxResultBytes?: number;
  queryConnections?: number;
  maxWaiting?: number;
}

const INSERT_CONNECTIONS = 2;
/** People's own queries run here, so that whatever they ask the platform's own go on. */
const HUNTING_CONNECTIONS = 2;
const NOTHING: ReadonlyMap<string, string> = new Map();

/**
 * The embedded engine with its connections: queries, people's own queries, inserts and kills each have their own, because a connection runs one
 * statement at a time and a long query must not hold up ingest. (Its own parameter binding is not used: concurrent bound
 * queries disturb each other there. `SET param_x` on a connection of one's own does not.)
 */
export class Engine {
  readonly #options: EngineOptions;
  readonly #spool: Spool;
  #queries!: ConnectionPool;
  #hunting!: ConnectionPool;
  #inserts!: ConnectionPool;
  #control!: ConnectionPool;

  constructor(options: EngineOptions) {
    this.#options = options;
    this.#spool = new Spool(options.dataDir);
  }

  /** @throws WanglouError WL_STORE_AWAY when the directory can not be opened. */
  start(): void {
    const { dataDir, maxWaiting = 200, queryConnections = 4 } = this.#options;
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    const limits = {
      maxMemoryBytes: this.#options.maxMemoryBytes ?? 3_000_000_000,
      maxExecutionMs: this.#options.maxExecutionMs ?? 60_000,
      maxResultBytes: this.#options.maxResultBytes ?? 256 * 1024 * 1024,
    };
    const config = writeEngineConfig(join(dataDir, 'engine'), limits);
    const profile = profileOf(limits);
    const open = (count: number, waiting: number): ConnectionPool =>
      new ConnectionPool(
        Array.from({ length: count }, () => new Connection(openSession(join(dataDir, 'clickhouse'), config), profile)),
        waiting,
      );
    this.#control = open(1, 1_000);
    this.#spool.start();
    this.#inserts = open(INSERT_CONNECTIONS, maxWaiting);
    this.#queries = open(queryConnections, maxWaiting);
    this.#hunting = open(HUNTING_CONNECTIONS, maxWaiting);
  }

  async stop(): Promise<void> {
    await Promise.all([this.#queries.close(), this.#hunting.close(), this.#inserts.close()]);
    await this.#control.close();
    await drainPending();
    this.#spool.stop();
  }

  query(work: Work, signal: AbortSignal): Promise<Outcome> {
    return this.#poolFor(work).run(asIs(work), signal);
  }

  #poolFor({ sql, workload }: Work): ConnectionPool {
    if (sql.startsWith('KILL') || workload === 'control') return this.#control;
    return workload === 'hunting' ? this.#hunting : this.#queries;
  }

  insert(work: Work, signal: AbortSignal): Promise<Outcome> {
    return this.#inserts.run(work, signal);
  }

  /** Inserts rows that come after `head` in `body`, in the format that the statement named. */
  async insertRows(
    work: Work,
    rows: InsertedRows,
    data: { head: string; body: Readable | undefined; maxBytes: number },
    signal: AbortSignal,
  ): Promise<Outcome> {
    const path = await this.#spool.write(data.head, data.body ?? Stream.from([]), data.maxBytes);
    try {
      const from = `FROM INFILE ${literal(path)} COMPRESSION 'none'`;
      const sql = `${work.sql} ${from} ${rows.settings} FORMAT ${rows.format}`;
      return await this.#inserts.run({ ...work, sql, format: 'Null' }, signal);
    } finally {
      await this.#spool.remove(path);
    }
  }

  /** Ends a statement by the id that its client knows, whatever connection it runs on. */
  async kill(queryId: string): Promise<void> {
    const sql = `KILL QUERY WHERE Settings['log_comment'] = ${literal(queryId)} ASYNC`;
    const work = { sql, format: 'Null', database: 'default', settings: NOTHING, parameters: NOTHING, queryId: 'kill' };
    await this.#control.run(work, new AbortController().signal).catch(() => undefined);
  }
}

/** KILL QUERY names queries as clients know them; the engine knows that id as their log_comment. */
function asIs(work: Work): Work {
  if (!/^KILL\s/i.test(work.sql)) return work;
  return { ...work, sql: work.sql.replace(/\bquery_id\b/g, "Settings['log_comment']") };
}

function openSession(path: string, config: string): Session {
  try {
    return new Session(path, { connectionArgs: [`--config-file=${config}`] });
  } catch (error) {
    throw new WanglouError('WL_STORE_AWAY', `the store can not open its directory ${path}`, {
      remedy: 'Stop the other program that has it open, or check that this user may write there.',
      cause: error,
    });
  }
}
