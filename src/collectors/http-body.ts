import type { IncomingMessage } from 'node:http';
import type { Transform } from 'node:stream';
import { createGunzip, createInflate, createInflateRaw, createZstdDecompress } from 'node:zlib';
import { WanglouError } from '../errors.ts';

/** Bytes of bodies in memory over all requests. */
export class BodyBudget {
  #free: number;

  constructor(maxBytes: number) {
    this.#free = maxBytes;
  }

  /** For one request. */
  lease(): BodyLease {
    let held = 0;
    const give = (bytes: number): void => {
      held -= bytes;
      this.#free += bytes;
    };
    return {
      take: (bytes) => {
        if (bytes > this.#free) throw new WanglouError('WL_TOO_MANY', 'too many bodies are in memory');
        give(-bytes);
      },
      give,
      release: () => give(held),
    };
  }
}

/** What one request holds of the budget. */
export interface BodyLease {
  /** @throws WanglouError WL_TOO_MANY when there is no room. */
  take(bytes: number): void;
  give(bytes: number): void;
  /** Gives everything back. */
  release(): void;
}

/** A body that expands more than this is an attack (log lines compress 5 to 50 times), but a small one may. */
const MAX_RATIO = 1_000;
const SMALL_BYTES = 1_048_576;

/**
 * The decompressed body; the lease holds its bytes.
 * @throws WanglouError WL_BODY_TOO_LARGE, WL_ENCODING_UNSUPPORTED, WL_BODY_INVALID (broken compression), WL_TOO_MANY (budget).
 */
export async function readBody(request: IncomingMessage, maxBytes: number, lease: BodyLease): Promise<Buffer> {
  const encoding = (request.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  const isPlain = encoding === 'identity' || encoding === '';
  if (!isPlain && !Object.hasOwn(DECODERS, encoding))
    throw new WanglouError('WL_ENCODING_UNSUPPORTED', `content-encoding ${encoding}`);
  const stated = Number(request.headers['content-length'] ?? 0);
  if (stated > maxBytes) throw tooLarge(`${stated} bytes`, maxBytes);
  const bytes = await collect(request, maxBytes, lease);
  if (isPlain || bytes.length === 0) return bytes;
  const decoded = await decompress(bytes, encoding, maxBytes, lease);
  lease.give(bytes.length);
  return decoded;
}

/** Chunk by chunk, so that what many small bodies expand to counts while they do. */
async function decompress(bytes: Buffer, encoding: string, maxBytes: number, lease: BodyLease): Promise<Buffer> {
  const limit = Math.min(maxBytes, Math.max(SMALL_BYTES, bytes.length * MAX_RATIO));
  const decoder = DECODERS[encoding]!(bytes);
  const chunks: Buffer[] = [];
  let length = 0;
  decoder.end(bytes);
  try {
    for await (const chunk of decoder as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > limit) throw tooLarge('decompressed', limit);
      lease.take(chunk.length);
      chunks.push(chunk);
    }
  } catch (cause) {
    if (cause instanceof WanglouError) throw cause;
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    throw new WanglouError('WL_BODY_INVALID', `the body is not ${encoding}: ${code}`, { cause });
  }
  return Buffer.concat(chunks, length);
}

const OPTIONS = { chunkSize: 65_536 };

const DECODERS: Readonly<Record<string, (bytes: Buffer) => Transform>> = {
  gzip: () => createGunzip(OPTIONS),
  'x-gzip': () => createGunzip(OPTIONS),
  // It means zlib (RFC 9110), but some senders send the bare stream. A zlib stream begins with x8.
  deflate: (bytes) => ((bytes[0]! & 0x0f) === 8 ? createInflate : createInflateRaw)(OPTIONS),
  zstd: () => createZstdDecompress(OPTIONS),
};

function collect(request: IncomingMessage, maxBytes: number, lease: BodyLease): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const fail = (error: Error): void => {
      request.off('data', onData);
      reject(error);
    };
    const onData = (chunk: Buffer): void => {
      length += chunk.length;
      try {
        if (length > maxBytes) throw tooLarge('the body', maxBytes);
        lease.take(chunk.length);
        chunks.push(chunk);
      } catch (error) {
        fail(error as Error);
      }
    };
    request.on('data', onData);
    request.once('end', () => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)));
    request.once('error', fail);
  });
}

function tooLarge(what: string, maxBytes: number): WanglouError {
  return new WanglouError('WL_BODY_TOO_LARGE', `${what}: more than ${maxBytes} bytes`);
}
