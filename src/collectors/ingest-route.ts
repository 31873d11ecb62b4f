import type { IncomingMessage, ServerResponse } from 'node:http';
import { ERRORS, WanglouError } from '../errors.ts';
import { readRecords } from './body-records.ts';
import type { Intake, Origin } from './collector.ts';
import { answer } from './http-answer.ts';
import { topLevelId } from './json-scan.ts';

/** A record that was not taken, or was taken but could not be read. */
interface RecordError {
  /** Place in the body, from 0. */
  index: number;
  /** Whether it was kept as it is (searchable, with this reason) or was refused. */
  kept: boolean;
  code: 'WL_BODY_INVALID';
  reason: string;
  remedy: string;
}

/** The answer to `POST /ingest`. */
export interface IngestAnswer {
  /** Durable records, those included that could not be read. */
  accepted: number;
  rejected: number;
  /** Accepted records that could not (wholly) be read. */
  unparsed: number;
  /** At most 100. */
  errors: RecordError[];
}

const MAX_ERRORS = 100;

/**
 * `POST /ingest`: takes the records of the body and answers when they are durable: 200, or 207 when some were refused.
 * @returns number of records taken. @throws WanglouError for the other answers.
 */
export async function ingest(
  intake: Intake,
  origin: Origin,
  request: IncomingMessage,
  response: ServerResponse,
  body: Buffer,
): Promise<number> {
  const result = takeBody(intake, origin, body, request);
  if (result.accepted === 0 && result.rejected > 0) throw new WanglouError('WL_BODY_INVALID', result.errors[0]!.reason);
  await intake.durable();
  answer(response, result.rejected > 0 ? 207 : 200, JSON.stringify(result));
  return result.accepted;
}

function takeBody(intake: Intake, origin: Origin, body: Buffer, request: IncomingMessage): IngestAnswer {
  const result: IngestAnswer = { accepted: 0, rejected: 0, unparsed: 0, errors: [] };
  const batchKey = firstOf(request.headers['idempotency-key']);
  const stream = intake.open(origin);
  const broken = readRecords(body, request.headers['content-type'] ?? '', (text, note) => {
    const index = result.accepted++;
    const reason = stream.accept(text, keyOf(text, batchKey, index), note);
    if (reason === '') return;
    result.unparsed++;
    addError(result, index, true, reason);
  });
  stream.end();
  if (broken !== undefined) {
    result.rejected = 1;
    addError(result, result.accepted, false, `byte ${broken.byteOffset}: ${broken.reason}`);
    intake.refused(origin.source, 'body broken in the middle', 1);
  } else if (result.accepted === 0 && !isEmptyArray(body)) {
    throw new WanglouError('WL_BODY_INVALID', 'the body holds no records');
  }
  return result;
}

/**
 * What the sender can repeat. The text belongs to the key of an `id`: two records that share an id but differ are two events,
 * so that an `id` that names a thing and not the event loses nothing.
 */
function keyOf(text: string, batchKey: string, index: number): string {
  if (text.charCodeAt(0) === 0x7b) {
    const id = topLevelId(text);
    if (id !== '') return `id ${id} ${text}`;
  }
  return batchKey === '' ? '' : `batch ${batchKey} ${index}`;
}

function addError(result: IngestAnswer, index: number, kept: boolean, reason: string): void {
  if (result.errors.length >= MAX_ERRORS) return;
  const remedy = kept
    ? 'It is kept as it is; correct the sender so that it can be read.'
    : ERRORS.WL_BODY_INVALID.remedy;
  result.errors.push({ index, kept, code: 'WL_BODY_INVALID', reason, remedy });
}

function isEmptyArray(body: Buffer): boolean {
  return body.length < 1_024 && /^\s*\[\s*\]\s*$/.test(body.toString('latin1'));
}

function firstOf(header: string | string[] | undefined): string {
  return (Array.isArray(header) ? header[0] : header) ?? '';
}
