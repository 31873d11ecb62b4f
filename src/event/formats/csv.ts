import { QUOTE } from './scan.ts';

/**
 * Splits one CSV record (RFC 4180: quotes doubled inside quotes, line feeds allowed there) into at most `maxFields` fields.
 * An unclosed quote takes the rest of the text.
 */
export function splitCsv(text: string, maxFields: number): string[] {
  const fields: string[] = [];
  let at = 0;
  while (fields.length < maxFields) {
    let end: number;
    if (text.charCodeAt(at) === QUOTE) {
      end = quotedEnd(text, at);
      const value = text.slice(at + 1, text.charCodeAt(end - 1) === QUOTE && end - 1 > at ? end - 1 : end);
      fields.push(value.includes('""') ? value.replaceAll('""', '"') : value);
      const comma = text.indexOf(',', end);
      end = comma < 0 ? text.length : comma;
    } else {
      const comma = text.indexOf(',', at);
      end = comma < 0 ? text.length : comma;
      fields.push(text.slice(at, end));
    }
    if (end >= text.length) break;
    at = end + 1;
  }
  return fields;
}

/** Position behind the quote that closes the field opened at `open`. */
function quotedEnd(text: string, open: number): number {
  let quote = text.indexOf('"', open + 1);
  while (quote >= 0 && text.charCodeAt(quote + 1) === QUOTE) quote = text.indexOf('"', quote + 2);
  return quote < 0 ? text.length : quote + 1;
}
