import type { FastifyReply, FastifyRequest, preHandlerAsyncHookHandler } from 'fastify';
import type { Access, Session } from '../access/access.ts';
import type { AuditAction } from '../access/audit/entry.ts';
import { rolesThatMay, type Permission } from '../access/permissions.ts';
import { WanglouError } from '../errors.ts';
import type { Scope, Within } from '../scope/scope.ts';
import type { Desks } from './parts.ts';

export const COOKIE = 'wanglou_session';

/** What a route takes: a permission, only that somebody is signed in, or nothing. */
export type Needs = Permission | 'signed-in' | 'open';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Every route says so; declared-routes.ts looks. */
    permission?: Needs;
    /** What it does for people with a scope; one that says nothing refuses them. */
    within?: Within;
  }
  interface FastifyRequest {
    /** Who asks; set by the guard on every route but the open ones. */
    session: Session | null;
    /**
     * What a handler answers from: for somebody with a scope, desks that know of nothing else. Set by the guard; a route that
     * takes its data from here can not show what is not to be seen.
     */
    sees: Desks;
  }
}

export interface GuardOptions {
  /** Origin under which browsers reach the web app; '' when no setting says so. */
  publicOrigin: string;
  /** Whether browsers come by HTTPS alone: the cookie then never goes over a plain connection. */
  isHttps?: boolean;
  /** What somebody with this scope sees; null for all of it. */
  desksOf: (scope: Scope | null) => Desks;
}

/**
 * Decides who comes through. A cookie counts for writing, and for the WebSocket, only from our own pages: the browser's
 * Origin header says whose page it is, and no page of another origin can change it. A bearer token needs no Origin.
 */
export class Guard {
  readonly #access: Access;
  /** Origin under which browsers reach the web app; '' when no setting says so. */
  readonly publicOrigin: string;
  /** Whether cookies travel by HTTPS alone. */
  readonly isSecure: boolean;
  readonly #options: GuardOptions;
  readonly #within: Within | undefined;

  constructor(access: Access, options: GuardOptions, within?: Within) {
    this.#access = access;
    this.#options = options;
    this.publicOrigin = options.publicOrigin.replace(/\/$/, '');
    this.isSecure = options.isHttps ?? options.publicOrigin.startsWith('https:');
    this.#within = within;
  }

