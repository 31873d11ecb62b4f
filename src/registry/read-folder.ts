import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isNode, LineCounter, parseDocument, type Document } from 'yaml';
import { hash } from 'node:crypto';
import { checkEntries } from './check.ts';
import { listsOf } from './entries.ts';
import { IndexedRegistry } from './indexed-registry.ts';
import type { Registry } from './registry.ts';
import { ENTRIES, type ListName } from './schema.ts';

export interface FolderContent {
  /** Undefined when there are problems. */
  registry: Registry | undefined;
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

/** Reads the folder's files; all or nothing. A folder or file that is missing counts as empty. */
export function readFolder(folder: string, timeZone: string): FolderContent {
  const problems: string[] = [];
  const files = new Map<ListName, ParsedFile>();
  const texts: string[] = [];
  for (const list of Object.keys(ENTRIES) as ListName[]) {
    const path = join(folder, `${list}.yaml`);
    const text = readText(path, problems);
    texts.push(text ?? '');
    if (text !== undefined) files.set(list, parse(path, text, problems));
  }
  const digest = hash('sha1', JSON.stringify([timeZone, texts]));
  if (problems.length > 0) return { registry: undefined, problems, digest };
  const input = Object.fromEntries([...files].map(([list, { document }]) => [list, document.toJS() as unknown]));
  const { entries, problems: found } = checkEntries(input);
  for (const { list, path, message } of found) problems.push(`${placeOf(files.get(list)!, path)}: ${message}`);
  if (problems.length > 0) return { registry: undefined, problems, digest };
  const warnings = files.size === 0 ? [`registry: ${folder} has no files; nothing is known about anybody`] : [];
  return { registry: new IndexedRegistry(listsOf(entries, timeZone), timeZone, digest, warnings), problems, digest };
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

/** Dates stay text (YAML 1.2 core), so that a date means what it says; aliases are bounded by the parser's own limit. */
function parse(path: string, text: string, problems: string[]): ParsedFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  for (const { pos, message } of document.errors) {
    const { line, col } = lines.linePos(pos[0]);
    problems.push(`${path}:${line}:${col}: ${message.split('\n')[0]!}`);
  }
  return { path, document, lines };
}

/** Where the deepest part of the path stands that exists in the file. */
function placeOf({ path, document, lines }: ParsedFile, field: readonly PropertyKey[]): string {
  for (let depth = field.length; depth > 0; depth--) {
    const node = document.getIn(field.slice(0, depth), true);
    if (!isNode(node) || !node.range) continue;
    const { line, col } = lines.linePos(node.range[0]);
    return `${path}:${line}:${col}`;
  }
  return `${path}:1:1`;
}
