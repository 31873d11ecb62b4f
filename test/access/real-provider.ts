import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider, { type ClientMetadata, type InteractionResults } from 'oidc-provider';

/** Who signs in at the provider, and what it says about them. */
export interface ProviderPerson {
  subject: string;
  name: string;
  amr?: string[];
}

export const CLIENT = { id: 'wanglou', secret: 'a secret of the provider and us' };

/**
 * A real OpenID Connect provider (npm: oidc-provider) on a port of its own. Its sign-in page has one button for each person
 * and one to deny; what the person has agreed to is never asked.
 */
export class RealProvider {
  readonly people: ProviderPerson[];
  /** What is served as its keys; its own when undefined. */
  keys: object | undefined;
  /** Called when an ID token is about to be made. */
  onIdToken: () => void = () => undefined;
  #server: Server | undefined;
  #provider!: Provider;

  constructor(people: ProviderPerson[]) {
    this.people = people;
  }

  get issuer(): string {
    return `http://127.0.0.1:${(this.#server!.address() as AddressInfo).port}`;
  }

  /** Draws the port. */
  async listen(): Promise<void> {
    const server = createServer((request, response) => void this.#answer(request, response));
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    this.#server = server;
  }

  /** @param pages addresses of pages that may send people here. */
  start(pages: string[]): void {
    const client: ClientMetadata = {
      client_id: CLIENT.id,
      client_secret: CLIENT.secret,
      redirect_uris: pages,
      post_logout_redirect_uris: pages,
    };
    this.#provider = new Provider(this.issuer, {
      clients: [client],
      claims: { openid: ['sub', 'amr'], profile: ['preferred_username'] },
      features: { devInteractions: { enabled: false } },
      interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
      cookies: { keys: ['a key of the test'] },
      ttl: {
        IdToken: () => {
          this.onIdToken();
          return 300;
        },
      },
      findAccount: (_context, subject) => ({
        accountId: subject,
        claims: () => ({ sub: subject, preferred_username: this.#named(subject).name }),
      }),
      loadExistingGrant: async ({ oidc }) => {
        const grant = new oidc.provider.Grant({ clientId: oidc.client!.clientId, accountId: oidc.session!.accountId! });
        grant.addOIDCScope('openid profile');
        await grant.save();
        return grant;
      },
    });
  }

  async stop(): Promise<void> {
    this.#server?.closeAllConnections();
    await new Promise((done) => this.#server?.close(done));
  }

  #named(subject: string): ProviderPerson {
    return this.people.find((one) => one.subject === subject)!;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url!, this.issuer);
    if (pathname === '/jwks' && this.keys) return void response.end(JSON.stringify(this.keys));
    if (!pathname.startsWith('/interaction/')) return this.#provider.callback()(request, response);
    const chosen = searchParams.get('as');
    if (chosen === null) {
      const links = [...this.people.map(({ subject }) => subject), 'deny'];
      response.setHeader('content-type', 'text/html');
      return void response.end(links.map((one) => `<a href="${pathname}?as=${one}">${one}</a>`).join(' '));
    }
    await this.#provider.interactionFinished(request, response, this.#resultOf(chosen));
  }

  #resultOf(chosen: string): InteractionResults {
    if (chosen === 'deny') return { error: 'access_denied', error_description: 'End-User aborted interaction' };
    return { login: { accountId: chosen, amr: this.#named(chosen).amr ?? ['pwd', 'mfa'] } };
  }
}

/** A browser's way through the provider, without a browser. @returns what it sends the browser back with. */
export async function walkThrough(url: string, as: string): Promise<string> {
  const jar = new Map<string, string>();
  let at = new URL(url);
  for (let step = 0; step < 10; step++) {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(at, { headers: { cookie }, redirect: 'manual' });
    for (const set of answer.headers.getSetCookie()) {
      const [name, value] = set.split(';')[0]!.split(/=(.*)/s) as [string, string];
      if (value === '') jar.delete(name);
      else jar.set(name, value);
    }
    const next = answer.headers.get('location');
    if (next === null) {
      if (!at.pathname.startsWith('/interaction/')) throw new Error(`${at.pathname}: ${await answer.text()}`);
      at = new URL(`${at.pathname}?as=${as}`, at);
      continue;
    }
    const to = new URL(next, at);
    if (to.origin !== at.origin) return to.search.slice(1);
    at = to;
  }
  throw new Error('the provider leads nowhere');
}
