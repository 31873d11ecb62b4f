/** Whether a citation is of a law as a whole, not of one article. */
export function isWhole(article: string): boolean {
  return article === '' || article === '全文';
}
