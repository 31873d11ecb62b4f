import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { WebSocket } from 'ws';
import type { ShownFinding } from './shown.ts';

interface Frame {
  type: 'hello' | 'snapshot' | 'batch';
  epoch: string;
  after: number;
  n: number;
  findings: ShownFinding[];
  gone?: string[];
}

export interface FeedReaderOptions {
  /** The subscription, as query of the URL. */
  subscription?: string;
  /** Hears every frame as it came. */
  onFrame?: (frame: object) => void;
}

const SILENT_MS = 3_000;
const AGAIN_MS = 100;

/**
 * A page as src/feed/README.md asks for it: it comes back with the number that it has, begins anew on a snapshot, and keeps
 * of each finding the highest revision. It notes what the feed must never do.
 */
export class FeedReader {
  readonly #url: string;
  readonly #token: () => string;
  readonly #options: FeedReaderOptions;
  readonly #findings = new Map<string, ShownFinding>();
  readonly #faults: string[] = [];
  #epoch = '';
  #n = 0;
  #connections = 0;
  #stopped = false;
  #socket: WebSocket | undefined;
  #running: Promise<void> | undefined;

  constructor(port: number, token: () => string, options: FeedReaderOptions = {}) {
    this.#url = `ws://127.0.0.1:${port}/feed?${options.subscription ?? ''}`;
    this.#token = token;
    this.#options = options;
  }

  /** What the page shows now. */
  get findings(): ShownFinding[] {
    return [...this.#findings.values()];
  }

  /** Gaps, and revisions that came a second time. */
  get faults(): readonly string[] {
    return this.#faults;
  }

  get connections(): number {
    return this.#connections;
  }

  start(): void {
    this.#running = this.#run();
  }

  /** Breaks the connection off; it comes back by itself. */
  breakOff(): void {
    this.#socket?.terminate();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#socket?.terminate();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      const query = this.#epoch === '' ? '' : `&epoch=${this.#epoch}&after=${this.#n}`;
      const headers = { authorization: `Bearer ${this.#token()}` };
      const socket = (this.#socket = new WebSocket(this.#url + query, { headers, handshakeTimeout: SILENT_MS }));
      let silence = setTimeout(() => socket.terminate(), SILENT_MS);
      socket.on('error', () => undefined);
      socket.on('message', (data: Buffer) => {
        clearTimeout(silence);
        silence = setTimeout(() => socket.terminate(), SILENT_MS);
        this.#take(JSON.parse(data.toString()) as Frame);
      });
      await once(socket, 'close').catch(() => undefined);
      clearTimeout(silence);
      await pause(AGAIN_MS);
    }
  }

  #take(frame: Frame): void {
    this.#options.onFrame?.(frame);
    if (frame.type === 'hello') {
      this.#connections++;
      return;
    }
    if (frame.type === 'snapshot') this.#findings.clear();
    else if (frame.epoch !== this.#epoch || frame.after !== this.#n)
      this.#faults.push(
        `a batch after ${frame.epoch}/${frame.after}, but the page stands at ${this.#epoch}/${this.#n}`,
      );
    for (const finding of frame.findings) this.#show(finding);
    for (const id of frame.gone ?? []) this.#findings.delete(id);
    this.#epoch = frame.epoch;
    this.#n = frame.n;
  }

  #show(finding: ShownFinding): void {
    const known = this.#findings.get(finding.id);
    // The same revision comes again only with what people have done meanwhile.
    const isSame = known?.revision === finding.revision && isDeepStrictEqual(known['life'], finding['life']);
    if (known && (isSame || known.revision > finding.revision))
      this.#faults.push(`finding ${finding.id}: revision ${finding.revision} came after ${known.revision}`);
    else this.#findings.set(finding.id, finding);
  }
}
