import type { FastifyInstance, FastifyRequest, RouteShorthandOptions } from 'fastify';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Transform, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { WanglouError } from '../errors.ts';

const MAX_UPLOAD_BYTES = 300_000_000;
const EXTENSIONS: Readonly<Record<string, string>> = {
  'text/csv': 'csv',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'xlsx',
};

/** A route that takes a file as its body, keeps it beside memory while `use` reads it, and removes it. */
export function importUpload(
  app: FastifyInstance,
  options: RouteShorthandOptions,
  url: string,
  use: (request: FastifyRequest, path: string) => Promise<unknown>,
): void {
  void app.register(async (inner) => {
    inner.removeAllContentTypeParsers();
    inner.addContentTypeParser(Object.keys(EXTENSIONS), { bodyLimit: MAX_UPLOAD_BYTES }, (_request, body, done) => {
      done(null, body);
    });
    inner.post(url, { ...options, bodyLimit: MAX_UPLOAD_BYTES }, async (request) => {
      const extension = EXTENSIONS[request.headers['content-type']?.split(';')[0]?.trim() ?? ''];
      if (extension === undefined)
        throw new WanglouError('WL_ENCODING_UNSUPPORTED', 'The body is no table', {
          remedy: `Send ${Object.keys(EXTENSIONS).join(' or ')}.`,
        });
      const folder = await mkdtemp(join(tmpdir(), 'wanglou-import-'));
      try {
        const path = join(folder, `upload.${extension}`);
        await pipeline(request.body as Readable, bounded(), createWriteStream(path, { mode: 0o600 }));
        return await use(request, path);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    });
  });
}

function bounded(): Transform {
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes <= MAX_UPLOAD_BYTES) done(null, chunk);
      else done(new WanglouError('WL_BODY_TOO_LARGE', `The table has more than ${MAX_UPLOAD_BYTES} bytes`));
    },
  });
}
