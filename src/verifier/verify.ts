import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { checkFile, type ExpectedBlock, type FileResult, type FileTask } from './check-file.ts';
import { checkSeals, type SealsFound } from './check-seals.ts';
import { isFile, linesOf, textOf } from './lines.ts';
import { Problems, type Problem } from './problem.ts';
import {
  isKeyChange,
  keyIdOf,
  readKey,
  readObject,
  readSeal,
  readSigned,
  type Block,
  type Expiry,
  type Seal,
} from './seal.ts';
import { TrustedKeys, type TrustedChange } from './trusted-keys.ts';

export interface VerifyOptions {
  /** Folder of an evidence export. */
  folder: string;
  /** PEM of the public key as it was handed over by another way; without it that of the export, which proves little. */
  key?: string;
  /** File of seals that were pushed outside. */
  outside?: string;
  onProgress?: (records: number) => void;
  /** Threads; default one for each core. */
  threads?: number;
}

export interface Report {
  result: 'intact' | 'tampered';
  chain: string;
  /** Id of the key that everything was checked with, and whether it came by another way than the export. */
  key: string;
  isKeyGiven: boolean;
  seals: { first: number; last: number; count: number };
  records: number;
  blocks: number;
  /** Blocks whose records have expired, as later seals say. */
  expired: number;
  /** Seals of the outside copy that were compared. */
  outside: number;
  /** Changes of the signing key that the trust follows. */
  keyChanges: readonly TrustedChange[];
  /** The first seal that the given key vouches for; earlier ones were signed by a key before it. */
  vouchesFrom: number;
  /** `trial` where one account did everything. */
  access: string[];
  seconds: number;
  problems: Problem[];
  problemCount: number;
}

/** What is given can not be verified at all; `what` names the file or the field. */
export class Unusable extends Error {
  readonly what: string;
  constructor(what: string) {
    super(`can not be verified: ${what}`);
    this.what = what;
  }
}

const MAX_SMALL_FILE_BYTES = 64 << 20;
const FILE_NAME = /^records-\d{6}\.ndjson$/;
/** A clock of the machine that copies seals may differ. */
const CLOCK_MS = 300_000;

/** Verifies an evidence export (docs/evidence.md). @throws Unusable when it is none, or the key is none. */
export async function verifyExport(options: VerifyOptions): Promise<Report> {
  const began = performance.now();
  const { folder } = options;
  const pem = options.key ?? small(join(folder, 'public-key.pem'));
  const key = readKey(pem);
  if (key === undefined) throw new Unusable(options.key === undefined ? 'public-key.pem' : 'key');
  const problems = new Problems();
  const keys = new TrustedKeys(key);
  learnKeys(join(folder, 'key-changes.ndjson'), keys, problems);
  const manifest = readManifest(folder, keys, problems);
  const path = join(folder, 'seals.ndjson');
  if (!isFile(path)) throw new Unusable('seals.ndjson');
  const expected = new ExpectedBlocks(manifest);
  const seals = checkSeals(path, keys, problems, (seal) => expected.take(seal));
  compareManifest(manifest, seals, problems);
  readLater(join(folder, 'later-seals.ndjson'), keys, problems, (seal) => expected.expire(seal));
  const outside = options.outside === undefined ? 0 : compareOutside(options.outside, keys, seals, manifest, problems);
  const found = await checkFiles(expected.tasks(folder), options, problems);
  return {
    result: problems.count === 0 ? 'intact' : 'tampered',
    chain: seals.chain,
    key: keyIdOf(key),
    isKeyGiven: options.key !== undefined,
    seals: { first: seals.first, last: seals.last, count: seals.hashes.size },
    ...found,
    outside,
    keyChanges: keys.changes,
    vouchesFrom: keys.vouchesFrom,
    access: [...seals.access].sort(),
    seconds: (performance.now() - began) / 1_000,
    problems: problems.list,
    problemCount: problems.count,
  };
}

interface Manifest {
  madeAt: number;
  streams: ReadonlySet<string>;
  first: { number: number; hash: string };
  last: { number: number; hash: string };
  head: { number: number; hash: string };
  files: { name: string; from: number; to: number }[];
}

type Fields = Record<string, unknown>;

