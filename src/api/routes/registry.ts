import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { AuditAction } from '../../access/audit/entry.ts';
import type { RecordedRegistry } from '../../registry/recorded-registry.ts';
import { ENTRIES, LISTS, type ListName } from '../../registry/schema.ts';
import { checked, limit, time } from '../answers.ts';
import { noteAbout } from '../audit-requests.ts';
import type { Guard } from '../guard.ts';
import { showing } from '../mask-answers.ts';
import { registrySchema } from '../registry-schema.ts';
import { draftOf, draftRequest, type UnresolvedName } from '../registry-draft.ts';
import { RegistryDesk, type Change } from '../registry-desk.ts';
import { importUpload } from '../registry-upload.ts';

const list = z.enum(LISTS as [ListName, ...ListName[]], { error: `must be one of ${LISTS.join(', ')}` });
const inList = z.strictObject({ list });
const named = z.strictObject({ list, id: z.string().min(1).max(200) });
const asOf = { validAt: time.optional(), recordedAt: time.optional() };
const asOfQuery = z.strictObject(asOf);
const search = z.strictObject({
  ...asOf,
  search: z.string().max(200).optional(),
  limit: limit(1_000),
  cursor: z.string().max(200).default(''),
});
const namesQuery = z.strictObject({ list, id: z.union([named.shape.id, z.array(named.shape.id).max(200)]) });
const dryRun = z.enum(['true', 'false']).default('false');
const changeQuery = z.strictObject({ dryRun, basedOn: time.optional() });
const importQuery = z.strictObject({ dryRun, list, complete: z.enum(['true', 'false']).default('false') });
const entry = z.record(z.string(), z.unknown());
const endBody = z.strictObject({ at: z.string().max(40).optional() });

/** Schemas of the requests, for the API's description. */
export const REGISTRY_REQUESTS = { search, namesQuery, asOfQuery, changeQuery, importQuery, endBody, draftRequest };

const ROOT = '/api/v1/registry';

/**
 * The registry: read as of event time (`validAt`) and of what was known (`recordedAt`); create, correct and end entries,
 * import tables, make an entry of a name that events carry. With `dryRun=true` nothing changes.
 */
