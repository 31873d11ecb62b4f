import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** A longer line is nothing that an export has. */
export const MAX_LINE_BYTES = 16 << 20;
const CHUNK_BYTES = 1 << 20;
const NEWLINE = 10;

export interface Line {
  bytes: Buffer;
  start: number;
  end: number;
  /** Of the whole line, when it is too long to be looked at. */
  isTooLong: boolean;
  /** Where it begins in the file. */
  at: number;
}

/** Whether it is a file, rather than a pipe that never ends. */
export function isFile(path: string): boolean {
  try {
    const file = openSync(path, 'r');
    try {
      return fstatSync(file).isFile();
    } finally {
      closeSync(file);
    }
  } catch {
    return false;
  }
}

/** The lines of a file, in bounded memory. A line's bytes are good until the next. @throws when it can not be read. */
export function* linesOf(path: string): Generator<Line> {
  const file = openSync(path, 'r');
  try {
    let buffer = Buffer.alloc(CHUNK_BYTES);
    let [start, filled, at, skipped] = [0, 0, 0, 0];
    for (;;) {
      const newline = buffer.subarray(0, filled).indexOf(NEWLINE, start);
      if (newline >= 0) {
        yield { bytes: buffer, start, end: newline, isTooLong: skipped > 0, at: at - skipped };
        at += newline + 1 - start;
        start = newline + 1;
        skipped = 0;
        continue;
      }
      if (filled - start >= MAX_LINE_BYTES) {
        skipped += filled - start;
        at += filled - start;
        start = filled;
      }
      buffer.copyWithin(0, start, filled);
      filled -= start;
      start = 0;
      if (buffer.length - filled < CHUNK_BYTES) buffer = Buffer.concat([buffer, Buffer.alloc(buffer.length)]);
      const read = readSync(file, buffer, filled, CHUNK_BYTES, null);
      if (read === 0) break;
      filled += read;
    }
    if (filled > start || skipped > 0)
      yield { bytes: buffer, start, end: filled, isTooLong: skipped > 0, at: at - skipped };
  } finally {
    closeSync(file);
  }
}

export function textOf({ bytes, start, end, isTooLong }: Line): string {
  return isTooLong ? '' : bytes.toString('utf8', start, end);
}
