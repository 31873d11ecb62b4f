import { REPORTS_REQUESTS } from '../routes/reports.ts';
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

/** Reports: asked for, read, signed off, and made again by schedule. */
export function reportPaths(): Json {
  const { listQuery, fileQuery, previewQuery, wish, decision, returning, scheduleWish } = REPORTS_REQUESTS;
  const report = { id: TEXT, state: { enum: ['prepared', 'reviewed', 'signed', 'returned'] }, version: {}, steps: {} };
  const job = { id: TEXT, state: TEXT, done: INTEGER, total: INTEGER, failure: {} };
  const object = answer({ ...report, versions: {}, next: {} });
  const asked = { 202: jsonAnswer({ type: 'object', properties: { id: TEXT } }) };
  const schedule = { id: TEXT, kind: TEXT, subject: {}, every: TEXT, nextAt: { type: ['number', 'null'] } };
  const file = { 200: { ...jsonAnswer({ type: 'object' }), description: 'HTML, PDF or JSON' } };
  const root = '/api/v1/reports';
  const post = (summary: string, schema: Json, responses: Json): Json => ({
    parameters: [ID],
    post: operation(summary, [], content(schema), responses),
  });
  const nothing = { type: 'object', properties: {} };
  return {
    [root]: {
      get: operation(
        'Reports, the last changed first, and those that are being made for who asks',
        queryOf(listQuery),
        undefined,
        answer({ reports: listOf(report), total: INTEGER, jobs: listOf(job), pdf: {}, trial: { type: 'boolean' } }),
      ),
      post: operation('Make a report; it is ready when its state says so', [], content(schemaOf(wish)), asked),
    },
    [`${root}/{id}`]: {
      parameters: [ID],
      get: operation(
        'How a report stands, or how far it is made',
        [],
        undefined,
        answer({ report: {}, job: {}, problem: {} }),
      ),
    },
    [`${root}/{id}/file`]: {
      parameters: [ID],
      get: operation('The report as a file', queryOf(fileQuery), undefined, file),
    },
    [`${root}/{id}/preview`]: {
      parameters: [ID],
      get: operation('The same for a frame of the page', queryOf(previewQuery), undefined, file),
    },
    [`${root}/{id}/prepare`]: post('Make a returned report again, as a new version', nothing, asked),
    [`${root}/{id}/cancel`]: post('Stop making it', nothing, answer(job)),
    [`${root}/{id}/review`]: post(
      'Say that it was reviewed, of the version with this digest',
      schemaOf(decision),
      object,
    ),
    [`${root}/{id}/sign`]: post('Sign it: it never changes any more', schemaOf(decision), object),
    [`${root}/{id}/return`]: post('Return it, with a reason', schemaOf(returning), object),
    '/api/v1/report-schedules': {
      get: operation('Schedules of reports', [], undefined, answer({ schedules: listOf(schedule) })),
      post: operation('Make a report of every week, month or year', [], content(schemaOf(scheduleWish)), {
        201: jsonAnswer({ type: 'object', properties: schedule }),
      }),
    },
    '/api/v1/report-schedules/{id}/end': post('End it; reports that were made stay', nothing, answer(schedule)),
  };
}
