/**
 * What a browser would act on instead of showing it: control characters (line breaks and tabs aside), marks that turn the
 * direction of writing, what has no width or no ink, and halves of characters.
 */
const ACTING =
  /(?![\n\t])[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2067\u206a-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;
/** More marks on one letter than any script needs: they would be painted over the lines around it. */
const PILED = /(\p{M}{4})\p{M}+/gu;
const RIGHT_TO_LEFT = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;
/** First-strong isolate and its end: what is written from the right stays a unit of its own among its neighbours. */
const [ISOLATE, END] = ['\u2068', '\u2069'];
const ISOLATES = /[\u2068\u2069]/gu;

/**
 * What a text looks like on the page, for whatever comes from log lines, names and people: what acts is written as its
 * number, `[U+202E]`. Every `{{ }}` of a template goes through it; attributes, copied text and addresses keep the original.
 */
export function shown(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  const quiet = value.replace(ACTING, numbered).replace(PILED, '$1[…]');
  const text = isBalanced(quiet) ? quiet : quiet.replace(ISOLATES, numbered);
  return RIGHT_TO_LEFT.test(text) ? ISOLATE + text + END : text;
}

/** Whether every isolate that begins ends, as those do that the page itself puts around names in a sentence. */
function isBalanced(text: string): boolean {
  let depth = 0;
  for (const [mark] of text.matchAll(ISOLATES)) {
    depth += mark === ISOLATE ? 1 : -1;
    if (depth < 0) return false;
  }
  return depth === 0;
}

function numbered(character: string): string {
  return `[U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}]`;
}
