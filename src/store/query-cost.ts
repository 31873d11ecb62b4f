import type { Bilingual } from '../finding/finding.ts';

/** What a query would read of one table. */
export interface TableCost {
  table: string;
  parts: number;
  rows: number;
  marks: number;
}

/** An upper bound: what is read may be less, by LIMIT or by a look-up in an index of words. */
export interface QueryCost {
  tables: readonly TableCost[];
  rows: number;
  sentence: Bilingual;
}

export function sentenceOf(tables: readonly TableCost[]): Bilingual {
  if (tables.length === 0)
    return { zh: '不读取存储的行，或无法预估。', en: 'It reads no stored rows, or how many can not be told.' };
  const of = (unit: string) =>
    tables.map(({ table, rows }) => `${table} ${rows.toLocaleString('en')}${unit}`).join(', ');
  const parts = tables.reduce((sum, one) => sum + one.parts, 0);
  return {
    zh: `最多读取 ${of(' 行')}（${parts} 个数据块）。`,
    en: `It reads at most ${of(' rows')}, from ${parts} parts.`,
  };
}
