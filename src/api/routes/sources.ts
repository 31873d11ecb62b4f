import type { FastifyInstance } from 'fastify';
import type { Guard } from '../guard.ts';
import type { Live } from '../parts.ts';

/** Who sends, how fast, how late, and what is wrong with it. */
export function sourceRoutes(app: FastifyInstance, guard: Guard, live: Live): void {
  app.get('/api/v1/sources', { preHandler: guard.signedIn }, async () => ({ sources: live.sources() }));
}
