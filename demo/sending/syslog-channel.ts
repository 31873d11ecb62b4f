import { createSocket, type Socket as DatagramSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Line } from '../line.ts';
import { localAddress, pause, type Channel, type Target } from './channel.ts';

const RECONNECT_MS = 500;

/** Syslog over TCP, octet-counted or with line feeds. Slows down with the receiver; connects again after a fault. */
export class SyslogTcpChannel implements Channel {
  readonly #target: Target;
  readonly #address: string;
  readonly #counted: boolean;
  #socket: Socket | undefined;
  #waiting: string[] = [];
  acknowledged = 0;

  constructor(target: Target, address: string, framing: 'octet-counting' | 'line-feed') {
    this.#target = target;
    this.#address = address;
    this.#counted = framing === 'octet-counting';
  }

  add({ line }: Line): void {
    this.#waiting.push(this.#counted ? `${Buffer.byteLength(line)} ${line}` : `${line}\n`);
  }

  async flush(): Promise<void> {
    if (this.#waiting.length === 0) return;
    const count = this.#waiting.length;
    const text = this.#waiting.join('');
    while (!this.#target.signal?.aborted) {
      const socket = this.#socket?.writable ? this.#socket : await this.#connect();
      if (socket && (await written(socket, text))) break;
      await pause(RECONNECT_MS, this.#target.signal);
    }
    this.#waiting = [];
    this.acknowledged += count;
  }

  async stop(): Promise<void> {
    if (!this.#socket || this.#socket.destroyed) return;
    this.#socket.end();
    await Promise.race([once(this.#socket, 'close'), pause(1_000)]);
    this.#socket.destroy();
  }

  async #connect(): Promise<Socket | undefined> {
    const from = localAddress(this.#target, this.#address);
    const { host, ports } = this.#target;
    const socket = connect({ host, port: ports.syslog, ...(from === undefined ? {} : { localAddress: from }) });
    socket.on('error', () => socket.destroy());
    try {
      await once(socket, 'connect');
    } catch {
      return undefined;
    }
    socket.resume();
    this.#socket = socket;
    return socket;
  }
}

/** Resolves true when the system has taken all of the text; false when the connection broke. */
function written(socket: Socket, text: string): Promise<boolean> {
  return new Promise((resolve) => {
    const broken = (): void => resolve(false);
    socket.once('close', broken);
    socket.write(text, (error) => {
      socket.off('close', broken);
      resolve(!error);
    });
  });
}

/** Syslog over UDP: one line a datagram, nobody answers. */
export class SyslogUdpChannel implements Channel {
  readonly #target: Target;
  readonly #address: string;
  #socket: DatagramSocket | undefined;
  #waiting: string[] = [];
  acknowledged = 0;

  constructor(target: Target, address: string) {
    this.#target = target;
    this.#address = address;
  }

  add({ line }: Line): void {
    this.#waiting.push(line);
  }

  async flush(): Promise<void> {
    const lines = this.#waiting;
    this.#waiting = [];
    if (lines.length === 0) return;
    this.#socket ??= await this.#open();
    for (const line of lines) await this.#sendOne(this.#socket, line);
  }

  async stop(): Promise<void> {
    this.#socket?.close();
    this.#socket = undefined;
  }

  async #open(): Promise<DatagramSocket> {
    const socket = createSocket('udp4');
    socket.on('error', () => undefined);
    const from = localAddress(this.#target, this.#address);
    socket.bind({ port: 0, ...(from === undefined ? {} : { address: from }) });
    await once(socket, 'listening');
    return socket;
  }

  #sendOne(socket: DatagramSocket, line: string): Promise<void> {
    return new Promise((resolve) => {
      socket.send(line, this.#target.ports.syslog, this.#target.host, (error) => {
        if (!error) this.acknowledged++;
        resolve();
      });
    });
  }
}
