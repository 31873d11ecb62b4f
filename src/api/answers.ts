import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { WanglouError } from '../errors.ts';
import { SettingsRefusal } from '../detection/settings-refusal.ts';
import { RegistryRefusal } from '../registry/refusal.ts';

/** Errors of the connection to the store. */
const AWAY = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND']);

/** Every error leaves as `{code, message, remedy}`, with `faults` when fields of an entry or of settings are wrong. What is not for people is logged under the request's id, not sent. */
export function answerError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  const known = error instanceof WanglouError ? error : forPeople(error, request);
  if (known.status >= 500) request.log.error({ err: error, url: request.url.split('?')[0] }, known.message);
  const faults = known instanceof RegistryRefusal || known instanceof SettingsRefusal ? { faults: known.faults } : {};
  void reply
    .code(known.status)
    .send({ code: known.code, message: known.message, remedy: known.remedy, ...known.details, ...faults });
}

function forPeople(error: FastifyError, request: FastifyRequest): WanglouError {
  if (AWAY.has(error.code)) return new WanglouError('WL_STORE_AWAY', 'The store does not answer');
  if (error.statusCode === 413)
    return new WanglouError('WL_BODY_TOO_LARGE', 'The body is larger than this route takes');
  if (error.statusCode === 415) {
    const type = request.headers['content-type'] ?? 'none';
    return new WanglouError('WL_ENCODING_UNSUPPORTED', `The content type is ${quoted(type)}`, {
      remedy: 'Send application/json.',
    });
  }
  if (error.statusCode !== undefined && error.statusCode < 500)
    return new WanglouError('WL_BODY_INVALID', error.message, { remedy: 'Send one JSON object.' });
  return new WanglouError('WL_INTERNAL', `Something went wrong (request ${request.id})`);
}

/** Checks the parameters of a request. @throws WanglouError that names field, value and what is expected. */
export function checked<T extends z.ZodType>(
  schema: T,
  given: unknown,
  code: 'WL_QUERY_INVALID' | 'WL_BODY_INVALID',
): z.infer<T> {
  const result = parsed(schema, given, code);
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  if (issue.code === 'unrecognized_keys') {
    const known = schema instanceof z.ZodObject ? Object.keys(schema.shape).join(', ') : '';
    throw new WanglouError(code, `${quoted(issue.keys[0])} is not known here`, {
      ...(known === '' ? {} : { remedy: `Use ${known}.` }),
    });
  }
  const field = issue.path.join('.');
  const value = issue.path.reduce<unknown>(
    (at, part) => (at as Record<PropertyKey, unknown> | undefined)?.[part],
    given,
  );
  const known = schema instanceof z.ZodObject ? ` of ${Object.keys(schema.shape).join(', ')}` : '';
  const remedy = field === '' ? `Send one JSON object${known}.` : `Correct ${field}.`;
  const said = field === '' ? issue.message : `${field} is ${quoted(value)}: ${issue.message}`;
  throw new WanglouError(code, said, code === 'WL_BODY_INVALID' ? { remedy } : {});
}

/** A value such as `{"length": {"toString": 0}}` makes the schema itself throw. */
function parsed<T extends z.ZodType>(
  schema: T,
  given: unknown,
  code: 'WL_QUERY_INVALID' | 'WL_BODY_INVALID',
): z.ZodSafeParseResult<z.output<T>> {
  try {
    return schema.safeParse(given);
  } catch (cause) {
    throw new WanglouError(code, `a value is of no kind that is taken here: ${(cause as Error).message}`, { cause });
  }
}

function quoted(value: unknown): string {
  const text = JSON.stringify(value) ?? 'missing';
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}

/** A time as ISO 8601 or as ms since the Unix epoch. */
export const time = z.string().transform((text, context) => {
  const at = /^-?\d+$/.test(text) ? Number(text) : Date.parse(text);
  if (Math.abs(at) <= 8.64e15) return at;
  context.addIssue('is no time; use 2026-01-31T08:00:00+08:00 or milliseconds since 1970');
  return z.NEVER;
});

/** How many to return at most. */
export function limit(most: number): z.ZodType<number> {
  return z.coerce.number().int().min(1).max(most).default(Math.min(100, most));
}
