import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { WanglouError } from '../errors.ts';
import { Engine } from './embedded-engine.ts';
import type { Outcome, Work } from './engine.ts';
import { parametersOf, settingsOf } from './request-settings.ts';
import { checkValues, readStatement, reads, type InsertedRows, type Statement } from './statement.ts';
import { answer, answerError, answerHeaders } from './store-answer.ts';
import { StoreError } from './store-error.ts';
import { authenticate, readAll, readRequest, type StoreRequest } from './store-request.ts';

export interface EmbeddedStoreOptions {
  /** Folder of the database; one process at a time may have it. */
  dataDir: string;
  /** 0 for any free port. */
  port: number;
  /** Always a loopback address unless a test of the network says otherwise; default 127.0.0.1. */
  host?: string;
  user?: string;
  /** '' for none. */
  password: string;
  /** Memory that the engine may use, bytes; default 3 GB. */
  maxMemoryBytes?: number;
  /** Longest run of a query, ms; default 60,000. */
  maxExecutionMs?: number;
  /** Largest result, bytes before formatting; default 256 MiB. */
  maxResultBytes?: number;
  /** Largest insert, bytes after decompression; default 1 GiB. */
  maxInsertBytes?: number;
  /** Queries that run at once; default 4. */
  queryConnections?: number;
  /** Statements that wait when all connections are busy; default 200. */
  maxWaiting?: number;
  /** The engine is broken for good: the process must end and be started again. */
  onFault?: (error: Error) => void;
}

export interface EmbeddedStore {
  url: string;
  /** Lets running statements finish, then closes the database. */
  stop(): Promise<void>;
}

/**
 * Starts the embedded store: chDB on a data directory, behind ClickHouse's HTTP interface, so that every ClickHouse client
 * works with it unchanged. The process must have UV_THREADPOOL_SIZE ≥ 16: a running statement occupies a thread.
 * @throws WanglouError WL_PORT_IN_USE, WL_STORE_AWAY when another process has the directory or it can not be opened.
 */
export async function startEmbeddedStore(options: EmbeddedStoreOptions): Promise<EmbeddedStore> {
  const engine = new Engine(options);
  engine.start();
  const server = new StoreServer(engine, options);
  try {
    await server.start();
  } catch (error) {
    await engine.stop();
    throw error;
  }
  return { url: server.url, stop: () => server.stop() };
}

const KILL_AGAIN_MS = 50;

class StoreServer {
  readonly #engine: Engine;
  readonly #options: EmbeddedStoreOptions;
  readonly #http: Server;
  readonly #running = new Set<string>();

