import { open } from 'node:fs/promises';

/** First and last byte. */
export interface ByteRange {
  from: number;
  to: number;
}

/**
 * What a request wants of a file (RFC 9110): the whole where it names no range, several, or one of another file; `none` when the
 * file has no such bytes.
 */
export function rangeWanted(
  header: string | undefined,
  ifRange: string | undefined,
  { etag, bytes }: { etag: string; bytes: number },
): ByteRange | 'whole' | 'none' {
  if (header === undefined || (ifRange !== undefined && ifRange !== etag)) return 'whole';
  const [, first, last] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header.trim()) ?? [];
  if (first === undefined || last === undefined || (first === '' && last === '')) return 'whole';
  if (first === '') {
    const length = Math.min(Number(last), bytes);
    return length === 0 ? 'none' : { from: bytes - length, to: bytes - 1 };
  }
  const [from, to] = [Number(first), last === '' ? bytes - 1 : Math.min(Number(last), bytes - 1)];
  if (last !== '' && Number(last) < from) return 'whole';
  return from >= bytes ? 'none' : { from, to };
}

/** Bytes of a file, which is opened when the first are wanted. */
export async function* bytesOf(path: string, { from, to }: ByteRange): AsyncGenerator<Buffer> {
  if (to < from) return;
  const file = await open(path);
  try {
    yield* file.createReadStream({ start: from, end: to }) as AsyncIterable<Buffer>;
  } finally {
    await file.close();
  }
}
