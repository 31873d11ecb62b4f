import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { WanglouError } from '../../errors.ts';
import { SCOPE_KINDS } from '../../posture/scopes.ts';
import { checked, limit, time } from '../answers.ts';
import type { Guard } from '../guard.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const MAX_STEPS = 2_000;
const USUAL_STEPS = 288;

const scope = {
  scope: z.enum(SCOPE_KINDS).default('overall').describe('What the score is of.'),
  id: z.string().max(200).default('').describe('Id of the department, system, level or vendor; nothing for overall.'),
};
const now = z.strictObject({
  ...scope,
  at: time.optional().describe('Any time; now when it is left out.'),
  limit: limit(1_000).describe('How many terms, the heaviest first.'),
});
const series = z.strictObject({
  ...scope,
  from: time.optional().describe('A day before `to` when it is left out.'),
  to: time.optional().describe('Exclusive; now when it is left out.'),
  step: z.coerce
    .number()
    .int()
    .min(60, 'scores are kept once a minute: 60 seconds or more')
    .optional()
    .describe('Seconds that become one point of the series.'),
});
export const POSTURE_REQUESTS = { now, series };

/** The score of the platform or of a part of it, 0–100 (100 is calm), with every term; and how it went. */
export function postureRoutes(app: FastifyInstance, guard: Guard): void {
  app.get('/api/v1/posture', guard.may('see-posture'), async (request) => {
    const { scope: kind, id, at = Date.now(), limit: most } = checked(now, request.query, 'WL_QUERY_INVALID');
    return request.sees.posture.of(scopeOf(kind, id), at, most);
  });

  app.get('/api/v1/posture/series', guard.may('see-posture'), async (request) => {
    const { scope: kind, id, ...given } = checked(series, request.query, 'WL_QUERY_INVALID');
    const to = given.to ?? Date.now();
    const from = floor(given.from ?? to - DAY_MS);
    if (from >= to)
      throw new WanglouError('WL_QUERY_INVALID', `from is ${said(from)}, which is not before to, ${said(to)}`, {
        remedy: 'Ask for a time that begins before it ends.',
      });
    const stepMs = given.step === undefined ? usualStep(to - from) : given.step * 1_000;
    if ((to - from) / stepMs > MAX_STEPS)
      throw new WanglouError(
        'WL_QUERY_INVALID',
        `step is ${stepMs / 1_000}: that makes more than ${MAX_STEPS} points`,
        {
          remedy: `Use ${Math.ceil((to - from) / MAX_STEPS / MINUTE_MS) * 60} seconds or more, or a shorter time.`,
        },
      );
    return {
      scope: kind,
      id,
      from,
      to,
      stepMs,
      points: await request.sees.posture.series(scopeOf(kind, id), from, to, stepMs),
    };
  });
}

function scopeOf(kind: (typeof SCOPE_KINDS)[number], id: string): { kind: (typeof SCOPE_KINDS)[number]; id: string } {
  if (kind === 'overall' && id !== '')
    throw new WanglouError('WL_QUERY_INVALID', `id is ${JSON.stringify(id)}, but scope is overall`, {
      remedy: `Leave id out, or say whose it is: scope=${SCOPE_KINDS.slice(1).join(', ')}.`,
    });
  if (kind !== 'overall' && id === '')
    throw new WanglouError('WL_QUERY_INVALID', `id is missing for scope ${kind}`, { remedy: `Say which ${kind}.` });
  return { kind, id };
}

/** Whole minutes, so that a page does not have more points than it has room for. */
function usualStep(spanMs: number): number {
  return Math.max(1, Math.round(spanMs / USUAL_STEPS / MINUTE_MS)) * MINUTE_MS;
}

function floor(at: number): number {
  return Math.floor(at / MINUTE_MS) * MINUTE_MS;
}

function said(at: number): string {
  return new Date(at).toISOString();
}
