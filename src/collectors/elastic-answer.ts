import type { IncomingMessage, ServerResponse } from 'node:http';
import type { WanglouError } from '../errors.ts';
import { answer, errorHeaders } from './http-answer.ts';

/** Answers as Elasticsearch does: with its product header, in the media type that the client speaks. */
export function answerElastic(request: IncomingMessage, response: ServerResponse, status: number, body: string): void {
  answer(response, status, body, headersFor(request));
}

/** Elasticsearch's form of an error. */
export function answerElasticError(request: IncomingMessage, response: ServerResponse, error: WanglouError): void {
  const cause = { type: typeOf(error), reason: `${error.message} (${error.remedy})` };
  const body = JSON.stringify({ error: { root_cause: [cause], ...cause }, status: error.status });
  answer(response, error.status, body, { ...headersFor(request), ...errorHeaders(error, request) });
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
