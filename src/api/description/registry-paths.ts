import { LISTS } from '../../registry/schema.ts';
import { REGISTRY_REQUESTS } from '../routes/registry.ts';
import {
  answer,
  arrayOf,
  content,
  ID,
  INTEGER,
  type Json,
  jsonAnswer,
  operation,
  queryOf,
  ref,
  schemaOf,
  TEXT,
  TEXTS,
} from './words.ts';

export function listPaths(): Json {
  return Object.fromEntries(
    LISTS.flatMap((list): [string, Json][] => {
      const body = content({ $ref: `#/components/schemas/${list}` });
      const bodies = content({ anyOf: [{ $ref: `#/components/schemas/${list}` }, arrayOf(list)] });
      const root = `/api/v1/registry/${list}`;
      const page = answer({
        entries: { type: 'array', items: ref('Version') },
        next: TEXT,
        total: { type: 'integer' },
      });
      return [
        [
          root,
          {
            get: operation(`List ${list}`, queryOf(REGISTRY_REQUESTS.search), undefined, page),
            post: operation(`Create one of ${list}`, queryOf(REGISTRY_REQUESTS.changeQuery), body, changed('201')),
          },
        ],
        [
          `${root}/{id}`,
          {
            parameters: [ID],
            get: operation(`One of ${list}`, queryOf(REGISTRY_REQUESTS.asOfQuery), undefined, {
              200: jsonAnswer(ref('Version')),
            }),
            put: operation(`Correct one of ${list}`, queryOf(REGISTRY_REQUESTS.changeQuery), bodies, changed('200')),
          },
        ],
        [
          `${root}/{id}/end`,
          {
            parameters: [ID],
            post: operation(
              `End one of ${list}`,
              queryOf(REGISTRY_REQUESTS.changeQuery),
              content(schemaOf(REGISTRY_REQUESTS.endBody)),
              changed('200'),
            ),
          },
        ],
        [
          `${root}/{id}/history`,
          {
            parameters: [ID],
            get: operation(
              `All versions of one of ${list}`,
              [],
              undefined,
              answer({ versions: { type: 'array', items: ref('Version') } }),
            ),
          },
        ],
      ];
    }),
  );
}

export function otherPaths(): Json {
  const table = {
    'text/csv': { schema: TEXT },
    'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': {
      schema: { type: 'string', format: 'binary' },
    },
  };
  const name = { kind: TEXT, name: TEXT, count: { type: 'integer' } };
  const unresolved = { type: 'array', items: { type: 'object', properties: name } };
  return {
    '/api/v1/registry': {
      get: operation(
        'Lists and how many entries they have',
        [],
        undefined,
        answer({ lists: { type: 'array' }, problems: TEXTS, warnings: TEXTS }),
      ),
    },
    '/api/v1/registry-schema': {
      get: operation(
        'Fields of the entries of each list, as JSON schemas, with what they refer to',
        [],
        undefined,
        answer({ lists: { type: 'object' }, timeZone: TEXT, mayChange: { type: 'boolean' } }),
      ),
    },
    '/api/v1/registry-names': {
      get: operation(
        'What people call entries of a list, by id',
        queryOf(REGISTRY_REQUESTS.namesQuery),
        undefined,
        answer({ names: { type: 'object' } }),
      ),
    },
    '/api/v1/registry-import': {
      post: operation(
        'Import a table',
        queryOf(REGISTRY_REQUESTS.importQuery),
        { required: true, content: table },
        answer({ changes: { type: 'array', items: DIFFERENCE }, rows: INTEGER, unchanged: INTEGER }),
      ),
    },
    '/api/v1/registry-unresolved': {
      get: operation('Names that events carry and the registry does not know', [], undefined, answer({ unresolved })),
      post: operation(
        'Make an entry of such a name',
        queryOf(REGISTRY_REQUESTS.changeQuery),
        content(schemaOf(REGISTRY_REQUESTS.draftRequest)),
        changed('201'),
      ),
    },
  };
}

const CHANGE = { enum: ['added', 'corrected', 'ended', 'removed'] };
const FIELD = { type: 'object', properties: { field: TEXT, before: {}, after: {} } };
const DIFFERENCE = {
  type: 'object',
  properties: { list: TEXT, key: TEXT, change: CHANGE, fields: { type: 'array', items: FIELD } },
};
export const CHANGES = { type: 'object', properties: { changes: { type: 'array', items: DIFFERENCE } } };
export const VERSION = {
  type: 'object',
  properties: {
    list: TEXT,
    key: TEXT,
    recordedAt: { type: 'integer' },
    changeSet: TEXT,
    change: CHANGE,
    origin: TEXT,
    by: TEXT,
    entries: { type: 'array', items: { type: 'object' } },
  },
};

function changed(status: '200' | '201'): Json {
  return { ...(status === '201' ? { 201: jsonAnswer(ref('Changes')) } : {}), 200: jsonAnswer(ref('Changes')) };
}
