import type { IncomingMessage, ServerResponse } from 'node:http';
import type { WanglouError } from '../errors.ts';
import { answer, errorHeaders } from './http-answer.ts';

const BREAK_OFF_MS = 1_000;

/** Answers as Elasticsearch does: with its product header, in the media type that the client speaks. */
export function answerElastic(request: IncomingMessage, response: ServerResponse, status: number, body: string): void {
  answer(response, status, body, headersFor(request));
}

/** Elasticsearch's form of an error. */
export function answerElasticError(request: IncomingMessage, response: ServerResponse, error: WanglouError): void {
  const cause = { type: typeOf(error), reason: `${error.message} (${error.remedy})` };
  const body = JSON.stringify({ error: { root_cause: [cause], ...cause }, status: error.status });
  answer(response, error.status, body, { ...headersFor(request), ...errorHeaders(error) });
}

/**
 * Whether the sender throws away what an answer refuses for now: rsyslog's omelasticsearch sends again only what got no
 * answer at all. It does not name itself; in every version until now it is libcurl with this one header and no other.
 */
export function forgetsRefused({ headers }: IncomingMessage): boolean {
  return (
    headers['user-agent'] === undefined &&
    headers.accept === '*/*' &&
    headers['content-type'] === 'application/json; charset=utf-8'
  );
}

/** Ends the connection without an answer, after a pause: such a sender comes again at once. */
export function breakOff(request: IncomingMessage): void {
  const timer = setTimeout(() => request.socket.destroy(), BREAK_OFF_MS);
  request.socket.once('close', () => clearTimeout(timer));
}

function headersFor(request: IncomingMessage): Record<string, string> {
  const asked = `${request.headers.accept ?? ''} ${request.headers['content-type'] ?? ''}`;
  const version = /application\/vnd\.elasticsearch\+[\w-]+\s*;\s*compatible-with=(\d)/.exec(asked)?.[1];
  const type = version === undefined ? 'json' : `vnd.elasticsearch+json;compatible-with=${version}`;
  return { 'content-type': `application/${type}`, 'x-elastic-product': 'Elasticsearch' };
}

function typeOf(error: WanglouError): string {
  if (error.status === 401) return 'security_exception';
  if (error.status === 429) return 'es_rejected_execution_exception';
  if (error.status === 503) return 'unavailable_shards_exception';
  return error.status === 404 ? 'resource_not_found_exception' : 'illegal_argument_exception';
}
