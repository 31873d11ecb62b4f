import { createWriteStream } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createInflateRaw } from 'node:zlib';

interface Entry {
  name: string;
  packed: number;
  at: number;
}

/** Names and places of what is in a zip file, also one of more than 4 GB. */
export async function entriesOf(file: FileHandle): Promise<Entry[]> {
  const { size } = await file.stat();
  const tail = await read(file, Math.max(0, size - 65_557), Math.min(size, 65_557));
  const end = tail.lastIndexOf('PK\x05\x06', undefined, 'latin1');
  let [count, bytes, from] = [tail.readUInt16LE(end + 10), tail.readUInt32LE(end + 12), tail.readUInt32LE(end + 16)];
  const locator = tail.lastIndexOf('PK\x06\x07', undefined, 'latin1');
  if (locator >= 0) {
    const end64 = await read(file, Number(tail.readBigUInt64LE(locator + 8)), 56);
    [count, bytes, from] = [32, 40, 48].map((at) => Number(end64.readBigUInt64LE(at))) as [number, number, number];
  }
  const directory = await read(file, from, bytes);
  const entries: Entry[] = [];
  for (let at = 0; entries.length < count;) {
    const [name, extra, comment] = [28, 30, 32].map((field) => directory.readUInt16LE(at + field)) as [number, number, number]; // prettier-ignore
    const [unpacked, packed, header] = [24, 20, 42].map((field) => directory.readUInt32LE(at + field)) as [number, number, number]; // prettier-ignore
    const entry = { name: directory.toString('utf8', at + 46, at + 46 + name), packed, at: header };
    for (let x = at + 46 + name; x < at + 46 + name + extra; x += 4 + directory.readUInt16LE(x + 2)) {
      if (directory.readUInt16LE(x) !== 1) continue;
      let y = x + 4 + (unpacked === 0xffffffff ? 8 : 0);
      if (packed === 0xffffffff) entry.packed = Number(directory.readBigUInt64LE(y));
      if (packed === 0xffffffff) y += 8;
      if (header === 0xffffffff) entry.at = Number(directory.readBigUInt64LE(y));
    }
    entries.push(entry);
    at += 46 + name + extra + comment;
  }
  return entries;
}

/** Texts of the cells of all sheets, row by row, without heads; a cell that is not there is ''. */
export async function* rowsOfXlsx(path: string, columns: number): AsyncGenerator<string[]> {
  const file = await open(path);
  try {
    const sheets = (await entriesOf(file)).filter(({ name }) => name.startsWith('xl/worksheets/'));
    for (const sheet of sheets) {
      let isHead = true;
      for await (const xml of rowsOfSheet(file, sheet)) {
        if (!isHead) yield cellsOf(xml, columns);
        isHead = false;
      }
    }
  } finally {
    await file.close();
  }
}

/** As a CSV file in which everything is quoted, for DuckDB. @returns how many rows */
export async function writePlainCsv(path: string, columns: readonly { name: string }[], to: string): Promise<number> {
  let rows = 0;
  const line = (cells: readonly string[]): string => `${cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')}\n`; // prettier-ignore
  async function* lines(): AsyncGenerator<string> {
    yield line(columns.map(({ name }) => name));
    for await (const cells of rowsOfXlsx(path, columns.length)) {
      rows++;
      yield line(cells);
    }
  }
  await pipeline(Readable.from(lines()), createWriteStream(to));
  return rows;
}

async function* rowsOfSheet(file: FileHandle, { at, packed }: Entry): AsyncGenerator<string> {
  const head = await read(file, at, 30);
  const from = at + 30 + head.readUInt16LE(26) + head.readUInt16LE(28);
  const bytes = file.createReadStream({ start: from, end: from + packed - 1, autoClose: false });
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let left = '';
  for await (const chunk of bytes.pipe(createInflateRaw())) {
    const parts = (left + decoder.decode(chunk as Buffer, { stream: true })).split('</row>');
    left = parts.pop()!;
    yield* parts.map((part) => part.slice(part.indexOf('<row ')));
  }
}

function cellsOf(xml: string, columns: number): string[] {
  const cells = new Array<string>(columns).fill('');
  for (const cell of xml.matchAll(
    /<c r="([A-Z]+)\d+"(?: t="(\w+)")?>(?:<v>([^<]*)<\/v>|<is><t [^>]*>([^<]*)<\/t><\/is>)<\/c>/g,
  )) {
    const [, letters, type, value, text] = cell as unknown as [string, string, string?, string?, string?];
    const column = Array.from(letters).reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
    cells[column] = type === 'b' ? String(value === '1') : (value ?? plain(text!));
  }
  return cells;
}

const NAMED: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>' };

function plain(text: string): string {
  return text.replace(/&\w+;|_x([0-9A-F]{4})_/g, (one, code?: string) =>
    code === undefined ? NAMED[one]! : String.fromCharCode(parseInt(code, 16)),
  );
}

async function read(file: FileHandle, at: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  await file.read(bytes, 0, length, at);
  return bytes;
}
