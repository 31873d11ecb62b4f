import { createReadStream } from 'node:fs';
import { PassThrough, pipeline, type Readable } from 'node:stream';
import { ZipFile } from 'yazl';

export interface BundleParts {
  /** Where the file is, and what it is called inside. */
  path: string;
  name: string;
  bytes: number;
  manifest: string;
  /** Of both inside, ms since the Unix epoch. */
  at: number;
}

/** The file of an export and its manifest in one ZIP, as they are (not compressed), made while it is read. */
export function bundleOf({ path, name, bytes: size, manifest, at }: BundleParts): { bytes: number; stream: Readable } {
  const zip = new ZipFile();
  const stream = new PassThrough();
  const file = createReadStream(path);
  const fail = (error: unknown): void => void stream.destroy(error as Error);
  zip.on('error', fail);
  file.on('error', fail);
  // Whoever fetches it may go away at any time.
  stream.once('close', () => file.destroy());
  const options = { compress: false, mtime: new Date(at) };
  zip.addReadStream(file, name, { ...options, size });
  zip.addBuffer(Buffer.from(manifest), `${name}.manifest.json`, options);
  let bytes = 0;
  // Known at once, for nothing is compressed.
  zip.end(undefined, (total?: number) => (bytes = total!));
  pipeline(zip.outputStream, stream, () => undefined);
  return { bytes, stream };
}
