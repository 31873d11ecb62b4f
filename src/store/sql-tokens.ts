/**
 * ClickHouse's lexical rules, so that statements are split, classified and gated the way the engine will read them:
 * nested comments, `--`, `//` and `#` comments, heredocs, backslash escapes, hexadecimal strings, typographic quotes.
 */
export type TokenKind = 'word' | 'quoted' | 'string' | 'number' | 'symbol' | 'broken' | 'end';

/** Walks over the tokens of a text; `kind`, `start` and `end` describe the current one. */
export class SqlTokens {
  readonly text: string;
  kind: TokenKind = 'end';
  start = 0;
  end = 0;

  constructor(text: string, from = 0) {
    this.text = text;
    this.end = from;
  }

  /** Goes to the next token; false at the end of the text. */
  next(): boolean {
    this.start = this.#skipBlank(this.end);
    if (this.start >= this.text.length) {
      this.end = this.text.length;
      this.kind = 'end';
      return false;
    }
    this.#read(this.text.charCodeAt(this.start));
    return true;
  }

  /** The current token in lower case; of a quoted identifier what is between the quotes, escapes resolved. */
  get word(): string {
    const raw = this.text.slice(this.start, this.end);
    if (this.kind !== 'quoted') return raw.toLowerCase();
    return raw.slice(1, -1).replace(/\\(.)/gs, '$1').replaceAll('``', '`').replaceAll('""', '"').toLowerCase();
  }

  is(symbol: string): boolean {
    return this.kind === 'symbol' && this.text.startsWith(symbol, this.start);
  }

  #read(code: number): void {
    const { text, start } = this;
    if (isWordStart(code)) return this.#readWord(code);
    if (isDigit(code)) return this.#take('number', scan(text, start, isWordPart));
    if (code === 39) return this.#readQuoted('string', code);
    if (code === 34 || code === 96) return this.#readQuoted('quoted', code);
    if (code === 0x2018) return this.#readUntil('string', '\u2019', start + 1);
    if (code === 0x201c) return this.#readUntil('quoted', '\u201d', start + 1);
    if (code === 36) return this.#readHeredoc();
    this.#take('symbol', start + 1);
  }

  /** A bare word, or a string such as x'41', in which a backslash is no escape. */
  #readWord(code: number): void {
    const end = scan(this.text, this.start, isWordPart);
    const prefixed = end === this.start + 1 && 'xXbB'.includes(String.fromCharCode(code));
    if (prefixed && this.text.charCodeAt(end) === 39) return this.#readUntil('string', "'", end + 1);
    this.#take('word', end);
  }

  #readQuoted(kind: TokenKind, quote: number): void {
    const { text } = this;
    for (let i = this.start + 1; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code === 92) i++;
      else if (code === quote) {
        if (text.charCodeAt(i + 1) !== quote) return this.#take(kind, i + 1);
        i++;
      }
    }
    this.#take('broken', text.length);
  }

  #readHeredoc(): void {
    const tagEnd = scan(this.text, this.start + 1, isWordPart);
    if (this.text.charCodeAt(tagEnd) !== 36) return this.#take('symbol', this.start + 1);
    this.#readUntil('string', this.text.slice(this.start, tagEnd + 1), tagEnd + 1);
  }

  #readUntil(kind: TokenKind, closing: string, from: number): void {
    const at = this.text.indexOf(closing, from);
    if (at < 0) this.#take('broken', this.text.length);
    else this.#take(kind, at + closing.length);
  }

  #take(kind: TokenKind, end: number): void {
    this.kind = kind;
    this.end = end;
  }

  #skipBlank(from: number): number {
    const { text } = this;
    let at = from;
    for (;;) {
      const code = text.charCodeAt(at);
      const following = text.charCodeAt(at + 1);
      if (isBlank(code)) at++;
      else if ((code === 45 && following === 45) || (code === 47 && following === 47)) at = lineEnd(text, at);
      else if (code === 35 && (following === 32 || following === 33)) at = lineEnd(text, at);
      else if (code === 47 && following === 42) at = commentEnd(text, at + 2);
      else return at;
    }
  }
}

/** Comments nest, as in the SQL standard; one that is never closed goes to the end. */
function commentEnd(text: string, from: number): number {
  let depth = 1;
  for (let i = from; i < text.length - 1; i++) {
    const pair = text.charCodeAt(i) * 256 + text.charCodeAt(i + 1);
    if (pair !== 0x2a2f && pair !== 0x2f2a) continue;
    depth += pair === 0x2f2a ? 1 : -1;
    i++;
    if (depth === 0) return i + 1;
  }
  return text.length;
}

function lineEnd(text: string, from: number): number {
  const at = text.indexOf('\n', from);
  return at < 0 ? text.length : at + 1;
}

function scan(text: string, from: number, belongs: (code: number) => boolean): number {
  let at = from;
  while (at < text.length && belongs(text.charCodeAt(at))) at++;
  return at;
}

const isDigit = (code: number): boolean => code >= 48 && code <= 57;
const isWordStart = (code: number): boolean => (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95;
const isWordPart = (code: number): boolean => isWordStart(code) || isDigit(code);
/** What the engine skips: ASCII blanks, and the Unicode ones that it knows. */
const isBlank = (code: number): boolean =>
  code === 32 || (code >= 9 && code <= 13) || code === 0xa0 || code === 0xfeff || (code >= 0x2000 && code <= 0x200d) ||
  code === 0x3000 || code === 0x202f || code === 0x205f || code === 0x2060 || code === 0x1680 || code === 0x180e ||
  code === 0x85 || code === 0x2028 || code === 0x2029; // prettier-ignore
