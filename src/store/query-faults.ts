import { WanglouError } from '../errors.ts';
import { isPassing } from './client.ts';

/** What a query may take. */
export interface QueryLimits {
  /** Longest run. */
  maxMs: number;
  /** Rows and bytes that may be read of tables, bytes before compression; 0 for any number. */
  maxRowsRead: number;
  maxBytesRead: number;
  maxMemoryBytes: number;
  /** Rows of the result that are handed on; the query ends there, and says that there was more. */
  maxRows: number;
  /** The same in bytes of the rows as JSON. */
  maxBytes: number;
}

type LimitName = keyof QueryLimits;

/** The engine's numbers of errors that say that a limit was met. */
const LIMITS: ReadonlyMap<number, LimitName> = new Map([
  [158, 'maxRowsRead'],
  [159, 'maxMs'],
  [160, 'maxMs'],
  [241, 'maxMemoryBytes'],
  [307, 'maxBytesRead'],
  [396, 'maxBytes'],
]);
const CANCELLED = 394;

const WORDS: Readonly<Record<LimitName, (limit: number) => string>> = {
  maxMs: (limit) => `it ran for longer than ${limit / 1_000} s`,
  maxRowsRead: (limit) => `it would read more than ${limit} rows`,
  maxBytesRead: (limit) => `it would read more than ${limit} bytes`,
  maxMemoryBytes: (limit) => `it takes more than ${limit} bytes of memory`,
  maxRows: (limit) => `its result has more than ${limit} rows`,
  maxBytes: (limit) => `its result takes more memory than ${limit} bytes`,
};

/** Where in the engine's plan it happened, in its own names for things. */
const INSIDE = /:? ?(?:in scope|while executing|while processing) .*$/is;

/**
 * What came of a query, in words for people: WL_QUERY_STOPPED with `details.limit` at a limit, WL_QUERY_CANCELLED,
 * WL_STORE_AWAY, or WL_QUERY_INVALID with the engine's words and its number in `details.engine`.
 */
export function queryFault(error: unknown, limits: QueryLimits, isCancelled: boolean): WanglouError {
  if (error instanceof WanglouError) return error;
  const engine = Number((error as { code?: unknown }).code);
  const limit = LIMITS.get(engine);
  if (isCancelled || (engine === CANCELLED && limit === undefined))
    return new WanglouError('WL_QUERY_CANCELLED', 'The query was cancelled', { cause: error });
  if (limit !== undefined)
    return new WanglouError('WL_QUERY_STOPPED', `The query was stopped: ${WORDS[limit](limits[limit])}`, {
      details: { limit, value: limits[limit] },
      cause: error,
    });
  if (isPassing(error)) return new WanglouError('WL_STORE_AWAY', 'The store does not answer now', { cause: error });
  const words = error instanceof Error ? error.message : String(error);
  return new WanglouError('WL_QUERY_INVALID', words.replace(INSIDE, ''), {
    remedy: 'Correct the query.',
    details: { engine },
    cause: error,
  });
}
