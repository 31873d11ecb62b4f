import type { z } from 'zod';
import { CONTEXTS } from '../routes/finding-context.ts';
import { REPORT_REQUESTS } from '../routes/incident-reports.ts';
import { PROFILE_REQUESTS } from '../routes/profiles.ts';
import { COVERAGE_REQUESTS } from '../routes/coverage.ts';
import { SOURCE_REQUESTS } from '../routes/sources.ts';
import { answer, content, ID, type Json, jsonAnswer, operation, queryOf, schemaOf } from './words.ts';

export function profilePaths(): Json {
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

export function incidentPaths(): Json {
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

export function sourcePaths(): Json {
  const object = { 200: jsonAnswer({ type: 'object' }) };
  return {
    '/api/v1/source-coverage': {
      get: operation('All sources, and the systems and assets that none covers', [], undefined, object),
    },
    '/api/v1/coverage': {
      get: operation(
        'The coverage ledger by source and time: received, refused, appended, parsed, stored, evaluated, late, and differences',
        queryOf(COVERAGE_REQUESTS.coverageQuery),
        undefined,
        object,
      ),
    },
    '/api/v1/coverage/gaps': {
      get: operation(
        'Gaps of the coverage ledger as ranges of offsets, with what was done about them',
        queryOf(COVERAGE_REQUESTS.span),
        undefined,
        object,
      ),
    },
    '/api/v1/coverage/detectors': {
      get: operation(
        'How many events each version of a detector has judged, and not seen while it was parked',
        queryOf(COVERAGE_REQUESTS.span),
        undefined,
        object,
      ),
    },
    '/api/v1/coverage/replays': {
      post: operation('Replay a gap', [], content(schemaOf(COVERAGE_REQUESTS.replayWish)), {
        202: jsonAnswer({ type: 'object' }),
      }),
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
