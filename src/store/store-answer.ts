import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Outcome } from './engine.ts';
import { faultOf } from './store-error.ts';

const gzipped = promisify(gzip);

const CONTENT_TYPES: readonly (readonly [RegExp, string])[] = [
  [/^(JSONEachRow|JSONLines|NDJSON|JSON\w*EachRow\w*)$/i, 'application/x-ndjson; charset=UTF-8'],
  [/^JSON/i, 'application/json; charset=UTF-8'],
  [/^CSV/i, 'text/csv; charset=UTF-8; header=absent'],
  [/^(TSV|TabSeparated)/i, 'text/tab-separated-values; charset=UTF-8'],
  [/^XML$/i, 'application/xml; charset=UTF-8'],
  [/^(Native|RowBinary|Parquet|Arrow|ORC|Avro|MsgPack|Protobuf)/i, 'application/octet-stream'],
];

/** Headers that every answer has. */
export function answerHeaders(response: ServerResponse, queryId: string, format: string): void {
  response.setHeader('X-ClickHouse-Server-Display-Name', 'wanglou-store');
  response.setHeader('X-ClickHouse-Query-Id', queryId);
  response.setHeader('X-ClickHouse-Format', format);
  response.setHeader('X-ClickHouse-Timezone', 'UTC');
}

/** Sends a result, compressed when the client asked for it. */
export async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  outcome: Outcome,
  options: { format: string; compress: boolean },
): Promise<void> {
  const type = CONTENT_TYPES.find(([pattern]) => pattern.test(options.format))?.[1] ?? 'text/plain; charset=UTF-8';
  response.setHeader('Content-Type', type);
  response.setHeader('X-ClickHouse-Summary', summaryOf(outcome));
  let bytes = outcome.bytes;
  const accepted = request.headers['accept-encoding'] ?? '';
  if (options.compress && /\bgzip\b/.test(accepted)) {
    bytes = await gzipped(bytes);
    response.setHeader('Content-Encoding', 'gzip');
  }
  response.setHeader('Content-Length', bytes.length);
  response.writeHead(200);
  response.end(request.method === 'HEAD' ? undefined : bytes);
}

/** Sends an error as ClickHouse does: its text, its number in a header, the status that goes with it. */
export function answerError(response: ServerResponse, error: unknown): void {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  const fault = faultOf(error);
  response.setHeader('X-ClickHouse-Exception-Code', fault.code);
  response.setHeader('Content-Type', 'text/plain; charset=UTF-8');
  if (fault.status === 401) response.setHeader('WWW-Authenticate', 'Basic realm="ClickHouse server HTTP API"');
  response.writeHead(fault.status);
  response.end(`${fault.text}\n`);
}

function summaryOf(outcome: Outcome): string {
  return JSON.stringify({
    read_rows: String(outcome.rowsRead),
    read_bytes: String(outcome.bytesRead),
    written_rows: '0',
    written_bytes: '0',
    total_rows_to_read: '0',
    result_rows: '0',
    result_bytes: String(outcome.bytes.length),
    elapsed_ns: String(Math.round(outcome.elapsedSeconds * 1e9)),
  });
}
