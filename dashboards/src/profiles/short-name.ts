const MOST_CHARACTERS = 40;

/** A name within a sentence: cut, and isolated, so that its direction of writing does not leak out. */
export function shortName(name: string): string {
  const characters = Array.from(name.slice(0, 2 * MOST_CHARACTERS));
  const cut = characters.length > MOST_CHARACTERS ? `${characters.slice(0, MOST_CHARACTERS).join('')}…` : name;
  return `\u2068${cut}\u2069`;
}

/** Names within a sentence. */
export function shortNames(names: readonly string[]): string {
  return names.map(shortName).join(', ');
}
