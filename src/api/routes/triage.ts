import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { DISPOSITIONS } from '../../finding/lifecycle.ts';
import type { TriageCommand } from '../../finding/triage.ts';
import { checked } from '../answers.ts';
import type { Guard } from '../guard.ts';
import type { Triage } from '../parts.ts';

const one = z.strictObject({ id: z.uuid('must be a UUID') });
const text = z.string().trim().min(1, 'say it in a few words').max(4_000);

/** Each act with its body, as `POST /api/v1/findings/:id/<act>`. */
const ACTS = {
  acknowledge: z.strictObject({}).transform((): TriageCommand => ({ act: 'acknowledged' })),
  assign: z
    .strictObject({ assignee: z.string().trim().max(200).describe('Account; empty for nobody.') })
    .transform((body): TriageCommand => ({ act: 'assigned', ...body })),
  note: z.strictObject({ text }).transform((body): TriageCommand => ({ act: 'note', ...body })),
  close: z
    .strictObject({ disposition: z.enum(DISPOSITIONS), reason: text })
    .transform(({ disposition, reason }): TriageCommand => ({ act: 'closed', disposition, text: reason })),
  reopen: z
    .strictObject({ reason: text })
    .transform(({ reason }): TriageCommand => ({ act: 'reopened', text: reason })),
} as const;

/** What people do with findings: each answers with the finding's state and history after it. */
export function triageRoutes(app: FastifyInstance, guard: Guard, triage: Triage): void {
  app.get('/api/v1/findings/:id/history', { preHandler: guard.signedIn }, async (request) => {
    const { id } = checked(one, request.params, 'WL_QUERY_INVALID');
    return triage.history(id);
  });

  for (const [name, body] of Object.entries(ACTS)) {
    const audit = `triage.${name as keyof typeof ACTS}` as const;
    app.post(`/api/v1/findings/:id/${name}`, { preHandler: guard.signedInHere, config: { audit } }, async (request) => {
      const { id } = checked(one, request.params, 'WL_QUERY_INVALID');
      const command: TriageCommand = checked(body, request.body ?? {}, 'WL_BODY_INVALID');
      return triage.act(id, command, request.session!.account);
    });
  }
}
