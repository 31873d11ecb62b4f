import type { Event } from '../event.ts';
import { state } from './format.ts';
import { BACKSLASH, QUOTE } from './scan.ts';

/**
 * Reads RFC 5424 structured data at `at`: elements that follow each other directly, each `[id name="value" …]`, with `\"`, `\\`
 * and `\]` as escapes. Parameters become attributes `id.name`; an element without any becomes `id` = `true`.
 * @returns the position behind it, or -1 when it is malformed (what was read before stays).
 */
export function readStructuredData(text: string, at: number, event: Event): number {
  if (text.charCodeAt(at) === 45) return at + 1;
  let next = at;
  while (text.charCodeAt(next) === 91) {
    next = readElement(text, next + 1, event);
    if (next < 0) return -1;
  }
  return next === at ? -1 : next;
}

function readElement(text: string, at: number, event: Event): number {
  const idEnd = nameEnd(text, at);
  if (idEnd === at) return -1;
  const id = text.slice(at, idEnd);
  let next = idEnd;
  if (text.charCodeAt(next) === 93) {
    state(event, id, 'true');
    return next + 1;
  }
  while (text.charCodeAt(next) === 32) {
    while (text.charCodeAt(next) === 32) next++;
    if (text.charCodeAt(next) === 93) break;
    next = readParameter(text, next, id, event);
    if (next < 0) return -1;
  }
  return text.charCodeAt(next) === 93 ? next + 1 : -1;
}

function readParameter(text: string, at: number, id: string, event: Event): number {
  const end = nameEnd(text, at);
  if (end === at || text.charCodeAt(end) !== 61 || text.charCodeAt(end + 1) !== QUOTE) return -1;
  const start = end + 2;
  let close = start;
  let escaped = false;
  for (; close < text.length; close++) {
    const code = text.charCodeAt(close);
    if (code === QUOTE) break;
    if (code === BACKSLASH) {
      escaped = true;
      close++;
    }
  }
  if (close >= text.length) return -1;
  const value = text.slice(start, close);
  state(event, `${id}.${text.slice(at, end)}`, escaped ? unescaped(value) : value);
  return close + 1;
}

/** Only `"`, `\` and `]` are escaped; a backslash before anything else stays (RFC 5424, 6.3.3). */
function unescaped(value: string): string {
  return value.replace(/\\(["\\\]])/g, '$1');
}

function nameEnd(text: string, at: number): number {
  let end = at;
  for (;;) {
    const code = text.charCodeAt(end);
    if (code !== code || code <= 32 || code === 61 || code === 93 || code === QUOTE) return end;
    end++;
  }
}
