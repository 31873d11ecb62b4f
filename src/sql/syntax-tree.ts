/** A node of the engine's syntax tree, as EXPLAIN AST prints it. */
export interface Node {
  /** `Function`, `TableIdentifier`, …. */
  type: string;
  /** What stands behind the type, without alias and number of children: the name of a function, a literal. */
  text: string;
  alias: string;
  children: readonly Node[];
}

const LINE = /^( *)([A-Za-z]+(?:::[A-Za-z]+)?)(.*)$/s;
const CHILDREN = / \(children (\d{1,6})\)$/;
const ALIAS = / \(alias (.*)\)$/s;

/**
 * Reads the lines of EXPLAIN AST: depth by indentation, and on each line how many children follow. Both have to agree everywhere,
 * so that no name with a line break in it can pass for a node.
 * @returns undefined when they do not.
 */
export function readTree(lines: readonly string[]): Node | undefined {
  const reader = { lines, at: 0 };
  const root = readNode(reader, 0);
  return reader.at === lines.length ? root : undefined;
}

function readNode(reader: { lines: readonly string[]; at: number }, depth: number): Node | undefined {
  const line = LINE.exec(reader.lines[reader.at] ?? '');
  if (line === null || line[1]!.length !== depth) return undefined;
  reader.at++;
  const counted = CHILDREN.exec(line[3]!);
  const said = counted === null ? line[3]! : line[3]!.slice(0, counted.index);
  const named = ALIAS.exec(said);
  const children: Node[] = [];
  for (let left = Number(counted?.[1] ?? 0); left > 0; left--) {
    const child = readNode(reader, depth + 1);
    if (child === undefined) return undefined;
    children.push(child);
  }
  const text = (named === null ? said : said.slice(0, named.index)).trimStart();
  return { type: line[2]!, text, alias: named?.[1] ?? '', children };
}
