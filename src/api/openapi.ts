import { z } from 'zod';
import { AUDIT_OUTCOMES } from '../access/audit/entry.ts';
import { LISTS } from '../registry/schema.ts';
import { auditQuery } from './routes/audit.ts';
import { POSTURE_REQUESTS } from './routes/posture.ts';
import { forecastQuery } from './routes/forecasts.ts';
import { PROFILE_REQUESTS } from './routes/profiles.ts';
import { tokenRequest } from './routes/sender-tokens.ts';
import { ENTRY_SCHEMAS, REGISTRY_REQUESTS } from './routes/registry.ts';

type Json = Record<string, unknown>;

/** The API's description, OpenAPI 3.1, made from the schemas that the routes check with. */
export function openApi(): Json {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Wanglou',
      version: '1',
      description:
        'The registry of assets, grants, vendors, accounts and more; what each of them did; the posture score; forecasts.',
    },
    paths: {
      ...listPaths(),
      ...otherPaths(),
      ...auditPaths(),
      ...tokenPaths(),
      ...posturePaths(),
      ...forecastPaths(),
      ...profilePaths(),
    },
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
      schemas: {
        Error: ERROR,
        Changes: CHANGES,
        Version: VERSION,
        ...Object.fromEntries(LISTS.map((list) => [list, schemaOf(ENTRY_SCHEMAS[list])])),
      },
    },
    security: [{ token: [] }],
  };
}

