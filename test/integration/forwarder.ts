import { Agent, request, type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import type { Batch } from './city-day.ts';

export interface Answer {
  /** 0 when the connection broke before the answer. */
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface Destination {
  ports: { intake: number; syslog: number };
  token: string;
}

const FIRST_PAUSE_MS = 100;
const MAX_PAUSE_MS = 1_000;
const PATIENCE_MS = 90_000;

/**
 * A forwarder as they are in real life: it sends a batch again, as it was, until it is answered with success, and only then
 * the next. It keeps its own record of what was acknowledged.
 */
export class Forwarder {
  readonly #to: Destination;
  readonly #agents = new Map<string, Agent>();
  /** How often each line of each source was acknowledged: `source LF line`. */
  readonly acknowledged = new Map<string, number>();
  /** Requests that got no success. */
  failures = 0;

  constructor(to: Destination) {
    this.#to = to;
  }

  async send(batch: Batch): Promise<void> {
    const end = Date.now() + PATIENCE_MS;
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, MAX_PAUSE_MS)) {
      const answer = await this.post(batch);
      if (isSuccess(batch, answer)) break;
      this.failures++;
      if (Date.now() > end) throw new Error(`not taken: ${answer.status} ${answer.body.slice(0, 500)}`);
      await pause(pauseMs);
    }
    for (const line of batch.lines) this.#note(batch.source, line);
  }

  /** Sends the batch once. */
  post({ way, address, key, lines }: Batch, token = this.#to.token): Promise<Answer> {
    const body = way === 'bulk' ? documents(key, lines) : `${lines.join('\n')}\n`;
    const headers = {
      authorization: `Bearer ${token}`,
      'content-type': 'application/x-ndjson',
      'content-length': Buffer.byteLength(body),
      ...(way === 'key' ? { 'idempotency-key': key } : {}),
    };
    const path = way === 'bulk' ? '/_bulk' : '/ingest';
    return post({ port: this.#to.ports.intake, path, headers, agent: this.#agentFrom(address) }, body);
  }

  /** Writes lines to the syslog port, each in a frame with its length, and closes. Nobody acknowledges them. */
  async writeSyslog({ source, address, lines }: { source: string; address: string; lines: string[] }): Promise<void> {
    const socket = connect({ host: '127.0.0.1', port: this.#to.ports.syslog, localAddress: address });
    await once(socket, 'connect');
    socket.end(lines.map((line) => `${Buffer.byteLength(line)} ${line}`).join(''));
    socket.resume();
    await once(socket, 'close');
    for (const line of lines) this.#note(source, line);
  }

  stop(): void {
    for (const agent of this.#agents.values()) agent.destroy();
  }

  #note(source: string, line: string): void {
    const name = `${source}\n${line}`;
    this.acknowledged.set(name, (this.acknowledged.get(name) ?? 0) + 1);
  }

  #agentFrom(localAddress: string): Agent {
    let agent = this.#agents.get(localAddress);
    if (!agent) this.#agents.set(localAddress, (agent = new Agent({ keepAlive: true, maxSockets: 1, localAddress })));
    return agent;
  }
}

function documents(key: string, lines: readonly string[]): string {
  return lines
    .map((line, n) => `${JSON.stringify({ create: { _index: 'logs', _id: `${key}/${n}` } })}\n${line}\n`)
    .join('');
}

/** Everything in it was taken. */
function isSuccess({ way }: Batch, { status, body }: Answer): boolean {
  if (status !== 200) return false;
  const answer = JSON.parse(body) as { errors?: boolean; rejected?: number };
  return way === 'bulk' ? answer.errors === false : answer.rejected === 0;
}

function post(options: { port: number; path: string; headers: object; agent: Agent }, body: string): Promise<Answer> {
  return new Promise((resolve) => {
    const broken = (): void => resolve({ status: 0, headers: {}, body: '' });
    const asked = { ...options, headers: options.headers as Record<string, string>, host: '127.0.0.1', method: 'POST' };
    const sending = request(asked, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => (text += part));
      response.on('error', broken);
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }));
    });
    sending.setTimeout(30_000, () => sending.destroy());
    sending.on('error', broken);
    sending.end(body);
  });
}
