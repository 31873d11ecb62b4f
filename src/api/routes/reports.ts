import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { REPORT_KINDS, REPORT_SUBJECTS } from '../../reports/report-kinds.ts';
import { REPORT_ACTS } from '../../reports/report-steps.ts';
import { EVERY } from '../../reports/schedule.ts';
import { checked, limit, time } from '../answers.ts';
import type { Guard } from '../guard.ts';
import { showing } from '../mask-answers.ts';
import type { ApiParts } from '../parts.ts';

const REPORTS = '/api/v1/reports';
const SCHEDULES = '/api/v1/report-schedules';
const uuid = z.uuid('must be a UUID');
const one = z.strictObject({ id: uuid });
const language = z.enum(['zh', 'en']).default('zh');
const timeZone = z.string().min(1).max(60);
const subject = z.strictObject({ kind: z.enum(REPORT_SUBJECTS), id: z.string().max(200).default('') });
const said = z.string().trim().max(1_000);
const digest = z.string().regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in hexadecimal');

const listQuery = z.strictObject({
  kind: z.enum(REPORT_KINDS).optional(),
  state: z.enum(REPORT_ACTS).optional(),
  limit: limit(500),
});
const fileQuery = z.strictObject({
  form: z.enum(['html', 'pdf', 'json']).default('html'),
  language,
  version: z.coerce.number().int().min(1).optional(),
});
const previewQuery = fileQuery.omit({ form: true });
const wish = z.strictObject({
  kind: z.enum(REPORT_KINDS),
  subject,
  from: time,
  to: time,
  timeZone,
  within: z
    .enum(['all', 'subject'])
    .default('all')
    .describe('`subject`: only of what is seen within its department or vendor, so that its manager may read it.'),
});
const decision = z.strictObject({ digest, text: said.default('') });
const returning = z.strictObject({ digest, text: said.min(1, 'say why it goes back') });
const empty = z.strictObject({});
const scheduleWish = z.strictObject({
  kind: z.enum(REPORT_KINDS),
  subject,
  every: z.enum(EVERY),
  day: z.number().int().min(1).max(366),
  minute: z.number().int().min(0).max(1_439),
  onWorkdays: z.boolean().default(true),
  timeZone,
  language,
});

/** Schemas of the requests, for the API's description. */
export const REPORTS_REQUESTS = { listQuery, fileQuery, previewQuery, wish, decision, returning, scheduleWish };

/** Reports: asked for, read, signed off, and made again by schedule. What they show was masked when they were made. */
export function reportRoutes(
  app: FastifyInstance,
  guard: Guard,
  { reports: desk, reportSchedules: schedules }: Pick<ApiParts, 'reports' | 'reportSchedules'>,
): void {
  const read = guard.may('see-reports');
  const viewerOf = ({ session }: FastifyRequest) => ({ account: session!.account, scope: session!.scope });

  app.get(REPORTS, read, async (request) =>
    desk.list(viewerOf(request), checked(listQuery, request.query, 'WL_QUERY_INVALID')),
  );

  app.get(`${REPORTS}/:id`, read, async (request) =>
    desk.of(viewerOf(request), checked(one, request.params, 'WL_QUERY_INVALID').id),
  );

  app.get(`${REPORTS}/:id/file`, showing('own', guard.may('see-reports', 'report.export')), async (request, reply) => {
    const { id } = checked(one, request.params, 'WL_QUERY_INVALID');
    const want = checked(fileQuery, request.query, 'WL_QUERY_INVALID');
    const { body, name } = await desk.file(viewerOf(request), id, want);
    void reply.header('content-disposition', `attachment; filename="${name}"`);
    void reply.type(TYPES[want.form]);
    return body;
  });

  const framed = showing('own', guard.may('see-reports', 'report.read'));
  app.get(
    `${REPORTS}/:id/preview`,
    { ...framed, config: { ...framed.config, inFrame: true } },
    async (request, reply) => {
      const { id } = checked(one, request.params, 'WL_QUERY_INVALID');
      const want = checked(previewQuery, request.query, 'WL_QUERY_INVALID');
      const { body } = await desk.file(viewerOf(request), id, { ...want, form: 'html' });
      void reply.type(TYPES.html);
      return body;
    },
  );

  app.post(REPORTS, guard.may('prepare-reports', 'report.prepare'), async (request, reply) => {
    const { within, ...asked } = checked(wish, request.body ?? {}, 'WL_BODY_INVALID');
    const made = await desk.ask(viewerOf(request), asked, within);
    return reply.code(202).header('location', `${REPORTS}/${made.id}`).send(made);
  });

  app.post(`${REPORTS}/:id/prepare`, guard.may('prepare-reports', 'report.prepare'), async (request, reply) => {
    checked(empty, request.body ?? {}, 'WL_BODY_INVALID');
    const { id } = checked(one, request.params, 'WL_QUERY_INVALID');
    return reply.code(202).send(await desk.askAgain(viewerOf(request), id));
  });

  app.post(`${REPORTS}/:id/cancel`, guard.may('prepare-reports', 'report.cancel'), async (request) => {
    checked(empty, request.body ?? {}, 'WL_BODY_INVALID');
    return desk.cancel(viewerOf(request), checked(one, request.params, 'WL_QUERY_INVALID').id);
  });

  app.post(`${REPORTS}/:id/review`, guard.inPerson('sign-reports', 'report.review'), async (request) => {
    const { id } = checked(one, request.params, 'WL_QUERY_INVALID');
    return desk.act(viewerOf(request), id, {
      act: 'reviewed',
      ...checked(decision, request.body ?? {}, 'WL_BODY_INVALID'),
    });
  });

  app.post(`${REPORTS}/:id/sign`, guard.inPerson('sign-reports', 'report.sign'), async (request) => {
    const { id } = checked(one, request.params, 'WL_QUERY_INVALID');
    return desk.act(viewerOf(request), id, {
      act: 'signed',
      ...checked(decision, request.body ?? {}, 'WL_BODY_INVALID'),
    });
  });

  app.post(`${REPORTS}/:id/return`, guard.inPerson('sign-reports', 'report.return'), async (request) => {
    const { id } = checked(one, request.params, 'WL_QUERY_INVALID');
    return desk.act(viewerOf(request), id, {
      act: 'returned',
      ...checked(returning, request.body ?? {}, 'WL_BODY_INVALID'),
    });
  });

  app.get(SCHEDULES, read, async (request) => ({ schedules: schedules.list(viewerOf(request)) }));

  app.post(SCHEDULES, guard.may('prepare-reports', 'report-schedule.create'), async (request, reply) => {
    const asked = checked(scheduleWish, request.body ?? {}, 'WL_BODY_INVALID');
    desk.mustBePerson(viewerOf(request));
    return reply.code(201).send(await schedules.create(asked, viewerOf(request)));
  });

  app.post(`${SCHEDULES}/:id/end`, guard.may('prepare-reports', 'report-schedule.end'), async (request) => {
    checked(empty, request.body ?? {}, 'WL_BODY_INVALID');
    return schedules.end(checked(one, request.params, 'WL_QUERY_INVALID').id, viewerOf(request));
  });
}

const TYPES = {
  html: 'text/html; charset=utf-8',
  pdf: 'application/pdf',
  json: 'application/json; charset=utf-8',
} as const;