export function registryRoutes(
  app: FastifyInstance,
  guard: Guard,
  registry: RecordedRegistry,
  unresolved: () => readonly UnresolvedName[],
): void {
  const desk = new RegistryDesk(registry);
  const see = guard.within('own').may('see-registry');
  const read = showing('entered', see);
  const deskOf = ({ sees }: FastifyRequest): RegistryDesk => new RegistryDesk(sees.registry);
  const change = (audit: AuditAction) => showing('entered', guard.within('refused').may('change-registry', audit));
  const whoOf = (request: FastifyRequest): Change => {
    const { dryRun: dry, basedOn } = checked(changeQuery, request.query, 'WL_QUERY_INVALID');
    return { by: request.session!.account, dryRun: dry === 'true', basedOn };
  };

  app.get(ROOT, read, async ({ sees }) => ({
    lists: LISTS.map((name) => ({ list: name, entries: [...sees.registry.history.all(name)].length })),
    problems: sees.registry.problems(),
    warnings: sees.registry.current().warnings,
  }));

  const schema = registrySchema();
  app.get(`${ROOT}-schema`, guard.within('same').may('see-registry'), async (request) => ({
    ...schema,
    timeZone: registry.history.timeZone,
    mayChange: guard.allows(request, 'change-registry'),
  }));

  app.get(`${ROOT}-names`, read, async (request) => {
    const { list: name, id } = checked(namesQuery, request.query, 'WL_QUERY_INVALID');
    return { names: deskOf(request).names(name, [id].flat()) };
  });

  app.get(`${ROOT}/:list`, read, async (request) => {
    const { list: name } = checked(inList, request.params, 'WL_QUERY_INVALID');
    const { limit: most, cursor, ...wanted } = checked(search, request.query, 'WL_QUERY_INVALID');
    return deskOf(request).list(name, wanted, most, cursor);
  });

  app.get(`${ROOT}/:list/:id`, read, async (request) => {
    const { list: name, id } = checked(named, request.params, 'WL_QUERY_INVALID');
    return deskOf(request).entry(name, id, checked(asOfQuery, request.query, 'WL_QUERY_INVALID'));
  });

  app.get(`${ROOT}/:list/:id/history`, read, async (request) => {
    const { list: name, id } = checked(named, request.params, 'WL_QUERY_INVALID');
    return { versions: deskOf(request).history(name, id) };
  });

  app.post(`${ROOT}/:list`, change('registry.create'), async (request, reply) => {
    const { list: name } = checked(inList, request.params, 'WL_QUERY_INVALID');
    const who = whoOf(request);
    const made = checked(entry, request.body, 'WL_BODY_INVALID');
    const changes = await desk.create(name, made, who);
    if (!who.dryRun) noteAbout(request, ...recipientsOf(name, [made]));
    return reply.code(who.dryRun ? 200 : 201).send({ changes });
  });

  app.put(`${ROOT}/:list/:id`, change('registry.correct'), async (request) => {
    const { list: name, id } = checked(named, request.params, 'WL_QUERY_INVALID');
    const body = checked(z.union([entry, z.array(entry).min(1)]), request.body, 'WL_BODY_INVALID');
    const versions = Array.isArray(body) ? body : [body];
    const who = whoOf(request);
    const changes = await desk.correct(name, id, versions, who);
    if (!who.dryRun) noteAbout(request, ...recipientsOf(name, versions));
    return { changes };
  });

  app.post(`${ROOT}/:list/:id/end`, change('registry.end'), async (request) => {
    const { list: name, id } = checked(named, request.params, 'WL_QUERY_INVALID');
    const { at = `${new Date().toISOString().slice(0, 19)}Z` } = checked(
      endBody,
      request.body ?? {},
      'WL_BODY_INVALID',
    );
    return { changes: await desk.end(name, id, at, whoOf(request)) };
  });

  // Detection counts what it met; what has become an entry since is no longer anybody's to do.
  const isUnknown = ({ kind, name }: UnresolvedName): boolean => {
    const [known, now] = [registry.current(), Date.now()];
    return (kind === 'account' ? known.account(name, '', now) : known[kind](name, now)) === undefined;
  };
  app.get(`${ROOT}-unresolved`, guard.within('refused').may('see-registry'), async () => ({
    unresolved: unresolved().filter(isUnknown),
  }));

  app.post(`${ROOT}-unresolved`, change('registry.create'), async (request, reply) => {
    const who = whoOf(request);
    const { list: name, entry: draft } = draftOf(checked(draftRequest, request.body, 'WL_BODY_INVALID'));
    const changes = await desk.create(name, draft, who);
    return reply.code(who.dryRun ? 200 : 201).send({ list: name, entry: draft, changes });
  });

  importUpload(app, change('registry.import'), `${ROOT}-import`, async (request, path) => {
    const { list: name, dryRun: dry, complete } = checked(importQuery, request.query, 'WL_QUERY_INVALID');
    const { importTables } = await import('../../registry/import/import.ts');
    let names: ReadonlySet<string> = new Set();
    let rows = 0;
    const options = { path, list: name, complete: complete === 'true', dryRun: dry === 'true' };
    const changes = await importTables(registry, {
      ...options,
      by: request.session!.account,
      now: Date.now(),
      onRead: (read, count) => ([names, rows] = [read, count]),
    });
    const changed = changes.filter((one) => names.has(`${one.list}/${one.key}`)).length;
    return { changes, rows, unchanged: names.size - changed };
  });
}

/** The person whom a grant is for: our own detectors look whether it is who made it. */
function recipientsOf(list: ListName, entries: readonly Record<string, unknown>[]): string[] {
  if (list !== 'grants') return [];
  const person = entries.find(({ recipientKind }) => recipientKind === 'person')?.['recipient'];
  return typeof person === 'string' ? [`for ${person}`] : [];
}

/** Fields of the entries of each list, for the API's description. */
export const ENTRY_SCHEMAS: Readonly<Record<ListName, z.ZodType>> = ENTRIES;
