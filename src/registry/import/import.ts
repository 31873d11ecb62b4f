import { readdir, stat } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { WanglouError } from '../../errors.ts';
import { periodFieldsOf } from '../check.ts';
import type { EntryInput } from '../change-set.ts';
import type { Difference } from '../difference.ts';
import type { Proposal } from '../folder-changes.ts';
import type { RecordedRegistry } from '../recorded-registry.ts';
import { RegistryRefusal } from '../refusal.ts';
import { ENTRIES, LISTS, type ListName } from '../schema.ts';
import { readTable, type ImportedRow, type ImportFault } from './read-table.ts';

export interface ImportRequest {
  /** A CSV or XLSX file, or a folder of such files, each called as its list: `assets.csv`. */
  path: string;
  /** The list that a file is for; without it the file's name says so. */
  list?: string;
  /** Whether the files have everything: what they do not name ends at `now`. */
  complete?: boolean;
  dryRun?: boolean;
  by: string;
  /** ms since the epoch. */
  now: number;
  onProgress?: (file: string, progress: number, rows: number) => void;
  /** Called with `<list>/<name>` of everything that the files name, and how many rows they have. */
  onRead?: (names: ReadonlySet<string>, rows: number) => void;
}

/** Nothing was imported because of these faults. */
export class ImportRefusal extends RegistryRefusal {
  override readonly faults: readonly ImportFault[];
  constructor(faults: readonly ImportFault[]) {
    super(faults);
    this.faults = faults;
    this.message = faults.map(importFaultText).join('\n');
  }
}

export function importFaultText({ file, line, column, field, value, remedy }: ImportFault): string {
  const what = column === '' || column === field ? field : `${column} (${field})`;
  const found = value === undefined ? 'is missing' : `is ${JSON.stringify(value)}`;
  return `${file}:${line}: ${what === '' ? '' : `${what} ${found}: `}${remedy}`;
}

/**
 * Imports tables into the registry, all or nothing.
 * @returns what changed, or in a dry run would change.
 * @throws ImportRefusal with file, line, column, value and remedy of everything that is wrong.
 */
export async function importTables(registry: RecordedRegistry, request: ImportRequest): Promise<Difference[]> {
  const { history } = registry;
  const rows: ImportedRow[] = [];
  const faults: ImportFault[] = [];
  const columns = new Map<ListName, ReadonlyMap<string, string>>();
  for (const { file, list } of await filesOf(request)) {
    const known = (key: string): readonly EntryInput[] => history.latest(list, key)?.entries ?? [];
    const progress = (share: number, count: number): void => request.onProgress?.(file, share, count);
    const table = await readTable(file, list, known, progress);
    for (const row of table.rows) rows.push(row);
    for (const fault of table.faults) faults.push(fault);
    columns.set(list, table.columns);
  }
  if (faults.length > 0) throw new ImportRefusal(faults);
  const proposals = proposalsOf(rows);
  request.onRead?.(new Set(proposals.map(({ list, key }) => `${list}/${key}`)), rows.length);
  if (request.complete === true) proposals.push(...endingsOf(registry, proposals, [...columns.keys()], request.now));
  const who = { origin: 'import', by: request.by, dryRun: request.dryRun ?? false } as const;
  return registry.record(proposals, who).catch((error: unknown) => {
    if (!(error instanceof RegistryRefusal)) throw error;
    throw new ImportRefusal(placed(error, rows, columns));
  });
}

async function filesOf({ path, list }: ImportRequest): Promise<{ file: string; list: ListName }[]> {
  const found = await stat(path).catch((error: unknown) => {
    throw new WanglouError('WL_FILE_UNREADABLE', `${path}: ${(error as Error).message}`, { cause: error });
  });
  if (!found.isDirectory()) return [{ file: path, list: listNamed(list ?? nameOf(path), path) }];
  const names = (await readdir(path)).filter((name) => /\.(csv|xlsx)$/i.test(name)).sort();
  if (names.length === 0)
    throw new WanglouError('WL_FILE_UNREADABLE', `${path} has no .csv or .xlsx file`, {
      remedy: `Call each file as its list: ${LISTS.join(', ')}.`,
    });
  return names.map((name) => ({ file: join(path, name), list: listNamed(nameOf(name), join(path, name)) }));
}

function nameOf(path: string): string {
  return basename(path, extname(path));
}

function listNamed(name: string, path: string): ListName {
  if (Object.hasOwn(ENTRIES, name)) return name as ListName;
  throw new WanglouError('WL_REGISTRY_INVALID', `${path}: "${name}" is no list of the registry`, {
    remedy: `Name one with --list: ${LISTS.join(', ')}.`,
  });
}

/** Several rows of a name are its entries over valid time. */
function proposalsOf(rows: readonly ImportedRow[]): Proposal[] {
  const proposals = new Map<string, { list: ListName; key: string; entries: EntryInput[] }>();
  for (const { list, key, entry } of rows) {
    const name = `${list}/${key}`;
    const proposal = proposals.get(name);
    if (proposal) proposal.entries.push(entry);
    else proposals.set(name, { list, key, entries: [entry] });
  }
  return [...proposals.values()];
}

/** What a complete file does not name ends now; sources and years, which have no end, are taken out. */
function endingsOf(
  { history }: RecordedRegistry,
  proposals: readonly Proposal[],
  lists: readonly ListName[],
  now: number,
): Proposal[] {
  const named = new Set(proposals.map(({ list, key }) => `${list}/${key}`));
  const at = new Date(now).toISOString().slice(0, 19) + 'Z';
  return lists.flatMap((list) =>
    [...history.all(list)]
      .filter(({ key }) => !named.has(`${list}/${key}`))
      .map(({ key, entries }) => ({ list, key, entries: ended(list, entries, at) })),
  );
}

function ended(list: ListName, entries: readonly EntryInput[], at: string): readonly EntryInput[] {
  const { to } = periodFieldsOf(list);
  if (!Object.hasOwn(ENTRIES[list].shape, to)) return [];
  return entries.map((entry) => (entry[to] === undefined ? { ...entry, [to]: at } : entry));
}

function placed(
  { faults }: RegistryRefusal,
  rows: readonly ImportedRow[],
  columns: ReadonlyMap<ListName, ReadonlyMap<string, string>>,
): ImportFault[] {
  const places = new Map<string, ImportedRow>();
  for (const row of rows) if (!places.has(`${row.list}/${row.key}`)) places.set(`${row.list}/${row.key}`, row);
  return faults.map((fault) => {
    const row = places.get(`${fault.list}/${fault.id}`);
    const column =
      columns.get(fault.list)?.get(fault.field) ?? columns.get(fault.list)?.get(fault.field.split('.')[0]!);
    return { ...fault, file: row?.file ?? 'the registry', line: row?.line ?? 0, column: column ?? '' };
  });
}
