import type { Event } from '../event.ts';
import { ecs } from './ecs.ts';
import { flatten, isObject, parseExactly, type JsonObject } from './flatten.ts';
import { nameFormat, type Format, type ParseContext } from './format.ts';
import { journald } from './journald.ts';
import { laurel } from './laurel.ts';
import { readNamedValues } from './named-values.ts';
import { ocsfJson } from './ocsf-json.ts';
import { otel } from './otel.ts';
import { postgresqlJson } from './postgresql-json.ts';
import { skipSpaces } from './scan.ts';
import { wanglou } from './wanglou.ts';

/** One vocabulary of JSON records. `fits` looks only at which names are there. */
export interface JsonShape {
  readonly name: string;
  fits(record: JsonObject): boolean;
  /** @returns '' or the fault. */
  read(record: JsonObject, event: Event, context: ParseContext): string;
}

const SHAPES: readonly JsonShape[] = [wanglou, ocsfJson, otel, postgresqlJson, laurel, ecs, journald];

/** How the fault begins when the text is no JSON. */
export const MALFORMED = 'malformed JSON';

/** Any JSON object: one of the known vocabularies, or `json`, which keeps every field and maps the well-known names. */
export const json: Format = {
  name: 'json',
  namesItself: true,

  recognizes(text) {
    const at = skipSpaces(text, text.charCodeAt(0) === 0xfeff ? 1 : 0);
    if (text.charCodeAt(at) === 123) return true;
    return text.charCodeAt(at) === 64 && text.startsWith('@cee:', at);
  },

  parse(text, event, context) {
    let record: unknown;
    try {
      record = parseExactly(text.slice(text.indexOf('{')));
    } catch (error) {
      nameFormat(event, 'json');
      event.message = text;
      return `${MALFORMED}: ${error instanceof Error ? error.message.slice(0, 200) : 'unknown error'}`;
    }
    if (!isObject(record)) return 'the JSON is no object';
    return readRecord(record, event, context);
  },
};

function readRecord(record: JsonObject, event: Event, context: ParseContext): string {
  for (const shape of SHAPES)
    if (shape.fits(record)) {
      nameFormat(event, shape.name);
      return shape.read(record, event, context);
    }
  nameFormat(event, 'json');
  return readNamedValues(flatten(record), event, context);
}
