import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** What those of a crowd do: nothing; or a byte now and then of a record or request that never ends. */
const MANNERS: readonly { begin: string; drip: string }[] = [
  { begin: '', drip: '' },
  { begin: '<13>1 - - - - - - drip ', drip: 'x' },
  { begin: 'POST /ingest HTTP/1.1\r\nHost: x\r\n', drip: 'X-A: b\r\n' },
  { begin: '999 <13>1 - - ', drip: '-' },
  { begin: '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', drip: '\x00' },
];
const DRIP_MS = 1_000;
const AT_ONCE = 200;

/** Many connections from one address that mean no good. */
export class Crowd {
  readonly #address: string;
  readonly #sockets = new Set<Socket>();
  #dripping: NodeJS.Timeout | undefined;

  /** @param address a loopback address of its own. */
  constructor(address: string) {
    this.#address = address;
  }

  /** Connections that are open now. */
  get open(): number {
    return this.#sockets.size;
  }

  /** Connects so many times, evenly to these ports; resolves when each has been taken or refused. */
  async gather(connections: number, ports: readonly number[]): Promise<void> {
    this.#dripping ??= setInterval(() => this.#drip(), DRIP_MS);
    for (let n = 0; n < connections; n += AT_ONCE)
      await Promise.all(Array.from({ length: Math.min(AT_ONCE, connections - n) }, (_, i) => this.#join(n + i, ports)));
    await pause(200); // those refused see it now
  }

  disperse(): void {
    clearInterval(this.#dripping);
    for (const socket of this.#sockets) socket.destroy();
  }

  async #join(n: number, ports: readonly number[]): Promise<void> {
    const socket = connect({ port: ports[n % ports.length]!, host: '127.0.0.1', localAddress: this.#address });
    const { begin, drip } = MANNERS[n % MANNERS.length]!;
    socket.on('error', () => socket.destroy());
    socket.once('close', () => this.#sockets.delete(socket));
    socket.resume();
    await new Promise<void>((done) => socket.once('connect', () => done()).once('close', () => done()));
    if (socket.destroyed) return;
    this.#sockets.add(Object.assign(socket, { drip }));
    if (begin !== '') socket.write(Buffer.from(begin, 'latin1'));
  }

  #drip(): void {
    for (const socket of this.#sockets) {
      const { drip } = socket as Socket & { drip?: string };
      if (drip !== undefined && drip !== '' && socket.writable) socket.write(Buffer.from(drip, 'latin1'));
    }
  }
}
