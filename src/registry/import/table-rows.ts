import { parse, type CsvError, type Info } from 'csv-parse';
import iconv from 'iconv-lite';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { pipeline } from 'node:stream';
import { WanglouError } from '../../errors.ts';
import type { Cell } from './cells.ts';
import { readWorkbook } from './workbook.ts';

/** A row of a table in a file. */
export interface TableRow {
  /** Where it stands, counted from 1: the line of a CSV file (its last, if a cell has several), the row of a sheet. */
  line: number;
  cells: readonly Cell[];
  /** Share of the file that is read, 0–1. */
  progress: number;
}

const MAX_CSV_BYTES = 1_000_000_000;
/** A sheet is unpacked in memory. */
const MAX_XLSX_BYTES = 50_000_000;
const MAX_CELL_CHARACTERS = 1_000_000;

/**
 * The rows of a CSV file (UTF-8 or GB18030, recognized; read piece by piece) or of the first sheet of an XLSX file.
 * @throws WanglouError WL_FILE_UNREADABLE, or WL_REGISTRY_INVALID with line and reason.
 */
export async function* tableRows(path: string): AsyncGenerator<TableRow> {
  const { size } = await stat(path).catch((error: unknown) => {
    throw new WanglouError('WL_FILE_UNREADABLE', `${path}: ${(error as Error).message}`, { cause: error });
  });
  const isSheet = path.toLowerCase().endsWith('.xlsx');
  const most = isSheet ? MAX_XLSX_BYTES : MAX_CSV_BYTES;
  if (size > most)
    throw new WanglouError('WL_BODY_TOO_LARGE', `${basename(path)} has ${size} bytes, more than ${most}`, {
      remedy: isSheet ? 'Save the sheet as CSV, which is read piece by piece.' : 'Split the file.',
    });
  if (isSheet) yield* sheetRows(path);
  else yield* csvRows(path, size);
}

async function* csvRows(path: string, size: number): AsyncGenerator<TableRow> {
  const encoding = await encodingOf(path);
  const bytes = createReadStream(path);
  const parser = parse({ bom: true, info: true, relax_column_count: true, max_record_size: MAX_CELL_CHARACTERS });
  pipeline(bytes, iconv.decodeStream(encoding), parser, () => undefined);
  try {
    for await (const { info, record } of parser as AsyncIterable<{ info: Info; record: string[] }>)
      if (record.some((cell) => cell.trim() !== ''))
        yield { line: info.lines, cells: record, progress: size === 0 ? 1 : bytes.bytesRead / size };
  } catch (error) {
    const { lines } = error as CsvError & { lines?: number };
    throw new WanglouError('WL_REGISTRY_INVALID', `${basename(path)}:${lines ?? '?'}: ${(error as Error).message}`, {
      remedy: 'Correct the line: a quote that opens a cell must close it, and be doubled inside of it.',
      cause: error,
    });
  }
}

async function* sheetRows(path: string): AsyncGenerator<TableRow> {
  const rows = await readWorkbook(await readFile(path)).catch((cause: unknown) => {
    throw new WanglouError('WL_REGISTRY_INVALID', `${basename(path)} is no XLSX file: ${(cause as Error).message}`, {
      remedy: 'Save it as an Excel workbook (.xlsx) or as CSV.',
      cause,
    });
  });
  for (const [index, cells] of rows.entries())
    if (cells.some((cell) => cell !== null && cell !== ''))
      yield { line: index + 1, cells, progress: (index + 1) / rows.length };
}

/** What is not UTF-8 from end to end is taken for GB18030, as spreadsheets of Chinese systems save. */
async function encodingOf(path: string): Promise<'utf-8' | 'gb18030'> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    for await (const chunk of createReadStream(path)) decoder.decode(chunk as Buffer, { stream: true });
    decoder.decode();
    return 'utf-8';
  } catch {
    return 'gb18030';
  }
}
