import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Secret, TOTP } from 'otpauth';
import WebSocket from 'ws';
import { eventually, freePorts, startWanglou, type RunningWanglou } from './wanglou.ts';

const PASSWORD = 'correct horse 望楼 staple';
type Administrator = 'system' | 'security' | 'audit';

/** What ends a session that runs. */
export type Ending = 'lock' | 'end-sessions' | 'revoke';

/** The full mode with two `serve` programs on one event log, and the three administrators signed in at the first. */
export class FullAccess {
  readonly #wanglou: RunningWanglou;
  readonly #second: ChildProcess;
  readonly #urls: readonly [string, string];
  readonly #cookies = new Map<Administrator, string>();

  private constructor(wanglou: RunningWanglou, second: ChildProcess, port: number) {
    this.#wanglou = wanglou;
    this.#second = second;
    this.#urls = [`http://127.0.0.1:${wanglou.ports.web}`, `http://127.0.0.1:${port}`];
  }

  static async start(): Promise<FullAccess> {
    const wanglou = await startWanglou({ WANGLOU_ACCESS: 'full' });
    const codes = readFileSync(join(wanglou.dataDir, 'access/activation-codes'), 'utf8');
    const [port] = await freePorts(1);
    const env = { ...wanglou.environment, WANGLOU_WEB_PORT: String(port) };
    const second = spawn(process.execPath, [resolve('src/main.ts'), 'serve'], { env, stdio: 'ignore' });
    const full = new FullAccess(wanglou, second, port!);
    const isThere = async (): Promise<boolean> => (await fetch(`${full.#urls[1]}/api/v1/sign-in`)).ok;
    await eventually(
      () => isThere().catch(() => false),
      (there) => there,
    );
    for (const line of codes.trim().split('\n')) {
      const [name, code] = line.split(' ') as [`${Administrator}-administrator`, string];
      const who = name.split('-')[0] as Administrator;
      full.#cookies.set(who, await full.#activate(0, name, code, who));
    }
    return full;
  }

  async stop(): Promise<void> {
    this.#second.kill();
    await this.#wanglou.stop();
  }

  /** Somebody new with the role, signed in at the second program, which follows the feed there. */
  async operator(name: string): Promise<FollowingOperator> {
    const { code } = await this.asks<{ code: string }>('system', 'accounts', { name, person: name });
    await this.asks('security', `accounts/${name}/grant`, { role: 'operator' });
    const cookie = await this.#activate(1, name, code, '');
    return FollowingOperator.start(this.#urls[1], cookie);
  }

  /** Ends what somebody has at the second program, by the word of the security administrator at the first. */
  async end(name: string, how: Ending): Promise<void> {
    await this.asks('security', `accounts/${name}/${how}`, how === 'revoke' ? { role: 'operator' } : {});
  }

  async asks<T>(who: Administrator, path: string, body: object): Promise<T> {
    return (await this.#post(0, path, this.#cookies.get(who)!, body)).body as T;
  }

  /** @returns the cookie of the session that begins. */
  async #activate(at: 0 | 1, name: string, code: string, person: string): Promise<string> {
    const { body } = await this.#post(at, 'enrol', '', { name, code });
    const totp = new TOTP({ secret: Secret.fromBase32((body as { secret: string }).secret) }).generate();
    const answer = await this.#post(at, 'activate', '', { name, code, password: PASSWORD, totp, person });
    if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
    return answer.cookie;
  }

  async #post(at: 0 | 1, path: string, cookie: string, body: object) {
    const url = this.#urls[at];
    const headers = { origin: url, cookie, 'content-type': 'application/json' };
    const response = await fetch(`${url}/api/v1/${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    const set = response.headers.get('set-cookie')?.split(';')[0] ?? '';
    return { status: response.status, body: (await response.json()) as object, cookie: set };
  }
}

/** Somebody with an open feed who also asks over REST, again and again. */
export class FollowingOperator {
  readonly #url: string;
  readonly #cookie: string;
  /** When the feed closed, and with which code. */
  readonly closed: Promise<{ code: number; at: number }>;

  private constructor(url: string, cookie: string, socket: WebSocket) {
    this.#url = url;
    this.#cookie = cookie;
    this.closed = new Promise((done) => socket.on('close', (code) => done({ code, at: performance.now() })));
  }

  static async start(url: string, cookie: string): Promise<FollowingOperator> {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/feed`, { headers: { cookie, origin: url } });
    const operator = new FollowingOperator(url, cookie, socket);
    await new Promise((done, fail) => socket.once('message', done).once('error', fail));
    return operator;
  }

  async status(): Promise<number> {
    return (await fetch(`${this.#url}/api/v1/findings`, { headers: { cookie: this.#cookie } })).status;
  }

  /** When REST first refused. */
  async refused(): Promise<number> {
    while ((await this.status()) !== 401) await new Promise((resume) => setTimeout(resume, 10));
    return performance.now();
  }
}