  constructor(engine: Engine, options: EmbeddedStoreOptions) {
    this.#engine = engine;
    this.#options = options;
    this.#http = createServer({ keepAliveTimeout: 30_000, maxHeaderSize: 1024 * 1024 }, (request, response) => {
      void this.#serve(request, response);
    });
    this.#http.on('clientError', (_error, socket) => {
      if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
    });
  }

  get url(): string {
    const { port } = this.#http.address() as AddressInfo;
    return `http://${this.#options.host ?? '127.0.0.1'}:${port}`;
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#http.once('error', (error: NodeJS.ErrnoException) =>
        reject(
          error.code === 'EADDRINUSE'
            ? new WanglouError('WL_PORT_IN_USE', `port ${this.#options.port} of the store is in use`, { cause: error })
            : error,
        ),
      );
      this.#http.listen(this.#options.port, this.#options.host ?? '127.0.0.1', () => resolve());
    });
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.#http.close(resolve));
    this.#http.closeIdleConnections();
    await closed;
    await this.#engine.stop();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    request.on('error', () => undefined);
    response.on('error', () => undefined);
    try {
      const url = new URL(request.url ?? '/', 'http://store');
      if (url.pathname === '/ping' || url.pathname === '/replicas_status') return void response.end('Ok.\n');
      if (url.pathname !== '/') return void response.writeHead(404).end('There is no such path\n');
      await this.#answerQuery(request, response, url);
    } catch (error) {
      request.resume();
      answerError(response, error);
      if (String(error).includes('Code: 236.')) this.#options.onFault?.(error as Error);
    }
  }

  async #answerQuery(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    authenticate(request, url.searchParams, this.#options.user ?? 'default', this.#options.password);
    const asked = await readRequest(request, url);
    if (asked.query === undefined && asked.bodiless) return void response.end('Ok.\n');
    const queryId = asked.parameters.get('query_id') ?? randomUUID();
    const wished = request.headers['x-clickhouse-format'] ?? asked.parameters.get('default_format') ?? 'TabSeparated';
    const statement = await this.#statementOf(asked);
    const format = formatName(statement.format || String(wished));
    answerHeaders(response, queryId, format);
    const outcome = await this.#untilGone(response, queryId, (signal) =>
      this.#run(asked, statement, { queryId, format, signal }, request),
    );
    const compress = asked.parameters.get('enable_http_compression') === '1';
    await answer(request, response, outcome, { format, compress });
  }

  /** The statement from the URL, the body, or both: the body goes on where the URL ended, as in ClickHouse. */
  async #statementOf(asked: StoreRequest): Promise<Statement> {
    let text = asked.query;
    const first = text === undefined ? undefined : readStatementOr(text);
    if (first?.insert) return first;
    const rest = asked.body.readableEnded ? '' : (await readAll(asked.body)).toString();
    if (text === undefined) text = rest;
    else if (rest.trim() !== '') text += `\n${rest}`;
    const statement = readStatement(text);
    if (asked.readonly && !reads(statement))
      throw new StoreError(
        'READONLY',
        'Cannot execute query in readonly mode. For queries over HTTP, method GET implies readonly. You should use method POST for modifying queries',
      );
    return statement;
  }

  /** Runs with a signal that aborts, and kills the statement, when the client goes away. */
  async #untilGone(
    response: ServerResponse,
    queryId: string,
    run: (signal: AbortSignal) => Promise<Outcome>,
  ): Promise<Outcome> {
    if (this.#running.has(queryId))
      throw new StoreError('QUERY_WITH_SAME_ID_IS_ALREADY_RUNNING', `Query with id = ${queryId} is already running`);
    const gone = new AbortController();
    const leave = (): void => {
      gone.abort();
      void this.#killUntilGone(queryId);
    };
    this.#running.add(queryId);
    response.once('close', leave);
    if (response.closed || response.destroyed) leave();
    try {
      return await run(gone.signal);
    } finally {
      response.off('close', leave);
      this.#running.delete(queryId);
    }
  }

  /** A statement that was about to start when its client left can not be seen by the first KILL. */
  async #killUntilGone(queryId: string): Promise<void> {
    while (this.#running.has(queryId)) {
      await this.#engine.kill(queryId);
      await pause(KILL_AGAIN_MS);
    }
  }

  async #run(
    asked: StoreRequest,
    statement: Statement,
    { queryId, format, signal }: { queryId: string; format: string; signal: AbortSignal },
    request: IncomingMessage,
  ): Promise<Outcome> {
    const work: Work = {
      sql: statement.tail === '' ? statement.sql : `${statement.sql} FORMAT ${format} ${statement.tail}`,
      format,
      database: asked.parameters.get('database') ?? String(request.headers['x-clickhouse-database'] ?? 'default'),
      settings: settingsOf(asked.parameters),
      parameters: parametersOf(statement.sql, asked.parameters),
      queryId,
      workload: asked.parameters.get('workload') ?? '',
    };
    if (statement.insert) return this.#insert(asked, work, statement.insert, signal);
    return statement.verb === 'INSERT' ? this.#engine.insert(work, signal) : this.#engine.query(work, signal);
  }

  async #insert(asked: StoreRequest, work: Work, rows: InsertedRows, signal: AbortSignal): Promise<Outcome> {
    if (asked.readonly) throw new StoreError('READONLY', 'Cannot execute query in readonly mode');
    const maxBytes = this.#options.maxInsertBytes ?? 1024 ** 3;
    if (rows.format.toLowerCase() !== 'values')
      return this.#engine.insertRows(work, rows, { head: rows.data, body: asked.body, maxBytes }, signal);
    const text = rows.data + (asked.body.readableEnded ? '' : (await readAll(asked.body)).toString());
    checkValues(text);
    return this.#engine.insertRows(work, rows, { head: text, body: undefined, maxBytes }, signal);
  }
}

/** A statement in the URL may be only a beginning, whose rest is in the body: then it can not be read yet. */
function readStatementOr(text: string): Statement | undefined {
  try {
    return readStatement(text);
  } catch (error) {
    if (error instanceof StoreError && error.message.includes('SYNTAX_ERROR')) return undefined;
    throw error;
  }
}

function formatName(name: string): string {
  if (!/^\w{1,64}$/.test(name)) throw new StoreError('BAD_ARGUMENTS', 'Not the name of a format');
  return name;
}
