import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { Session } from 'chdb';
import { SqlGate } from '../../src/sql/gate.ts';
import { TABLE_NAMES, TABLES } from '../../src/sql/tables.ts';
import { literal } from '../../src/store/request-settings.ts';
import { PARAMETERS } from '../sql/benign-queries.ts';

/**
 * The process of the target `sql-gate`: the engine is at home in the main thread of one. It takes statements, and says of each lot what
 * was wrong ('' for nothing) and how many were accepted.
 */
const CANARIES = ['canary-in-a-table-5d1f', 'canary-in-a-file-9b2c'] as const;
const LIMITS =
  'SETTINGS readonly = 1, max_execution_time = 1, max_memory_usage = 100000000, max_rows_to_read = 100000, max_threads = 1, max_recursive_cte_evaluation_depth = 20';

/** An engine of its own, without users and rights: only the gate stands between a query and all that it could do. */
class TinyEngine {
  readonly #session: Session;

  constructor(path: string) {
    this.#session = new Session(path);
    this.#do('CREATE DATABASE secret');
    this.#do('CREATE TABLE secret.canary (text String) ENGINE = Memory');
    this.#do(`INSERT INTO secret.canary VALUES (${literal(CANARIES[0])})`);
    this.#do('CREATE DATABASE tiny');
    for (const { name, columns } of TABLES) {
      this.#do(`CREATE TABLE tiny.${name} (${columns.map((column) => `\`${column.name}\` ${typeOf(column.name)}`).join(', ')}) ENGINE = Memory`); // prettier-ignore
      this.#do(`INSERT INTO tiny.${name} (${columns[0]!.name}) SELECT ${typeOf(columns[0]!.name) === 'Date' ? 'today()' : "'a'"} FROM numbers(3)`); // prettier-ignore
    }
    const parameters = Object.entries(PARAMETERS).map(([name, value]) => `param_${name} = ${literal(Array.isArray(value) ? "['a']" : String(value))}`); // prettier-ignore
    this.#do(`SET ${parameters.join(', ')}`);
    this.#do('USE tiny');
  }

  formatted(all: readonly string[]): Map<string, string> {
    const texts = all.map((sql) => literal(sql)).join(', ');
    const lines = this.#do(`SELECT formatQuerySingleLineOrNull(arrayJoin([${texts}]))`, 'JSONCompactEachRow').split(
      '\n',
    );
    return new Map(
      all.flatMap((sql, at) => {
        const [text] = JSON.parse(lines[at] ?? '[null]') as [string | null];
        return text === null ? [] : [[sql, text] as const];
      }),
    );
  }

  tree(sql: string): string[] {
    return this.#do(`EXPLAIN AST ${sql}`, 'JSONCompactEachRow')
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as [string])[0]);
  }

  /** What comes of it, or the words of its error. */
  run(sql: string): string {
    try {
      return this.#do(`SELECT * FROM (${sql}) LIMIT 3 ${LIMITS}`);
    } catch (error) {
      return String(error);
    }
  }

  close(): void {
    this.#session.close();
  }

  #do(sql: string, format = 'TSV'): string {
    return this.#session.query(sql, format);
  }
}

function typeOf(name: string): string {
  if (
    ['rows', 'bytes', 'sequence', 'count', 'window_ms', 'score', 'class_uid', 'activity_id', 'revision'].includes(name)
  )
    return 'UInt64';
  if (['fields', 'data_subjects', 'event_ids', 'findings'].includes(name)) return 'Array(String)';
  if (name === 'attributes') return 'Map(String, String)';
  if (name === 'privileged' || name === 'alert') return 'Bool';
  if (name === 'day') return 'Date';
  return /time|_at$|^at$|minute/.test(name) ? "DateTime64(3, 'UTC')" : 'String';
}

async function listen(): Promise<{ port: number; calls: number; close(): void }> {
  const heard = { port: 0, calls: 0, close: () => void server.close() };
  const server = createServer((socket) => {
    heard.calls++;
    socket.destroy();
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  heard.port = (server.address() as AddressInfo).port;
  server.unref();
  return heard;
}

const folder = mkdtempSync(join(tmpdir(), 'wanglou-sql-gate-'));
const file = join(folder, 'canary.txt');
writeFileSync(file, `${CANARIES[1]}\n`);
const heard = await listen();
const engine = new TinyEngine(join(folder, 'engine'));
let formatted: ReadonlyMap<string, string> = new Map();
const gate = new SqlGate(
  {
    formatted: async (sql) => formatted.get(sql) ?? Promise.reject(new Error('Syntax error')),
    tree: async (sql) => engine.tree(sql),
  },
  TABLE_NAMES,
);
/** What is tempting is there. */
const placed = (sql: string): string =>
  sql.replaceAll('/etc/passwd', file).replaceAll('127.0.0.1', `127.0.0.1:${heard.port}`);

async function take(statements: readonly string[]): Promise<{ wrong: string; accepted: number }> {
  const all = statements.map(placed);
  formatted = engine.formatted(all);
  let accepted = 0;
  for (const sql of all) {
    const query = await gate.check(sql, PARAMETERS).catch(() => undefined);
    if (query === undefined) continue;
    accepted++;
    const told = engine.run(query.sql);
    const canary = CANARIES.find((one) => told.includes(one));
    if (canary !== undefined) return { wrong: `${query.sql} told ${canary}`, accepted };
  }
  await turn();
  return { wrong: heard.calls === 0 ? '' : 'a query called over the network', accepted };
}

process.on('message', (statements: string[]) => void take(statements).then((came) => process.send!(came)));
process.on('disconnect', () => {
  engine.close();
  rmSync(folder, { recursive: true, force: true });
  process.exit(0);
});
process.send!('ready');
