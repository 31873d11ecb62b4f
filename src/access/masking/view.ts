/** A text as its reader understands it, with the place of each character in the original. */
export interface View {
  text: string;
  /** Place in the original of the character at `place`, and of what follows it. */
  from(place: number): number;
  to(place: number): number;
}

/** Percent-encoded JSON inside a JSON string, and nothing much deeper. */
const MAX_ROUNDS = 4;
const MAY_BE_WRITTEN_OTHERWISE = /[%\\&\u00a0\u00ad\u200b-\u200d\u2010-\u2015\u2060\u3000\ufeff\uff01-\uff5e]/;
const ESCAPE =
  /(?:%[0-9A-Fa-f]{2})+|(?:\\x[0-9A-Fa-f]{2})+|(?:\\[0-3][0-7]{2})+|\\u[0-9A-Fa-f]{4}|\\u\{[0-9A-Fa-f]{1,6}\}|\\.|&(?:#\d{1,7}|#x[0-9A-Fa-f]{1,6}|amp|quot|apos|lt|gt|nbsp);|[\u00a0\u00ad\u200b-\u200d\u2010-\u2015\u2060\u3000\ufeff\uff01-\uff5e]/gs;
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', quot: '"', apos: "'", lt: '<', gt: '>', nbsp: ' ' };
const BACKSLASHED: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: ' ', f: ' ' };

/**
 * The text without what hides values from the eye: percent-encoding (UTF-8, GBK), `\u5f20`, `\xe5`, octal, HTML entities,
 * full-width forms, zero-width characters. One view for each layer that is taken off; none when there is nothing to take off.
 */
export function viewsOf(original: string): View[] {
  const views: View[] = [];
  let view: View = { text: original, from: (place) => place, to: (place) => place + 1 };
  for (let round = 0; round < MAX_ROUNDS && MAY_BE_WRITTEN_OTHERWISE.test(view.text); round++) {
    const next = decoded(view);
    if (next.text === view.text) break;
    views.push(next);
    view = next;
  }
  return views;
}

function decoded(view: View): View {
  const { text } = view;
  const parts: string[] = [];
  const starts: number[] = [];
  const ends: number[] = [];
  const take = (from: number, to: number, as: string): void => {
    parts.push(as);
    for (let unit = 0; unit < as.length; unit++) {
      starts.push(view.from(from));
      ends.push(view.to(to - 1));
    }
  };
  const copy = (from: number, to: number): void => {
    parts.push(text.slice(from, to));
    for (let place = from; place < to; place++) {
      starts.push(view.from(place));
      ends.push(view.to(place));
    }
  };
  let done = 0;
  ESCAPE.lastIndex = 0;
  for (let match = ESCAPE.exec(text); match !== null; match = ESCAPE.exec(text)) {
    const escape = match[0];
    copy(done, match.index);
    done = match.index + escape.length;
    if (!takeBytes(escape, match.index, take)) take(match.index, done, characterOf(escape));
  }
  copy(done, text.length);
  return { text: parts.join(''), from: (place) => starts[place]!, to: (place) => ends[place]! };
}

function characterOf(escape: string): string {
  if (escape[0] === '\\') {
    const code = /^\\u\{?([0-9A-Fa-f]+)/.exec(escape)?.[1];
    return code === undefined ? (BACKSLASHED[escape[1]!] ?? escape[1]!) : pointOf(parseInt(code, 16));
  }
  if (escape[0] === '&') {
    if (escape[1] !== '#') return ENTITIES[escape.slice(1, -1)]!;
    return pointOf(escape[2] === 'x' ? parseInt(escape.slice(3), 16) : parseInt(escape.slice(2), 10));
  }
  const code = escape.charCodeAt(0);
  if (code >= 0xff01) return code === 0xfeff ? '' : String.fromCharCode(code - 0xfee0);
  if (code === 0x3000 || code === 0xa0) return ' ';
  return code >= 0x2010 && code <= 0x2015 ? '-' : '';
}

function pointOf(code: number): string {
  return code <= 0x10ffff ? String.fromCodePoint(code) : ' ';
}

/** Takes a run of escaped bytes, character by character. @returns false when `escape` is none. */
function takeBytes(escape: string, at: number, take: (from: number, to: number, as: string) => void): boolean {
  const width = /^%/.test(escape) ? 3 : /^\\(?:x|[0-3][0-7]{2})/.test(escape) ? 4 : 0;
  if (width === 0) return false;
  const bytes = Buffer.alloc(escape.length / width);
  for (let index = 0; index < bytes.length; index++) {
    const part = escape.slice(index * width, (index + 1) * width);
    bytes[index] = /^(?:%|\\x)/.test(part) ? parseInt(part.slice(-2), 16) : parseInt(part.slice(1), 8);
  }
  const charset = isUtf8(bytes) ? 'utf8' : 'gbk';
  for (let index = 0; index < bytes.length;) {
    const length = charset === 'utf8' ? utf8Length(bytes[index]!) : bytes[index]! < 0x81 ? 1 : 2;
    const end = Math.min(index + length, bytes.length);
    const part = bytes.subarray(index, end);
    take(at + index * width, at + end * width, charset === 'utf8' ? part.toString('utf8') : GBK.decode(part));
    index = end;
  }
  return true;
}

const UTF8 = new TextDecoder('utf-8', { fatal: true });
const GBK = new TextDecoder('gb18030');

function isUtf8(bytes: Buffer): boolean {
  try {
    UTF8.decode(bytes);
    return true;
  } catch {
    return false;
  }
}

function utf8Length(first: number): number {
  if (first < 0xc0) return 1;
  if (first < 0xe0) return 2;
  return first < 0xf0 ? 3 : 4;
}
