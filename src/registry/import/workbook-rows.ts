import readXlsxFile from 'read-excel-file/universal';
import type { Cell } from './cells.ts';
import { unpackedBytes } from './workbook-size.ts';

const MAX_UNPACKED_BYTES = 268_435_456;

/**
 * The rows of the first sheet of an XLSX workbook.
 * @throws Error that says what is wrong with it. May take all memory and time for a cell that claims to lie in row 10⁹: see
 * workbook.ts.
 */
export async function workbookRows(bytes: Buffer): Promise<readonly (readonly Cell[])[]> {
  const unpacked = unpackedBytes(bytes);
  if (unpacked === undefined) throw new Error('its directory can not be read');
  if (unpacked > MAX_UNPACKED_BYTES)
    throw new Error(`it has ${unpacked} bytes unpacked, more than ${MAX_UNPACKED_BYTES}`);
  // Not the package's reader for files: it waits for ever for the rest of one that was cut, and unpacks without a bound.
  const whole = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer;
  const sheets = await readXlsxFile(whole);
  return (sheets[0]?.data ?? []) as readonly (readonly Cell[])[];
}
