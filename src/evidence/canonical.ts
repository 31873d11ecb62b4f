import { leafOf } from './merkle.ts';
import type { Digest } from './digest.ts';

/**
 * The canonical form of a record: its fields as texts, each with its length in bytes and a colon before it, one after the
 * other. The first field names the form; docs/evidence.md has the fields of each. Of events the engine makes the same bytes
 * (src/store/seal-queries.ts).
 */
export const RECORD_FORM = 'wanglou-record-1';

export function canonicalOf(fields: readonly string[]): Buffer {
  return Buffer.from(fields.map((field) => `${Buffer.byteLength(field)}:${field}`).join(''));
}

/** A record of the log that is no event: the stream, its place there, its key, its text as the log has it. */
export interface SealedRecord {
  stream: string;
  place: number;
  key: string;
  /** ms since the Unix epoch, as the record says, or when it was sealed. */
  at: number;
  record: string;
}

export function fieldsOf({ stream, place, key, record }: SealedRecord): string[] {
  return [RECORD_FORM, stream, String(place), key, record];
}

export function leafOfFields(digest: Digest, fields: readonly string[]): Buffer {
  return leafOf(digest, canonicalOf(fields));
}
