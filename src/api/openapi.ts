import { z } from 'zod';
import { LISTS } from '../registry/schema.ts';
import { FAMILIES } from '../detection/families.ts';
import { backtestWish } from './routes/backtests.ts';
import { vendorQuery } from './routes/vendors.ts';
import { POSTURE_REQUESTS } from './routes/posture.ts';
import { findingPaths } from './finding-paths.ts';
import { forecastQuery } from './routes/forecasts.ts';
import { OVERVIEW_REQUESTS } from './routes/overview.ts';
import { CONTEXTS } from './routes/finding-context.ts';
import { REPORT_REQUESTS } from './routes/incident-reports.ts';
import { PROFILE_REQUESTS } from './routes/profiles.ts';
import { ENTRY_SCHEMAS, REGISTRY_REQUESTS } from './routes/registry.ts';
import { SOURCE_REQUESTS } from './routes/sources.ts';

export type Json = Record<string, unknown>;

/** The API's description, OpenAPI 3.1, made from the schemas that the routes check with. */
export function openApi(): Json {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Wanglou',
      version: '1',
      description:
        'The registry of assets, grants, vendors, accounts and more; what each of them did; findings and what people decide; the posture score; forecasts.',
    },
    paths: {
      ...listPaths(),
      ...otherPaths(),
      ...posturePaths(),
      ...forecastPaths(),
      ...overviewPaths(),
      ...profilePaths(),
      ...findingPaths(),
      ...incidentPaths(),
      ...sourcePaths(),
      ...detectorPaths(),
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
    '/api/v1/forecasts/warnings': {
      get: operation(
        'What will probably be reached within 7 days, and what can not be told',
        [],
        undefined,
        answer(WARNINGS),
      ),
    },
  };
}

