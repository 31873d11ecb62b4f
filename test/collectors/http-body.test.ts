import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HttpIntake } from '../../src/collectors/http-intake.ts';
import { identify, intakeOn, MemoryLog } from './doubles.ts';

const MAX_BODY = 2_000_000;

let log: MemoryLog;
let http: HttpIntake;

beforeEach(async () => {
  log = new MemoryLog();
  http = new HttpIntake({
    intake: intakeOn(log),
    identify,
    authorize: (header) => (header === 'Bearer token' ? { source: 'portal' } : undefined),
    health: () => ({ ready: true }),
    host: '127.0.0.1',
    port: 0,
    maxBodyBytes: MAX_BODY,
    maxBodiesBytes: 1_000_000,
  });
  await http.start();
});

afterEach(() => http.stop());

function ingest(body: Buffer | string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`http://127.0.0.1:${http.port}/ingest`, {
    method: 'POST',
    body: typeof body === 'string' ? body : new Uint8Array(body),
    headers: { authorization: 'Bearer token', ...headers },
  });
}

/** Lines of 1,000 characters that compress to half. */
const lines = (count: number): Buffer =>
  Buffer.from(Array.from({ length: count }, () => `${randomBytes(500).toString('hex')}\n`).join(''));

describe('the body of a request', () => {
  it.each([
    ['gzip', gzipSync],
    ['zstd', zstdCompressSync],
  ])(
    'counts with what it is decompressed (%s): beyond the memory for bodies it is to come later',
    async (name, zip) => {
      const headers = { 'content-encoding': name };
      const tooMuch = await ingest(zip(lines(1_600)), headers);
      expect([tooMuch.status, tooMuch.headers.get('retry-after')]).toEqual([429, '1']);
      for (let i = 0; i < 5; i++) {
        const fits = await ingest(zip(lines(400)), headers);
        expect(await fits.json()).toMatchObject({ accepted: 400 });
      }
    },
  );

  it.each(['constructor', '__proto__', 'br', 'gzip, gzip'])('can not be encoded as %s', async (encoding) => {
    expect((await ingest('{"a":1}', { 'content-encoding': encoding })).status).toBe(415);
    expect(log.raws()).toEqual([]);
  });

  it.each([
    ['that is too large', 'Bearer token', 413],
    ['of somebody without a token', 'Bearer wrong', 401],
  ])('%s is read to its end, so that who only sends sees the answer', async (_, authorization, status) => {
    const socket = connect(http.port, '127.0.0.1');
    let answered = '';
    socket.on('data', (chunk) => (answered += chunk.toString()));
    const length = 20_000_000;
    socket.write(
      `POST /ingest HTTP/1.1\r\nHost: x\r\nAuthorization: ${authorization}\r\nContent-Length: ${length}\r\n\r\n`,
    );
    for (let sent = 0; sent < length; sent += 100_000)
      if (!socket.write(Buffer.alloc(100_000, 'x'))) await once(socket, 'drain');
    socket.write('GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    await once(socket, 'close');
    expect(answered.match(/HTTP\/1.1 \d+/g)).toEqual([`HTTP/1.1 ${status}`, 'HTTP/1.1 200']);
  });
});
