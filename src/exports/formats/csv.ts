import type { Cell, Table } from '../table.ts';
import type { ZoneTimes } from '../zone-time.ts';

export interface CsvOptions {
  times: Pick<ZoneTimes, 'text'>;
  /** For programs that take a file without one for something other than UTF-8. */
  bom: boolean;
}

/** What spreadsheets take for the beginning of a formula, in half and full width, however many quotes are before it. */
const FORMULA = /^'*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;
const NUMBER = /^-?\d{1,15}(?:\.\d{1,10})?$/;
const MUST_BE_QUOTED = /[",;\t\r\n]|^\s|\s$/;

/** RFC 4180. Texts that begin like a formula get an apostrophe before them (`harmless`); numbers stay numbers. */
export async function* csv({ columns, rows }: Table, { times, bom }: CsvOptions): AsyncGenerator<Buffer> {
  const line = (cells: readonly string[]): string => `${cells.join(',')}\r\n`;
  yield Buffer.from((bom ? '\ufeff' : '') + line(columns.map(({ name }) => quoted(harmless(name)))));
  const isTime = columns.map(({ type }) => type === 'time');
  for await (const batch of rows) {
    let text = '';
    for (const cells of batch) text += line(cells.map((cell, n) => written(cell, isTime[n]!, times)));
    yield Buffer.from(text);
  }
}

function written(cell: Cell, isTime: boolean, times: CsvOptions['times']): string {
  if (cell === null) return '';
  if (typeof cell === 'string') return quoted(harmless(cell));
  return isTime && typeof cell === 'number' ? times.text(cell) : String(cell);
}

/** Taken back by leaving out one apostrophe before what `FORMULA` finds: nothing is lost. */
export function harmless(text: string): string {
  return FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
}

function quoted(text: string): string {
  return MUST_BE_QUOTED.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
