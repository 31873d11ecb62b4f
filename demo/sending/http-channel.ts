import { Agent, request } from 'node:http';
import type { Line } from '../line.ts';
import { localAddress, pause, type Channel, type Target } from './channel.ts';

const MAX_BATCH_LINES = 1_000;
const RETRY_MS = 500;

interface Answer {
  status: number;
  retryAfterMs: number;
  body: string;
}

/** Batches over HTTP; 429 and 503 and broken connections are repeated under the same key until the batch is taken. */
abstract class HttpChannel implements Channel {
  readonly #target: Target;
  readonly #agent: Agent;
  #waiting: string[] = [];
  #batches = 0;
  protected readonly key: string;
  acknowledged = 0;

  /** @param key of the batches, with their number: the same for the same lines makes a second sending harmless */
  constructor(target: Target, address: string, key: string) {
    const from = localAddress(target, address);
    this.#target = target;
    this.#agent = new Agent({ keepAlive: true, maxSockets: 1, ...(from === undefined ? {} : { localAddress: from }) });
    this.key = key;
  }

  protected abstract readonly path: string;
  protected abstract body(lines: readonly string[], batch: string): string;
  /** Lines of an answered batch that must be sent again. */
  protected abstract refused(lines: readonly string[], answer: Answer): string[];

  add({ line }: Line): void {
    this.#waiting.push(line);
  }

  async flush(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.slice(0, MAX_BATCH_LINES);
      this.#waiting = this.#waiting.slice(batch.length);
      await this.#deliver(batch, `${this.key}/${this.#batches++}`);
      if (this.#target.signal?.aborted) return;
    }
  }

  async stop(): Promise<void> {
    this.#agent.destroy();
  }

  async #deliver(lines: readonly string[], batch: string): Promise<void> {
    let rest = lines;
    let key = batch;
    for (let attempt = 0; !this.#target.signal?.aborted; attempt++) {
      const answer = await this.#post(this.body(rest, key), key);
      if (answer.status < 300) {
        const again = this.refused(rest, answer);
        this.acknowledged += rest.length - again.length;
        if (again.length === 0) return;
        rest = again;
        key = `${batch}/${attempt}`;
      } else if (answer.status !== 0 && answer.status !== 429 && answer.status !== 503)
        throw new Error(`${this.path} answered ${answer.status}: ${answer.body.slice(0, 300)}`);
      await pause(answer.retryAfterMs, this.#target.signal);
    }
  }

  /** Status 0 when the connection broke. */
  #post(body: string, key: string): Promise<Answer> {
    const { host, ports, token, signal } = this.#target;
    const headers = {
      authorization: `Bearer ${token}`,
      'content-type': 'application/x-ndjson',
      'content-length': Buffer.byteLength(body),
      'idempotency-key': key,
    };
    return new Promise((resolve) => {
      const broken = (): void => resolve({ status: 0, retryAfterMs: RETRY_MS, body: '' });
      const options = { host, port: ports.intake, path: this.path, method: 'POST', agent: this.#agent, headers };
      const sending = request({ ...options, ...(signal ? { signal } : {}) }, (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (part: string) => (text += part));
        response.on('error', broken);
        response.on('end', () => {
          const retryAfterMs = Number(response.headers['retry-after'] ?? 0) * 1000 || RETRY_MS;
          resolve({ status: response.statusCode ?? 0, retryAfterMs, body: text });
        });
      });
      sending.on('error', broken);
      sending.end(body);
    });
  }
}

/** `POST /ingest`, NDJSON with an Idempotency-Key. */
export class IngestChannel extends HttpChannel {
  protected readonly path = '/ingest';

  protected body(lines: readonly string[]): string {
    return `${lines.join('\n')}\n`;
  }

  protected refused(): string[] {
    return [];
  }
}

/** Elasticsearch `_bulk` with an `_id` for each document; items answered 429 are sent again. */
export class BulkChannel extends HttpChannel {
  protected readonly path = '/_bulk';

  protected body(lines: readonly string[], batch: string): string {
    return lines
      .map((line, n) => `${JSON.stringify({ create: { _index: 'logs', _id: `${batch}/${n}` } })}\n${line}\n`)
      .join('');
  }

  protected refused(lines: readonly string[], { body }: Answer): string[] {
    const { items = [] } = JSON.parse(body) as { items?: Record<string, { status?: number }>[] };
    return lines.filter((_, n) => items[n]?.['create']?.status === 429);
  }
}