  /** For routes that do this for people with a scope. */
  within(within: Within): Guard {
    return new Guard(this.#access, this.#options, within);
  }

  /**
   * Options of a route for those who have the permission. One that changes something takes a cookie only from our pages.
   * @param audit its name in the audit trail (audit-requests.ts says which routes have one).
   */
  may(
    permission: Exclude<Needs, 'open'>,
    audit?: AuditAction,
  ): {
    config: { permission: Needs; audit?: AuditAction; within?: Within };
    preHandler: preHandlerAsyncHookHandler;
  } {
    const within = this.#within;
    return {
      config: { permission, ...(audit && { audit }), ...(within && { within }) },
      preHandler: this.#comesThrough,
    };
  }

  /** Whether who makes this request also has this permission. */
  allows({ session }: FastifyRequest, permission: Permission): boolean {
    return session !== null && this.#access.may(session, permission);
  }

  /** The same for what only the person may do: no screen on a wall and no token of a script. */
  inPerson(permission: Exclude<Needs, 'open'>, audit?: AuditAction): ReturnType<Guard['may']> {
    return { ...this.may(permission, audit), preHandler: this.#comesInPerson };
  }

  /** For routes that only read. @throws WanglouError WL_UNAUTHORIZED, WL_FORBIDDEN */
  readonly signedIn = async (request: FastifyRequest): Promise<void> => {
    request.session = this.#seen(request);
    if (!request.session && saysWho(request)) {
      await this.#access.look().catch(() => undefined); // it may have begun at another program a moment ago
      request.session = this.#sessionOf(request);
    }
    if (!request.session)
      throw new WanglouError('WL_UNAUTHORIZED', 'Nobody is signed in', {
        remedy: 'Sign in, or send Authorization: Bearer <API token>.',
      });
    this.#checkPermission(request.session, needsOf(request));
    const { scope, account } = request.session;
    if (scope !== null && (request.routeOptions.config.within ?? 'refused') === 'refused') throw forAll(account);
    request.sees = this.#options.desksOf(scope);
  };

  /** For the WebSocket and for routes that change something. @throws WanglouError WL_UNAUTHORIZED, WL_FORBIDDEN */
  readonly signedInHere = async (request: FastifyRequest): Promise<void> => {
    await this.signedIn(request);
    if (bearer(request) === '') this.#checkOrigin(request, 'must');
  };

  readonly #comesThrough = (request: FastifyRequest): Promise<void> =>
    isReading(request) ? this.signedIn(request) : this.signedInHere(request);

  readonly #comesInPerson = async (request: FastifyRequest): Promise<void> => {
    await this.#comesThrough(request);
    const { means, account } = request.session!;
    if (means === undefined) return;
    const what = means === 'wall' ? 'The session of a wall screen' : 'A token';
    throw new WanglouError('WL_FORBIDDEN', `${what} of ${account} may not do this`, {
      details: { reason: 'in-person' },
      remedy: 'Sign in to do it.',
    });
  };

  /** For signing in: no session yet, but not from the page of somebody else either. @throws WanglouError WL_FORBIDDEN */
  readonly fromHere = async (request: FastifyRequest): Promise<void> => this.#checkOrigin(request, 'may');

  /** Whether the one who made this request may still do so. */
  stillSignedIn(request: FastifyRequest): boolean {
    const session = this.#seen(request);
    // A feed that told of what is not in the scope any more ends by this.
    if (session) this.#options.desksOf(session.scope);
    return session !== null;
  }

  /** Ends the session that a request came with: who signs in anew leaves none behind. */
  async endPresented({ cookies }: FastifyRequest): Promise<void> {
    const presented = cookies[COOKIE] ?? '';
    if (presented !== '') await this.#access.signOut(presented);
  }

  setCookie(reply: FastifyReply, value: string, expiresAt: number): void {
    void reply.setCookie(COOKIE, value, {
      path: '/',
      httpOnly: true,
      sameSite: 'strict',
      secure: this.isSecure,
      expires: new Date(expiresAt),
    });
  }

  #checkPermission(session: Session, needs: Needs): void {
    if (needs === 'signed-in' || needs === 'open' || this.#access.may(session, needs)) return;
    const { account, roles } = session;
    const who = `${account} (${roles.length === 0 ? 'without a role' : roles.join(', ')})`;
    throw new WanglouError('WL_FORBIDDEN', `${who} does not have the permission ${needs}`, {
      remedy: `It takes the role ${rolesThatMay(needs).join(' or ')}; the security administrator grants roles.`,
    });
  }

  /** The same without a word why not. */
  #seen(request: FastifyRequest): Session | null {
    try {
      return this.#sessionOf(request);
    } catch (error) {
      if (error instanceof WanglouError) return null;
      throw error;
    }
  }

  #sessionOf(request: FastifyRequest): Session | null {
    const header = bearer(request);
    if (header !== '') return this.#access.apiSession(header, request.ip) ?? null;
    return this.#access.session(request.cookies[COOKIE] ?? '', request.ip) ?? null;
  }

  #checkOrigin(request: FastifyRequest, origin: 'must' | 'may'): void {
    const given = request.headers.origin;
    if (given === undefined && origin === 'may') return;
    if (given !== undefined && (given === this.publicOrigin || hostOf(given) === request.headers.host)) return;
    throw new WanglouError('WL_FORBIDDEN', `The request comes from ${given ?? 'no page'}, not from this web app`, {
      remedy: 'Use the address of the web app itself; behind a proxy, set publicOrigin.',
    });
  }
}

function forAll(account: string): WanglouError {
  return new WanglouError('WL_FORBIDDEN', `${account} sees a part of the platform, and this is about all of it`, {
    remedy: 'Ask somebody without a scope; the security administrator limits accounts.',
  });
}

/** A route that says nothing is for operators: declared-routes.test.ts tells who wrote it. */
function needsOf(request: FastifyRequest): Needs {
  return request.routeOptions.config.permission ?? (isReading(request) ? 'see-findings' : 'triage');
}

function isReading({ method }: FastifyRequest): boolean {
  return method === 'GET' || method === 'HEAD';
}

function bearer(request: FastifyRequest): string {
  return request.headers.authorization ?? '';
}

function saysWho(request: FastifyRequest): boolean {
  return bearer(request) !== '' || (request.cookies[COOKIE] ?? '') !== '';
}

function hostOf(origin: string): string {
  return URL.canParse(origin) ? new URL(origin).host : '';
}