function overviewPaths(): Json {
  const count = { weight: NUMBER, count: { type: 'integer' } };
  const name = { type: 'object', properties: { zh: TEXT, en: TEXT } };
  const cells = listOf({ ...count, bySeverity: { type: 'object' } });
  const heat = {
    ...{ measure: TEXT, span: TEXT, from: TIME, to: TIME, timeZone: TEXT },
    columns: listOf({ hour: { type: 'integer' }, at: { type: ['integer', 'null'] } }),
    rows: listOf({ department: TEXT, name, ...count, cells }),
  };
  const changes = {
    ...{ since: TIME, until: TIME, raised: { type: 'object' }, scoreThen: MEASURED },
    acts: listOf({ by: TEXT, act: TEXT, findings: { type: 'integer' } }),
    newVendors: listOf({ id: TEXT, name }),
  };
  return {
    '/api/v1/heat': {
      get: operation('Departments by hours', queryOf(OVERVIEW_REQUESTS.heat), undefined, answer(heat)),
    },
    '/api/v1/changes': {
      get: operation('What changed since then', queryOf(OVERVIEW_REQUESTS.changes), undefined, answer(changes)),
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

function incidentPaths(): Json {
  const { reportQuery, classification, statement, sending } = REPORT_REQUESTS;
  const object = { 200: jsonAnswer({ type: 'object' }) };
  const root = '/api/v1/incidents/{id}';
  const get = (summary: string): Json => ({ parameters: [ID], get: operation(summary, [], undefined, object) });
  const post = (summary: string, body: z.ZodType): Json => ({
    parameters: [ID],
    post: operation(summary, [], content(schemaOf(body)), object),
  });
  const what = { name: 'what', in: 'path', required: true, schema: { enum: CONTEXTS } };
  const report = { 200: { ...jsonAnswer({ type: 'object' }), description: 'JSON, or a self-contained HTML file' } };
  return {
    '/api/v1/findings/{id}/context/{what}': {
      parameters: [ID, what],
      get: operation('What is looked at beside a finding, as of its time', [], undefined, object),
    },
    [`${root}/evidence`]: get('What an incident rests on: findings, log lines with SHA-256, and what is missing'),
    [`${root}/decisions`]: get('How the findings of an incident stand, and what was decided'),
    [`${root}/report-state`]: get('The deadline of the report, what it contains and what it lacks'),
    [`${root}/report`]: { parameters: [ID], get: operation('The report', queryOf(reportQuery), undefined, report) },
    [`${root}/report/classify`]: post('Confirm the level; from 较大 on the clock starts', classification),
    [`${root}/report/state`]: post('State a field of the report', statement),
    [`${root}/report/sent`]: post('Note that the report was made', sending),
  };
}

function sourcePaths(): Json {
  const object = { 200: jsonAnswer({ type: 'object' }) };
  return {
    '/api/v1/source-coverage': {
      get: operation('All sources, and the systems and assets that none covers', [], undefined, object),
    },
    '/api/v1/sources/{id}': {
      parameters: [ID],
      get: operation(
        'What a source sent over a day, a week or 90 days: rate, lag, gaps, lines that could not be read',
        queryOf(SOURCE_REQUESTS.spanQuery),
        undefined,
        object,
      ),
    },
  };
}

function detectorPaths(): Json {
  const listOf = (properties: Json): Json => ({ type: 'array', items: { type: 'object', properties } });
  const counts = { type: 'object', additionalProperties: { type: 'integer' } };
  const setting = {
    name: TEXT,
    description: TEXT,
    type: TEXT,
    default: {},
    configured: {},
    minimum: NUMBER,
    maximum: NUMBER,
  };
  const card = { name: TEXT, family: { enum: FAMILIES }, settings: listOf(setting) };
  const use = { detector: TEXT, lastDay: NUMBER, lastMonth: NUMBER, bySeverity: counts, closed: counts };
  const backtest = {
    id: TEXT,
    by: TEXT,
    state: { enum: ['queued', 'running', 'done', 'cancelled', 'failed'] },
    place: NUMBER,
  };
  const one = {
    200: jsonAnswer({ type: 'object', properties: { ...backtest, progress: {}, failure: {}, result: {} } }),
  };
  return {
    '/api/v1/detectors': {
      get: operation(
        'Detectors with their settings, and correlations',
        [],
        undefined,
        answer({ detectors: listOf(card), correlations: listOf({ name: TEXT }) }),
      ),
    },
    '/api/v1/detectors-use': {
      get: operation(
        'What each found in 24 hours and 30 days',
        [],
        undefined,
        answer({ asOf: NUMBER, use: listOf(use) }),
      ),
    },
    '/api/v1/backtests': {
      get: operation(
        'Backtests of the last days, newest first',
        [],
        undefined,
        answer({ backtests: listOf(backtest) }),
      ),
      post: operation('Try settings on the past', [], content(schemaOf(backtestWish)), { 202: one[200] }),
    },
    '/api/v1/backtests/{id}': {
      parameters: [ID],
      get: operation('How far a backtest is, or its result', [], undefined, one),
      delete: operation('Cancel a backtest', [], undefined, one),
    },
    '/api/v1/vendors/{id}/service': {
      parameters: [ID],
      get: operation(
        'How the systems of a vendor serve',
        queryOf(vendorQuery),
        undefined,
        answer({ systems: listOf({}) }),
      ),
    },
  };
}

const TEXT = { type: 'string' };
const INTEGER = { type: 'integer' };
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
  specialDays: { type: 'array', items: { type: 'object', properties: { at: TIME, kind: TEXT } } },
  crossing: {
    type: 'object',
    properties: { threshold: NUMBER, probability: NUMBER, warning: { type: 'boolean' }, by: TIME },
    description: 'How probable it is that a value reaches the threshold; a warning from 0.6 on',
  },
};
const WATCHED = { series: TEXT, id: TEXT, name: { type: 'object', properties: { zh: TEXT, en: TEXT } } };
const listOf = (properties: Json): Json => ({ type: 'array', items: { type: 'object', properties } });
const WARNINGS = {
  computedAt: { type: ['integer', 'null'], description: 'When all were last computed; null before that' },
  timeZone: TEXT,
  watched: { type: 'integer' },
  warnings: listOf({
    ...{ ...WATCHED, by: TIME, probability: NUMBER, threshold: NUMBER, expected: NUMBER, model: TEXT },
    ...{ mase: MEASURED, coverage: MEASURED, covered: NUMBER },
  }),
  hidden: listOf({ ...WATCHED, reason: FORECAST.hidden, mase: MEASURED }),
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

export function operation(
  summary: string,
  parameters: unknown[],
  requestBody: Json | undefined,
  responses: Json,
): Json {
  return {
    summary,
    parameters,
    ...(requestBody === undefined ? {} : { requestBody }),
    responses: { ...responses, default: jsonAnswer(ref('Error')) },
  };
}

export function queryOf(schema: z.ZodObject): Json[] {
  const { properties = {} } = schemaOf(schema) as { properties?: Record<string, Json> };
  const required = new Set((schemaOf(schema)['required'] as string[] | undefined) ?? []);
  return Object.entries(properties).map(([name, type]) => ({
    name,
    in: 'query',
    required: required.has(name),
    schema: type,
  }));
}

export function schemaOf(schema: z.ZodType): Json {
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

export function content(schema: Json): Json {
  return { required: true, content: { 'application/json': { schema } } };
}

export function jsonAnswer(schema: Json): Json {
  return { description: 'The answer', content: { 'application/json': { schema } } };
}

export function answer(properties: Json): Json {
  return { 200: jsonAnswer({ type: 'object', properties }) };
}

function changed(status: '200' | '201'): Json {
  return { ...(status === '201' ? { 201: jsonAnswer(ref('Changes')) } : {}), 200: jsonAnswer(ref('Changes')) };
}
