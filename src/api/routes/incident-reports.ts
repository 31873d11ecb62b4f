import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { DEADLINES, type ReportCommand } from '../../incident/report-entry.ts';
import { LEVELS, REPORT_FIELD_NAMES } from '../../incident/report-fields.ts';
import { reportHtml } from '../../incident/report-html.ts';
import { checked } from '../answers.ts';
import type { Guard } from '../guard.ts';
import type { ApiParts } from '../parts.ts';

const one = z.strictObject({ id: z.uuid('must be a UUID') });
const reportQuery = z.strictObject({
  form: z.enum(['html', 'json']).default('json'),
  language: z.enum(['zh', 'en']).default('zh'),
});
const text = z.string().trim().max(4_000);
const said = text.min(1, 'say it in a few words');

/** Each entry with its body, as `POST /api/v1/incidents/:id/report/<act>`. */
const classification = z.strictObject({ level: z.enum(LEVELS), within: z.enum(DEADLINES), text: text.default('') });
const statement = z.strictObject({
  field: z.enum(REPORT_FIELD_NAMES),
  text: text.describe('Empty to take back what was stated.'),
});
const sending = z.strictObject({ text: said.describe('To whom, how, and the number of the receipt.') });
const ACTS = {
  classify: classification.transform((body): ReportCommand => ({ act: 'classified', ...body })),
  state: statement.transform((body): ReportCommand => ({ act: 'stated', ...body })),
  sent: sending.transform((body): ReportCommand => ({ act: 'sent', ...body })),
} as const;

/** Schemas of the requests, for the API's description. */
export const REPORT_REQUESTS = { reportQuery, classification, statement, sending };

/** Incidents as a whole: what they rest on, what was decided, and the report that may be due. */
export function incidentReportRoutes(
  app: FastifyInstance,
  guard: Guard,
  { incidentToOcsf, masks }: Pick<ApiParts, 'incidentToOcsf' | 'masks'>,
): void {
  const read = guard.may('see-findings');

  for (const part of ['evidence', 'decisions'] as const)
    app.get(`/api/v1/incidents/:id/${part}`, read, async (request) => {
      const { id } = checked(one, request.params, 'WL_QUERY_INVALID');
      return request.sees.incidents[part](id);
    });

  app.get('/api/v1/incidents/:id/report-state', read, async (request) => {
    const { id } = checked(one, request.params, 'WL_QUERY_INVALID');
    return request.sees.incidents.report(id);
  });

  app.get('/api/v1/incidents/:id/report', guard.may('see-findings', 'incident.export'), async (request, reply) => {
    const { id } = checked(one, request.params, 'WL_QUERY_INVALID');
    const { form, language } = checked(reportQuery, request.query, 'WL_QUERY_INVALID');
    const file = await request.sees.incidents.file(id);
    void reply.header('content-disposition', `attachment; filename="incident-${id}.${form}"`);
    const stamp = { at: Date.now(), by: request.session!.account };
    if (form === 'json') return { made: stamp, ...file, ocsf: incidentToOcsf(file.incident) };
    void reply.type('text/html; charset=utf-8');
    // Before it is a text, in which nothing says any more who acts.
    request.isMasked = true;
    return reportHtml(masks.data(file), { ...stamp, timeZone: file.timeZone, language });
  });

  for (const [name, body] of Object.entries(ACTS))
    app.post(
      `/api/v1/incidents/:id/report/${name}`,
      guard.may('triage', `incident.${name as keyof typeof ACTS}`),
      async (request) => {
        const { id } = checked(one, request.params, 'WL_QUERY_INVALID');
        const command: ReportCommand = checked(body, request.body ?? {}, 'WL_BODY_INVALID');
        return request.sees.incidents.say(id, command, request.session!.account);
      },
    );
}
