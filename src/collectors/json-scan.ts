/**
 * Finds where JSON values end without parsing them: the text of each element goes on to the one parser. Depth and size are
 * bounded by the body, memory is constant.
 */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * The index behind the value that begins at `start` (its first character, no white space), or -1 when the text ends inside.
 * Values are told apart by structure only; whether a number or a word is right is for the parser to say.
 */
export function jsonValueEnd(text: string, start: number): number {
  const first = text.charCodeAt(start);
  if (first === QUOTE) return stringEnd(text, start);
  if (first === 0x7b || first === 0x5b) return nestedEnd(text, start);
  let i = start;
  while (i < text.length && !isBreak(text.charCodeAt(i))) i++;
  return i === start ? -1 : i;
}

/** The index of the next character that is no white space, or the text's length. */
export function skipSpace(text: string, start: number): number {
  let i = start;
  for (; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09 && code !== 0xfeff) break;
  }
  return i;
}

/**
 * The value of the member `id` of the outermost object: a string's content or a number's text; '' when there is none.
 */
export function topLevelId(text: string): string {
  for (let at = text.indexOf('"id"'); at !== -1; at = text.indexOf('"id"', at + 4)) {
    const colon = skipSpace(text, at + 4);
    if (text.charCodeAt(colon) !== 0x3a || depthAt(text, at) !== 1) continue;
    const start = skipSpace(text, colon + 1);
    const end = jsonValueEnd(text, start);
    if (end === -1) return '';
    const isString = text.charCodeAt(start) === QUOTE;
    const value = isString ? text.slice(start + 1, end - 1) : text.slice(start, end);
    if (isString) return value;
    return /^-?\d/.test(value) ? value : '';
  }
  return '';
}

function stringEnd(text: string, start: number): number {
  for (let i = text.indexOf('"', start + 1); i !== -1; i = text.indexOf('"', i + 1)) {
    let slashes = 0;
    while (text.charCodeAt(i - 1 - slashes) === BACKSLASH) slashes++;
    if ((slashes & 1) === 0) return i + 1;
  }
  return -1;
}

function nestedEnd(text: string, start: number): number {
  let depth = 0;
  for (let i = start; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) {
      const end = stringEnd(text, i);
      if (end === -1) return -1;
      i = end - 1;
    } else if (code === 0x7b || code === 0x5b) depth++;
    else if ((code === 0x7d || code === 0x5d) && --depth === 0) return i + 1;
  }
  return -1;
}

/** How many objects and arrays are open at a place; -1 when it lies inside a string. */
function depthAt(text: string, place: number): number {
  let depth = 0;
  for (let i = 0; i < place; i++) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) {
      const end = stringEnd(text, i);
      if (end === -1 || end > place) return -1;
      i = end - 1;
    } else if (code === 0x7b || code === 0x5b) depth++;
    else if (code === 0x7d || code === 0x5d) depth--;
  }
  return depth;
}

/** White space, comma, colon or a closing bracket ends a number or word. */
function isBreak(code: number): boolean {
  return code <= 0x20 || code === 0x2c || code === 0x3a || code === 0x7d || code === 0x5d;
}
