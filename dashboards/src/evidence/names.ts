/** Names that somebody has typed, separated by blanks or by commas of either language. */
export function namesIn(text: string): string[] {
  return text.split(/[\s,，、]+/).filter((name) => name !== '');
}
