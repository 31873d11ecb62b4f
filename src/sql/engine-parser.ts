import { Agent, request, type RequestOptions } from 'node:http';
import { Agent as TlsAgent, request as tlsRequest } from 'node:https';
import { text } from 'node:stream/consumers';
import type { StoreAddress } from '../store/client.ts';
import { literal } from '../store/request-settings.ts';
import type { Parser } from './gate.ts';

const FORMAT = 'JSONCompactEachRow';
const LIMITS = { max_execution_time: '5', max_memory_usage: '200000000', workload: 'hunting' };
const ANSWER_MS = 20_000;
const CONNECTIONS = 4;
/** Below how long the store keeps one open, so that no question goes out on a connection that is being closed. */
const IDLE_MS = 2_500;
const CODE = /^Code: \d+\. DB::Exception: /;

export interface EngineParser extends Parser {
  close(): void;
}

/**
 * The parser of the store: it reads statements and runs none of them. It is asked over plain HTTP, because the client library waits
 * for a tick of the clock, 1 ms, before each question, and every query waits here for two.
 */
export function engineParser({ url, user, password, database, tls }: StoreAddress): EngineParser {
  const isTls = url.startsWith('https:');
  const kept = { keepAlive: true, maxSockets: CONNECTIONS, timeout: IDLE_MS };
  const agent = isTls ? new TlsAgent({ ...kept, ca: tls?.ca_cert, cert: tls?.cert, key: tls?.key }) : new Agent(kept);
  const headers = { 'X-ClickHouse-User': user, 'X-ClickHouse-Key': password };
  const ask = async (sql: string, parameters: Readonly<Record<string, unknown>> = {}): Promise<string[]> => {
    const settings = new URLSearchParams({ ...LIMITS, database, default_format: FORMAT });
    for (const [name, value] of Object.entries(parameters)) settings.set(`param_${name}`, parameterText(value));
    const lines = await answered(new URL(`?${settings.toString()}`, url), sql, { agent, headers });
    return lines.filter(Boolean).map((line) => (JSON.parse(line) as [string])[0]);
  };
  return {
    formatted: async (sql) => (await ask(`SELECT formatQuerySingleLine(${literal(sql)})`))[0] ?? '',
    tree: (sql, parameters) => ask(`EXPLAIN AST ${sql}`, parameters),
    close: () => agent.destroy(),
  };
}

/** Lines of the answer. @throws an error with the engine's words and its `code` */
function answered(to: URL, sql: string, options: RequestOptions): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const ask = to.protocol === 'https:' ? tlsRequest : request;
    const asking = ask(to, { ...options, method: 'POST', timeout: ANSWER_MS }, (response) => {
      text(response).then((answer) => {
        const code = response.headers['x-clickhouse-exception-code'];
        if (response.statusCode === 200 && code === undefined) resolve(answer.split('\n'));
        else reject(Object.assign(new Error(answer.replace(CODE, '')), { code }));
      }, reject);
    });
    asking.on('timeout', () => asking.destroy(new Error(`no answer of the store within ${ANSWER_MS} ms`)));
    asking.on('error', reject);
    asking.end(sql);
  });
}

/** A value as the HTTP interface of ClickHouse takes it: escaped, quoted inside of an array. */
function parameterText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((one) => (typeof one === 'string' ? literal(one) : parameterText(one))).join(',')}]`; // prettier-ignore
  if (value === null || value === undefined) return '\\N';
  if (typeof value === 'boolean') return value ? '1' : '0';
  return (typeof value === 'string' ? value : JSON.stringify(value)).replace(
    /[\\\t\n\r']/g,
    (special) => ESCAPED[special]!,
  );
}

const ESCAPED: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r', "'": "\\'" };
