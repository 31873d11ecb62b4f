import type { FastifyInstance } from 'fastify';
import type { CorrelationCard, DetectorCard } from '../../detection/cards.ts';
import type { Guard } from '../guard.ts';

/** What is looked for, why, by which settings, and what each detector can not see; and what it has found of late. */
export function detectorRoutes(
  app: FastifyInstance,
  guard: Guard,
  known: { detectors: readonly DetectorCard[]; correlations: readonly CorrelationCard[] },
): void {
  const { detectors, correlations } = known;
  app.get('/api/v1/detectors', guard.within('same').may('see-rules'), async () => ({ detectors, correlations }));

  app.get('/api/v1/detectors-use', guard.may('see-rules'), async (request) => {
    const now = Date.now();
    return { asOf: now, use: await request.sees.detectorUses.use(now) };
  });
}
