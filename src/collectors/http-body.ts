import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip, inflate, inflateRaw, zstdDecompress } from 'node:zlib';
import { WanglouError } from '../errors.ts';

/** Bytes of bodies in memory over all requests. */
export class BodyBudget {
  #free: number;

  constructor(maxBytes: number) {
    this.#free = maxBytes;
  }

  /** @returns whether there was room. */
  take(bytes: number): boolean {
    if (bytes > this.#free) return false;
    this.#free -= bytes;
    return true;
  }

  give(bytes: number): void {
    this.#free += bytes;
  }
}

/** A body that expands more than this is an attack (log lines compress 5 to 50 times), but a small one may. */
const MAX_RATIO = 1_000;
const SMALL_BYTES = 1_048_576;

/**
 * The decompressed body.
 * @throws WanglouError WL_BODY_TOO_LARGE, WL_ENCODING_UNSUPPORTED, WL_BODY_INVALID (broken compression), WL_TOO_MANY (budget).
 */
export async function readBody(request: IncomingMessage, maxBytes: number, budget: BodyBudget): Promise<Buffer> {
  const encoding = (request.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  if (!(encoding in DECODERS)) throw new WanglouError('WL_ENCODING_UNSUPPORTED', `content-encoding ${encoding}`);
  const stated = Number(request.headers['content-length'] ?? 0);
  if (stated > maxBytes) throw tooLarge(`${stated} bytes`, maxBytes);
  const bytes = await collect(request, maxBytes, budget);
  if (bytes.length === 0) return bytes;
  const limit = Math.min(maxBytes, Math.max(SMALL_BYTES, bytes.length * MAX_RATIO));
  try {
    return await DECODERS[encoding as keyof typeof DECODERS](bytes, limit);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    if (code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge('decompressed', limit);
    throw new WanglouError('WL_BODY_INVALID', `the body is not ${encoding}: ${code}`, { cause });
  }
}

type Decoder = (bytes: Buffer, maxOutputLength: number) => Promise<Buffer>;

const decoderOf =
  (decompress: (bytes: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>): Decoder =>
  (bytes, maxOutputLength) =>
    decompress(bytes, { maxOutputLength });

const inflateZlib = decoderOf(promisify(inflate));
const inflateBare = decoderOf(promisify(inflateRaw));
/** "deflate" means zlib (RFC 9110), but some senders send the bare stream. A zlib stream begins with x8. */
const inflateEither: Decoder = (bytes, limit) => ((bytes[0]! & 0x0f) === 8 ? inflateZlib : inflateBare)(bytes, limit);

const DECODERS = {
  identity: async (bytes: Buffer) => bytes,
  gzip: decoderOf(promisify(gunzip)),
  'x-gzip': decoderOf(promisify(gunzip)),
  deflate: inflateEither,
  zstd: decoderOf(promisify(zstdDecompress)),
} satisfies Record<string, Decoder>;

function collect(request: IncomingMessage, maxBytes: number, budget: BodyBudget): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const settle = (act: () => void): void => {
      budget.give(length);
      request.off('data', onData);
      act();
    };
    const onData = (chunk: Buffer): void => {
      if (length + chunk.length > maxBytes) settle(() => reject(tooLarge('the body', maxBytes)));
      else if (!budget.take(chunk.length))
        settle(() => reject(new WanglouError('WL_TOO_MANY', 'too many bodies are being received')));
      else {
        length += chunk.length;
        chunks.push(chunk);
      }
    };
    request.on('data', onData);
    request.once('end', () => settle(() => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks))));
    request.once('error', (error) => settle(() => reject(error)));
  });
}

function tooLarge(what: string, maxBytes: number): WanglouError {
  return new WanglouError('WL_BODY_TOO_LARGE', `${what}: more than ${maxBytes} bytes`);
}
