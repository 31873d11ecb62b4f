import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Access, Session } from '../access/access.ts';
import { WanglouError } from '../errors.ts';

export const COOKIE = 'wanglou_session';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks; set by the guard on every route but the open ones. */
    session: Session | null;
  }
}

/**
 * Decides who comes through. A cookie counts for writing, and for the WebSocket, only from our own pages: the browser's
 * Origin header says whose page it is, and no page of another origin can change it. A bearer token needs no Origin.
 */
export class Guard {
  readonly #access: Access;
  readonly #publicOrigin: string;

  constructor(access: Access, publicOrigin: string) {
    this.#access = access;
    this.#publicOrigin = publicOrigin.replace(/\/$/, '');
  }

  /** For routes that only read. @throws WanglouError WL_UNAUTHORIZED */
  readonly signedIn = async (request: FastifyRequest): Promise<void> => {
    request.session = this.#sessionOf(request);
    if (request.session) return;
    throw new WanglouError('WL_UNAUTHORIZED', 'Nobody is signed in', {
      remedy: 'Sign in, or send Authorization: Bearer <API token>.',
    });
  };

  /** For the WebSocket and for routes that change something. @throws WanglouError WL_UNAUTHORIZED, WL_FORBIDDEN */
  readonly signedInHere = async (request: FastifyRequest): Promise<void> => {
    await this.signedIn(request);
    if (bearer(request) === '') this.#checkOrigin(request, 'must');
  };

  /** For signing in: no session yet, but not from the page of somebody else either. @throws WanglouError WL_FORBIDDEN */
  readonly fromHere = async (request: FastifyRequest): Promise<void> => this.#checkOrigin(request, 'may');

  /** Whether the one who made this request may still do so. */
  stillSignedIn(request: FastifyRequest): boolean {
    return this.#sessionOf(request) !== null;
  }

  setCookie(reply: FastifyReply, value: string, expiresAt: number): void {
    const secure = this.#publicOrigin.startsWith('https:');
    void reply.setCookie(COOKIE, value, {
      path: '/',
      httpOnly: true,
      sameSite: 'strict',
      secure,
      expires: new Date(expiresAt),
    });
  }

  #sessionOf(request: FastifyRequest): Session | null {
    const header = bearer(request);
    if (header !== '') return this.#access.apiSession(header) ?? null;
    return this.#access.session(request.cookies[COOKIE] ?? '') ?? null;
  }

  #checkOrigin(request: FastifyRequest, origin: 'must' | 'may'): void {
    const given = request.headers.origin;
    if (given === undefined && origin === 'may') return;
    if (given !== undefined && (given === this.#publicOrigin || hostOf(given) === request.headers.host)) return;
    throw new WanglouError('WL_FORBIDDEN', `The request comes from ${given ?? 'no page'}, not from this web app`, {
      remedy: 'Use the address of the web app itself; behind a proxy, set publicOrigin.',
    });
  }
}

function bearer(request: FastifyRequest): string {
  return request.headers.authorization ?? '';
}

function hostOf(origin: string): string {
  return URL.canParse(origin) ? new URL(origin).host : '';
}
