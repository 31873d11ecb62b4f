import type { FastifyInstance } from 'fastify';
import type { CorrelationCard, DetectorCard } from '../../detection/cards.ts';
import type { Guard } from '../guard.ts';
import type { DetectorUses } from '../parts.ts';

/** What is looked for, why, by which settings, and what each detector can not see; and what it has found of late. */
export function detectorRoutes(
  app: FastifyInstance,
  guard: Guard,
  known: { detectors: readonly DetectorCard[]; correlations: readonly CorrelationCard[] },
  uses: DetectorUses,
): void {
  const { detectors, correlations } = known;
  app.get('/api/v1/detectors', guard.may('see-rules'), async () => ({ detectors, correlations }));

  app.get('/api/v1/detectors-use', guard.may('see-rules'), async () => {
    const now = Date.now();
    return { asOf: now, use: await uses.use(now) };
  });
}
