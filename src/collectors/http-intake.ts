import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Socket } from 'node:net';
import type { Server as TlsServer } from 'node:tls';
import { Connections, DEFAULT_CONNECTIONS, type ConnectionLimits, type ConnectionRefusal } from '../connections.ts';
import { WanglouError } from '../errors.ts';
import { TlsFiles, type TlsFileOptions } from '../access/tls-files.ts';
import { clientCertificate } from './client-certificate.ts';
import type { Collector, CollectorStatus, Identify, Intake, Origin } from './collector.ts';
import { answerElastic, answerElasticError, breakOff, forgetsRefused } from './elastic-answer.ts';
import { bulk, indexDocument } from './elastic-bulk.ts';
import { probe } from './elastic-probes.ts';
import { answer, answerError, answerNoRequest, asWanglouError, discardRest } from './http-answer.ts';
import { BodyBudget, readBody } from './http-body.ts';
import { asBearer } from './http-token.ts';
import { ingest } from './ingest-route.ts';
import { listen } from './listen.ts';
import { peerAddress } from './peer-address.ts';

export interface HttpIntakeOptions {
  intake: Intake;
  identify: Identify;
  /**
   * Which source may append with this header (`Bearer …`) from this address, '' when the token is bound to none; or why it
   * may not, for the sender and in a few words for the counts; undefined: nobody.
   */
  authorize(
    header: string,
    address: string,
  ): { source: string } | { refused: WanglouError; reason: string } | undefined;
  /** For `GET /health`: ready, and what it tells. */
  health(): { ready: boolean };
  host: string;
  /** 0 for a free one; see `port`. */
  port: number;
  /** Largest body, also after decompression. */
  maxBodyBytes: number;
  /** Bodies in memory over all requests, compressed and not; by default room for several of the largest. */
  maxBodiesBytes?: number;
  /** Default: DEFAULT_CONNECTIONS. */
  connections?: ConnectionLimits;
  /** Called for every connection that is refused; it is counted here. */
  onTooMany?: (refusal: ConnectionRefusal) => void;
  /** A request must be complete within this. */
  requestTimeoutMs?: number;
  /** Called for a fault of our own; the sender is told to send again. */
  onFault?: (error: unknown) => void;
  /** With it, HTTPS; a client certificate of its CA is as good as a token. */
  tls?: TlsFileOptions;
  /** Told of senders that are refused for their token or certificate. */
  onRefused?: (reason: string, refused: WanglouError, peer: string) => void;
}

/** What a request is for. */
type Route =
  | { kind: 'health' | 'ingest' }
  | { kind: 'none'; isElastic: boolean }
  | { kind: 'bulk'; index: string }
  | { kind: 'document'; index: string; id: string }
  | { kind: 'probe'; status: number; body: object };

/** The HTTP intake: `POST /ingest`, Elasticsearch's `_bulk` with its probes, `GET /health`. */
export class HttpIntake implements Collector {
  readonly name = 'http';
  readonly #options: HttpIntakeOptions;
  readonly #budget: BodyBudget;
  readonly #tls: TlsFiles | undefined;
  readonly #server: Server;
  readonly #connections: Connections;
  #port = 0;
  #received = 0;
  #refused = 0;
  #underway = 0;

