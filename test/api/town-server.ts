import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ApiParts } from '../../src/api/parts.ts';
import { ApiServer } from '../../src/api/server.ts';
import { PASSWORD, SmallTown } from '../access/people-samples.ts';
import { testParts, type TestParts } from './parts.ts';

export interface Answer {
  status: number;
  body: Record<string, unknown>;
  /** `name=value` of the session's cookie, when one was set. */
  cookie: string;
  /** All cookies that were set, with what they may do. */
  cookies: readonly string[];
}

/** The web server with the people of a small town. */
export class TownServer {
  readonly town: SmallTown;
  readonly #dataDir: string;
  readonly parts: TestParts;
  readonly #server: ApiServer;

  private constructor(dataDir: string, town: SmallTown, parts: TestParts, more: Partial<ApiParts>, appDir: string) {
    this.#dataDir = dataDir;
    this.town = town;
    this.parts = parts;
    const { access, desk: people, sessions, apiTokens } = town;
    this.#server = new ApiServer(
      { host: '127.0.0.1', port: 0, publicOrigin: '', appDir },
      {
        ...parts,
        access,
        people,
        sessions,
        apiTokens,
        ...more,
        within: (scope) => ({ ...parts.within(scope), ...more }),
      },
    );
  }

  static async start(more: Partial<ApiParts> = {}, appDir = '/nonexistent'): Promise<TownServer> {
    const dataDir = mkdtempSync(join(tmpdir(), 'wanglou-town-'));
    const town = new SmallTown(dataDir);
    await town.start();
    const parts = await testParts();
    parts.feed.start();
    const server = new TownServer(dataDir, town, parts, more, appDir);
    await server.#server.start();
    return server;
  }

  async stop(): Promise<void> {
    this.parts.feed.stop();
    await this.#server.stop();
    await this.town.stop();
    this.parts.remove();
    rmSync(this.#dataDir, { recursive: true, force: true });
  }

  get origin(): string {
    return `http://127.0.0.1:${this.#server.port}`;
  }

  /** A POST when there is a body. @param as a cookie, or a bearer token. */
  async ask(path: string, as = '', body?: object): Promise<Answer> {
    const who = as.startsWith('wlp_') ? { authorization: `Bearer ${as}` } : { cookie: as };
    const response = await fetch(`${this.origin}/api/v1/${path}`, {
      ...(body && { method: 'POST', body: JSON.stringify(body) }),
      headers: { origin: this.origin, ...who, ...(body && { 'content-type': 'application/json' }) },
    });
    const cookies = response.headers.getSetCookie();
    const cookie = cookies.find((one) => one.startsWith('wanglou_session='))?.split(';')[0] ?? '';
    return { status: response.status, body: (await response.json()) as Answer['body'], cookie, cookies };
  }

  /** The cookie of somebody who signs in with the password. */
  async signedIn(name: string): Promise<string> {
    const answer = await this.ask('sign-in', '', { name, password: PASSWORD, totp: this.town.code(name) });
    this.town.now += 30_000;
    if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
    return answer.cookie;
  }
}
