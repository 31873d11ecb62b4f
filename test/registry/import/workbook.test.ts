import { describe, expect, it } from 'vitest';
import { readWorkbook } from '../../../src/registry/import/workbook.ts';
import { xlsxOf } from './xlsx.ts';

describe('a workbook', () => {
  it('that states a row far below all others is refused before it takes all memory', async () => {
    const rows = [['id'], ['people']];
    await expect(readWorkbook(xlsxOf(rows))).resolves.toEqual(rows);
    await expect(readWorkbook(xlsxOf(rows, 4_000_000_000))).rejects.toThrow(/memory|can not be read/);
  }, 90_000);
});
