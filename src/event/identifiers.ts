/** Shorter ones would be found everywhere. */
const SHORTEST = 4;

/**
 * Finds stated identifiers in texts, all in one pass, the longest that begins at a place. What has been put in the place of
 * one is not looked at again: however many are stated, and whatever they are, a text grows by its own length times a constant,
 * and the time is about that of reading it.
 */
export class Identifiers {
  readonly #all: ReadonlySet<string>;
  /** By their first characters: the lengths to try, longest first. */
  readonly #lengths = new Map<string, number[]>();

  constructor(stated: readonly string[]) {
    this.#all = new Set(stated.filter(({ length }) => length >= SHORTEST));
    for (const identifier of this.#all) {
      const begin = identifier.slice(0, SHORTEST);
      const lengths = this.#lengths.get(begin);
      if (lengths === undefined) this.#lengths.set(begin, [identifier.length]);
      else if (!lengths.includes(identifier.length)) lengths.push(identifier.length);
    }
    for (const lengths of this.#lengths.values()) lengths.sort((a, b) => b - a);
  }

  replacedIn(text: string, by: (identifier: string) => string): string {
    if (this.#all.size === 0) return text;
    let result = '';
    let from = 0;
    for (let at = 0; at + SHORTEST <= text.length;) {
      const found = this.#at(text, at);
      if (found === '') {
        at++;
        continue;
      }
      result += text.slice(from, at) + by(found);
      from = at += found.length;
    }
    return from === 0 ? text : result + text.slice(from);
  }

  #at(text: string, at: number): string {
    for (const length of this.#lengths.get(text.slice(at, at + SHORTEST)) ?? []) {
      const candidate = text.slice(at, at + length);
      if (this.#all.has(candidate)) return candidate;
    }
    return '';
  }
}
