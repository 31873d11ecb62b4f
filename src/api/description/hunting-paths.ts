import type { z } from 'zod';
import { HUNTING_SEARCHES } from '../hunting-search.ts';
import { SAVED_QUERY_REQUESTS } from '../routes/saved-queries.ts';
import {
  answer,
  content,
  ID,
  INTEGER,
  type Json,
  jsonAnswer,
  listOf,
  operation,
  queryOf,
  schemaOf,
  TEXT,
} from './words.ts';

export function huntingPaths(): Json {
  const { filter, rows, facets, pivot, suggestions } = HUNTING_SEARCHES;
  const get = (summary: string, query: z.ZodObject, responses: Json): Json => ({
    get: operation(summary, queryOf(query), undefined, responses),
  });
  const object = { 200: jsonAnswer({ type: 'object' }) };
  /** Each value is under the name of its field: `{"actor": "li.wei", "count": 12}`. */
  const values = listOf({ count: INTEGER });
  const bars = listOf({ at: INTEGER, to: INTEGER, events: INTEGER, failures: INTEGER });
  const root = '/api/v1/hunting';
  return {
    [`${root}/fields`]: {
      get: operation('Fields of events, what can be asked of each, and what it is called', [], undefined, object),
    },
    [`${root}/histogram`]: get(
      'How many events, over time, in bars as wide as fits the range',
      filter,
      answer({ width: TEXT, bars, total: INTEGER }),
    ),
    [`${root}/rows`]: get(
      'Rows from an offset on, as if all that is found lay in a list, however long',
      rows,
      answer({ offset: INTEGER, total: INTEGER, events: { type: 'array', items: { type: 'object' } } }),
    ),
    [`${root}/facets`]: get(
      'The values that occur most, of some fields',
      facets,
      answer({ facets: listOf({ field: TEXT, values }) }),
    ),
    [`${root}/pivot`]: get('Two fields against each other: rows, columns and [row, column, measured]', pivot, object),
    [`${root}/suggestions`]: get('Values that occur, for what was typed of one', suggestions, answer({ values })),
    [`${root}/cost`]: get('What would be read at most', filter, answer({ parts: INTEGER, rows: INTEGER })),
    [`${root}/runs/{id}`]: {
      parameters: [ID],
      get: operation('How far a query of yours is; null when it does not run', [], undefined, object),
      delete: operation('End it', [], undefined, object),
    },
    ...savedQueryPaths(),
  };
}

function savedQueryPaths(): Json {
  const { create, change } = SAVED_QUERY_REQUESTS;
  const root = '/api/v1/saved-queries';
  const saved = { type: 'object' };
  return {
    [root]: {
      get: operation('Your saved queries and shared ones', [], undefined, answer({ queries: listOf({}) })),
      post: operation('Save a query', [], content(schemaOf(create)), { 201: jsonAnswer(saved) }),
    },
    [`${root}/{id}`]: {
      parameters: [ID],
      put: operation('Save a new version of it', [], content(schemaOf(change)), { 200: jsonAnswer(saved) }),
      delete: operation('Take it out; its versions stay', [], undefined, { 200: jsonAnswer(saved) }),
    },
    [`${root}/{id}/versions`]: {
      parameters: [ID],
      get: operation('All its versions, newest first', [], undefined, answer({ versions: listOf({}) })),
    },
  };
}
