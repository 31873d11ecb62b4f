import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';

const BLOCK_BYTES = 512;
/** The largest size that the head of a file can say: eleven octal digits. */
const MAX_BYTES = 8 ** 11 - 1;

/** A file of a folder as a member of a tar archive (POSIX ustar). @throws RangeError for a file of 8 GiB and more. */
export async function* tarMember(folder: string, name: string, at: number): AsyncGenerator<Buffer> {
  const path = join(folder, name);
  const { size } = await stat(path);
  if (size > MAX_BYTES) throw new RangeError(`${name} has ${size} bytes, too many for an archive`);
  yield head(name, size, at);
  for await (const chunk of createReadStream(path)) yield chunk as Buffer;
  yield Buffer.alloc((BLOCK_BYTES - (size % BLOCK_BYTES)) % BLOCK_BYTES);
}

export const TAR_END = Buffer.alloc(2 * BLOCK_BYTES);

function head(name: string, size: number, at: number): Buffer {
  const block = Buffer.alloc(BLOCK_BYTES);
  const octal = (value: number, digits: number): string => `${value.toString(8).padStart(digits, '0')}\0`;
  block.write(name, 0);
  block.write(octal(0o644, 7), 100);
  block.write(octal(0, 7) + octal(0, 7), 108);
  block.write(octal(size, 11) + octal(Math.floor(at / 1_000), 11), 124);
  block.write('        0', 148);
  block.write('ustar\x0000', 257);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${octal(sum, 6)} `, 148);
  return block;
}
