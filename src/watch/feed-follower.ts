import { setTimeout as pause } from 'node:timers/promises';
import type { ConnectionOptions } from 'node:tls';
import WebSocket from 'ws';
import { WanglouError } from '../errors.ts';
import type { Changes, FeedMessage } from '../feed/protocol.ts';

export type Link = 'begun' | 'resumed' | 'restarted' | { lost: string } | { away: string };

export interface FollowOptions {
  /** `ws://host:port/feed` */
  url: string;
  /** Asked at each connection. */
  token: () => Promise<string>;
  /** How the server is trusted, when the address is `wss:`. */
  tls?: ConnectionOptions;
  /** The subscription. */
  query: Readonly<Record<string, string>>;
  onChanges: (changes: Changes) => void;
  /** How it stands with the connection; told before the changes that follow from it. */
  onLink: (link: Link) => void;
}

const PAUSES_MS = [250, 500, 1_000, 2_000, 5_000];
const HANDSHAKE_MS = 10_000;
/** Beats that may be missed before the connection counts as lost. */
const MISSED_BEATS = 3.5;
const SIGNED_OUT = 4401;

/** Follows the feed as src/feed/README.md asks for: comes back after a loss or a gap with the number that it has. */
export class FeedFollower {
  readonly #options: FollowOptions;
  #epoch = '';
  #n = 0;
  #fails = 0;
  #stopped = new AbortController();

  constructor(options: FollowOptions) {
    this.#options = options;
  }

  /**
   * Ends when stop() is called.
   * @throws WanglouError WL_UNAUTHORIZED when the token is refused, WL_QUERY_INVALID when the subscription is.
   */
  async run(): Promise<void> {
    const { signal } = this.#stopped;
    while (!signal.aborted) {
      const ended = await this.#connection();
      if (signal.aborted) return;
      if (this.#fails === 0) this.#options.onLink(this.#epoch === '' ? { away: ended } : { lost: ended });
      const pauseMs = PAUSES_MS[Math.min(this.#fails++, PAUSES_MS.length - 1)]!;
      await pause(pauseMs, undefined, { signal }).catch(() => undefined);
    }
  }

  stop(): void {
    this.#stopped.abort();
  }

  /** One connection from its opening to its end. @returns why it ended. */
  async #connection(): Promise<string> {
    const resume = this.#epoch === '' ? {} : { epoch: this.#epoch, after: String(this.#n) };
    const query = new URLSearchParams({ ...this.#options.query, ...resume });
    const headers = { authorization: `Bearer ${await this.#options.token()}` };
    const socket = new WebSocket(`${this.#options.url}?${query.toString()}`, {
      headers,
      handshakeTimeout: HANDSHAKE_MS,
      ...this.#options.tls,
    });
    const ended = Promise.withResolvers<string>();
    let limitMs = HANDSHAKE_MS;
    const cutOff = (why: string): void => ended.resolve(why);
    const beSilent = () => setTimeout(() => cutOff('silence'), limitMs);
    let silence = beSilent();
    const stop = (): void => cutOff('stopped');
    this.#stopped.signal.addEventListener('abort', stop);
    socket.on('message', (data: Buffer) => {
      clearTimeout(silence);
      try {
        const message = JSON.parse(data.toString()) as FeedMessage;
        if (message.type === 'hello') limitMs = message.beatMs * MISSED_BEATS;
        if (!this.#take(message)) cutOff('a message is missing');
      } catch (error) {
        cutOff(`a message can not be read: ${String(error)}`);
      }
      silence = beSilent();
    });
    socket.on('unexpected-response', (_request, response) => {
      let body = '';
      response.on('data', (part: Buffer) => (body += part.toString()));
      response.on('end', () => {
        const refused = refusalOf(response.statusCode ?? 0, body);
        if (refused) ended.reject(refused);
        else cutOff(`serve answers ${response.statusCode}`);
      });
    });
    socket.on('close', (code, reason) => {
      if (code === SIGNED_OUT) ended.reject(refusalOf(401, '')!);
      else ended.resolve(`${code} ${reason.toString()}`.trim());
    });
    socket.on('error', ({ message }) => ended.resolve(message));
    try {
      return await ended.promise;
    } finally {
      clearTimeout(silence);
      this.#stopped.signal.removeEventListener('abort', stop);
      socket.removeAllListeners().on('error', () => undefined);
      socket.terminate();
    }
  }

  /** @returns false when something was missed. */
  #take(message: FeedMessage): boolean {
    if (message.type === 'hello') {
      if (this.#epoch !== '' && message.epoch === this.#epoch) this.#link('resumed');
      return true;
    }
    if (message.type === 'snapshot') this.#link(this.#epoch === '' ? 'begun' : 'restarted');
    else if (message.epoch !== this.#epoch || message.after !== this.#n) return false;
    this.#epoch = message.epoch;
    this.#n = message.n;
    this.#options.onChanges(message);
    return true;
  }

  #link(link: Link): void {
    this.#fails = 0;
    this.#options.onLink(link);
  }
}

function refusalOf(status: number, body: string): WanglouError | undefined {
  if (status === 401 || status === 403)
    return new WanglouError('WL_UNAUTHORIZED', 'serve refuses the API token', {
      remedy: 'Use the data directory or the API token (WANGLOU_API_TOKEN) of the serve program that is asked.',
    });
  if (status !== 400 || !body.startsWith('{')) return undefined;
  const { message, remedy } = JSON.parse(body) as { message: string; remedy: string };
  return new WanglouError('WL_QUERY_INVALID', message, { remedy });
}
