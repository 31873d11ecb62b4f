/** Words of queries, for completion. */
export const KEYWORDS =
  'SELECT FROM WHERE GROUP BY ORDER BY HAVING LIMIT OFFSET DISTINCT AS AND OR NOT IN BETWEEN LIKE ILIKE IS NULL CASE WHEN THEN ELSE END WITH UNION ALL LEFT INNER JOIN ON USING ARRAY JOIN ASC DESC INTERVAL PREWHERE QUALIFY OVER PARTITION count sum avg min max uniq uniqExact countIf sumIf any argMax argMin quantile groupArray toDate toStartOfHour toStartOfDay toStartOfMonth toDateTime now lower upper length has hasAny arrayJoin mapKeys if multiIf coalesce round formatReadableSize'
    .split(' ')
    .filter((word, at, all) => all.indexOf(word) === at);

/** Parameters of a query in the order in which they first stand: `{name:Type}`. */
export function parametersIn(sql: string): readonly { name: string; type: string }[] {
  const found = new Map(
    [...sql.matchAll(/\{\s*([A-Za-z_]\w*)\s*:\s*([^{}]+?)\s*\}/g)].map(([, name, type]) => [name!, type!]),
  );
  return [...found].map(([name, type]) => ({ name, type }));
}

/** The word that ends where the cursor is, and where it begins: what is completed. */
export function wordBefore(sql: string, cursor: number): { word: string; from: number } {
  const word = /[A-Za-z_][\w]*$/.exec(sql.slice(0, cursor))?.[0] ?? '';
  return { word, from: cursor - word.length };
}

/** Index of a place in the text; line and column count from 1. */
export function indexOf(sql: string, line: number, column: number): number {
  const before = sql.split('\n').slice(0, line - 1);
  return Math.min(sql.length, before.reduce((sum, one) => sum + one.length + 1, 0) + column - 1);
}
