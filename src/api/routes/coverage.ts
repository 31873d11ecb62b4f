import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { checked, time } from '../answers.ts';
import type { Guard } from '../guard.ts';

const STEP_MS = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;
const SHOWN_MS = 3_600_000;

const span = z.strictObject({ from: time.optional(), to: time.optional() });
const coverageQuery = span.extend({
  source: z.string().max(200).default(''),
  step: z.enum(['minute', 'hour', 'day']).default('minute'),
});
const replayWish = z.strictObject({ gap: z.string().regex(/^[0-9a-f]{24}$/, 'must be the id of a gap') });

/** Schemas of the requests, for the API's description. */
export const COVERAGE_REQUESTS = { coverageQuery, span, replayWish };

/** What came in, by source and time, what became of it, where that does not add up, and closing what can be closed. */
export function coverageRoutes(app: FastifyInstance, guard: Guard): void {
  const own = guard.within('own').may('see-health');

  app.get('/api/v1/coverage', own, async (request) => {
    const { from, to, source, step } = checked(coverageQuery, request.query, 'WL_QUERY_INVALID');
    const end = to ?? Date.now();
    return request.sees.coverage.overview({ from: from ?? end - SHOWN_MS, to: end, stepMs: STEP_MS[step], source });
  });

  app.get('/api/v1/coverage/gaps', own, async (request) => {
    const { from, to } = checked(span, request.query, 'WL_QUERY_INVALID');
    const end = to ?? Date.now();
    return request.sees.coverage.gaps(from ?? end - STEP_MS.day, end);
  });

  app.get('/api/v1/coverage/detectors', guard.within('refused').may('see-health'), async (request) => {
    const { from, to } = checked(span, request.query, 'WL_QUERY_INVALID');
    const end = to ?? Date.now();
    return request.sees.coverage.judged(from ?? end - STEP_MS.day, end);
  });

  app.post(
    '/api/v1/coverage/replays',
    guard.within('refused').may('replay-gaps', 'coverage.replay'),
    async (request, reply) => {
      const { gap } = checked(replayWish, request.body, 'WL_BODY_INVALID');
      return reply.code(202).send(await request.sees.coverage.replay(gap, request.session!.account));
    },
  );
}
