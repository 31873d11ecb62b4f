import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { DISPOSITIONS } from '../../finding/lifecycle.ts';
import type { TriageCommand } from '../../finding/triage.ts';
import { checked } from '../answers.ts';
import { noteAbout } from '../audit-requests.ts';
import type { Guard } from '../guard.ts';

const id = z.uuid('must be a UUID');
const one = z.strictObject({ id });
const text = z.string().trim().min(1, 'say it in a few words').max(4_000);
const assignee = z.string().trim().max(200).describe('Account; empty for nobody.');
const disposition = z.enum(DISPOSITIONS);

/** Each act with its body, as `POST /api/v1/findings/:id/<act>`. */
export const ACTS = {
  acknowledge: z.strictObject({}).transform((): TriageCommand => ({ act: 'acknowledged' })),
  assign: z.strictObject({ assignee }).transform((body): TriageCommand => ({ act: 'assigned', ...body })),
  note: z.strictObject({ text }).transform((body): TriageCommand => ({ act: 'note', ...body })),
  close: z
    .strictObject({ disposition, reason: text })
    .transform(({ reason, ...body }): TriageCommand => ({ act: 'closed', ...body, text: reason })),
  reopen: z
    .strictObject({ reason: text })
    .transform(({ reason }): TriageCommand => ({ act: 'reopened', text: reason })),
  undo: z
    .strictObject({ entry: id.describe('Id of the entry in the history that is taken back.') })
    .transform(({ entry }): TriageCommand => ({ act: 'undone', undoes: entry })),
} as const;

const MOST = 1_000;
/** A thousand findings with an entry each. */
const BULK_BODY_BYTES = 262_144;
const most = `at most ${MOST} findings at once`;

/** One decision about many findings, or many that are taken back. */
export const BULK = {
  decide: z.strictObject({
    findings: z.array(id).min(1).max(MOST, most),
    decision: z.discriminatedUnion('act', [
      z.strictObject({ act: z.literal('acknowledge') }),
      z.strictObject({ act: z.literal('assign'), assignee }),
      z.strictObject({ act: z.literal('note'), text }),
      z.strictObject({ act: z.literal('close'), disposition, reason: text }),
      z.strictObject({ act: z.literal('reopen'), reason: text }),
    ]),
  }),
  undo: z.strictObject({
    entries: z
      .array(z.strictObject({ finding: id, entry: id }))
      .min(1)
      .max(MOST, most),
  }),
} as const;

/** What people do with findings: each answers with the finding's state and history after it. */
export function triageRoutes(app: FastifyInstance, guard: Guard): void {
  /** Says in the record whose findings were closed. Triage goes on while the store is away: then it does not. */
  const noteClosed = async (request: FastifyRequest, findings: readonly string[]): Promise<void> => {
    const detectors = await request.sees.queries.detectorsOf(findings).catch(() => []);
    noteAbout(request, ...detectors.map((detector) => `detector ${detector}`));
  };

  app.get('/api/v1/findings/:id/history', guard.may('see-findings'), async (request) => {
    const { id } = checked(one, request.params, 'WL_QUERY_INVALID');
    return request.sees.triage.history(id);
  });

  for (const [name, body] of Object.entries(ACTS))
    app.post(
      `/api/v1/findings/:id/${name}`,
      guard.may('triage', `triage.${name as keyof typeof ACTS}`),
      async (request) => {
        const { id } = checked(one, request.params, 'WL_QUERY_INVALID');
        const command: TriageCommand = checked(body, request.body ?? {}, 'WL_BODY_INVALID');
        const after = await request.sees.triage.act(id, command, request.session!.account);
        if (command.act === 'closed') await noteClosed(request, [id]);
        return after;
      },
    );

  const limit = { bodyLimit: BULK_BODY_BYTES };
  app.post('/api/v1/findings/triage', { ...guard.may('triage', 'triage.bulk'), ...limit }, async (request) => {
    const { findings, decision } = checked(BULK.decide, request.body, 'WL_BODY_INVALID');
    const { act, ...body } = decision;
    const command: TriageCommand = ACTS[act].parse(body);
    const after = await request.sees.triage.actOnAll(
      findings.map((finding) => ({ finding, command })),
      request.session!.account,
    );
    if (command.act === 'closed') await noteClosed(request, findings);
    return after;
  });

  app.post('/api/v1/findings/triage/undo', { ...guard.may('triage', 'triage.undo'), ...limit }, async (request) => {
    const { entries } = checked(BULK.undo, request.body, 'WL_BODY_INVALID');
    return request.sees.triage.actOnAll(
      entries.map(({ finding, entry }) => ({ finding, command: { act: 'undone', undoes: entry } })),
      request.session!.account,
    );
  });
}
