import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { checked, time } from '../answers.ts';
import type { Guard } from '../guard.ts';
import type { SenderTokensOf } from '../parts.ts';

const one = z.strictObject({ id: z.uuid('must be a UUID') });
const request = z.strictObject({
  source: z.string().min(1).max(200).describe('Registry id of the source.'),
  networks: z.array(z.string().max(100)).max(100).default([]).describe('Addresses or CIDR ranges; none for anywhere.'),
  expires: time.optional().describe('ISO 8601 or ms since 1970; never when left out.'),
});
const none = z.strictObject({});

/** Schema of the request, for the API's description. */
export const tokenRequest = request;

/** Tokens of senders: listed without themselves, made (told once), revoked within a second. */
export function senderTokenRoutes(app: FastifyInstance, guard: Guard, tokens: SenderTokensOf): void {
  app.get('/api/v1/sender-tokens', guard.may('see-tokens'), async () => ({
    tokens: await tokens.list(),
    forAll: tokens.forAll(),
  }));

  app.post('/api/v1/sender-tokens', guard.may('manage-tokens', 'token.create'), async (asked, reply) => {
    const { source, networks, expires = 0 } = checked(request, asked.body, 'WL_BODY_INVALID');
    const made = await tokens.create({ source, networks, expiresAt: expires }, asked.session!.account);
    return reply.code(201).send(made);
  });

  app.post('/api/v1/sender-tokens/:id/revoke', guard.may('manage-tokens', 'token.revoke'), async (asked) => {
    const { id } = checked(one, asked.params, 'WL_QUERY_INVALID');
    checked(none, asked.body ?? {}, 'WL_BODY_INVALID');
    return tokens.revoke(id, asked.session!.account);
  });
}
