import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import readExcelFile from 'read-excel-file/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fittingText, xlsx } from '../../src/exports/formats/xlsx.ts';
import type { Cell } from '../../src/exports/table.ts';
import { ZoneTimes } from '../../src/exports/zone-time.ts';
import { bytesOf, cells, COLUMNS, digestOf, HOSTILE_ROWS, tableOf } from './columns-for-tests.ts';
import { openInDuckDb } from './duckdb.ts';
import { entriesOf, rowsOfXlsx } from './xlsx-reader.ts';

const times = new ZoneTimes('Asia/Shanghai');
const COUNT = [{ name: 'n', type: 'integer' as const }];

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'wanglou-xlsx-'))));
afterAll(() => rmSync(folder, { recursive: true }));

function fitted(): Cell[][] {
  return cells(HOSTILE_ROWS).map((row) => row.map((cell) => (typeof cell === 'string' ? fittingText(cell) : cell)));
}

describe('a spreadsheet', () => {
  it('opens elsewhere with the same rows, whatever stands in them', async () => {
    const path = join(folder, 'hostile.xlsx');
    writeFileSync(path, await bytesOf(xlsx(tableOf(COLUMNS, fitted()), { times })));
    expect(await openInDuckDb(path, 'xlsx', COLUMNS)).toEqual({
      rows: HOSTILE_ROWS.length,
      digest: digestOf(fitted()),
    });
  });

  it('has texts, numbers and flags as a program for spreadsheets reads them, and no formula', async () => {
    const path = join(folder, 'types.xlsx');
    const rows: Cell[][] = [['=1+1', '张三 <&> "q"', -7, 0.25, 0, true]];
    const file = await bytesOf(xlsx(tableOf(COLUMNS, rows), { times }));
    writeFileSync(path, file);
    const [sheet] = await readExcelFile(path);
    expect(sheet!.data).toEqual([
      COLUMNS.map(({ name }) => name),
      ['=1+1', '张三 <&> "q"', -7, 0.25, '1970-01-01T08:00:00.000+08:00', true],
    ]);
    expect(file.toString('latin1')).not.toContain('<f>');
  });

  it('goes on in further sheets when one is full, each with the head', async () => {
    const path = join(folder, 'sheets.xlsx');
    for (const [rows, sheets] of [
      [0, 1],
      [9, 1],
      [10, 2],
      [18, 2],
      [19, 3],
    ] as const) {
      // prettier-ignore
      const numbers = Array.from({ length: rows }, (_, n) => [n]);
      writeFileSync(path, await bytesOf(xlsx(tableOf(COUNT, numbers), { times, maxRows: 10 })));
      const file = await open(path);
      const names = (await entriesOf(file)).map(({ name }) => name).filter((name) => name.includes('sheet') && !name.includes('book')); // prettier-ignore
      await file.close();
      expect(names).toHaveLength(sheets);
      const read: string[] = [];
      for await (const [cell] of rowsOfXlsx(path, 1)) read.push(cell!);
      expect(read).toEqual(numbers.map(([n]) => String(n)));
      expect((await readExcelFile(path)).map(({ data }) => data[0])).toEqual(Array(sheets).fill(['n']));
    }
  });

  it('cuts a text that no cell holds, not in the middle of a character, and marks where', () => {
    expect(fittingText('x'.repeat(32_767))).toHaveLength(32_767);
    expect(fittingText('x'.repeat(32_768))).toBe(`${'x'.repeat(32_766)}…`);
    expect(fittingText(`${'x'.repeat(32_765)}👩👩`)).toBe(`${'x'.repeat(32_765)}…`);
  });

  it('ends with the error of what it is made of', async () => {
    async function* broken(): AsyncGenerator<Cell[][]> {
      yield [[1]];
      throw new Error('the store went away');
    }
    await expect(bytesOf(xlsx({ columns: COUNT, rows: broken() }, { times }))).rejects.toThrow('the store went away');
  });
});
