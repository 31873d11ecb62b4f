import { SQL_REQUESTS } from '../routes/sql.ts';
import { answer, content, ID, INTEGER, type Json, jsonAnswer, listOf, operation, queryOf, schemaOf, TEXT } from './words.ts'; // prettier-ignore

export function sqlPaths(): Json {
  const object = { type: 'object' };
  const root = '/api/v1/sql';
  const column = { name: TEXT, type: TEXT };
  const run = {
    ...{ id: TEXT, state: { enum: ['running', 'done', 'failed', 'cancelled'] }, sql: TEXT, startedAt: INTEGER },
    ...{ progress: object, columns: listOf(column), rows: INTEGER, truncated: { type: 'boolean' }, fault: {} },
  };
  const asked = content(schemaOf(SQL_REQUESTS.query));
  return {
    [`${root}/schema`]: {
      get: operation('Tables and columns that queries may read', [], undefined, answer({ tables: { type: 'array', items: object } })), // prettier-ignore
    },
    [`${root}/check`]: {
      post: operation('Check a query: columns, tables, parameters, and what it would read', [], asked, answer({ columns: listOf(column), tables: { type: 'array', items: TEXT }, parameters: listOf(column), cost: {} })), // prettier-ignore
    },
    [`${root}/runs`]: {
      post: operation('Run a query', [], asked, { 201: jsonAnswer({ type: 'object', properties: { run: { type: 'object', properties: run } } }) }), // prettier-ignore
    },
    [`${root}/runs/{id}`]: {
      get: operation('How far it is', [ID], undefined, answer(run)),
      delete: operation('End it, or let go of its result', [ID], undefined, answer({ id: TEXT })),
    },
    [`${root}/runs/{id}/rows`]: {
      get: operation('Rows of its result from one on', [ID, ...queryOf(SQL_REQUESTS.window)], undefined, answer({ from: INTEGER, rows: { type: 'array', items: { type: 'array' } } })), // prettier-ignore
    },
  };
}
