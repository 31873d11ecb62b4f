/** End of a ZIP file's directory: signature, 6 bytes we need not, entries (2), bytes of the directory (4), its place (4), comment. */
const END = 0x06054b50;
const END_BYTES = 22;
const MAX_COMMENT_BYTES = 65_535;
const ENTRY = 0x02014b50;
const ENTRY_BYTES = 46;
/** Deflate makes at most so many bytes of one; who states more lies. */
const MAX_RATIO = 1_032;

/**
 * What a ZIP file (an XLSX workbook is one) says that its files take when they are unpacked, bytes. Who unpacks by the same
 * directory gets no more.
 * @returns undefined when its directory can not be read, or states more than can come out of these bytes.
 */
export function unpackedBytes(zip: Buffer): number | undefined {
  const end = endOf(zip);
  if (end === -1) return undefined;
  const entries = zip.readUInt16LE(end + 10);
  let at = zip.readUInt32LE(end + 16);
  let bytes = 0;
  for (let i = 0; i < entries; i++) {
    if (at + ENTRY_BYTES > zip.length || zip.readUInt32LE(at) !== ENTRY) return undefined;
    bytes += zip.readUInt32LE(at + 24);
    at += ENTRY_BYTES + zip.readUInt16LE(at + 28) + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return bytes > zip.length * MAX_RATIO ? undefined : bytes;
}

function endOf(zip: Buffer): number {
  const first = Math.max(0, zip.length - END_BYTES - MAX_COMMENT_BYTES);
  for (let at = zip.length - END_BYTES; at >= first; at--) if (zip.readUInt32LE(at) === END) return at;
  return -1;
}
