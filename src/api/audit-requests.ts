import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { askedFor, sessionMark, type AuditAction, type AuditEntry } from '../access/audit/entry.ts';
import type { AuditTrail } from '../access/audit/trail.ts';
import { WanglouError } from '../errors.ts';
import { COOKIE } from './guard.ts';

/** What a route tells the audit trail of a request, beyond what every request says. */
export type AuditNotes = Partial<Pick<AuditEntry, 'object' | 'session' | 'roles' | 'reason' | 'rows'>>;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The name under which the route is audited. Every route that is no GET has one; a GET where looking is worth a record. */
    audit?: AuditAction;
  }
  interface FastifyRequest {
    audit: AuditNotes;
    /** What is worth a record of a request to a route that has none for all of its requests. */
    looked: AuditAction | null;
    /** The record that was made before a change. */
    audited: AuditEntry | null;
  }
  interface FastifyInstance {
    /** Every route that changes something, with its name in the trail; undefined where none was given. */
    changingRoutes: { route: string; audit: AuditAction | undefined }[];
  }
}

const READS = new Set(['GET', 'HEAD', 'OPTIONS']);
const REFUSED = new Set([401, 403, 429]);
/** Decided before anybody is known: recorded when they are decided, for nobody could bound what strangers try. */
const BY_STRANGERS: ReadonlySet<AuditAction> = new Set(['sign-in', 'account.enrol', 'account.activate']);
/** No answer leaves without its record, though nothing was recorded before. */
const MUST_BE_RECORDED: ReadonlySet<AuditAction> = new Set([
  ...BY_STRANGERS,
  'incident.export',
  'report.export',
  'export.download',
  'hunt.query',
]);
/** Their bodies have entries about persons, which the registry's own history keeps: the trail has their digest. */
const DIGESTED = /^registry\./;
/** What was asked is what was done: the whole of it is recorded. */
const WHOLE = /^sql\./;
const MAX_WHOLE = 65_536;
const MAX_TEXT = 1_000;

/**
 * The one place where requests are audited. A change is recorded when the guard has let it through, before its handler, and
 * again with its outcome before its answer leaves, which names the record (`x-audit-id`); a sign-in when it is decided, for
 * nobody could bound what strangers try; of reading, what its route declares; and every refusal, joined by minute. What can
 * not be recorded is not done: 503. Reading goes on.
 */
export function auditRequests(app: FastifyInstance, trail: AuditTrail): void {
  app.decorate('changingRoutes', []);
  app.decorateRequest('audited', null);
  app.decorateRequest('looked', null);
  app.decorateRequest('audit');
  app.addHook('onRequest', async (request) => void (request.audit = {}));
  app.addHook('onRoute', (route) => {
    const methods = [route.method].flat().filter((method) => !READS.has(method));
    if (methods.length === 0) return;
    const audit = route.config?.audit;
    for (const method of methods) app.changingRoutes.push({ route: `${method} ${route.url}`, audit });
    route.preHandler = [route.preHandler ?? []].flat().concat(async (request: FastifyRequest) => {
      if (audit !== undefined && BY_STRANGERS.has(audit)) await trail.ready();
      else request.audited = await trail.begin(saidBy(request));
    });
  });
  app.addHook('onSend', async (request, reply, payload) => {
    try {
      const id = await record(trail, request, reply, payload);
      if (id !== '') void reply.header('x-audit-id', id);
      return payload;
    } catch (error) {
      if (!(error instanceof WanglouError)) throw error;
      request.log.error({ err: error }, error.message);
      return unrecorded(reply, error, request.audited !== null);
    }
  });
}

/** @returns id of the record, or '' when none of its own was made. @throws WanglouError WL_AUDIT_AWAY */
async function record(
  trail: AuditTrail,
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
): Promise<string> {
  const came = outcomeOf(reply, payload);
  if (request.audited !== null) {
    await trail.end(request.audited, { ...request.audit, ...came });
    return request.audited.id;
  }
  const action = request.routeOptions.config.audit ?? request.looked;
  if (REFUSED.has(reply.statusCode)) {
    await trail.refused({ ...saidBy(request), ...came });
    return '';
  }
  if (action === null || came.code === 'WL_AUDIT_AWAY') return '';
  const said = { ...saidBy(request), ...came };
  return MUST_BE_RECORDED.has(action) && came.outcome === 'success' ? trail.done(said) : trail.noted(said);
}

function saidBy(request: FastifyRequest): Omit<AuditEntry, 'id' | 'phase' | 'recordedAt' | 'outcome'> {
  const { account = '', roles = [] } = request.session ?? {};
  const action = request.routeOptions.config.audit ?? request.looked ?? 'read';
  const body = isPlain(request.body) ? request.body : {};
  const query = isPlain(request.query) ? request.query : {};
  const reason = [body['why'], body['reason'], body['text']].find((text) => typeof text === 'string') ?? '';
  const content = { ...query, ...body, ...(Array.isArray(request.body) && { entries: request.body }) };
  const isWhole = WHOLE.test(action) || (action.startsWith('export.') && body['of'] === 'sql');
  const { asked, digest } = askedFor(content, isWhole ? MAX_WHOLE : undefined);
  return {
    at: Date.now(),
    request: request.id,
    account,
    roles,
    session: sessionMark(request.cookies[COOKIE] ?? ''),
    address: request.ip,
    action,
    object: pathOf(request).slice(0, MAX_TEXT),
    code: '',
    reason: reason.slice(0, MAX_TEXT),
    asked: DIGESTED.test(action) ? askedFor(query).asked : asked,
    digest,
    rows: 0,
    count: 1,
    ...request.audit,
  };
}

function outcomeOf({ statusCode }: FastifyReply, payload: unknown): Pick<AuditEntry, 'outcome' | 'code'> {
  if (statusCode < 400) return { outcome: 'success', code: '' };
  const code = typeof payload === 'string' ? codeOf(payload) : '';
  return { outcome: statusCode < 500 ? 'refused' : 'failed', code };
}

function codeOf(payload: string): string {
  return /"code":"(WL_[A-Z_]+)"/.exec(payload)?.[1] ?? '';
}

/** Says that nothing was done, or, when the trail failed between a change and its answer, that it may well be done. */
function unrecorded(reply: FastifyReply, error: WanglouError, isDone: boolean): string {
  const { code, message } = error;
  const remedy = isDone
    ? `It was asked for and may be done, but its outcome is not recorded: look whether it is. ${error.remedy}`
    : error.remedy;
  void reply.removeHeader('set-cookie').removeHeader('content-length');
  void reply.code(error.status).type('application/json; charset=utf-8');
  return JSON.stringify({ code, message, remedy });
}

/** Adds to the record, after the path, what the change is about: `detector bulk-read`, `for wang`. Our own detectors go by it. */
export function noteAbout(request: FastifyRequest, ...about: readonly string[]): void {
  if (about.length > 0) request.audit.object = `${pathOf(request)}: ${about.join(', ')}`.slice(0, MAX_TEXT);
}

function pathOf({ method, url }: FastifyRequest): string {
  return `${method} ${url.split('?')[0]!}`;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Readable);
}
