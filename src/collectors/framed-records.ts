import { RecordDecoder } from './charset.ts';
import type { IntakeStream, Origin } from './collector.ts';
import { SyslogFraming } from './framing.ts';

type ChunkEncoding = 'latin1' | 'utf8' | '';

/** From the bytes of one connection to the records of its stream. */
export class FramedRecords {
  /** Records so far. */
  received = 0;
  readonly #decoder: RecordDecoder;
  readonly #framing: SyslogFraming;
  readonly #stream: IntakeStream;
  /** Encoding of what the framing holds and of what it may emit now. */
  #encoding: ChunkEncoding = 'latin1';

  constructor(origin: Origin, stream: IntakeStream, maxRecordBytes: number) {
    this.#stream = stream;
    this.#decoder = new RecordDecoder(origin.encoding);
    this.#framing = new SyslogFraming(maxRecordBytes, this.#take);
  }

  /** Whether a record has begun and not ended. */
  get isWaiting(): boolean {
    return this.#framing.isWaiting;
  }

  push(chunk: Buffer): void {
    const own = this.#decoder.encodingOf(chunk);
    const before = this.received;
    const wasWaiting = this.#framing.isWaiting;
    this.#encoding = wasWaiting ? both(this.#encoding, own) : own;
    this.#framing.push(chunk);
    if (this.received > before) this.#encoding = own;
  }

  /** Nothing came for a while: what needs the next byte to be decided is decided without. */
  settle(): void {
    this.#framing.settle();
  }

  /** The connection has ended. @param cleanly whether its end was announced. */
  end(cleanly: boolean): void {
    this.#framing.end(cleanly);
    this.#stream.end();
  }

  readonly #take = (bytes: Buffer, start: number, end: number, fault: string): void => {
    this.received++;
    if (fault === '' && this.#encoding !== '') {
      this.#stream.accept(bytes.toString(this.#encoding, start, end), '');
      return;
    }
    const { text, encoding } = this.#decoder.decode(bytes.subarray(start, end));
    if (fault === '' && encoding === '') this.#stream.accept(text, '');
    else this.#stream.accept(text, '', { fault, encoding });
  };
}

function both(a: ChunkEncoding, b: ChunkEncoding): ChunkEncoding {
  if (a === '' || b === '') return '';
  return a === 'utf8' ? a : b;
}
