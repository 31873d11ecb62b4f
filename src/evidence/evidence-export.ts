import type { KeyObject } from 'node:crypto';
import { mkdir, open, writeFile, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { WanglouError } from '../errors.ts';
import { fieldsOf, type SealedRecord } from './canonical.ts';
import type { EventPlaces } from './event-blocks.ts';
import { RECORD_STREAMS } from './record-streams.ts';
import { hashOfSeal, publicPemOf, readSeal, signatureOf, type Block, type Seal, type SignedSeal } from './seal.ts';

/** What an export reads of the store (src/store/seal-queries.ts). */
export interface EvidenceStore {
  lines(places: EventPlaces): Promise<Buffer>;
  records(stream: string, from: number, to: number): Promise<readonly SealedRecord[]>;
  seals(from: number, to: number): Promise<readonly SignedSeal[]>;
  lastSeal(): Promise<SignedSeal | undefined>;
  sealsBetween(
    streams: readonly string[],
    from: number,
    to: number,
  ): Promise<{ first: number; last: number } | undefined>;
  marks(
    streams: readonly string[],
    from: number,
    to: number,
  ): Promise<readonly { seal: number; block: number; marks: string }[]>;
  sealsWithNote(kind: 'expired' | 'key'): Promise<readonly SignedSeal[]>;
}

export interface EvidenceRequest {
  /** ms since the Unix epoch: from ≤ time < to; of events the ingest time. All blocks with such a record are whole. */
  from: number;
  to: number;
  /** Of STREAMS. */
  streams: readonly string[];
  /** Who exports. */
  by: string;
}

/** Everything that is sealed. */
export const STREAMS: readonly string[] = ['events', ...RECORD_STREAMS];
const FILE_RECORDS = 100_000;
const SEALS_AT_ONCE = 200;

/**
 * Writes an evidence export (docs/evidence.md) into a folder, a block at a time.
 * @yields the name of each file when it is complete; the manifest is the last.
 * @throws WanglouError WL_NOT_FOUND when nothing of the range is sealed.
 */
export async function* evidenceFiles(
  store: EvidenceStore,
  { key, folder, program, now = Date.now }: { key: KeyObject; folder: string; program: string; now?: () => number },
  request: EvidenceRequest,
): AsyncGenerator<string, { records: number }> {
  const head = await store.lastSeal();
  const range = await store.sealsBetween(request.streams, request.from, request.to);
  if (head === undefined || range === undefined) throw nothingSealed(request);
  await mkdir(folder, { recursive: true });
  const expired = await store.sealsWithNote('expired');
  const files = new EvidenceWriter(folder, store, request.streams, goneBefore(expired));
  try {
    for (let from = range.first; from <= range.last; from += SEALS_AT_ONCE) {
      const seals = await store.seals(from, Math.min(from + SEALS_AT_ONCE, range.last + 1));
      for (const signed of seals) yield* files.take(signed);
    }
    yield* files.end();
  } finally {
    await files.close();
  }
  const later = expired.filter((signed) => readSeal(signed).number > range.last);
  yield await write(folder, 'later-seals.ndjson', ndjson(later));
  const changes = (await store.sealsWithNote('key')).flatMap((signed) => readSeal(signed).notes);
  yield await write(folder, 'key-changes.ndjson', ndjson(changes.filter(({ kind }) => kind === 'key')));
  yield await write(folder, 'public-key.pem', publicPemOf(key));
  const { from, to, streams, by } = request;
  const manifest = JSON.stringify({
    ...{ wanglou: 'evidence-1', madeAt: now(), by, program, from, to, streams },
    ...{ first: files.first, last: files.last, head: named(head), records: files.records, files: files.names },
  });
  const signed = { manifest, signature: signatureOf(manifest, key) };
  yield await write(folder, 'manifest.json', `${JSON.stringify(signed)}\n`);
  return { records: files.records };
}

interface NamedSeal {
  number: number;
  hash: string;
}

/** The files with seals, records and locators, which grow. */
class EvidenceWriter {
  readonly names: { name: string; from: number; to: number; records: number }[] = [];
  records = 0;
  first: NamedSeal = { number: 0, hash: '' };
  last: NamedSeal = { number: 0, hash: '' };
  readonly #folder: string;
  readonly #store: EvidenceStore;
  readonly #streams: readonly string[];
  readonly #goneBefore: ReadonlyMap<string, number>;
  #seals: FileHandle | undefined;
  #pair: { records: FileHandle; locators: FileHandle } | undefined;

  constructor(
    folder: string,
    store: EvidenceStore,
    streams: readonly string[],
    goneBefore: ReadonlyMap<string, number>,
  ) {
    this.#folder = folder;
    this.#store = store;
    this.#streams = streams;
    this.#goneBefore = goneBefore;
  }

  async *take(signed: SignedSeal): AsyncGenerator<string> {
    const seal = readSeal(signed);
    this.#seals ??= await open(join(this.#folder, 'seals.ndjson'), 'w');
    await this.#seals.appendFile(`${JSON.stringify(signed)}\n`);
    if (this.first.number === 0) this.first = named(signed);
    this.last = named(signed);
    const current = this.names.at(-1);
    if (current === undefined || current.records >= FILE_RECORDS) {
      yield* this.#endPair();
      const name = `records-${String(this.names.length + 1).padStart(6, '0')}.ndjson`;
      this.names.push({ name, from: seal.number, to: seal.number, records: 0 });
      const create = (file: string): Promise<FileHandle> => open(join(this.#folder, file), 'w');
      this.#pair = { records: await create(name), locators: await create(locatorsOf(name)) };
    }
    this.names.at(-1)!.to = seal.number;
    await this.#blocks(seal);
  }

  async *end(): AsyncGenerator<string> {
    yield* this.#endPair();
    await this.#seals?.close();
    this.#seals = undefined;
    yield 'seals.ndjson';
  }

  async close(): Promise<void> {
    await Promise.all([this.#pair?.records.close(), this.#pair?.locators.close(), this.#seals?.close()]);
  }

  async *#endPair(): AsyncGenerator<string> {
    if (this.#pair === undefined) return;
    const { name } = this.names.at(-1)!;
    await this.#pair.records.close();
    await this.#pair.locators.close();
    this.#pair = undefined;
    yield name;
    yield locatorsOf(name);
  }

  async #blocks(seal: Seal): Promise<void> {
    const wanted = seal.blocks.flatMap((block, n) => (this.#isWanted(block) ? [{ block, n }] : []));
    if (wanted.length === 0) return;
    const pair = this.#pair!;
    for (const { block, n } of wanted) {
      const lines = await this.#lines(block);
      if (this.#mayBeGone(block) && countOf(lines) !== block.records) continue;
      await pair.records.appendFile(`${JSON.stringify({ seal: seal.number, block: n })}\n`);
      await pair.records.appendFile(lines);
      this.names.at(-1)!.records += block.records;
      this.records += block.records;
    }
    await pair.locators.appendFile(ndjson(await this.#store.marks(this.#streams, seal.number, seal.number + 1)));
  }

  #isWanted({ stream, records }: Block): boolean {
    return records > 0 && this.#streams.includes(kindOf(stream));
  }

  /** What has expired is left out unless all of it is still there. */
  #mayBeGone({ stream, times }: Block): boolean {
    return times[0] < (this.#goneBefore.get(kindOf(stream)) ?? 0);
  }

  async #lines({ stream, from, to }: Block): Promise<Buffer | string> {
    if (kindOf(stream) === 'events') return this.#store.lines({ partition: Number(stream.split('/')[1]), from, to });
    return ndjson((await this.#store.records(stream, from, to)).map(fieldsOf));
  }
}

function goneBefore(expired: readonly SignedSeal[]): Map<string, number> {
  const before = new Map<string, number>();
  for (const note of expired.flatMap((signed) => readSeal(signed).notes))
    if (note.kind === 'expired') before.set(note.stream, Math.max(note.before, before.get(note.stream) ?? 0));
  return before;
}

export function kindOf(stream: string): string {
  return stream.split('/', 1)[0]!;
}

function countOf(lines: Buffer | string): number {
  const bytes = Buffer.from(lines);
  let count = 0;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) count++;
  return count;
}

function locatorsOf(name: string): string {
  return name.replace('records', 'locators');
}

function named(signed: SignedSeal): NamedSeal {
  const { number, digest } = readSeal(signed);
  return { number, hash: hashOfSeal(signed, digest) };
}

function ndjson(values: readonly unknown[]): string {
  return values.map((value) => `${JSON.stringify(value)}\n`).join('');
}

async function write(folder: string, name: string, content: string): Promise<string> {
  await writeFile(join(folder, name), content);
  return name;
}

function nothingSealed({ from, to }: EvidenceRequest): WanglouError {
  const range = `${new Date(from).toISOString()} – ${new Date(to).toISOString()}`;
  return new WanglouError('WL_NOT_FOUND', `Nothing of ${range} has been sealed`, {
    remedy: 'Name a range with sealed records; what comes in is sealed within a minute or two.',
  });
}
