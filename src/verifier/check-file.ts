import { join } from 'node:path';
import { Leaves, fieldsOf } from './canonical.ts';
import { isFile, linesOf, textOf, type Line } from './lines.ts';
import { differencesOf, MARK_BYTES, sealedMarks } from './locate.ts';
import { MerkleRoot, type Digest } from './merkle.ts';
import { Problems, type Problem } from './problem.ts';
import { readObject } from './seal.ts';

/** A block that a file must have. */
export interface ExpectedBlock {
  seal: number;
  block: number;
  digest: Digest;
  stream: string;
  records: number;
  times: [number, number];
  root: string;
  locator: string;
  /** Its records have expired: they need not be there. */
  mayBeGone: boolean;
}

export interface FileTask {
  folder: string;
  name: string;
  locators: string;
  blocks: ExpectedBlock[];
}

export interface FileResult {
  records: number;
  blocks: number;
  expired: number;
  problems: Problem[];
  problemCount: number;
}

const OPEN_BRACE = 123;
/** More lines than a block can have are counted, not remembered. */
const MAX_MARKS = 1 << 20;
const TELL_EVERY = 20_000;

/** Checks the records of one file against the blocks that seals say it has. `tell` hears how many more were read. */
export function checkFile(task: FileTask, tell: (records: number) => void): FileResult {
  return new FileCheck(task, tell).run();
}

interface Open {
  block: ExpectedBlock | undefined;
  root: MerkleRoot;
  leaves: Leaves;
  marks: Buffer;
  records: number;
  /** Byte and line at which it begins in the file. */
  at: number;
}

class FileCheck {
  readonly #task: FileTask;
  readonly #tell: (records: number) => void;
  readonly #problems = new Problems();
  readonly #byName: Map<string, { block: ExpectedBlock; index: number }>;
  readonly #done = new Set<ExpectedBlock>();
  #next = 0;
  #open: Open | undefined;
  #records = 0;
  #untold = 0;

  constructor(task: FileTask, tell: (records: number) => void) {
    this.#task = task;
    this.#tell = tell;
    this.#byName = new Map(task.blocks.map((block, index) => [nameOf(block), { block, index }]));
  }

  run(): FileResult {
    const path = join(this.#task.folder, this.#task.name);
    try {
      if (isFile(path)) for (const line of linesOf(path)) this.#take(line);
      this.#close();
    } catch (error) {
      this.#problems.add({ kind: 'unreadable', detail: `${this.#task.name}: ${(error as Error).message}` });
    }
    this.#tell(this.#untold);
    let expired = 0;
    for (const block of this.#task.blocks) {
      if (this.#done.has(block)) continue;
      if (block.mayBeGone) expired++;
      else this.#add('block-removed', block, {});
    }
    const { list: problems, count: problemCount } = this.#problems;
    return { records: this.#records, blocks: this.#done.size, expired, problems, problemCount };
  }

  #take(line: Line): void {
    if (line.bytes[line.start] === OPEN_BRACE && !line.isTooLong) {
      const head = readObject(textOf(line));
      if (head && Number.isSafeInteger(head['seal']) && Number.isSafeInteger(head['block']))
        return this.#begin(`${String(head['seal'])}/${String(head['block'])}`, line.at);
    }
    if (this.#open === undefined) this.#begin('', line.at);
    this.#record(line);
  }

  #begin(name: string, at: number): void {
    this.#close();
    const known = this.#byName.get(name);
    const block = known && !this.#done.has(known.block) ? known.block : undefined;
    if (known && block) {
      if (known.index < this.#next) this.#add('block-moved', block, {});
      this.#next = Math.max(this.#next, known.index + 1);
      this.#done.add(block);
    } else this.#problems.add({ kind: 'block-inserted', detail: `${this.#task.name}: ${name}` });
    const digest = block?.digest ?? 'sha256';
    const [root, leaves] = [new MerkleRoot(digest), new Leaves(digest)];
    this.#open = { block, root, leaves, marks: Buffer.alloc(1_024), records: 0, at };
  }

  #record(line: Line): void {
    const open = this.#open!;
    const leaf = line.isTooLong ? undefined : open.leaves.leafOf(line.bytes, line.start, line.end);
    if (open.block === undefined) return; // told already
    const mark = leaf ?? NO_LEAF;
    open.root.add(mark);
    if (open.records < MAX_MARKS) {
      const at = open.records * MARK_BYTES;
      if (at >= open.marks.length) open.marks = Buffer.concat([open.marks, Buffer.alloc(open.marks.length)]);
      mark.copy(open.marks, at, 0, MARK_BYTES);
    }
    open.records++;
    this.#records++;
    if (++this.#untold < TELL_EVERY) return;
    this.#tell(this.#untold);
    this.#untold = 0;
  }

  #close(): void {
    const open = this.#open;
    this.#open = undefined;
    if (open?.block === undefined) return;
    if (open.records === open.block.records && open.root.root() === open.block.root) return;
    this.#locate(open, open.block);
  }

  #locate({ marks, records, at }: Open, block: ExpectedBlock): void {
    const sealed = sealedMarks(join(this.#task.folder, this.#task.locators), block.digest, block);
    const found = marks.subarray(0, MARK_BYTES * Math.min(records, MAX_MARKS));
    const differences = sealed === undefined ? [] : differencesOf(sealed, found);
    if (differences.length === 0) return this.#add('block-changed', block, { detail: `${records} / ${block.records}` });
    const told = differences.slice(0, TOLD_OF_A_BLOCK);
    const present = new Set(told.filter(({ kind }) => kind !== 'record-removed').map(({ record }) => record));
    const seen = this.#describe(at, present);
    for (const { kind, record } of told)
      this.#add(kind, block, { record, ...(kind === 'record-removed' ? {} : seen.get(record)) });
    this.#problems.count += differences.length - told.length;
  }

  /** What the named records of the block that begins there say of themselves. */
  #describe(at: number, records: ReadonlySet<number>): Map<number, Pick<Problem, 'place' | 'id'>> {
    const found = new Map<number, Pick<Problem, 'place' | 'id'>>();
    let record = -1;
    for (const line of linesOf(join(this.#task.folder, this.#task.name))) {
      if (line.at < at) continue;
      if (line.bytes[line.start] === OPEN_BRACE && line.at > at) break;
      if (line.bytes[line.start] !== OPEN_BRACE) record++;
      if (records.has(record) && !line.isTooLong && !found.has(record))
        found.set(record, placeOf(fieldsOf(line.bytes, line.start, line.end)));
      if (found.size === records.size) break;
    }
    return found;
  }

  #add(kind: Problem['kind'], { seal, block, stream, times }: ExpectedBlock, more: Partial<Problem>): void {
    this.#problems.add({ kind, seal, block, stream, times, ...more });
  }
}

const TOLD_OF_A_BLOCK = 20;
/** What no digest is: a line that is no record. */
const NO_LEAF = Buffer.alloc(32);

function nameOf({ seal, block }: { seal: number; block: number }): string {
  return `${seal}/${block}`;
}

/** Of an event: offset and index, and the id; of others the place and the key. */
function placeOf(fields: readonly string[] | undefined): Pick<Problem, 'place' | 'id'> {
  if (fields?.[0] === 'wanglou-event-1') return { place: fields.slice(-2).join('/'), id: fields[1] ?? '' };
  return fields === undefined ? {} : { place: fields[2] ?? '', id: fields[3] ?? '' };
}