function small(path: string): string {
  if (!isFile(path)) throw new Unusable(path);
  const bytes = readFileSync(path);
  if (bytes.length > MAX_SMALL_FILE_BYTES) throw new Unusable(path);
  return bytes.toString();
}

function readManifest(folder: string, keys: TrustedKeys, problems: Problems): Manifest {
  const signed = readSigned(small(join(folder, 'manifest.json')), 'manifest');
  const said = signed && readObject(signed.text);
  if (!signed || said?.['wanglou'] !== 'evidence-1') throw new Unusable('manifest.json');
  if (!keys.anySigned(signed.text, signed.signature))
    problems.add({ kind: 'manifest-forged', detail: 'manifest.json' });
  const { madeAt, streams, files } = said;
  const named = (field: string): { number: number; hash: string } => {
    const seal = said[field] as Fields | undefined;
    const [number, hash] = [seal?.['number'], seal?.['hash']];
    if (typeof number !== 'number' || typeof hash !== 'string') throw new Unusable(`manifest.json: ${field}`);
    return { number, hash };
  };
  if (typeof madeAt !== 'number') throw new Unusable('manifest.json: madeAt');
  if (!Array.isArray(streams) || !Array.isArray(files)) throw new Unusable('manifest.json: streams, files');
  return {
    madeAt,
    streams: new Set(streams.map(String)),
    ...{ first: named('first'), last: named('last'), head: named('head') },
    files: files.map(readFile),
  };
}

function readFile(file: unknown): Manifest['files'][number] {
  const { name, from, to } = (file ?? {}) as Fields;
  if (typeof name !== 'string' || !FILE_NAME.test(name) || !Number.isSafeInteger(from) || !Number.isSafeInteger(to))
    throw new Unusable('manifest.json: files');
  return { name, from: from as number, to: to as number };
}

function learnKeys(path: string, keys: TrustedKeys, problems: Problems): void {
  if (!isFile(path)) return;
  const changes = [...linesOf(path)].map((line) => readObject(textOf(line)) ?? {});
  const forged = changes.some((change) => !isKeyChange(change));
  if (keys.learn(changes.filter(isKeyChange)).length > 0 || forged)
    problems.add({ kind: 'key-forged', detail: 'key-changes.ndjson' });
}

/** Seals after the range, which say what has expired since. Each stands for itself. */
function readLater(path: string, keys: TrustedKeys, problems: Problems, onSeal: (seal: Seal) => void): void {
  if (!isFile(path)) return;
  for (const line of linesOf(path)) {
    const signed = readSigned(textOf(line), 'sealed');
    const seal = signed && readSeal(signed.text);
    if (signed && seal && keys.signed(seal, signed.text, signed.signature)) onSeal(seal);
    else problems.add({ kind: 'seal-changed', detail: 'later-seals.ndjson', ...(seal && { seal: seal.number }) });
  }
}

/** The manifest names the ends of its chain: what is missing at an end shows nowhere else. */
function compareManifest({ first, last }: Manifest, seals: SealsFound, problems: Problems): void {
  for (const { number, hash } of [first, last])
    if (!seals.hashes.has(number)) problems.add({ kind: 'seal-removed', seal: number, detail: 'manifest.json' });
    else if (seals.hashes.get(number) !== hash)
      problems.add({ kind: 'manifest-differs', seal: number, detail: 'manifest.json' });
  for (const number of [seals.first, seals.last])
    if (number !== 0 && (number < first.number || number > last.number))
      problems.add({ kind: 'seal-inserted', seal: number, detail: 'manifest.json' });
}

function compareOutside(
  path: string,
  keys: TrustedKeys,
  seals: SealsFound,
  { head, madeAt }: Manifest,
  problems: Problems,
): number {
  if (!isFile(path)) throw new Unusable(path);
  let compared = 0;
  for (const line of linesOf(path)) {
    const signed = readSigned(textOf(line), 'sealed');
    const seal = signed && readSeal(signed.text);
    if (!signed || !seal || !keys.signed(seal, signed.text, signed.signature)) {
      problems.add({ kind: 'outside-forged', ...(seal && { seal: seal.number }) });
      continue;
    }
    const ours = seal.number === head.number ? head.hash : seals.hashes.get(seal.number);
    if (ours !== undefined) compared++;
    const said = { seal: seal.number, times: [seal.time, seal.time] as [number, number] };
    if (ours !== undefined && ours !== seal.hash) problems.add({ kind: 'forked', ...said });
    if (seal.number > head.number && seal.time < madeAt - CLOCK_MS) problems.add({ kind: 'rolled-back', ...said });
  }
  return compared;
}

