import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { RunningWanglou } from '../integration/wanglou.ts';

export interface SteadyResult {
  /** Found in every line that it sent. */
  mark: string;
  sent: number;
  /** How long each of the lines sent by HTTP waited for its acknowledgement, ms. */
  acknowledgedMs: number[];
}

/** A sender as there are thousands, beside whatever else happens: lines over TCP and, each acknowledged, over HTTP. */
export class LegitimateSender {
  readonly #wanglou: RunningWanglou;
  readonly #everyMs: number;
  readonly #mark = `<steady ${randomBytes(6).toString('hex')}>`;
  readonly #acknowledgedMs: number[] = [];
  #sent = 0;
  #isRunning = true;
  #fault: unknown;
  #work: Promise<unknown> = Promise.resolve();

  /** @param everyMs a line each way so often. */
  constructor(wanglou: RunningWanglou, everyMs = 50) {
    this.#wanglou = wanglou;
    this.#everyMs = everyMs;
  }

  start(): void {
    this.#work = Promise.all([this.#sendSyslog(), this.#sendHttp()]);
    this.#work.catch((error: unknown) => (this.#fault = error)); // stop() throws it
  }

  /** What went wrong so far, if anything. */
  get fault(): unknown {
    return this.#fault;
  }

  /** @throws when a connection of its own was refused or broken, or a line was not acknowledged. */
  async stop(): Promise<SteadyResult> {
    this.#isRunning = false;
    await this.#work;
    return { mark: this.#mark, sent: this.#sent, acknowledgedMs: this.#acknowledgedMs };
  }

  async #sendSyslog(): Promise<void> {
    const socket = connect(this.#wanglou.ports.syslog, '127.0.0.1');
    await once(socket, 'connect');
    let broken: Error | undefined;
    socket.on('close', () => (broken = new Error('the connection of the legitimate sender was ended')));
    for (; this.#isRunning; await pause(this.#everyMs)) {
      if (broken !== undefined) throw broken;
      socket.write(`<13>1 - - - - - - ${this.#mark} tcp ${this.#sent++}\n`);
    }
    socket.end();
  }

  /** A connection for each: whoever comes anew is let in as well. */
  async #sendHttp(): Promise<void> {
    for (; this.#isRunning; await pause(this.#everyMs)) {
      const startedAt = performance.now();
      const answer = await fetch(`http://127.0.0.1:${this.#wanglou.ports.intake}/ingest`, {
        method: 'POST',
        body: `${this.#mark} http ${this.#sent++}`,
        headers: {
          ...{ authorization: `Bearer ${this.#wanglou.token('ingest')}`, 'content-type': 'text/plain' },
          connection: 'close',
        },
      });
      if (!answer.ok) {
        const [after, text] = [performance.now() - startedAt, await answer.text()];
        throw new Error(`the legitimate sender was answered ${answer.status} after ${after.toFixed(0)} ms: ${text}`);
      }
      await answer.text();
      this.#acknowledgedMs.push(performance.now() - startedAt);
    }
  }
}
