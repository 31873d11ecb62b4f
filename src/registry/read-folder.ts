import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hash } from 'node:crypto';
import { isNode, type Document, type LineCounter } from 'yaml';
import { parseYaml, yamlValues } from '../yaml-text.ts';
import type { EntryInput } from './change-set.ts';
import { checkEntries } from './check.ts';
import { listsOf } from './entries.ts';
import { IndexedRegistry } from './indexed-registry.ts';
import type { Registry } from './registry.ts';
import { keyOf, LISTS, type ListName } from './schema.ts';

/** Entries by list that are known from elsewhere, by their names. */
export type Others = ReadonlyMap<ListName, readonly { key: string; entries: readonly EntryInput[] }[]>;

export interface FolderContent {
  /** Undefined when there are problems. */
  registry: Registry | undefined;
  /** The entries as written; undefined when there are problems, or no files. */
  stated: Partial<Record<ListName, readonly EntryInput[]>> | undefined;
  /** `file:line:column: field is value: remedy`, one each. */
  problems: string[];
  /** Digest of the files' bytes, to see whether anything changed. */
  digest: string;
}

interface ParsedFile {
  path: string;
  document: Document;
  lines: LineCounter;
}

/** The texts of a folder's files as they are now. */
export interface FolderTexts {
  folder: string;
  texts: ReadonlyMap<ListName, string>;
  /** Files that can not be read. */
  problems: readonly string[];
  digest: string;
}

/** A folder or file that is missing counts as empty. */
export function readTexts(folder: string): FolderTexts {
  const problems: string[] = [];
  const texts = new Map<ListName, string>();
  for (const list of LISTS) {
    const text = readText(fileOf(folder, list), problems);
    if (text !== undefined) texts.set(list, text);
  }
  return { folder, texts, problems, digest: hash('sha1', JSON.stringify([...texts, problems])) };
}

/**
 * What the files say; all or nothing.
 * @param others what the files may refer to and do not state themselves.
 */
export function readFolder(read: FolderTexts, timeZone: string, others: Others = new Map()): FolderContent {
  const { folder } = read;
  const problems = [...read.problems];
  const files = new Map<ListName, ParsedFile>();
  for (const [list, text] of read.texts) files.set(list, parse(fileOf(folder, list), text, problems));
  const digest = hash('sha1', timeZone + read.digest);
  const refused = { registry: undefined, stated: undefined, problems, digest };
  if (problems.length > 0) return refused;
  const stated = Object.fromEntries([...files].map(([list, file]) => [list, valuesOf(file, problems)]));
  if (problems.length > 0) return refused;
  const { entries, problems: found } = checkEntries(withOthers(stated, others));
  for (const { list, path, message } of found)
    problems.push(`${placeOf(files.get(list), stated[list], path)}: ${message}`);
  if (problems.length > 0) return refused;
  const warnings = files.size === 0 ? [`registry: ${folder} has no files; nothing is known about anybody`] : [];
  const registry = new IndexedRegistry(listsOf(entries, timeZone), timeZone, digest, warnings);
  return { registry, stated: files.size === 0 ? undefined : stated, problems, digest };
}

/** What the files state stands before what others do, so that places in the files stay right. */
function withOthers(stated: Readonly<Record<string, unknown>>, others: Others): Partial<Record<ListName, unknown>> {
  const all: Partial<Record<ListName, unknown>> = { ...stated };
  for (const [list, names] of others) {
    const own = stated[list] ?? [];
    if (!Array.isArray(own)) continue;
    const taken = new Set(own.map((entry: unknown) => nameOf(list, entry)));
    all[list] = [
      ...(own as unknown[]),
      ...names.filter(({ key }) => !taken.has(key)).flatMap(({ entries }) => entries),
    ];
  }
  return all;
}

function nameOf(list: ListName, entry: unknown): string {
  return typeof entry === 'object' && entry !== null ? keyOf(list, entry) : '';
}

function fileOf(folder: string, list: ListName): string {
  return join(folder, `${list}.yaml`);
}

function readText(path: string, problems: string[]): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT') problems.push(`${path}: can not be read: ${message}`);
    return undefined;
  }
}

function parse(path: string, text: string, problems: string[]): ParsedFile {
  const { document, lines, faults } = parseYaml(text);
  for (const { line, column, message } of faults) problems.push(`${path}:${line}:${column}: ${message}`);
  return { path, document, lines };
}

function valuesOf({ path, document }: ParsedFile, problems: string[]): unknown {
  try {
    return yamlValues(document);
  } catch (error) {
    problems.push(`${path}: ${(error as Error).message}`);
    return undefined;
  }
}

/** Where the deepest part of the path stands that exists in the file. */
function placeOf(file: ParsedFile | undefined, stated: unknown, field: readonly PropertyKey[]): string {
  const isOwn = field.length === 0 || (Array.isArray(stated) && Number(field[0]) < stated.length);
  if (file === undefined || !isOwn) return 'an entry that is known from elsewhere does not fit';
  const { path, document, lines } = file;
  for (let depth = field.length; depth > 0; depth--) {
    const node = document.getIn(field.slice(0, depth), true);
    if (!isNode(node) || !node.range) continue;
    const { line, col } = lines.linePos(node.range[0]);
    return `${path}:${line}:${col}`;
  }
  return `${path}:1:1`;
}
