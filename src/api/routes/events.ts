import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { WanglouError } from '../../errors.ts';
import type { Event } from '../../event/event.ts';
import { checked, limit, time } from '../answers.ts';
import type { Guard } from '../guard.ts';
import { searchMasked, type Sees } from '../masked-search.ts';
import type { EventSearch } from '../queries.ts';

/** A search that names no beginning goes back a week. */
const DEFAULT_SPAN_MS = 7 * 24 * 3_600_000;

const name = z.string().min(1).max(500).optional();
const search = z.strictObject({
  from: time.optional(),
  to: time.optional(),
  text: name,
  source: name,
  account: name,
  asset: name,
  outcome: z.enum(['success', 'failure']).optional(),
  limit: limit(1_000),
  cursor: name,
});
const one = z.strictObject({ id: z.uuid('must be a UUID') });
const form = z.strictObject({ form: z.enum(['flat', 'ocsf']).default('flat') });

/** Events: searched, or one by its id. */
export function eventRoutes(app: FastifyInstance, guard: Guard, toOcsf: (event: Event) => unknown, masks: Sees): void {
  app.get('/api/v1/events', guard.may('see-events', 'events.search'), async (request) => {
    const found = await searchMasked(request.sees.queries, searchOf(request.query, Date.now()), masks);
    request.audit.rows = found.events.length;
    return found;
  });

  app.get('/api/v1/events/:id', guard.may('see-events', 'event.read'), async (request) => {
    const { id } = checked(one, request.params, 'WL_QUERY_INVALID');
    const wanted = checked(form, request.query, 'WL_QUERY_INVALID').form;
    const [event] = await request.sees.queries.eventsById([id]);
    if (!event) throw new WanglouError('WL_NOT_FOUND', `There is no event ${id}`, { remedy: 'Check the id.' });
    return wanted === 'ocsf' ? toOcsf(event) : event;
  });
}

function searchOf(query: unknown, now: number): EventSearch {
  const given = checked(search, query, 'WL_QUERY_INVALID');
  const to = given.to ?? now + 60_000;
  const from = given.from ?? to - DEFAULT_SPAN_MS;
  if (from >= to)
    throw new WanglouError('WL_QUERY_INVALID', `from (${from}) is not before to (${to})`, {
      remedy: 'Give a from that lies before to.',
    });
  const stated = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return { ...(stated as Partial<EventSearch>), limit: given.limit, from, to };
}
