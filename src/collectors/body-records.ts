import { RecordDecoder } from './charset.ts';
import type { RecordNote } from './collector.ts';
import { jsonValueEnd, skipSpace } from './json-scan.ts';

/** Takes one record of a body. */
export type OnRecord = (text: string, note?: RecordNote) => void;

/** Where a body stops being readable. */
export interface BrokenBody {
  /** Offset in the decompressed body, bytes. */
  byteOffset: number;
  reason: string;
}

const LF = 0x0a;

/**
 * The records of an `/ingest` body: the elements of a JSON array, one or several JSON objects, or lines (NDJSON, plain text).
 * The first character and the content type decide. A line that is no JSON is a record all the same: it is kept as it is.
 * @returns undefined, or where and why the rest could not be told apart.
 */
export function readRecords(body: Buffer, contentType: string, onRecord: OnRecord): BrokenBody | undefined {
  const start = firstByte(body);
  const isJson = /^application\/(?:[\w.-]+\+)?json\b/i.test(contentType);
  const isLines = /^(?:text\/plain|application\/(?:[\w.-]+\+)?(?:x-)?(?:ndjson|jsonl(?:ines)?))\b/i.test(contentType);
  const isArray = body[start] === 0x5b && !isLines && (isJson || looksLikeArray(body, start));
  if (isArray) return readArray(body, onRecord);
  if (isLines || beginsWithWholeLine(body, start) || !(isJson || body[start] === 0x7b)) {
    readLines(body, onRecord);
    return undefined;
  }
  const broken = readValues(body, onRecord, !isJson);
  if (broken === undefined || isJson) return broken;
  readLines(body, onRecord);
  return undefined;
}

/** Lines of bytes, each decoded on its own when the whole is not UTF-8. Empty lines are no records. */
export function readLines(body: Buffer, onRecord: OnRecord): void {
  const decoder = new RecordDecoder('utf-8');
  const plain = decoder.encodingOf(body);
  let at = firstByte(body);
  while (at < body.length) {
    const lf = body.indexOf(LF, at);
    const next = lf === -1 ? body.length : lf;
    const end = next > at && body[next - 1] === 0x0d ? next - 1 : next;
    if (end > at) {
      if (plain !== '') onRecord(body.toString(plain, at, end));
      else {
        const { text, encoding } = decoder.decode(body.subarray(at, end));
        onRecord(text, { fault: '', encoding });
      }
    }
    at = next + 1;
  }
}

function readArray(body: Buffer, onRecord: OnRecord): BrokenBody | undefined {
  const text = decoded(body);
  let at = skipSpace(text, skipSpace(text, 0) + 1);
  if (text[at] === ']') return trailing(text, at + 1);
  for (;;) {
    const end = jsonValueEnd(text, at);
    if (end === -1) return broken(text, at, 'the element is not JSON or ends inside');
    const next = skipSpace(text, end);
    if (text[next] !== ',' && text[next] !== ']')
      return broken(text, next, next === text.length ? 'the array does not end' : 'a comma or ] is missing');
    onRecord(elementText(text, at, end));
    if (text[next] === ']') return trailing(text, next + 1);
    at = skipSpace(text, next + 1);
  }
}

/**
 * JSON values one after the other, with or without white space between.
 * @param allOrNothing take none when the body is broken.
 */
function readValues(body: Buffer, onRecord: OnRecord, allOrNothing: boolean): BrokenBody | undefined {
  const text = decoded(body);
  const places: number[] = [];
  let fault: BrokenBody | undefined;
  for (let at = skipSpace(text, 0); at < text.length && fault === undefined;) {
    const end = jsonValueEnd(text, at);
    if (end === -1) fault = broken(text, at, 'not JSON, or it ends inside');
    else places.push(at, end);
    at = skipSpace(text, end);
  }
  if (fault !== undefined && allOrNothing) return fault;
  for (let i = 0; i < places.length; i += 2) onRecord(elementText(text, places[i]!, places[i + 1]!));
  return fault;
}

/** A string is taken as the line that it holds. */
function elementText(text: string, start: number, end: number): string {
  const element = text.slice(start, end);
  if (element.charCodeAt(0) !== 0x22) return element;
  try {
    return String(JSON.parse(element));
  } catch {
    return element;
  }
}

function trailing(text: string, at: number): BrokenBody | undefined {
  const rest = skipSpace(text, at);
  return rest === text.length ? undefined : broken(text, rest, 'something follows the end of the array');
}

function broken(text: string, at: number, reason: string): BrokenBody {
  return { byteOffset: Buffer.byteLength(text.slice(0, at)), reason };
}

function decoded(body: Buffer): string {
  return new RecordDecoder('utf-8').decode(body).text;
}

function firstByte(body: Buffer): number {
  let at = body.length >= 3 && body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf ? 3 : 0;
  while (at < body.length && body[at]! <= 0x20) at++;
  return at;
}

/** Without a content type that says so: `[{`, `["`, `[[` and `[]` begin an array, `[Sun Dec 04 …]` a line of a log. */
function looksLikeArray(body: Buffer, start: number): boolean {
  let at = start + 1;
  while (at < body.length && body[at]! <= 0x20) at++;
  return at < body.length && '{"[]'.includes(String.fromCharCode(body[at]!));
}

/** Whether the first line is a whole JSON value: then lines it is, even when the content type says one JSON document. */
function beginsWithWholeLine(body: Buffer, start: number): boolean {
  const lf = body.indexOf(LF, start);
  const line = body.toString('utf8', start, lf === -1 ? body.length : lf).trimEnd();
  return line !== '' && jsonValueEnd(line, 0) === line.length;
}
