import type { Event } from './event.ts';
import { ENVELOPES, formatNamed, PAYLOADS } from './formats/catalogue.ts';
import { nameFormat, type Format, type ParseContext } from './formats/format.ts';
import { json, MALFORMED } from './formats/json.ts';
import { withoutLineEnd } from './formats/scan.ts';

export type { ParseContext } from './formats/format.ts';

/**
 * Reads one record into an event fresh from emptyEvent(): raw, format, time, message, and whatever the format knows. Total: no
 * text makes it throw. What no format recognizes is `unparsed`, with the reason in `fault`, its text in message and raw, and
 * the ingest time as its time. Sets neither id, ingestTime, sequence, source nor authenticated.
 * @param text one record, decoded; the records of multi-line formats joined by line feeds (formats/assemble.ts).
 * @returns '' or the fault, which is also in the event.
 */
export function parseRecord(text: string, event: Event, context: ParseContext): string {
  event.raw = text;
  event.time = context.now;
  try {
    event.fault = read(withoutLineEnd(text), event, context);
  } catch (error) {
    event.fault = `the reader failed: ${error instanceof Error ? error.message : 'unknown error'}`;
    event.message ||= text;
    event.format ||= 'unparsed';
  }
  return event.fault;
}

function read(text: string, event: Event, context: ParseContext): string {
  const fixed = context.format === '' ? undefined : formatNamed(context.format);
  if (fixed !== undefined && (ENVELOPES.includes(fixed) || fixed.recognizes(text, event)))
    return ENVELOPES.includes(fixed) ? readAny(text, event, context) : apply(fixed, text, event, context);
  return readAny(text, event, context);
}

function readAny(text: string, event: Event, context: ParseContext): string {
  const first = startsEnvelope(text) ? ENVELOPES : PAYLOADS;
  const format = recognize(first, text, event) ?? recognize(first === PAYLOADS ? ENVELOPES : PAYLOADS, text, event);
  if (format === undefined) {
    event.format = 'unparsed';
    event.message = text;
    return text.trim() === '' ? 'the record is empty' : 'no known format fits this text';
  }
  const fault = apply(format, text, event, context);
  return carriesText(format, event, fault) ? readCarried(event, context) || fault : fault;
}

/** Envelopes carry another text in their message, and so does JSON that says nothing about what was done. */
function carriesText(format: Format, event: Event, fault: string): boolean {
  if (ENVELOPES.includes(format)) return event.message !== '';
  if (fault.startsWith(MALFORMED)) return false;
  return (
    format === json && event.message !== '' && event.classUid === 0 && event.action === '' && event.format !== 'wanglou'
  );
}

/** Reads the message as a text of its own; what no format recognizes stays the message. */
function readCarried(event: Event, context: ParseContext): string {
  const text = withoutLineEnd(event.message).trimStart();
  const payload = recognize(PAYLOADS, text, event);
  if (payload !== undefined) return apply(payload, text, event, context);
  const isInJson = event.format !== 'rfc5424' && event.format !== 'rfc3164';
  const envelope = isInJson ? recognize(ENVELOPES, text, event) : undefined;
  if (envelope === undefined) return '';
  const fault = apply(envelope, text, event, context);
  const inner = recognize(PAYLOADS, event.message, event);
  return inner === undefined ? fault : apply(inner, event.message, event, context) || fault;
}

/** `<` and an English month can only be syslog, which is most of what comes: no need to ask the payload formats. */
function startsEnvelope(text: string): boolean {
  const code = text.charCodeAt(0);
  return code === 60 || (code >= 65 && code <= 90 && text.charCodeAt(3) === 32);
}

function apply(format: Format, text: string, event: Event, context: ParseContext): string {
  if (format.namesItself !== true) nameFormat(event, format.name);
  return format.parse(text, event, context);
}

function recognize(formats: readonly Format[], text: string, event: Event): Format | undefined {
  for (const format of formats) if (format.recognizes(text, event)) return format;
  return undefined;
}
