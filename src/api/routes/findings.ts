import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { WanglouError } from '../../errors.ts';
import type { Event } from '../../event/event.ts';
import { checked } from '../answers.ts';
import { filterOf, SEARCHES } from '../finding-search.ts';
import type { Guard } from '../guard.ts';

const one = z.strictObject({ id: z.uuid('must be a UUID') });

const LOOKED_FOR = ['text', 'actor', 'asset'] as const;

/** Findings: all that were ever raised, by page, count, group and place; and one with its revisions and the events behind it. */
export function findingRoutes(app: FastifyInstance, guard: Guard): void {
  const accountOf = (request: FastifyRequest): string => request.session!.account;

  app.get('/api/v1/findings', guard.may('see-findings'), async (request) => {
    const { limit, cursor, ...stated } = checked(SEARCHES.page, request.query, 'WL_QUERY_INVALID');
    const wanted = filterOf(stated, accountOf(request));
    const page = await request.sees.queue.page(wanted, { limit, ...(cursor === undefined ? {} : { cursor }) });
    // The page asks again and again for what is new; who looks somebody or something up is on the record.
    if (LOOKED_FOR.some((field) => stated[field] !== undefined)) request.looked = 'findings.search';
    request.audit.rows = page.findings.length;
    return page;
  });

  app.get('/api/v1/findings/counts', guard.may('see-findings'), async (request) =>
    request.sees.queue.counts(
      filterOf(checked(SEARCHES.counts, request.query, 'WL_QUERY_INVALID'), accountOf(request)),
    ),
  );

  app.get('/api/v1/findings/ids', guard.may('see-findings'), async (request) => {
    const { limit, ...stated } = checked(SEARCHES.ids, request.query, 'WL_QUERY_INVALID');
    return { ids: await request.sees.queue.ids(filterOf(stated, accountOf(request)), limit) };
  });

  app.get('/api/v1/findings/groups', guard.may('see-findings'), async (request) => {
    const { by, ...stated } = checked(SEARCHES.groups, request.query, 'WL_QUERY_INVALID');
    return { groups: await request.sees.queue.groups(filterOf(stated, accountOf(request)), by) };
  });

  app.get('/api/v1/findings/:id', guard.may('see-findings'), async (request) => {
    const { id } = checked(one, request.params, 'WL_QUERY_INVALID');
    const { queries } = request.sees;
    const finding = await queries.findingById(id);
    if (!finding) throw new WanglouError('WL_NOT_FOUND', `There is no finding ${id}`, { remedy: 'Check the id.' });
    const [revisions, events] = await Promise.all([
      queries.findingRevisions(id),
      finding.eventIds.length === 0 ? [] : queries.eventsById(finding.eventIds),
    ]);
    return { finding, revisions, events: inTheOrderOf(finding.eventIds, events) };
  });
}

function inTheOrderOf(ids: readonly string[], events: readonly Event[]): Event[] {
  const byId = new Map(events.map((event) => [event.id, event]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}
