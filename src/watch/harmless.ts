/**
 * What a terminal would act on instead of showing it: control characters (ANSI sequences begin with one), marks that turn
 * the direction of writing, line separators, what has no width, and halves of characters.
 */
const ACTING = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu;
/** Log content can be as long as a record. */
const MAX_LENGTH = 600;

/** Text of a log line as a terminal may show it: on one line, what acts is written as its number, `<1b>`. */
export function harmless(text: string): string {
  const shown = text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}…` : text;
  return shown.replace(ACTING, (character) => `<${character.codePointAt(0)!.toString(16).padStart(2, '0')}>`);
}

/** One line of JSON with the same value, in which what acts is escaped. */
export function harmlessJson(value: unknown): string {
  return JSON.stringify(value).replace(
    ACTING,
    (character) => `\\u${character.codePointAt(0)!.toString(16).padStart(4, '0')}`,
  );
}
