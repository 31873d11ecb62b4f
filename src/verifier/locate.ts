import { hash } from 'node:crypto';
import { isFile, linesOf, textOf } from './lines.ts';
import type { Digest } from './merkle.ts';
import { readObject } from './seal.ts';

/** Of each leaf, so many bytes are kept to tell which record it is. */
export const MARK_BYTES = 4;

export interface Difference {
  kind: 'record-changed' | 'record-removed' | 'record-inserted' | 'record-moved';
  /** Which record: of what is there, or for one that was removed, of what was sealed. */
  record: number;
}

/** How what is there differs from what was sealed, both as marks of the leaves in their order. */
export function differencesOf(sealed: Buffer, found: Buffer): Difference[] {
  const [before, after] = [marksOf(sealed), marksOf(found)];
  const [gone, fresh] = [surplusOf(before, after), surplusOf(after, before)];
  const differences: Difference[] = [];
  for (let [b, a] = [0, 0]; b < before.length || a < after.length;) {
    if (before[b] === after[a]) {
      [b, a] = [b + 1, a + 1];
      continue;
    }
    const isGone = b < before.length && takes(gone, before[b]!);
    const isNew = a < after.length && takes(fresh, after[a]!);
    if (isGone && isNew) differences.push({ kind: 'record-changed', record: a });
    else if (isGone) differences.push({ kind: 'record-removed', record: b });
    else if (isNew) differences.push({ kind: 'record-inserted', record: a });
    else if (a < after.length) differences.push({ kind: 'record-moved', record: a });
    if (isGone || !isNew) b++;
    if (isNew || !isGone) a++;
  }
  return differences;
}

function marksOf(bytes: Buffer): number[] {
  return Array.from({ length: bytes.length / MARK_BYTES }, (_, n) => bytes.readUInt32BE(n * MARK_BYTES));
}

/** How often each mark is in the one list more often than in the other. */
function surplusOf(marks: readonly number[], others: readonly number[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const mark of marks) counts.set(mark, (counts.get(mark) ?? 0) + 1);
  for (const mark of others) if (counts.has(mark)) counts.set(mark, counts.get(mark)! - 1);
  return counts;
}

function takes(surplus: Map<number, number>, mark: number): boolean {
  const count = surplus.get(mark) ?? 0;
  if (count <= 0) return false;
  surplus.set(mark, count - 1);
  return true;
}

/** The marks of a block as they were sealed; undefined when the export has none, or others. */
export function sealedMarks(
  path: string,
  digest: Digest,
  of: { seal: number; block: number; locator: string },
): Buffer | undefined {
  if (!isFile(path)) return undefined;
  for (const line of linesOf(path)) {
    const said = readObject(textOf(line));
    if (said?.['seal'] !== of.seal || said['block'] !== of.block || typeof said['marks'] !== 'string') continue;
    const marks = Buffer.from(said['marks'], 'base64');
    if (hash(digest, marks, 'hex') === of.locator) return marks;
  }
  return undefined;
}
