import type { FastifyInstance } from 'fastify';
import type { Connections } from '../../connections.ts';
import type { Guard } from '../guard.ts';
import { showing } from '../mask-answers.ts';
import { metricsOf } from '../metrics.ts';
import type { ApiParts } from '../parts.ts';

/** `/health` is open, for load balancers and people without an account; `/metrics` needs the API token. */
export function healthRoutes(
  app: FastifyInstance,
  guard: Guard,
  { live, readiness, ledger, sealLags }: ApiParts,
  connections: Connections | undefined,
): void {
  app.get('/health', { config: { permission: 'open' } }, async (_request, reply) => {
    const { ready, missing } = readiness();
    const { state, programs, collectors, parked, problems } = live.health();
    return reply.code(ready ? 200 : 503).send({ ready, missing, state, problems, programs, collectors, parked });
  });

  const metrics = metricsOf(live, ledger, connections, sealLags);
  app.get('/metrics', showing('own', guard.may('see-health')), async (_request, reply) =>
    reply.type(metrics.contentType).send(await metrics.metrics()),
  );
}
