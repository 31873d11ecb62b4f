import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { ALL_PERMISSIONS } from '../../access/api-tokens.ts';
import { checked, time } from '../answers.ts';
import type { Guard } from '../guard.ts';
import type { ApiTokensOf } from '../parts.ts';

const one = z.strictObject({ id: z.string().regex(/^[0-9a-f]{16}$/, 'must be the id of a token in the list') });
const creation = z.strictObject({
  name: z.string().trim().min(1, 'say what it is for').max(60),
  permissions: z
    .array(z.enum(ALL_PERMISSIONS, { error: `must be of ${ALL_PERMISSIONS.join(', ')}` }))
    .min(1, 'name at least one permission')
    .describe('What it may do, of what you may.'),
  networks: z.array(z.string().max(100)).max(100).default([]).describe('Addresses or CIDR ranges; none for anywhere.'),
  expires: time.describe('ISO 8601 or ms since 1970; at most a year from now.'),
});
const empty = z.strictObject({});

/** Schemas of the requests, for the API's description. */
export const API_TOKEN_REQUESTS = { creation };

const ROOT = '/api/v1/api-tokens';

/** Tokens for scripts: one's own, made (told once) and revoked; for the security administrator, everybody's. */
export function apiTokenRoutes(app: FastifyInstance, guard: Guard, tokens: ApiTokensOf): void {
  app.get(ROOT, guard.inPerson('signed-in'), async ({ session }) => ({ tokens: tokens.list(session!.account) }));

  app.post(ROOT, guard.inPerson('signed-in', 'api-token.create'), async ({ body, session, ip }, reply) => {
    const { expires: expiresAt, ...request } = checked(creation, body, 'WL_BODY_INVALID');
    return reply.code(201).send(await tokens.create(session!, { ...request, expiresAt }, ip));
  });

  app.post(`${ROOT}/:id/revoke`, guard.inPerson('signed-in', 'api-token.revoke'), async ({ params, body, session }) => {
    checked(empty, body ?? {}, 'WL_BODY_INVALID');
    return tokens.revoke(checked(one, params, 'WL_QUERY_INVALID').id, session!.account, session!.account);
  });

  app.get('/api/v1/api-tokens-of-all', guard.within('refused').may('see-accounts'), async () => ({
    tokens: tokens.list(),
  }));

  app.post(
    '/api/v1/api-tokens-of-all/:id/revoke',
    guard.within('refused').may('manage-tokens', 'api-token.revoke'),
    async ({ params, body, session }) => {
      checked(empty, body ?? {}, 'WL_BODY_INVALID');
      return tokens.revoke(checked(one, params, 'WL_QUERY_INVALID').id, session!.account);
    },
  );
}
