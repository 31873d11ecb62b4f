import { hash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { RecordDecoder } from './charset.ts';
import type { Intake, IntakeStream, Origin } from './collector.ts';
import { FileLines } from './file-lines.ts';
import type { TailPosition } from './positions-file.ts';

/** What a followed file is read with. */
export interface TailContext {
  intake: Intake;
  origin: Origin;
  maxRecordBytes: number;
}

const CHUNK_BYTES = 262_144;
const HEAD_BYTES = 1_024;
/** Bytes that one look takes before the other files have their turn. */
const TURN_BYTES = 4_194_304;

/** One followed file: an open inode, wherever it is moved to. */
export class TailedFile {
  /** Where it was last seen. */
  path: string;
  received = 0;
  /** ms since the epoch when it last had something new. */
  lastGrowth: number;
  readonly #context: TailContext;
  readonly #handle: FileHandle;
  readonly #identity: { device: string; inode: string };
  readonly #decoder: RecordDecoder;
  readonly #stream: IntakeStream;
  #generation: number;
  #head: string;
  #headBytes: number;
  #lines: FileLines;
  #keyPrefix = '';
  /** Before this everything has been handed over and nothing is held. */
  #settledOffset: number;

  private constructor(handle: FileHandle, position: TailPosition, context: TailContext) {
    this.#handle = handle;
    this.#context = context;
    this.#identity = { device: position.device, inode: position.inode };
    this.#generation = position.generation;
    this.#head = position.head;
    this.#headBytes = position.headBytes;
    this.#settledOffset = position.offset;
    this.path = position.path;
    this.lastGrowth = Date.now();
    this.#decoder = new RecordDecoder(context.origin.encoding);
    this.#stream = context.intake.open(context.origin);
    this.#lines = this.#linesFrom(position.offset);
  }

  /**
   * Opens the file; a known position counts when it is the same file, else reading begins at 0.
   * @param known positions by `device:inode`. @throws the file system's error.
   */
  static async open(path: string, known: ReadonlyMap<string, TailPosition>, context: TailContext): Promise<TailedFile> {
    const handle = await open(path, 'r');
    const { dev, ino } = await handle.stat({ bigint: true });
    const fresh: TailPosition = {
      path,
      device: String(dev),
      inode: String(ino),
      generation: 0,
      head: '',
      headBytes: 0,
      offset: 0,
    };
    const position = known.get(`${dev}:${ino}`);
    if (position === undefined) return new TailedFile(handle, fresh, context);
    const isSame = (await hashOfHead(handle, position.headBytes)) === position.head;
    const generation = position.generation + 1;
    return new TailedFile(handle, isSame ? { ...position, path } : { ...fresh, generation }, context);
  }

  /** `device:inode`. */
  get id(): string {
    return `${this.#identity.device}:${this.#identity.inode}`;
  }

  /** How far a restart would be allowed to skip, once everything handed over is durable. */
  position(): TailPosition {
    if (this.#stream.held() === 0) this.#settledOffset = this.#lines.lineOffset;
    return {
      path: this.path,
      ...this.#identity,
      generation: this.#generation,
      head: this.#head,
      headBytes: this.#headBytes,
      offset: this.#settledOffset,
    };
  }

  /** Hands over what is new, up to 4 MiB. @returns whether there may be more at once. */
  async read(): Promise<boolean> {
    const { size } = await this.#handle.stat();
    if (size < this.#lines.offset) this.#beginAnew();
    if (size === this.#lines.offset) return false;
    this.lastGrowth = Date.now();
    if (!(await this.#hasHead(false))) return false;
    const end = this.#lines.offset + TURN_BYTES;
    while (this.#lines.offset < end && this.#context.intake.pressure() === 'none')
      if (!(await this.#readChunk())) return false;
    return this.#context.intake.pressure() === 'none';
  }

  /** The file has been moved away and nothing more is written to it. */
  async finish(): Promise<void> {
    if (await this.#hasHead(true)) while (await this.#readChunk());
    this.#lines.end();
    this.#stream.end();
    await this.#handle.close();
  }

  /** Lets go of the file; what it has of an unfinished line is read again later. */
  async close(): Promise<void> {
    this.#stream.end();
    await this.#handle.close();
  }

  async #readChunk(): Promise<boolean> {
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    const { bytesRead } = await this.#handle.read(chunk, 0, CHUNK_BYTES, this.#lines.offset);
    if (bytesRead === 0) return false;
    this.#lines.push(chunk.subarray(0, bytesRead));
    return true;
  }

  /**
   * Whether it is known which file this is: by its first line, which must be complete (or 1 KiB long). A file that was
   * truncated and has grown again past our place shows another first line.
   */
  async #hasHead(isFinal: boolean): Promise<boolean> {
    if (this.#head !== '') {
      if ((await hashOfHead(this.#handle, this.#headBytes)) === this.#head) return true;
      this.#beginAnew();
    }
    const bytes = await readHead(this.#handle, HEAD_BYTES);
    const lf = bytes.indexOf(0x0a);
    if (lf === -1 && bytes.length < HEAD_BYTES && !isFinal) return false;
    this.#headBytes = lf === -1 ? bytes.length : lf + 1;
    this.#head = hash('sha256', bytes.subarray(0, this.#headBytes));
    this.#setKeyPrefix();
    return true;
  }

  #beginAnew(): void {
    this.#stream.end();
    this.#generation++;
    this.#head = '';
    this.#headBytes = 0;
    this.#settledOffset = 0;
    this.#lines = this.#linesFrom(0);
  }

  #linesFrom(offset: number): FileLines {
    this.#setKeyPrefix();
    return new FileLines(this.#context.maxRecordBytes, offset, this.#take);
  }

  #setKeyPrefix(): void {
    this.#keyPrefix = `file ${this.id} ${this.#generation} ${this.#head} `;
  }

  readonly #take = (bytes: Buffer, start: number, end: number, offset: number, fault: string): void => {
    if (this.#stream.held() === 0) this.#settledOffset = offset;
    this.received++;
    const { text, encoding } = this.#decoder.decode(bytes.subarray(start, end));
    // The text too: another file may get this inode, begin with the same header and have a line at the same place.
    const key = `${this.#keyPrefix}${offset} ${text}`;
    if (fault === '' && encoding === '') this.#stream.accept(text, key);
    else this.#stream.accept(text, key, { fault, encoding });
  };
}

async function readHead(handle: FileHandle, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(length), 0, length, 0);
  return buffer.subarray(0, bytesRead);
}

/** '' for no bytes, as in a position that has no head yet. */
async function hashOfHead(handle: FileHandle, length: number): Promise<string> {
  return length === 0 ? '' : hash('sha256', await readHead(handle, length));
}
