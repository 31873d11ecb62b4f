/**
 * SQL without what only looks like SQL: string literals (with doubled or, behind E, escaped quotes), dollar-quoted strings and
 * comments become a space. Names in double quotes stay. One pass; what is never closed ends the text.
 */
export function withoutLiterals(sql: string): string {
  let kept = '';
  let at = 0;
  let start = 0;
  while (at < sql.length) {
    const end = literalEnd(sql, at);
    if (end > at) {
      kept += `${sql.slice(start, at)} `;
      start = end;
      at = end;
    } else at = sql.charCodeAt(at) === 34 ? quoteEnd(sql, at, '"') : at + 1;
  }
  return start === 0 ? sql : kept + sql.slice(start);
}

/** SQL behind the white space, comments and brackets that may stand before its first word. */
export function leadingSql(sql: string): string {
  let at = 0;
  for (;;) {
    const code = sql.charCodeAt(at);
    if (code <= 32 || code === 40 || code === 0xfeff) at++;
    else if (sql.startsWith('--', at) || sql.startsWith('/*', at)) at = literalEnd(sql, at);
    else return at === 0 ? sql : sql.slice(at);
  }
}

/** End of the literal or comment that begins at `at`, or `at` when none does. */
function literalEnd(sql: string, at: number): number {
  switch (sql.charCodeAt(at)) {
    case 39: // '
      return isEscapeString(sql, at) ? escapedEnd(sql, at) : quoteEnd(sql, at, "'");
    case 45: // -
      return sql.startsWith('--', at) ? endOf(sql, '\n', at + 2) : at;
    case 47: // /
      return sql.startsWith('/*', at) ? endOf(sql, '*/', at + 2) : at;
    case 36: // $
      return dollarEnd(sql, at);
    default:
      return at;
  }
}

function endOf(sql: string, mark: string, from: number): number {
  const found = sql.indexOf(mark, from);
  return found < 0 ? sql.length : found + mark.length;
}

function quoteEnd(sql: string, at: number, quote: string): number {
  let end = sql.indexOf(quote, at + 1);
  while (end >= 0 && sql.charAt(end + 1) === quote) end = sql.indexOf(quote, end + 2);
  return end < 0 ? sql.length : end + 1;
}

function isEscapeString(sql: string, at: number): boolean {
  return (sql.charCodeAt(at - 1) | 32) === 101 && !/\w/.test(sql.charAt(at - 2));
}

function escapedEnd(sql: string, at: number): number {
  for (let i = at + 1; i < sql.length; i++) {
    if (sql.charCodeAt(i) === 92) i++;
    else if (sql.charCodeAt(i) === 39) return i + 1;
  }
  return sql.length;
}

/** `$$ … $$` and `$tag$ … $tag$`; `$1` is a parameter. */
function dollarEnd(sql: string, at: number): number {
  const tag = /^\$(?:[A-Za-z_]\w{0,62})?\$/.exec(sql.slice(at, at + 66));
  if (tag === null || /\w/.test(sql.charAt(at - 1))) return at;
  return endOf(sql, tag[0], at + tag[0].length);
}
