import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { pipeline, type Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from 'node:zlib';
import { StoreError } from './store-error.ts';

/** Statements that come in a body are held in memory up to here; rows for an insert by URL are not. */
export const MAX_STATEMENT_BYTES = 64 * 1024 * 1024;

/** A request to the ClickHouse HTTP interface, its statement still apart from its body. */
export interface StoreRequest {
  parameters: URLSearchParams;
  /** From the URL or a multipart form; undefined when the body carries the statement. */
  query: string | undefined;
  /** Decompressed. */
  body: Readable;
  /** GET carries no statement in its body. */
  bodiless: boolean;
  /** GET may only read, nor may who says so: the engine's own setting would stay with the connection for good. */
  readonly: boolean;
}

/** @throws StoreError for an encoding or a form that can not be read. */
export async function readRequest(request: IncomingMessage, url: URL): Promise<StoreRequest> {
  const parameters = new URLSearchParams(url.search);
  const bodiless = request.method === 'GET' || request.method === 'HEAD';
  const body = decompressed(request);
  const type = request.headers['content-type'] ?? '';
  if (type.startsWith('multipart/form-data')) await readForm(await readAll(body), type, parameters);
  const readonly = bodiless || !['', '0'].includes(parameters.get('readonly') ?? '');
  return { parameters, query: parameters.get('query') ?? undefined, body, bodiless, readonly };
}

/** @throws StoreError REQUIRED_PASSWORD, AUTHENTICATION_FAILED */
export function authenticate(
  request: IncomingMessage,
  parameters: URLSearchParams,
  user: string,
  password: string,
): void {
  if (password === '') return;
  const given = credentials(request, parameters);
  if (!given) throw new StoreError('REQUIRED_PASSWORD', `${user}: Authentication failed: password is required`);
  const right = same(given.user, user);
  if (!same(given.password, password) || !right)
    throw new StoreError(
      'AUTHENTICATION_FAILED',
      `${given.user}: Authentication failed: password is incorrect, or there is no user with such name`,
    );
}

function credentials(
  request: IncomingMessage,
  parameters: URLSearchParams,
): { user: string; password: string } | undefined {
  const basic = /^Basic +([A-Za-z0-9+/=]+)$/i.exec(request.headers.authorization ?? '');
  if (basic) {
    const text = Buffer.from(basic[1]!, 'base64').toString();
    const colon = text.indexOf(':');
    return colon < 0 ? undefined : { user: text.slice(0, colon), password: text.slice(colon + 1) };
  }
  const header = request.headers['x-clickhouse-key'];
  if (typeof header === 'string')
    return { user: String(request.headers['x-clickhouse-user'] ?? 'default'), password: header };
  const password = parameters.get('password');
  return password === null ? undefined : { user: parameters.get('user') ?? 'default', password };
}

function same(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/** @throws StoreError REQUEST_TOO_LARGE */
export async function readAll(body: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let total = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    total += chunk.length;
    if (total > MAX_STATEMENT_BYTES)
      throw new StoreError('REQUEST_TOO_LARGE', `The statement is larger than ${MAX_STATEMENT_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function decompressed(request: IncomingMessage): Readable {
  const encoding = (request.headers['content-encoding'] ?? 'identity').toLowerCase();
  const decoder = {
    identity: () => undefined,
    gzip: createGunzip,
    deflate: createInflate,
    br: createBrotliDecompress,
    zstd: createZstdDecompress,
  }[encoding];
  if (!decoder) throw new StoreError('BAD_ARGUMENTS', `Unknown compression method: ${encoding}`);
  const stream = decoder();
  // Errors reach the reader of `stream`; nothing is left to do here.
  return stream ? pipeline(request, stream, () => undefined) : request;
}

/** Adds the fields of a form to the parameters: the client sends many or long parameters this way. */
async function readForm(body: Buffer, type: string, parameters: URLSearchParams): Promise<void> {
  try {
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- bounded, and from a client that has signed in
    const form = await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData();
    for (const [name, value] of form) parameters.set(name, typeof value === 'string' ? value : await value.text());
  } catch (error) {
    throw new StoreError('BAD_ARGUMENTS', `The form can not be read: ${String(error)}`);
  }
}
