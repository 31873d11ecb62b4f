import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { rolesThatMay, type Permission } from '../../access/permissions.ts';
import { WanglouError } from '../../errors.ts';
import { bundleOf } from '../../exports/bundle.ts';
import type { ExportFormat, ExportKind } from '../../exports/export-job.ts';
import { checked } from '../answers.ts';
import { noteAbout } from '../audit-requests.ts';
import { bytesOf, rangeWanted } from '../byte-range.ts';
import { exportWishOf } from '../export-request.ts';
import type { Guard } from '../guard.ts';
import { showing } from '../mask-answers.ts';
import type { Knows } from '../hunting-search.ts';
import type { ApiParts, Exporter } from '../parts.ts';

const ROOT = '/api/v1/exports';
const one = z.strictObject({ id: z.uuid('must be a UUID') });
/** Who may not see something can not take it out either. */
const SEEN_WITH: Readonly<Record<ExportKind, Permission>> = {
  events: 'hunt',
  findings: 'see-findings',
  audit: 'see-audit',
  sharing: 'see-profiles',
  sql: 'ask-sql',
};
const TYPES: Readonly<Record<ExportFormat, string>> = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  ndjson: 'application/x-ndjson; charset=utf-8',
  parquet: 'application/vnd.apache.parquet',
};

/**
 * Files of what people see here, for their own tools: asked for, followed, fetched (in parts, and where it broke off) and removed by
 * whoever asked. What is in them is masked and within the scope; each is recorded before it is asked for, made and fetched.
 */
export function exportRoutes(
  app: FastifyInstance,
  guard: Guard,
  { masks, subjectHash, exports }: Pick<ApiParts, 'masks' | 'subjectHash' | 'exports'>,
): void {
  const knows: Knows = { text: (text) => masks.text(text), hashOf: subjectHash };
  const mustSee = (request: FastifyRequest, of: ExportKind): void => {
    const { account, scope } = request.session!;
    if (of === 'audit' && scope !== null)
      throw new WanglouError(
        'WL_FORBIDDEN',
        `${account} sees a part of the platform, and the audit trail is of all of it`,
        {
          remedy: 'Ask somebody without a scope.',
        },
      );
    if (guard.allows(request, SEEN_WITH[of])) return;
    throw new WanglouError(
      'WL_FORBIDDEN',
      `${account} may export, but not ${of}: the permission ${SEEN_WITH[of]} is missing`,
      {
        remedy: `It takes the role ${rolesThatMay(SEEN_WITH[of]).join(' or ')}; the security administrator grants roles.`,
      },
    );
  };
  const wished = async (request: FastifyRequest) => {
    const wish = exportWishOf(request.body, request.session!.account, knows);
    mustSee(request, wish.query.of);
    if (wish.query.of === 'sql') await request.sees.sql.check(wish.query.sql, wish.query.parameters);
    return wish;
  };
  const named = ({ params }: FastifyRequest): string => checked(one, params, 'WL_QUERY_INVALID').id;

  app.get(ROOT, guard.may('export'), async (request) => ({ exports: exports.list(whoOf(request)) }));

  app.post(`${ROOT}/estimate`, guard.may('export', 'export.estimate'), async (request) =>
    exports.estimate(await wished(request), whoOf(request)),
  );

  app.post(ROOT, guard.may('export', 'export.create'), async (request, reply) => {
    const wish = await wished(request);
    const asked = await exports.create(wish, whoOf(request));
    noteAbout(request, `export ${asked.id}`, `${wish.query.of} as ${wish.format}`);
    return reply.code(202).header('location', `${ROOT}/${asked.id}`).send(asked);
  });

  app.get(`${ROOT}/:id`, guard.may('export'), async (request) => exports.of(named(request), whoOf(request)));

  app.get(`${ROOT}/:id/file`, showing('own', guard.may('export', 'export.download')), async (request, reply) => {
    const { path, job } = exports.fileOf(named(request), whoOf(request));
    mustSee(request, job.of);
    request.audit.rows = job.result.rows;
    noteAbout(request, `sha256 ${job.result.sha256}`);
    return sendFile(request, reply, path, { ...job.result, type: TYPES[job.format] });
  });

  app.get(`${ROOT}/:id/manifest`, showing('own', guard.may('export', 'export.download')), async (request, reply) => {
    const id = named(request);
    mustSee(request, exports.of(id, whoOf(request)).of);
    const manifest = await exports.manifestOf(id, whoOf(request));
    return reply.type('application/json; charset=utf-8').send(manifest);
  });

  app.get(`${ROOT}/:id/bundle`, showing('own', guard.may('export', 'export.download')), async (request, reply) => {
    const id = named(request);
    const { path, job } = exports.fileOf(id, whoOf(request));
    mustSee(request, job.of);
    const manifest = await exports.manifestOf(id, whoOf(request));
    request.audit.rows = job.result.rows;
    noteAbout(request, `sha256 ${job.result.sha256}`, 'with its manifest');
    const { bytes, stream } = bundleOf({ path, ...job.result, manifest, at: job.endedAt ?? job.at });
    void reply.headers({
      'content-type': 'application/zip',
      'content-length': bytes,
      'content-disposition': `attachment; filename="${job.result.name}.zip"`,
    });
    return reply.send(stream);
  });

  app.delete(`${ROOT}/:id`, guard.may('export', 'export.remove'), async (request) =>
    exports.remove(named(request), whoOf(request)),
  );
}

function whoOf({ session }: FastifyRequest): Exporter {
  const { account, roles, scope } = session!;
  return { account, roles, scope };
}

/** The whole, or the part that is asked for. */
function sendFile(
  { headers }: FastifyRequest,
  reply: FastifyReply,
  path: string,
  { name, bytes, sha256, type }: { name: string; bytes: number; sha256: string; type: string },
): FastifyReply {
  const etag = `"${sha256}"`;
  const range = rangeWanted(headers.range, headers['if-range'] as string | undefined, { etag, bytes });
  void reply.headers({ etag, 'accept-ranges': 'bytes' });
  if (range === 'none') {
    void reply.header('content-range', `bytes */${bytes}`);
    throw new WanglouError('WL_RANGE_INVALID', `The file has ${bytes} bytes; ${String(headers.range)} are asked for`);
  }
  const { from, to } = range === 'whole' ? { from: 0, to: bytes - 1 } : range;
  void reply.headers({
    'content-type': type,
    'content-length': to - from + 1,
    'content-disposition': `attachment; filename="${name}"`,
    ...(range !== 'whole' && { 'content-range': `bytes ${from}-${to}/${bytes}` }),
  });
  return reply
    .code(range === 'whole' ? 200 : 206)
    .send(Readable.from(bytesOf(path, { from, to }), { objectMode: false }));
}
