import cookie from '@fastify/cookie';
import websocket from '@fastify/websocket';
import fastify, { LogController, type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import type { AddressInfo } from 'node:net';
import type { Server as TlsServer, TlsOptions } from 'node:tls';
import { TlsFiles, type TlsFileOptions } from '../access/tls-files.ts';
import type { Connections } from '../connections.ts';
import { WanglouError } from '../errors.ts';
import { answerError } from './answers.ts';
import { watchRoutes } from './declared-routes.ts';
import { auditRequests } from './audit-requests.ts';
import { Guard } from './guard.ts';
import { maskAnswers, showing } from './mask-answers.ts';
import { openApi } from './description/openapi.ts';
import type { ApiParts } from './parts.ts';
import { backtestRoutes } from './routes/backtests.ts';
import { apiTokenRoutes } from './routes/api-tokens.ts';
import { auditRoutes } from './routes/audit.ts';
import { detectorRoutes } from './routes/detectors.ts';
import { diffusionRoutes } from './routes/diffusion.ts';
import { evidenceRoutes } from './routes/evidence.ts';
import { eventRoutes } from './routes/events.ts';
import { exportRoutes } from './routes/exports.ts';
import { feedRoutes } from './routes/feed.ts';
import { findingContextRoutes } from './routes/finding-context.ts';
import { findingRoutes } from './routes/findings.ts';
import { forecastRoutes } from './routes/forecasts.ts';
import { healthRoutes } from './routes/health.ts';
import { holdRoutes } from './routes/holds.ts';
import { huntingRoutes } from './routes/hunting.ts';
import { incidentReportRoutes } from './routes/incident-reports.ts';
import { incidentRoutes } from './routes/incidents.ts';
import { pageRoutes } from './routes/page.ts';
import { overviewRoutes } from './routes/overview.ts';
import { peopleRoutes } from './routes/people.ts';
import { postureRoutes } from './routes/posture.ts';
import { profileRoutes } from './routes/profiles.ts';
import { registryRoutes } from './routes/registry.ts';
import { reportRoutes } from './routes/reports.ts';
import { revealRoutes } from './routes/reveals.ts';
import { senderTokenRoutes } from './routes/sender-tokens.ts';
import { savedQueryRoutes } from './routes/saved-queries.ts';
import { sessionRoutes } from './routes/session.ts';
import { sessionListRoutes } from './routes/sessions.ts';
import { settingsRoutes } from './routes/settings.ts';
import { signOnRoutes } from './routes/sign-on.ts';
import { coverageRoutes } from './routes/coverage.ts';
import { sourceRoutes } from './routes/sources.ts';
import { sqlRoutes } from './routes/sql.ts';
import { suppressionRoutes } from './routes/suppressions.ts';
import { triageRoutes } from './routes/triage.ts';
import { vendorRoutes } from './routes/vendors.ts';

export interface ApiOptions {
  host: string;
  port: number;
  /** Origin under which browsers reach the web app behind a proxy; '' for none. */
  publicOrigin: string;
  /** Addresses or CIDR ranges, separated by commas, that are believed when they say who a client is; '' for none. */
  trustedProxies?: string;
  /** Without it, any number. */
  connections?: Connections;
  /** Folder of the built web app. */
  appDir: string;
  log?: FastifyBaseLogger;
  /** With it, HTTPS. */
  tls?: TlsFileOptions;
}

/** Requests carry parameters only; nothing here needs more. */
const MAX_BODY_BYTES = 65_536;
const MAX_FEED_MESSAGE_BYTES = 1_024;
/** Who has not sent the head of a request, or the whole, by then is let go. Tables of the registry are large. */
const PATIENCE = { headersTimeout: 10_000, handshakeTimeout: 10_000, connectionsCheckingInterval: 2_000 };
const MAX_REQUEST_MS = 300_000;
/** Without a context of its own for each connection, one deflated frame is good for all of them. */
const WITHOUT_CONTEXT = { serverNoContextTakeover: true, clientNoContextTakeover: true };

/** The web server: REST API, live feed, web app, health. */
export class ApiServer {
  readonly #options: ApiOptions;
  readonly #parts: ApiParts;
  readonly #tls: TlsFiles | undefined;
  #app: FastifyInstance | undefined;

  constructor(options: ApiOptions, parts: ApiParts) {
    this.#options = options;
    this.#tls = options.tls && new TlsFiles(options.tls);
    this.#parts = parts;
  }

  /** Binds. @throws WanglouError WL_PORT_IN_USE */
  async start(): Promise<void> {
    const { host, port } = this.#options;
    this.#app = await buildApi(this.#options, this.#parts, this.#tls?.read());
    await this.#app.listen({ host, port }).catch((error: unknown) => {
      throw new WanglouError('WL_PORT_IN_USE', `webPort ${port} on ${host}: ${(error as Error).message}`, {
        cause: error,
      });
    });
    this.#tls?.watch(this.#app.server as unknown as TlsServer);
  }

  /** What is wrong with its certificate; '' when all is well. */
  problem(): string {
    const problem = this.#tls?.status(Date.now()) ?? '';
    return problem && `web: ${problem}`;
  }

  /** Stops taking requests, waits for those that run. */
  async stop(): Promise<void> {
    this.#tls?.unwatch();
    await this.#app?.close();
  }

  /** The port that it listens on; the one that was drawn when 0 was asked for. */
  get port(): number {
    return (this.#app?.server.address() as AddressInfo).port;
  }
}

