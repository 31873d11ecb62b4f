/** Scanning by character code: what the readers of the frequent formats are made of. Nothing here throws. */

export const SPACE = 32;
export const QUOTE = 34;
export const COLON = 58;
export const BACKSLASH = 92;

/** Whether the character at `at` is 0–9. */
export function isDigitAt(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 48 && code <= 57;
}

/** Two digits at `at` as a number, or -1. */
export function twoDigits(text: string, at: number): number {
  const high = text.charCodeAt(at) - 48;
  const low = text.charCodeAt(at + 1) - 48;
  return high >= 0 && high <= 9 && low >= 0 && low <= 9 ? high * 10 + low : -1;
}

/** Four digits at `at` as a number, or -1. */
export function fourDigits(text: string, at: number): number {
  const high = twoDigits(text, at);
  const low = twoDigits(text, at + 2);
  return high < 0 || low < 0 ? -1 : high * 100 + low;
}

/** End of the run of digits that begins at `at`. */
export function digitsEnd(text: string, at: number): number {
  let end = at;
  while (isDigitAt(text, end)) end++;
  return end;
}

/** End of the token that begins at `at`: the next space, or the end of the text. */
export function tokenEnd(text: string, at: number): number {
  const end = text.indexOf(' ', at);
  return end < 0 ? text.length : end;
}

/** First position at or after `at` that is not a space. */
export function skipSpaces(text: string, at: number): number {
  let next = at;
  while (text.charCodeAt(next) === SPACE) next++;
  return next;
}

/** Position of the quote that closes the one at `open`, stepping over backslash escapes; -1 when it is never closed. */
export function closingQuote(text: string, open: number): number {
  let close = text.indexOf('"', open + 1);
  while (close > 0 && text.charCodeAt(close - 1) === BACKSLASH) {
    let slashes = 1;
    while (text.charCodeAt(close - 1 - slashes) === BACKSLASH) slashes++;
    if (slashes % 2 === 0) return close;
    close = text.indexOf('"', close + 1);
  }
  return close;
}

/** The text between two markers, searched from `from`; '' when either is missing. An empty `after` means the end. */
export function between(text: string, before: string, after: string, from = 0): string {
  const at = text.indexOf(before, from);
  if (at < 0) return '';
  const start = at + before.length;
  const end = after === '' ? text.length : text.indexOf(after, start);
  return end < 0 ? '' : text.slice(start, end);
}

/** A non-negative whole number, or 0 when the text is anything else or too large to be exact. */
export function wholeNumber(text: string): number {
  if (text === '' || digitsEnd(text, 0) !== text.length) return 0;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : 0;
}

/** The text without what senders leave at the end of a record: line feeds, carriage returns, NULs. */
export function withoutLineEnd(text: string): string {
  let end = text.length;
  while (end > 0) {
    const code = text.charCodeAt(end - 1);
    if (code !== 10 && code !== 13 && code !== 0) break;
    end--;
  }
  return end === text.length ? text : text.slice(0, end);
}
