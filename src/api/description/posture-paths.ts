import { POSTURE_REQUESTS } from '../routes/posture.ts';
import { forecastQuery } from '../routes/forecasts.ts';
import { OVERVIEW_REQUESTS } from '../routes/overview.ts';
import { answer, type Json, listOf, MEASURED, NUMBER, operation, queryOf, TEXT, TIME } from './words.ts';

export function posturePaths(): Json {
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

export function forecastPaths(): Json {
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

export function overviewPaths(): Json {
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