/** Which blocks an export must have: those of its streams in its seals. */
class ExpectedBlocks {
  readonly #manifest: Manifest;
  readonly #blocks: (ExpectedBlock & { stream: string })[] = [];
  readonly #expired: Expiry[] = [];

  constructor(manifest: Manifest) {
    this.#manifest = manifest;
  }

  take(seal: Seal): void {
    seal.blocks.forEach((block, n) => {
      if (block.records > 0 && this.#manifest.streams.has(kindOf(block))) {
        const { stream, records, times, root, locator } = block;
        this.#blocks.push({ seal: seal.number, block: n, digest: seal.digest, stream, records, times, root, locator, mayBeGone: false }); // prettier-ignore
      }
    });
    this.expire(seal);
  }

  expire({ expired }: Seal): void {
    // What is said every day of the same stream with nothing kept says the same of an earlier time.
    for (const note of expired) {
      const before = this.#expired.findIndex(({ stream, kept }) => stream === note.stream && kept.length === 0);
      if (note.kept.length > 0 || before < 0) this.#expired.push(note);
      else if (note.before > this.#expired[before]!.before) this.#expired[before] = note;
    }
  }

  #mayBeGone(block: ExpectedBlock): boolean {
    const [first, last] = block.times;
    return this.#expired.some(
      ({ stream, before, kept }) =>
        stream === kindOf(block) && first < before && !kept.some(([from, to]) => last >= from && first < to),
    );
  }

  tasks(folder: string): FileTask[] {
    for (const block of this.#blocks) block.mayBeGone = this.#mayBeGone(block);
    const { files } = this.#manifest;
    const tasks = files.map(({ name }): FileTask => ({ folder, name, locators: name.replace('records', 'locators'), blocks: [] })); // prettier-ignore
    let at = 0;
    for (const block of this.#blocks) {
      while (at < files.length - 1 && block.seal > files[at]!.to) at++;
      if (tasks[at] === undefined) tasks.push({ folder, name: '', locators: '', blocks: [] });
      tasks[at]!.blocks.push(block);
    }
    return tasks;
  }
}

/** `events/3` is of the stream `events`. */
function kindOf({ stream }: Pick<Block, 'stream'>): string {
  return stream.split('/', 1)[0]!;
}

type Found = Pick<Report, 'records' | 'blocks' | 'expired'>;
const FEW_RECORDS = 20_000;

async function checkFiles(tasks: FileTask[], options: VerifyOptions, problems: Problems): Promise<Found> {
  const found: Found = { records: 0, blocks: 0, expired: 0 };
  let told = 0;
  const tell = (records: number): void => options.onProgress?.((told += records));
  const take = (result: FileResult): void => {
    found.records += result.records;
    found.blocks += result.blocks;
    found.expired += result.expired;
    problems.addAll(result.problems, result.problemCount);
  };
  const records = tasks.flatMap(({ blocks }) => blocks).reduce((sum, block) => sum + block.records, 0);
  const threads = Math.min(options.threads ?? availableParallelism(), tasks.length);
  if (threads <= 1 || records < FEW_RECORDS) for (const task of tasks) take(checkFile(task, tell));
  else {
    const waiting = [...tasks];
    await Promise.all(Array.from({ length: threads }, () => workThrough(waiting, tell, take)));
  }
  return found;
}

async function workThrough(
  waiting: FileTask[],
  tell: (records: number) => void,
  take: (result: FileResult) => void,
): Promise<void> {
  const worker = new Worker(new URL('./check-file-worker.ts', import.meta.url));
  try {
    for (let task = waiting.shift(); task !== undefined; task = waiting.shift()) {
      const ended = Promise.withResolvers<FileResult>();
      worker.removeAllListeners();
      worker.on('error', ended.reject);
      worker.on('message', (said: { told: number } | { result: FileResult }) =>
        'told' in said ? tell(said.told) : ended.resolve(said.result),
      );
      worker.postMessage(task);
      take(await ended.promise);
    }
  } finally {
    await worker.terminate();
  }
}
