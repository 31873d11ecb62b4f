import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { WanglouError } from '../../errors.ts';
import { EVENT_FIELDS, FIELD_NAMES, fieldOf, operatorsOf, type FieldName } from '../../hunting/event-fields.ts';
import type { Counted } from '../../hunting/hunting-desk.ts';
import { checked } from '../answers.ts';
import type { Guard } from '../guard.ts';
import { eventFilterOf, HUNTING_SEARCHES, type Knows } from '../hunting-search.ts';
import { showing } from '../mask-answers.ts';
import type { ApiParts } from '../parts.ts';

const ROOT = '/api/v1/hunting';
const one = z.strictObject({ id: z.uuid('must be a UUID') });
/** Long, and read one by one. */
const LONG_FIELDS: readonly string[] = ['raw', 'message', 'attributes'];
const SHORT_COLUMNS = ['time', ...FIELD_NAMES.filter((name) => !LONG_FIELDS.includes(name))];

/**
 * Hunting: what happened over years, by a filter. All routes of a filter take the same query; what comes out is within the scope of
 * who asks, and masked. Each is recorded with what was asked before it is answered.
 */
export function huntingRoutes(
  app: FastifyInstance,
  guard: Guard,
  { masks, subjectHash, huntingRuns: runs }: Pick<ApiParts, 'masks' | 'subjectHash' | 'huntingRuns'>,
): void {
  const knows: Knows = { text: (text) => masks.text(text), hashOf: subjectHash };
  const asking = guard.may('hunt', 'hunt.query');
  const isShown = (field: FieldName, value: string): boolean =>
    (masks.data({ [field]: value }) as Record<string, string>)[field] === value;

  app.get(`${ROOT}/fields`, showing('own', guard.may('hunt')), async () => ({
    fields: FIELD_NAMES.map((name) => ({ name, ...describe(name), operators: operatorsOf(name) })),
  }));

  app.get(`${ROOT}/histogram`, asking, async (request, reply) => {
    const stated = checked(HUNTING_SEARCHES.filter, request.query, 'WL_QUERY_INVALID');
    const found = await request.sees.hunting.histogram(eventFilterOf(stated, knows), named(request, reply, stated.run));
    request.audit.rows = found.total;
    return found;
  });

  app.get(`${ROOT}/rows`, asking, async (request) => {
    const stated = checked(HUNTING_SEARCHES.rows, request.query, 'WL_QUERY_INVALID');
    const { offset, limit, order, columns = SHORT_COLUMNS, ...asked } = stated;
    const { events, total } = await request.sees.hunting.rows(eventFilterOf(asked, knows), order, offset, limit);
    request.audit.rows = events.length;
    // Masked with all that stands in them: what a line says is personal is masked in the fields beside it too.
    const whole = masks.data(events) as readonly unknown[] as readonly Record<string, unknown>[];
    const of = ['id', 'time', ...columns];
    return { offset, total, events: whole.map((event) => Object.fromEntries(of.map((name) => [name, event[name]]))) };
  });

  app.get(`${ROOT}/facets`, asking, async (request, reply) => {
    const { fields, ...asked } = checked(HUNTING_SEARCHES.facets, request.query, 'WL_QUERY_INVALID');
    const run = named(request, reply, asked.run);
    const facets = await request.sees.hunting.facets(eventFilterOf(asked, knows), fields as FieldName[], run);
    return {
      facets: Object.entries(facets).map(([field, values]) => ({
        field,
        values: underTheirName(field as FieldName, values),
      })),
    };
  });

  app.get(`${ROOT}/pivot`, asking, async (request, reply) => {
    const { rows, columns, measure, ...asked } = checked(HUNTING_SEARCHES.pivot, request.query, 'WL_QUERY_INVALID');
    const run = named(request, reply, asked.run);
    const pivot = await request.sees.hunting.pivot(eventFilterOf(asked, knows), { rows, columns, measure }, run);
    const places = (values: typeof pivot.rows) => new Map(values.map(({ value }, at) => [value, at]));
    const [rowAt, columnAt] = [places(pivot.rows), places(pivot.columns)];
    return {
      rows: underTheirName(rows, pivot.rows),
      columns: underTheirName(columns, pivot.columns),
      cells: pivot.cells.map(({ row, column, count }) => [rowAt.get(row)!, columnAt.get(column)!, count]),
      total: pivot.total,
    };
  });

  app.get(`${ROOT}/suggestions`, asking, async (request) => {
    const { field, part, ...asked } = checked(HUNTING_SEARCHES.suggestions, request.query, 'WL_QUERY_INVALID');
    if (!fieldOf(field).counted && fieldOf(field).type !== 'attribute') return { values: [] };
    const found = await request.sees.hunting.suggestions(eventFilterOf(asked, knows), field, part);
    // A pseudonym can not be asked for: a value that would be shown as one is not offered.
    return {
      values: underTheirName(
        field,
        found.filter(({ value }) => isShown(field, value)),
      ),
    };
  });

  app.get(`${ROOT}/cost`, guard.may('hunt'), async (request) => {
    const stated = checked(HUNTING_SEARCHES.filter, request.query, 'WL_QUERY_INVALID');
    return request.sees.hunting.cost(eventFilterOf(stated, knows));
  });

  app.get(`${ROOT}/runs/:id`, showing('own', guard.may('hunt')), async (request) => {
    const { id } = checked(one, request.params, 'WL_QUERY_INVALID');
    return { progress: (await runs.progress(runName(request, id))) ?? null };
  });

  app.delete(`${ROOT}/runs/:id`, guard.may('hunt', 'hunt.cancel'), async (request) => {
    const { id } = checked(one, request.params, 'WL_QUERY_INVALID');
    if (await runs.cancel(runName(request, id))) return { cancelled: true };
    throw new WanglouError('WL_NOT_FOUND', `No query of yours runs as ${id}`, {
      remedy: 'It has ended; nothing is left to do.',
    });
  });

  /** The name of a run, which ends when nobody waits for its answer any more. */
  function named(request: FastifyRequest, reply: FastifyReply, run: string | undefined): string {
    if (run === undefined) return '';
    const name = runName(request, run);
    reply.raw.once('close', () => void (reply.raw.writableFinished || runs.cancel(name).catch(() => undefined)));
    return name;
  }
}

function describe(name: FieldName) {
  const { type, title, parts, counted } = EVENT_FIELDS[name];
  return { type, title, parts, counted };
}

/** Under the field's own name: what is masked, and what stays, goes by the name of the field. */
function underTheirName(field: FieldName, values: readonly Counted[]) {
  return values.map(({ value, count }) => ({ [field]: value, count }));
}

/** Nobody else can follow or end it. */
function runName({ session }: FastifyRequest, run: string): string {
  return `${session!.account}/${run}`;
}
