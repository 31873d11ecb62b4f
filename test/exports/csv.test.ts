import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { csv, harmless } from '../../src/exports/formats/csv.ts';
import { ZoneTimes } from '../../src/exports/zone-time.ts';
import { bytesOf, cells, COLUMNS, digestOf, HOSTILE_ROWS, tableOf, type Row } from './columns-for-tests.ts';
import { openInDuckDb, readInDuckDb } from './duckdb.ts';
import { FORMULAS } from './hostile-cells.ts';

const times = new ZoneTimes('Asia/Shanghai');

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'wanglou-csv-'))));
afterAll(() => rmSync(folder, { recursive: true }));

async function textOf(rows: readonly Row[], bom = false, columns = COLUMNS): Promise<string> {
  return (await bytesOf(csv(tableOf(columns, cells(rows, columns)), { times, bom }))).toString();
}

const row = (changes: Partial<Row> = {}): Row => ({
  ...{ text: 'a', other: '', count: 1, share: 0.5, at: 0, flag: true },
  ...changes,
});

describe('a CSV file', () => {
  it('opens in another program with the same rows, whatever stands in them', async () => {
    const path = join(folder, 'hostile.csv');
    writeFileSync(path, await textOf(HOSTILE_ROWS, true));
    const digest = digestOf(cells(HOSTILE_ROWS));
    expect(await openInDuckDb(path, 'csv', COLUMNS)).toEqual({ rows: HOSTILE_ROWS.length, digest });
  });

  it('has no cell that a spreadsheet takes for a formula, and says what stood there', async () => {
    const path = join(folder, 'formulas.csv');
    const columns = COLUMNS.map((one) => (one.name === 'other' ? { ...one, name: '=other' } : one));
    writeFileSync(path, await textOf(FORMULAS.map((text) => row({ text, other: text })), false, columns)); // prettier-ignore
    const shown = await readInDuckDb(path, 'csv', 'SELECT text, "\'=other" AS other FROM t');
    expect(shown).toHaveLength(FORMULAS.length);
    for (const { text, other } of shown as { text: string; other: string }[]) {
      expect(text).not.toMatch(/^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/);
      expect(other).toBe(text);
    }
  });

  it('leaves numbers as they are, also negative ones in a text', async () => {
    const lines = (await textOf([row({ text: '-5', count: -5 }), row({ text: '3.25', count: 12 })])).split('\r\n');
    expect(lines.slice(1, 3)).toEqual([
      '-5,,-5,0.5,1970-01-01T08:00:00.000+08:00,true',
      '3.25,,12,0.5,1970-01-01T08:00:00.000+08:00,true',
    ]);
    expect(harmless('-5')).toBe('-5');
    expect(harmless('-5+1')).toBe("'-5+1");
  });

  it('begins with a byte order mark only when one is asked for', async () => {
    expect((await textOf([], true)).charCodeAt(0)).toBe(0xfeff);
    expect(await textOf([])).toBe('text,other,count,share,at,flag\r\n');
  });
});
