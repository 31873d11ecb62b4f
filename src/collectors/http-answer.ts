import type { IncomingMessage, ServerResponse } from 'node:http';
import { WanglouError } from '../errors.ts';

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
    ...headers,
  });
  response.end(response.req.method === 'HEAD' ? undefined : body);
}

/** Seconds after which a refused sender may come again. */
export function retryAfterSeconds(error: WanglouError): number | undefined {
  if (error.status === 429) return 1;
  return error.status === 503 ? 5 : undefined;
}

/** The headers of an error's answer. After a body that was not read to its end the connection can not be used again. */
export function errorHeaders(error: WanglouError, request: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  const retryAfter = retryAfterSeconds(error);
  if (retryAfter !== undefined) headers['retry-after'] = String(retryAfter);
  if (error.status === 401) headers['www-authenticate'] = 'Bearer, Basic realm="wanglou"';
  if (!request.complete) headers['connection'] = 'close';
  return headers;
}

export function answerError(request: IncomingMessage, response: ServerResponse, error: WanglouError): void {
  const body = JSON.stringify({ code: error.code, message: error.message, remedy: error.remedy });
  answer(response, error.status, body, errorHeaders(error, request));
}

/** What happened as an error for people. */
export function asWanglouError(error: unknown): WanglouError {
  if (error instanceof WanglouError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new WanglouError('WL_BODY_INVALID', message, { cause: error });
}