/** The application without its port, for tests. */
export async function buildApi(options: ApiOptions, parts: ApiParts, https?: TlsOptions): Promise<FastifyInstance> {
  const isHttps = https !== undefined || options.publicOrigin.startsWith('https:');
  const headers = {
    ...SECURITY_HEADERS,
    ...(isHttps && { 'strict-transport-security': 'max-age=31536000; includeSubDomains' }),
  };
  const app = fastify({
    // An address that can not be read comes to no route and to no hook.
    frameworkErrors: (error, request, reply) => {
      void reply.headers({ ...headers, 'cache-control': 'no-store' });
      return answerError(
        new WanglouError('WL_NOT_FOUND', parts.masks.text(error.message), { cause: error }),
        request,
        reply,
      );
    },
    ...(https ? { https: { ...https, ...PATIENCE } } : { http: PATIENCE }),
    ...(options.log ? { loggerInstance: options.log } : { logger: false }),
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: MAX_BODY_BYTES,
    ...(options.trustedProxies && { trustProxy: options.trustedProxies }),
    forceCloseConnections: true,
    requestTimeout: MAX_REQUEST_MS,
    routerOptions: { maxParamLength: 200 },
  });
  app.removeContentTypeParser('text/plain');
  app.setErrorHandler(answerError);
  app.decorateRequest('session', null);
  app.decorateRequest('sees');
  app.addHook('onSend', async (request, reply) => {
    const isFramed = request.routeOptions.config.inFrame === true && reply.statusCode < 400;
    void reply.headers(isFramed ? { ...headers, ...IN_FRAME } : headers);
    if (!reply.hasHeader('cache-control')) void reply.header('cache-control', 'no-store');
  });
  await app.register(cookie);
  await app.register(websocket, {
    options: { maxPayload: MAX_FEED_MESSAGE_BYTES, perMessageDeflate: WITHOUT_CONTEXT },
  });
  auditRequests(app, parts.trail);
  const guard = new Guard(parts.access, {
    publicOrigin: options.publicOrigin,
    isHttps,
    desksOf: (scope) => (scope === null ? parts : parts.within(scope)),
  });
  const [own, same, refused] = [guard.within('own'), guard.within('same'), guard.within('refused')];
  watchRoutes(app, guard);
  maskAnswers(app, parts.masks, guard);
  sessionRoutes(app, guard, parts.access, parts.signOn);
  if (parts.signOn) signOnRoutes(app, guard, parts.access, parts.signOn);
  findingRoutes(app, own);
  findingContextRoutes(app, own);
  if (parts.people) peopleRoutes(app, refused, parts.people, parts.registry);
  if (parts.sessions) sessionListRoutes(app, same, parts.sessions);
  triageRoutes(app, own);
  if (parts.apiTokens) apiTokenRoutes(app, same, parts.apiTokens);
  diffusionRoutes(app, own);
  vendorRoutes(app, own);
  postureRoutes(app, own);
  forecastRoutes(app, own);
  overviewRoutes(app, own);
  profileRoutes(app, own);
  settingsRoutes(app, own, parts.settings);
  suppressionRoutes(app, own);
  incidentRoutes(app, own, parts.incidentToOcsf);
  incidentReportRoutes(app, own, parts);
  auditRoutes(app, refused, parts.audit, parts.trail);
  senderTokenRoutes(app, refused, parts.senderTokens);
  eventRoutes(app, own, parts.toOcsf, parts.masks);
  sqlRoutes(app, own);
  huntingRoutes(app, own, parts);
  savedQueryRoutes(app, own, parts.savedQueries, parts.masks);
  evidenceRoutes(app, own, parts.evidence, parts.reveals);
  holdRoutes(app, own, parts.holds);
  reportRoutes(app, own, parts);
  exportRoutes(app, own, parts);
  revealRoutes(app, own, parts.reveals, parts.people !== undefined);
  sourceRoutes(app, own);
  coverageRoutes(app, guard);
  detectorRoutes(app, own, parts);
  backtestRoutes(app, refused, parts.settings);
  registryRoutes(app, guard, parts.registry, parts.unresolved);
  const description = openApi();
  app.get('/api/openapi.json', showing('own', same.may('signed-in')), async () => description);
  healthRoutes(app, refused, parts, options.connections);
  feedRoutes(app, guard, parts.live);
  await pageRoutes(app, options.appDir);
  options.connections?.guard(app.server);
  return app;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What it answers is a document that our own page shows in a frame: it runs nothing and loads nothing. */
    inFrame?: boolean;
  }
}

const IN_FRAME = {
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox; " +
    "base-uri 'none'; form-action 'none'",
  'x-frame-options': 'SAMEORIGIN',
};

/** The page loads nothing from elsewhere and runs no script or style that is not a file of ours. */
const SECURITY_HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; frame-src 'self'; " +
    "manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=()',
};
