import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { checked, time } from '../answers.ts';
import type { Guard } from '../guard.ts';
import type { DetectorSettings } from '../parts.ts';

const one = z.strictObject({ id: z.uuid('must be a UUID') });

/** What a person states to try settings on the past. */
export const backtestWish = z.strictObject({
  detector: z.string().min(1).max(100),
  settings: z.record(z.string(), z.unknown()).optional(),
  from: time.optional(),
  to: time.optional(),
  warmUpDays: z.number().int().min(0).max(90).default(28),
  analysts: z.number().int().min(1).max(1_000).default(1),
});

/** Settings of a detector tried on the past, before they are changed: asked for, followed, cancelled. */
export function backtestRoutes(app: FastifyInstance, guard: Guard, settings: Pick<DetectorSettings, 'scope'>) {
  const wish = backtestWish.extend({ scope: settings.scope.default({}) });

  app.get('/api/v1/backtests', guard.may('backtest'), async (request) => ({
    backtests: request.sees.backtests.list(),
  }));

  app.get('/api/v1/backtests/:id', guard.may('backtest'), async (request) =>
    request.sees.backtests.of(checked(one, request.params, 'WL_QUERY_INVALID').id),
  );

  app.post('/api/v1/backtests', guard.may('backtest', 'backtest.start'), async (request, reply) => {
    const asked = await request.sees.backtests.create(
      checked(wish, request.body, 'WL_BODY_INVALID'),
      request.session!.account,
    );
    return reply.code(202).header('location', `/api/v1/backtests/${asked.id}`).send(asked);
  });

  app.delete('/api/v1/backtests/:id', guard.may('backtest', 'backtest.cancel'), async (request) => {
    const { id } = checked(one, request.params, 'WL_QUERY_INVALID');
    return request.sees.backtests.cancel(id, request.session!.account);
  });
}
