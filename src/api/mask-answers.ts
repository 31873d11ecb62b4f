import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Guard } from './guard.ts';

/** Puts pseudonyms in the place of personal information (src/access/masking/masker.ts). */
export interface Masks {
  text(text: string): string;
  data<T>(data: T): T;
}

/**
 * What a route that does not leave everything to the masking says. `revealed`: its answer is what somebody has asked to see,
 * with a reason and a record. `entered`: entries that people make, as they are for those who may correct them, for a
 * pseudonym must not be saved as a value; masked for all others. `own`: nothing in it comes from a log line.
 */
export type Shows = 'revealed' | 'entered' | 'own';

declare module 'fastify' {
  interface FastifyContextConfig {
    shows?: Shows;
  }
  interface FastifyRequest {
    isMasked: boolean;
  }
}

/**
 * The one place that everything passes which the server answers: data before it is written as JSON, and texts (reports, exports)
 * as they leave. Every route is masked that does not say otherwise; errors always are.
 */
export function maskAnswers(app: FastifyInstance, masks: Masks, guard: Guard): void {
  app.decorateRequest('isMasked', false);
  app.addHook('preSerialization', async (request, reply, payload) => {
    request.isMasked = true;
    return reply.statusCode < 400 && showsAsItIs(request, guard) ? payload : masks.data(payload);
  });
  app.addHook('onSend', async (request, _reply, payload) =>
    typeof payload !== 'string' || request.isMasked || showsAsItIs(request, guard) ? payload : masks.text(payload),
  );
}

/** The options of a route, with what it shows. */
export function showing<T extends { config: object }>(shows: Shows, options: T): T & { config: { shows: Shows } } {
  return { ...options, config: { ...options.config, shows } };
}

function showsAsItIs(request: FastifyRequest, guard: Guard): boolean {
  const { shows } = request.routeOptions.config;
  return shows === 'entered' ? guard.allows(request, 'change-registry') : shows !== undefined;
}
