import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { checked, time } from '../answers.ts';
import { noteAbout } from '../audit-requests.ts';
import type { Guard } from '../guard.ts';
import type { DetectorSettings } from '../parts.ts';

const text = z.string().trim().min(1, 'say it in a few words').max(2_000);
const list = z.strictObject({ detector: z.string().min(1).max(100).optional() });

/** What detectors decide by, for a department, an asset level or a vendor: every version, and a new one. */
export function settingsRoutes(app: FastifyInstance, guard: Guard, { scope }: Pick<DetectorSettings, 'scope'>): void {
  const change = z.strictObject({
    detector: z.string().min(1).max(100),
    scope: scope.default({}),
    settings: z.record(z.string(), z.unknown()).nullable(),
    why: text,
    effectiveFrom: time.optional(),
  });

  app.get('/api/v1/settings', guard.may('see-rules'), async (request) => {
    const { detector } = checked(list, request.query, 'WL_QUERY_INVALID');
    const asked = (version: { detector: string }) => detector === undefined || version.detector === detector;
    const { settings } = request.sees;
    const [versions, inForce] = [await settings.list(), await settings.inForce()];
    return { versions: versions.filter(asked), inForce: inForce.filter(asked) };
  });

  const changing = guard.within('refused').may('change-rules', 'settings.change');
  app.post('/api/v1/settings', changing, async (request, reply) => {
    const wanted = checked(change, request.body, 'WL_BODY_INVALID');
    const made = await request.sees.settings.change(wanted, request.session!.account);
    noteAbout(request, `detector ${wanted.detector}`);
    return reply.code(201).send(made);
  });
}
