import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { WanglouError } from '../errors.ts';

/** How long the rest of a refused body may take. */
const DISCARD_MS = 30_000;

/** Sends JSON; nothing is sent for HEAD but the headers. */
export function answer(
  response: ServerResponse,
  status: number,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    'x-content-type-options': 'nosniff',
    ...headers,
  });
  response.end(response.req.method === 'HEAD' ? undefined : body);
}

/** Seconds after which a refused sender may come again. */
export function retryAfterSeconds(error: WanglouError): number | undefined {
  if (error.status === 429) return 1;
  return error.status === 503 ? 5 : undefined;
}

export function errorHeaders(error: WanglouError): Record<string, string> {
  const headers: Record<string, string> = {};
  const retryAfter = retryAfterSeconds(error);
  if (retryAfter !== undefined) headers['retry-after'] = String(retryAfter);
  if (error.status === 401) headers['www-authenticate'] = 'Bearer, Basic realm="wanglou"';
  return headers;
}

export function answerError(response: ServerResponse, error: WanglouError): void {
  const body = JSON.stringify({ code: error.code, message: error.message, remedy: error.remedy });
  answer(response, error.status, body, errorHeaders(error));
}

/** Ends a connection on which something else than a request came. @param code Node's of the error. */
export function answerNoRequest(socket: Socket, code: string | undefined): void {
  if (socket.writable)
    socket.write(`HTTP/1.1 ${NO_REQUEST.get(code) ?? '400 Bad Request'}\r\nConnection: close\r\n\r\n`);
  socket.destroySoon();
}

const NO_REQUEST: ReadonlyMap<string | undefined, string> = new Map([
  ['ERR_HTTP_REQUEST_TIMEOUT', '408 Request Timeout'],
  ['HPE_HEADER_OVERFLOW', '431 Request Header Fields Too Large'],
]);

/**
 * Reads the rest of a refused body and throws it away: a sender that is still sending would see a broken connection instead
 * of the answer. Not for ever.
 */
export function discardRest(request: IncomingMessage): void {
  request.resume();
  if (request.complete) return;
  const timer = setTimeout(() => request.socket.destroy(), DISCARD_MS);
  request.once('close', () => clearTimeout(timer));
}

/** A fault of our own is not the sender's, who must keep the batch and send it again. */
export function asWanglouError(error: unknown): WanglouError {
  if (error instanceof WanglouError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new WanglouError('WL_INTAKE_FAULT', `the intake failed: ${message}`, { cause: error });
}
