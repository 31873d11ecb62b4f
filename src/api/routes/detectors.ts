import type { FastifyInstance } from 'fastify';
import type { Guard } from '../guard.ts';
import type { DetectorCard } from '../parts.ts';

/** What is looked for, why, and what each detector can not see. */
export function detectorRoutes(app: FastifyInstance, guard: Guard, detectors: readonly DetectorCard[]): void {
  const cards = detectors.map(({ name, version, title, what, techniques, cites, knownGaps }) => ({
    name,
    version,
    title,
    what,
    techniques,
    cites,
    knownGaps,
  }));
  app.get('/api/v1/detectors', { preHandler: guard.signedIn }, async () => ({ detectors: cards }));
}