function listPaths(): Json {
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

function otherPaths(): Json {
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
    '/api/v1/registry-import': {
      post: operation(
        'Import a table',
        queryOf(REGISTRY_REQUESTS.importQuery),
        { required: true, content: table },
        changed('200'),
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

function auditPaths(): Json {
  const text = { ...AUDIT_RECORD, title: { type: 'object', properties: { zh: TEXT, en: TEXT } } };
  const entries = { type: 'array', items: { type: 'object', properties: text } };
  return {
    '/api/v1/audit': {
      get: operation(
        'Who did what here, newest first',
        queryOf(auditQuery),
        undefined,
        answer({ entries, next: TEXT }),
      ),
    },
  };
}

function tokenPaths(): Json {
  const kept = {
    ...{ id: TEXT, source: TEXT, networks: TEXTS, expiresAt: NUMBER, state: TEXT, createdAt: NUMBER, createdBy: TEXT },
    ...{ revokedAt: NUMBER, revokedBy: TEXT, lastUsedAt: NUMBER, lastUsedFrom: TEXT },
  };
  const tokens = { type: 'array', items: { type: 'object', properties: kept } };
  const forAll = { type: 'array', items: { type: 'object', properties: { file: TEXT, source: TEXT } } };
  const made = { 201: jsonAnswer({ type: 'object', properties: { token: TEXT, ...kept } }) };
  return {
    '/api/v1/sender-tokens': {
      get: operation('Tokens of senders, without themselves', [], undefined, answer({ tokens, forAll })),
      post: operation('Make one for a source; it is told once', [], content(schemaOf(tokenRequest)), made),
    },
    '/api/v1/sender-tokens/{id}/revoke': {
      parameters: [ID],
      post: operation('Make one worthless within a second', [], undefined, answer(kept)),
    },
  };
}

function posturePaths(): Json {
  const number = { type: 'number' };
  const score = { score: number, trust: { type: ['number', 'null'] } };
  const before = { type: ['object', 'null'], properties: { at: number, ...score } };
  const words = { type: 'object', properties: { zh: TEXT, en: TEXT } };
  const told = { kind: TEXT, id: TEXT, title: words, lost: number, explanation: words, href: TEXT };
  const term = { ...told, severity: TEXT, base: number, weight: number, factor: number, points: number };
  const listOf = (properties: Json): Json => ({ type: 'array', items: { type: 'object', properties } });
  const posture = {
    ...{ kind: TEXT, id: TEXT, name: words, at: number, ...score, sum: number, saturation: number, termCount: number },
    ...{ terms: listOf(term), trustTerms: listOf({ ...told, seen: number }), dayBefore: before, weekBefore: before },
  };
  const points = listOf({ at: number, ...score, lowest: number });
  return {
    '/api/v1/posture': {
      get: operation(
        'The score, 100 is calm, and its terms',
        queryOf(POSTURE_REQUESTS.now),
        undefined,
        answer(posture),
      ),
    },
    '/api/v1/posture/series': {
      get: operation(
        'How the score went',
        queryOf(POSTURE_REQUESTS.series),
        undefined,
        answer({ scope: TEXT, id: TEXT, from: number, to: number, stepMs: number, points }),
      ),
    },
  };
}

function forecastPaths(): Json {
  return {
    '/api/v1/forecasts': {
      get: operation(
        'What is expected of a series over 7 days (step=hour: 24 hours), with how good such forecasts have been',
        queryOf(forecastQuery),
        undefined,
        answer(FORECAST),
      ),
    },
  };
}

function profilePaths(): Json {
  const { asOfQuery, spanQuery, findingsQuery } = PROFILE_REQUESTS;
  const object = { 200: jsonAnswer({ type: 'object' }) };
  const kind = {
    name: 'kind',
    in: 'path',
    required: true,
    schema: { enum: ['actor', 'asset', 'vendor', 'department'] },
  };
  const get = (summary: string, query: z.ZodObject, parameters: unknown[], responses: Json = object): Json => ({
    parameters,
    get: operation(summary, queryOf(query), undefined, responses),
  });
  const [subject, one] = [[kind, ID], [ID]];
  const findings = answer({ findings: { type: 'array', items: { type: 'object' } } });
  const vendors = answer({ vendors: { type: 'array', items: { type: 'object' } } });
  return {
    '/api/v1/profiles/{kind}/{id}': get('Who or what it is, as the registry knows it', asOfQuery, subject),
    '/api/v1/profiles/{kind}/{id}/activity': get('What it did, by hour and by name', spanQuery, subject),
    '/api/v1/profiles/{kind}/{id}/findings': get(
      'Findings about it, with their states',
      findingsQuery,
      subject,
      findings,
    ),
    '/api/v1/assets/{id}/questions': get('Who may use an asset, who did, for what, where it went', spanQuery, one),
    '/api/v1/vendors/{id}/scorecard': get('A vendor by its contracts: agreed and seen', spanQuery, one),
    '/api/v1/vendors': get('Vendors, the riskiest first', asOfQuery, [], vendors),
  };
}

const TEXT = { type: 'string' };
const TEXTS = { type: 'array', items: TEXT };
const NUMBER = { type: 'number' };
const MEASURED = { type: ['number', 'null'] };
const TIME = { type: 'integer', description: 'ms since the Unix epoch, the beginning of the local day or hour' };
const pointsWith = (...names: string[]): Json => ({
  type: 'array',
  items: { type: 'object', properties: { at: TIME, ...Object.fromEntries(names.map((name) => [name, NUMBER])) } },
});
const FORECAST = {
  series: TEXT,
  id: TEXT,
  step: TEXT,
  timeZone: TEXT,
  computedAt: TIME,
  model: TEXT,
  history: { type: 'array', items: { type: 'object', properties: { at: TIME, value: MEASURED } } },
  points: { ...pointsWith('value', 'lower', 'upper'), description: 'With the 80 % interval; empty when hidden' },
  mase: { ...MEASURED, description: 'Mean error over four weeks as a multiple of the naive error; above 1 is hidden' },
  naive: { ...MEASURED, description: 'The same of repeating the last value' },
  coverage: { ...MEASURED, description: 'Share of past values that lay in their 80 % interval' },
  covered: { type: 'integer', description: 'Of how many values' },
  hidden: { type: 'object', properties: { zh: TEXT, en: TEXT }, description: "Why it is not shown; '' when it is" },
  crossing: {
    type: 'object',
    properties: { threshold: NUMBER, probability: NUMBER, warning: { type: 'boolean' } },
    description: 'How probable it is that a value reaches the threshold; a warning from 0.6 on',
  },
};
const AUDIT_RECORD = {
  ...{ id: TEXT, phase: { enum: ['begun', 'done'] }, at: { type: 'integer' }, recordedAt: { type: 'integer' } },
  ...{ account: TEXT, roles: TEXTS, session: TEXT, address: TEXT, request: TEXT, action: TEXT, object: TEXT },
  ...{ outcome: { enum: [...AUDIT_OUTCOMES] }, code: TEXT, reason: TEXT, asked: TEXT, digest: TEXT },
  ...{ rows: { type: 'integer' }, count: { type: 'integer' } },
};
const ID = { name: 'id', in: 'path', required: true, schema: TEXT };
const FAULT = {
  type: 'object',
  properties: {
    list: TEXT,
    id: TEXT,
    file: TEXT,
    line: { type: 'integer' },
    column: TEXT,
    field: TEXT,
    value: {},
    remedy: TEXT,
  },
};
const ERROR = {
  type: 'object',
  required: ['code', 'message', 'remedy'],
  properties: { code: TEXT, message: TEXT, remedy: TEXT, faults: { type: 'array', items: FAULT } },
};
const CHANGE = { enum: ['added', 'corrected', 'ended', 'removed'] };
const FIELD = { type: 'object', properties: { field: TEXT, before: {}, after: {} } };
const DIFFERENCE = {
  type: 'object',
  properties: { list: TEXT, key: TEXT, change: CHANGE, fields: { type: 'array', items: FIELD } },
};
const CHANGES = { type: 'object', properties: { changes: { type: 'array', items: DIFFERENCE } } };
const VERSION = {
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

function operation(summary: string, parameters: unknown[], requestBody: Json | undefined, responses: Json): Json {
  return {
    summary,
    parameters,
    ...(requestBody === undefined ? {} : { requestBody }),
    responses: { ...responses, default: jsonAnswer(ref('Error')) },
  };
}

function queryOf(schema: z.ZodObject): Json[] {
  const { properties = {} } = schemaOf(schema) as { properties?: Record<string, Json> };
  const required = new Set((schemaOf(schema)['required'] as string[] | undefined) ?? []);
  return Object.entries(properties).map(([name, type]) => ({
    name,
    in: 'query',
    required: required.has(name),
    schema: type,
  }));
}

function schemaOf(schema: z.ZodType): Json {
  const described: Json = { ...z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) };
  delete described['$schema'];
  return described;
}

function ref(name: string): Json {
  return { $ref: `#/components/schemas/${name}` };
}

function arrayOf(name: string): Json {
  return { type: 'array', items: ref(name) };
}

function content(schema: Json): Json {
  return { required: true, content: { 'application/json': { schema } } };
}

function jsonAnswer(schema: Json): Json {
  return { description: 'The answer', content: { 'application/json': { schema } } };
}

function answer(properties: Json): Json {
  return { 200: jsonAnswer({ type: 'object', properties }) };
}

function changed(status: '200' | '201'): Json {
  return { ...(status === '201' ? { 201: jsonAnswer(ref('Changes')) } : {}), 200: jsonAnswer(ref('Changes')) };
}
