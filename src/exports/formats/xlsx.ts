import { PassThrough, Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import type { Cell, Table } from '../table.ts';
import type { ZoneTimes } from '../zone-time.ts';

export interface XlsxOptions {
  times: Pick<ZoneTimes, 'text'>;
  /** Rows of a sheet with its head; further ones go to further sheets. */
  maxRows?: number;
}

/** What a sheet and a cell of a spreadsheet hold. */
const MAX_ROWS = 1_048_576;
const MAX_CELL = 32_767;
/** Half the time of the usual one, for files a tenth larger. */
const COMPRESSION_LEVEL = 1;
const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const SPREADSHEET = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';

/** Office Open XML. Texts are texts, whatever they begin with; a moment is a text too, as spreadsheets know no zones and no time before 1900. */
export async function* xlsx(table: Table, options: XlsxOptions): AsyncGenerator<Buffer> {
  const zip = new ZipFile();
  const bytes = new PassThrough();
  zip.outputStream.pipe(bytes);
  const fail = (error: unknown): void => void bytes.destroy(error as Error);
  zip.on('error', fail);
  addAll(zip, table, options).catch(fail);
  yield* bytes as AsyncIterable<Buffer>;
}

/** The text as a cell holds it. */
export function fittingText(text: string): string {
  if (text.length <= MAX_CELL) return text;
  return `${text
    .slice(0, MAX_CELL - 1)
    .toWellFormed()
    .replace(/\ufffd$/, '')}…`;
}

async function addAll(zip: ZipFile, { columns, rows }: Table, { times, maxRows = MAX_ROWS }: XlsxOptions) {
  const left = new RowsLeft(rows);
  let sheets = 0;
  do {
    const sheet = Readable.from(sheetXml({ columns, rows }, left, times, maxRows));
    zip.addReadStream(sheet, `xl/worksheets/sheet${++sheets}.xml`, { compressionLevel: COMPRESSION_LEVEL });
    await finished(sheet);
  } while (await left.any());
  for (const [name, xml] of aroundSheets(sheets)) zip.addBuffer(Buffer.from(XML + xml), name);
  zip.end();
}

/** Rows in the order in which they come, taken by one sheet after the other. */
class RowsLeft {
  readonly #batches: AsyncIterator<readonly (readonly Cell[])[]>;
  #batch: readonly (readonly Cell[])[] = [];
  #at = 0;

  constructor(rows: Table['rows']) {
    this.#batches = rows[Symbol.asyncIterator]();
  }

  async any(): Promise<boolean> {
    while (this.#at >= this.#batch.length) {
      const next = await this.#batches.next();
      if (next.done === true) return false;
      [this.#batch, this.#at] = [next.value, 0];
    }
    return true;
  }

  /** Of the batch that is there, at most so many. */
  take(most: number): readonly (readonly Cell[])[] {
    const taken = this.#batch.slice(this.#at, this.#at + most);
    this.#at += taken.length;
    return taken;
  }
}

async function* sheetXml(
  { columns }: Table,
  left: RowsLeft,
  times: XlsxOptions['times'],
  maxRows: number,
): AsyncGenerator<Buffer> {
  const letters = columns.map((_, n) => lettersOf(n));
  const isTime = columns.map(({ type }) => type === 'time');
  const rowXml = (cells: readonly Cell[], number: number): string => {
    let xml = `<row r="${number}">`;
    for (let n = 0; n < cells.length; n++) {
      const cell = cells[n]!;
      const text = isTime[n] && typeof cell === 'number' ? times.text(cell) : cell;
      if (text !== null && text !== '') xml += cellXml(text, `${letters[n]!}${number}`);
    }
    return `${xml}</row>`;
  };
  const pane = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>';
  const views = `<sheetViews><sheetView workbookViewId="0">${pane}</sheetView></sheetViews>`;
  const head = columns.map(({ name }, n) => cellXml(name, `${letters[n]!}1`)).join('');
  yield Buffer.from(`${XML}<worksheet xmlns="${SPREADSHEET}">${views}<sheetData><row r="1">${head}</row>`);
  let number = 1;
  while (number < maxRows && (await left.any())) {
    let xml = '';
    for (const cells of left.take(Math.min(1_000, maxRows - number))) xml += rowXml(cells, ++number);
    yield Buffer.from(xml);
  }
  yield Buffer.from('</sheetData></worksheet>');
}

function cellXml(cell: string | number | bigint | boolean, place: string): string {
  // Spreadsheets round what has more than 15 digits.
  if (typeof cell === 'bigint') return cellXml(String(cell), place);
  if (typeof cell === 'number') return `<c r="${place}"><v>${cell}</v></c>`;
  if (typeof cell === 'boolean') return `<c r="${place}" t="b"><v>${cell ? 1 : 0}</v></c>`;
  return `<c r="${place}" t="inlineStr"><is><t xml:space="preserve">${escaped(cell)}</t></is></c>`;
}

// eslint-disable-next-line no-control-regex -- they are what is looked for
const SPECIAL = /[&<>\r\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)/g;
const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', _: '_x005F_' };

/** What XML can not hold has its number in place (`_x001B_`), as spreadsheets write and read it. */
function escaped(text: string): string {
  return text.replace(
    SPECIAL,
    (one) => ENTITIES[one] ?? `_x${one.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`,
  );
}

function lettersOf(column: number): string {
  const last = String.fromCharCode(65 + (column % 26));
  return column < 26 ? last : lettersOf(Math.floor(column / 26) - 1) + last;
}

function aroundSheets(count: number): [name: string, xml: string][] {
  const numbers = Array.from({ length: count }, (_, n) => n + 1);
  const named = numbers.map((n) => `<sheet name="${n}" sheetId="${n}" r:id="s${n}"/>`).join('');
  const related = numbers
    .map((n) => `<Relationship Id="s${n}" Type="${OFFICE}/worksheet" Target="worksheets/sheet${n}.xml"/>`)
    .join('');
  const main = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
  const types = numbers
    .map((n) => `<Override PartName="/xl/worksheets/sheet${n}.xml" ContentType="${main}.worksheet+xml"/>`)
    .join('');
  const book = `<Relationship Id="b" Type="${OFFICE}/officeDocument" Target="xl/workbook.xml"/>`;
  return [
    ['xl/workbook.xml', `<workbook xmlns="${SPREADSHEET}" xmlns:r="${OFFICE}"><sheets>${named}</sheets></workbook>`],
    ['xl/_rels/workbook.xml.rels', `<Relationships xmlns="${PACKAGE}/relationships">${related}</Relationships>`],
    ['_rels/.rels', `<Relationships xmlns="${PACKAGE}/relationships">${book}</Relationships>`],
    [
      '[Content_Types].xml',
      `<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${main}.sheet.main+xml"/>${types}</Types>`,
    ],
  ];
}
