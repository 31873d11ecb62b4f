/** What one look at a text tells: which of the searches could find something in it. */
export interface Traits {
  /** Of the longest number, its groups taken together. */
  digits: number;
  hasHan: boolean;
  hasAt: boolean;
  /** Something that may stand between the name of a field and its value. */
  hasSeparator: boolean;
  hasQuote: boolean;
  /** Of the longest run of what Base64 is written in. */
  run: number;
}

const SEPARATES = marked('=:>([{|\t');
const GROUPS = marked(' -+.()');
const BASE64 = marked('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/_-');

export function traitsOf(text: string): Traits {
  const traits = { digits: 0, hasHan: false, hasAt: false, hasSeparator: false, hasQuote: false, run: 0 };
  let digits = 0;
  let run = 0;
  let gap = 0;
  for (let place = 0; place < text.length; place++) {
    const code = text.charCodeAt(place);
    if (code >= 48 && code <= 57) {
      digits++;
      gap = 0;
      if (digits > traits.digits) traits.digits = digits;
    } else if (code >= 128 || GROUPS[code] !== 1 || ++gap > 2) digits = 0;
    if (code >= 128) {
      if (code >= 0x3400 && code <= 0x9fff) traits.hasHan = true;
      run = 0;
      continue;
    }
    run = BASE64[code] === 1 ? run + 1 : 0;
    if (run > traits.run) traits.run = run;
    if (SEPARATES[code] === 1) traits.hasSeparator = true;
    else if (code === 64) traits.hasAt = true;
    else if (code === 39 || code === 34) traits.hasQuote = true;
  }
  return traits;
}

/** A table of ASCII characters: 1 for those given. */
export function marked(characters: string): Uint8Array {
  const marks = new Uint8Array(128);
  for (const character of characters) marks[character.charCodeAt(0)] = 1;
  return marks;
}
