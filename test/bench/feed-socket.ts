import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { constants, crc32, inflateRawSync } from 'node:zlib';

const [TEXT, CLOSE, PING, PONG] = [1, 8, 9, 10];
const DEFLATED = 0x40;

/** A frame as it came: the same for all clients in step, so that one of them reading it is enough. */
export interface Arrived {
  /** Length and checksum of the payload. */
  key: string;
  message: () => unknown;
}

/**
 * A WebSocket client that does no more than a thousand of them in one process can: it takes frames apart and answers
 * pings, but inflates and reads only what it is asked to.
 */
export class FeedSocket {
  /** Status of the close frame; 1006 when the connection ended without one. */
  closed: number | undefined;
  readonly #socket: Socket;
  readonly #onText: (frame: Arrived) => void;
  #pending: Buffer = Buffer.alloc(0);
  #isOpen = false;
  /** Of the frame whose payload is coming in. */
  #parts: Buffer[] = [];
  #missing = 0;
  #first = 0;

  constructor(port: number, token: string, onText: (frame: Arrived) => void, reads = true) {
    this.#onText = onText;
    this.#socket = connect({ port, host: '127.0.0.1' });
    if (!reads) this.#socket.pause();
    this.#socket.on('error', () => undefined).on('close', () => (this.closed ??= 1006));
    this.#socket.write(
      [
        'GET /feed HTTP/1.1',
        `Host: 127.0.0.1:${port}`,
        `Authorization: Bearer ${token}`,
        'Connection: Upgrade',
        'Upgrade: websocket',
        'Sec-WebSocket-Version: 13',
        `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
        'Sec-WebSocket-Extensions: permessage-deflate',
        '\r\n',
      ].join('\r\n'),
    );
    if (reads) this.read();
  }

  read(): void {
    this.#socket.on('data', (bytes) => this.#take(bytes));
    this.#socket.resume();
  }

  end(): void {
    this.#socket.destroy();
  }

  #take(bytes: Buffer): void {
    let rest = this.#pending.length === 0 ? bytes : Buffer.concat([this.#pending, bytes]);
    if (!this.#isOpen) {
      const end = rest.indexOf('\r\n\r\n');
      if (end >= 0 && !rest.toString('latin1', 0, end).startsWith('HTTP/1.1 101')) throw new Error(rest.toString());
      this.#isOpen = end >= 0;
      rest = end < 0 ? rest : rest.subarray(end + 4);
    }
    while (this.#isOpen && rest.length > 0) {
      if (this.#missing === 0) {
        const header = headerOf(rest);
        if (header === undefined) break;
        [this.#first, this.#missing] = [rest[0]!, header.payload];
        rest = rest.subarray(header.bytes);
      }
      const part = rest.subarray(0, this.#missing);
      this.#parts.push(part);
      this.#missing -= part.length;
      rest = rest.subarray(part.length);
      if (this.#missing === 0) this.#frame(this.#parts.splice(0));
    }
    this.#pending = rest;
  }

  #frame(parts: readonly Buffer[]): void {
    const opcode = this.#first & 0x0f;
    if (opcode === PING) this.#socket.write(Buffer.from([0x80 | PONG, 0x80, 0, 0, 0, 0]));
    if (opcode === CLOSE) this.closed = Buffer.concat(parts).readUInt16BE(0);
    if (opcode !== TEXT) return;
    const isDeflated = (this.#first & DEFLATED) !== 0;
    const length = parts.reduce((sum, part) => sum + part.length, 0);
    const key = `${length}/${parts.reduce((sum, part) => crc32(part, sum), 0)}`;
    const message = (): unknown => {
      const payload = Buffer.concat(parts);
      const text = isDeflated ? inflateRawSync(payload, { finishFlush: constants.Z_SYNC_FLUSH }) : payload;
      return JSON.parse(text.toString());
    };
    this.#onText({ key, message });
  }
}

/** RFC 6455, section 5.2, of a server's frame. */
function headerOf(bytes: Buffer): { bytes: number; payload: number } | undefined {
  if (bytes.length < 2) return undefined;
  const short = bytes[1]!;
  if (short < 126) return { bytes: 2, payload: short };
  if (short === 126) return bytes.length < 4 ? undefined : { bytes: 4, payload: bytes.readUInt16BE(2) };
  return bytes.length < 10 ? undefined : { bytes: 10, payload: Number(bytes.readBigUInt64BE(2)) };
}