  constructor(options: HttpIntakeOptions) {
    this.#options = options;
    this.#budget = new BodyBudget(options.maxBodiesBytes ?? Math.max(268_435_456, options.maxBodyBytes * 2));
    const requestTimeout = options.requestTimeoutMs ?? 120_000;
    const limits = {
      headersTimeout: Math.min(10_000, requestTimeout),
      requestTimeout,
      keepAliveTimeout: 75_000,
      connectionsCheckingInterval: 2_000,
    };
    const onRequest = (request: IncomingMessage, response: ServerResponse): void => void this.#serve(request, response);
    this.#tls = options.tls && new TlsFiles(options.tls);
    this.#server =
      options.tls === undefined
        ? createServer(limits, onRequest)
        : createTlsServer(
            {
              ...limits,
              requestCert: options.tls.clientCaPath !== '',
              rejectUnauthorized: false,
              handshakeTimeout: 10_000,
            },
            onRequest,
          );
    this.#connections = new Connections(options.connections ?? DEFAULT_CONNECTIONS, (refusal) => {
      this.#countRefused(`http/${peerAddress(refusal.address)}`, refusal.reason);
      options.onTooMany?.(refusal);
    });
    this.#connections.guard(this.#server);
    this.#server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
      if (error.code !== 'ECONNRESET')
        this.#countRefused(
          `http/${peerAddress(socket.remoteAddress)}`,
          `no HTTP request: ${error.code ?? error.message}`,
        );
      answerNoRequest(socket, error.code);
    });
  }

  /** The port it listens on. */
  get port(): number {
    return this.#port;
  }

  async start(): Promise<void> {
    this.#tls?.use(this.#server as unknown as TlsServer);
    this.#port = await listen(this.#server, this.#options.host, this.#options.port);
  }

  async stop(): Promise<void> {
    this.#tls?.unwatch();
    if (!this.#server.listening) return;
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeIdleConnections();
    // Requests underway are answered; who does not finish sending is cut off.
    for (let i = 0; i < 50 && this.#underway > 0; i++) await new Promise((resume) => setTimeout(resume, 100));
    this.#server.closeAllConnections();
    await closed;
    await this.#options.intake.durable();
  }

  status(): CollectorStatus {
    return {
      name: this.name,
      listening: `${this.#tls === undefined ? 'http' : 'https'}://${this.#options.host}:${this.#port}`,
      ready: this.#server.listening,
      problem: this.#tls?.status(Date.now()) ?? '',
      received: this.#received,
      refused: this.#refused,
      lost: 0,
      connections: this.#connections.open,
    };
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const route = routeOf(request);
    this.#underway++;
    try {
      if (route.kind === 'health') this.#answerHealth(response);
      else await this.#answer(route, request, response);
    } catch (thrown) {
      if (request.destroyed && !request.complete) return; // the sender has gone
      if (!(thrown instanceof WanglouError)) this.#options.onFault?.(thrown);
      if (!response.headersSent) this.#answerFailure(route, request, response, asWanglouError(thrown));
    } finally {
      this.#underway--;
    }
  }

  #answerFailure(route: Route, request: IncomingMessage, response: ServerResponse, error: WanglouError): void {
    const isElastic = route.kind === 'none' ? route.isElastic : route.kind !== 'ingest';
    const isForNow = error.status === 429 || error.status === 503;
    if (isElastic && isForNow && forgetsRefused(request)) breakOff(request);
    else if (isElastic) answerElasticError(request, response, error);
    else answerError(response, error);
    discardRest(request);
  }

  #answerHealth(response: ServerResponse): void {
    const health = this.#options.health();
    answer(response, health.ready ? 200 : 503, JSON.stringify(health));
  }

  async #answer(route: Route, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const origin = this.#authorized(route, request);
    if (route.kind === 'probe') {
      answerElastic(request, response, route.status, JSON.stringify(route.body));
      request.resume();
      return;
    }
    if (route.kind === 'none') throw new WanglouError('WL_NOT_FOUND', `${request.method ?? ''} ${pathOf(request)}`);
    this.#received += await this.#take(route, origin, request, response);
  }

  async #take(route: Route, origin: Origin, request: IncomingMessage, response: ServerResponse): Promise<number> {
    const { intake, maxBodyBytes } = this.#options;
    const lease = this.#budget.lease();
    try {
      const refusal = intake.refusal();
      if (refusal !== undefined) throw refusal;
      const body = await readBody(request, maxBodyBytes, lease);
      if (route.kind === 'bulk') return await bulk(intake, origin, request, response, body, route.index);
      if (route.kind === 'document') return await indexDocument(intake, origin, request, response, body, route);
      return await ingest(intake, origin, request, response, body);
    } catch (error) {
      this.#countRefused(
        origin.source,
        error instanceof WanglouError ? `request: ${error.code}` : 'request broken off',
      );
      throw error;
    } finally {
      lease.release();
    }
  }

  #authorized(route: Route, request: IncomingMessage): Origin {
    const peer = peerAddress(request.socket.remoteAddress);
    const { certificateSubject, certificateFingerprint, fault } = clientCertificate(request.socket);
    // Who shows a token as well has to show a good one.
    const isKnown = certificateFingerprint !== '' && request.headers.authorization === undefined;
    const grant =
      fault ?? (isKnown ? { source: '' } : this.#options.authorize(asBearer(request.headers.authorization), peer));
    if (grant === undefined || 'refused' in grant) {
      const { reason, refused } = grant ?? tokenMissing();
      this.#countRefused(`http/${peer}`, reason);
      this.#options.onRefused?.(reason, refused, peer);
      throw refused;
    }
    return this.#options.identify({
      collector: route.kind === 'ingest' ? 'ingest' : 'elastic-bulk',
      protocol: 'http',
      address: peer,
      certificateSubject,
      certificateFingerprint,
      boundSource: grant.source,
      hasToken: !isKnown,
    });
  }

  #countRefused(source: string, reason: string): void {
    this.#refused++;
    this.#options.intake.refused(source, reason, 1);
  }
}

function tokenMissing(): { reason: string; refused: WanglouError } {
  const message = 'the Authorization header holds no valid ingest token';
  return { reason: 'no valid token', refused: new WanglouError('WL_UNAUTHORIZED', message) };
}

function pathOf(request: IncomingMessage): string {
  const url = request.url ?? '/';
  const query = url.indexOf('?');
  return query === -1 ? url : url.slice(0, query);
}

/** A part may hold an encoded slash: ids do. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function routeOf(request: IncomingMessage): Route {
  const path = pathOf(request);
  const method = request.method ?? 'GET';
  if (path === '/ingest') return method === 'POST' ? { kind: 'ingest' } : { kind: 'none', isElastic: false };
  if (path === '/health' && (method === 'GET' || method === 'HEAD')) return { kind: 'health' };
  const parts = path
    .split('/')
    .filter((part) => part !== '')
    .map(decoded);
  const found = probe(method, parts, `127.0.0.1:${request.socket.localPort ?? 0}`);
  if (found !== undefined) return { kind: 'probe', ...found };
  const route = method === 'POST' || method === 'PUT' ? writeRoute(parts) : undefined;
  // Clients of Elasticsearch take nothing for an answer that does not look like one of Elasticsearch's.
  return route ?? { kind: 'none', isElastic: path.includes('/_') };
}

/** Elasticsearch's ways to write: `/_bulk`, `/index/_bulk`, `/index/type/_bulk`, `/index/_doc[/id]`, `/index/_create/id`. */
function writeRoute(parts: readonly string[]): Route | undefined {
  const last = parts.at(-1) ?? '';
  const [first = '', second = '', third = ''] = parts;
  if (last === '_bulk' && parts.length <= 3) return { kind: 'bulk', index: parts.length > 1 ? first : '' };
  const isDocument = parts.length === 2 || parts.length === 3;
  if (!isDocument || first.startsWith('_')) return undefined;
  const isKnownType = second === '_doc' || second === '_create' || !second.startsWith('_');
  return isKnownType ? { kind: 'document', index: first, id: third } : undefined;
}
