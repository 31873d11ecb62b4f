import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { csv, harmless } from '../../src/exports/formats/csv.ts';
import { canonicalRow, RowsDigest } from '../../src/exports/rows-digest.ts';
import { cellsOf, type Cell, type ColumnFrom, type Table } from '../../src/exports/table.ts';
import { ZoneTimes } from '../../src/exports/zone-time.ts';
import { openInDuckDb, readInDuckDb } from './duckdb.ts';
import { FORMULAS, HOSTILE } from './hostile-cells.ts';

interface Row {
  text: string;
  other: string;
  count: number | null;
  at: number | null;
  flag: boolean;
}
const COLUMNS: readonly ColumnFrom<Row>[] = [
  { name: 'text', type: 'text', of: ({ text }) => text },
  { name: '=other', type: 'text', of: ({ other }) => other },
  { name: 'count', type: 'integer', of: ({ count }) => count },
  { name: 'at', type: 'time', of: ({ at }) => at },
  { name: 'flag', type: 'flag', of: ({ flag }) => flag },
];
const times = new ZoneTimes('Asia/Shanghai');

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'wanglou-csv-'))));
afterAll(() => rmSync(folder, { recursive: true }));

function table(rows: readonly Row[], columns = COLUMNS): Table & { cells: Cell[][] } {
  const cells = rows.map((row) => cellsOf(columns, row));
  return { columns, cells, rows: (async function* () { yield cells; })() }; // prettier-ignore
}

async function bytesOf(of: Table, bom: boolean): Promise<Buffer> {
  return Buffer.concat((await Readable.from(csv(of, { times, bom })).toArray()) as Buffer[]);
}

async function textOf(rows: readonly Row[], bom = false): Promise<string> {
  return (await bytesOf(table(rows), bom)).toString();
}

const row = (changes: Partial<Row> = {}): Row => ({ text: 'a', other: '', count: 1, at: 0, flag: true, ...changes });

describe('a CSV file', () => {
  it('opens in another program with the same rows, whatever stands in them', async () => {
    const rows = HOSTILE.map((text, n) =>
      row({
        text,
        other: HOSTILE.at(-n)!,
        count: [0, -7, 9_007_199_254_740_991, null][n % 4]!,
        at: [Date.parse('1869-05-10T12:00:00.5Z'), 0, Date.now(), null][n % 4]!,
        flag: n % 2 === 0,
      }),
    );
    const path = join(folder, 'hostile.csv');
    const columns = COLUMNS.map((one) => ({ ...one, name: one.name.replace('=', '') }));
    const written = table(rows, columns);
    writeFileSync(path, await bytesOf(written, true));
    const digest = new RowsDigest();
    for (const cells of written.cells) digest.add(canonicalRow(cells));
    expect(await openInDuckDb(path, 'csv', columns)).toEqual({ rows: rows.length, digest: digest.hex() });
  });

  it('has no cell that a spreadsheet takes for a formula, and says what stood there', async () => {
    const path = join(folder, 'formulas.csv');
    writeFileSync(path, await textOf(FORMULAS.map((text) => row({ text, other: text }))));
    const cells = await readInDuckDb(path, 'csv', 'SELECT text, "\'=other" AS other FROM t');
    expect(cells).toHaveLength(FORMULAS.length);
    for (const { text, other } of cells as { text: string; other: string }[]) {
      expect(text).not.toMatch(/^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/);
      expect(other).toBe(text);
    }
  });

  it('leaves numbers as they are, also negative ones in a text', async () => {
    const lines = (await textOf([row({ text: '-5', count: -5 }), row({ text: '3.25', count: 12 })])).split('\r\n');
    expect(lines.slice(1, 3)).toEqual([
      '-5,,-5,1970-01-01T08:00:00.000+08:00,true',
      '3.25,,12,1970-01-01T08:00:00.000+08:00,true',
    ]);
    expect(harmless('-5')).toBe('-5');
    expect(harmless('-5+1')).toBe("'-5+1");
  });

  it('begins with a byte order mark only when one is asked for', async () => {
    expect((await textOf([], true)).charCodeAt(0)).toBe(0xfeff);
    expect(await textOf([])).toBe("text,'=other,count,at,flag\r\n");
  });
});

describe('times in a zone', () => {
  it('are written with the offset of that moment, before 1900 and over a change of the clock too', () => {
    expect(times.text(Date.parse('2026-11-26T09:29:13.004Z'))).toBe('2026-11-26T17:29:13.004+08:00');
    expect(new ZoneTimes('Europe/Berlin').text(Date.parse('2026-03-29T00:59:59Z'))).toBe(
      '2026-03-29T01:59:59.000+01:00',
    );
    expect(new ZoneTimes('Europe/Berlin').text(Date.parse('2026-03-29T01:00:00Z'))).toBe(
      '2026-03-29T03:00:00.000+02:00',
    );
    expect(new ZoneTimes('America/St_Johns').text(0)).toBe('1969-12-31T20:30:00.000-03:30');
    const old = times.text(Date.parse('1869-05-10T12:00:00Z'));
    expect(Date.parse(old)).toBe(Date.parse('1869-05-10T12:00:00Z'));
  });
});
