import { hash } from 'node:crypto';
import type { Event } from '../event/event.ts';
import { keyedId } from '../event/id.ts';
import type { IntakeStream, Origin, RecordNote } from './collector.ts';
import type { SourceCounter } from './source-counts.ts';
import { wholeCharacters } from './charset.ts';

/** Joins the lines of multi-line and multi-record formats. */
export interface Assembler {
  /** Complete records, their lines joined by LF. */
  push(line: string): string[];
  /** Characters still held. */
  held(): number;
  flush(): string[];
}

/** What a stream needs of its intake. */
export interface Door {
  readonly maxRecordBytes: number;
  newEvent(origin: Origin): Event;
  nextId(): string;
  parse(text: string, event: Event, origin: Origin): string;
  take(event: Event, counter: SourceCounter): void;
  /** Remembers a stream that holds text, to flush it when nothing more comes. */
  hold(stream: RecordStream): void;
}

/** The records of one origin; see IntakeStream. */
export class RecordStream implements IntakeStream {
  /** Ingest time of the last record, ms since the epoch. */
  lastAt = 0;
  readonly #door: Door;
  readonly #origin: Origin;
  readonly #counter: SourceCounter;
  readonly #assembler: Assembler | undefined;
  /** Key of the first line since nothing was held, and how many records came out since: the same again on a repetition. */
  #runKey = '';
  #runIndex = 0;

  constructor(door: Door, origin: Origin, counter: SourceCounter, assembler: Assembler | undefined) {
    this.#door = door;
    this.#origin = origin;
    this.#counter = counter;
    this.#assembler = assembler;
  }

  accept(record: string, key: string, note?: RecordNote): string {
    if (this.#assembler === undefined) return this.#take(record, key, note);
    if (note !== undefined && note.fault !== '') {
      this.end();
      return this.#take(record, key, note);
    }
    return this.#assemble(this.#assembler, record, key, note);
  }

  held(): number {
    return this.#assembler?.held() ?? 0;
  }

  end(): void {
    if (this.#assembler === undefined || this.#assembler.held() === 0) return;
    for (const record of this.#assembler.flush()) this.#take(record, this.#keyInRun(record), undefined);
  }

  #assemble(assembler: Assembler, line: string, key: string, note: RecordNote | undefined): string {
    const isFresh = assembler.held() === 0;
    if (isFresh) {
      this.#runKey = key;
      this.#runIndex = 0;
    }
    const records = assembler.push(line);
    let reason = '';
    for (const record of records) {
      const isTheLine = isFresh && records.length === 1 && record.length === line.length;
      reason ||= this.#take(record, isTheLine ? key : this.#keyInRun(record), note);
    }
    if (assembler.held() > 0) this.#door.hold(this);
    return reason;
  }

  /** The length is part of it: a record that was cut short by a pause is not the same as the whole one. */
  #keyInRun(record: string): string {
    return this.#runKey === '' ? '' : `${this.#runKey}/${this.#runIndex++}/${record.length}`;
  }

  #take(text: string, key: string, note: RecordNote | undefined): string {
    const event = this.#door.newEvent(this.#origin);
    this.lastAt = event.ingestTime;
    event.id = this.#idOf(text, key);
    let known = note?.fault ?? '';
    let record = text;
    if (text.length * 3 > this.#door.maxRecordBytes) {
      record = truncated(text, this.#door.maxRecordBytes);
      if (record !== text) known = joined(known, truncation(Buffer.byteLength(text), hash('sha256', text)));
    }
    const reason = this.#door.parse(record, event, this.#origin);
    event.fault = joined(known, reason);
    if (note !== undefined && note.encoding !== '') event.attributes = [...event.attributes, 'encoding', note.encoding];
    this.#door.take(event, this.#counter);
    return event.fault;
  }

  #idOf(text: string, key: string): string {
    if (key !== '') return keyedId(this.#origin.source, key);
    if (this.#origin.contentKey === true && text.includes('sequenceId="')) return keyedId(this.#origin.source, text);
    return this.#door.nextId();
  }
}

/** The fault of a record that is kept only in part. */
export function truncation(bytes: number, sha256: string): string {
  return `truncated: ${bytes} bytes, sha256 ${sha256}`;
}

function joined(first: string, second: string): string {
  if (first === '' || second === '') return first + second;
  return `${first}; ${second}`;
}

function truncated(text: string, maxBytes: number): string {
  const bytes = Buffer.from(text);
  return bytes.length <= maxBytes ? text : bytes.toString('utf8', 0, wholeCharacters(bytes, maxBytes));
}
