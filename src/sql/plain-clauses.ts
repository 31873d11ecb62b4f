import { SqlTokens } from '../store/sql-tokens.ts';

/** Behind these a word is a name, whatever it says. */
const BEFORE_NAMES = new Set('SELECT AS BY WHERE AND OR ON DISTINCT HAVING NOT IN FROM JOIN WITH USING THEN ELSE WHEN CASE BETWEEN LIKE PREWHERE QUALIFY INTERVAL'.split(' ')); // prettier-ignore
/** What may follow a table that has FINAL behind it. */
const AFTER_FINAL = /^(?:|\)|,|[A-Z]{2,}|SAMPLE)$/;

interface Word {
  raw: string;
  start: number;
  end: number;
}

/**
 * Leaves out what tables of people do not need: FINAL, as each thing is there once, and PREWHERE, which becomes WHERE where a query
 * has no other. What comes out is what is checked and run.
 * @param sql in the engine's writing, where words of the language are in capitals.
 */
export function plainClauses(sql: string): string {
  if (!/\b(?:FINAL|PREWHERE)\b/.test(sql)) return sql;
  const words = wordsOf(sql);
  let plain = '';
  let done = 0;
  words.forEach((word, at) => {
    const as = isFinal(words, at) ? '' : isLonePrewhere(words, at) ? 'WHERE' : undefined;
    if (as === undefined) return;
    plain += sql.slice(done, word.start) + as;
    done = word.end;
  });
  return plain + sql.slice(done);
}

function wordsOf(sql: string): Word[] {
  const words: Word[] = [];
  const tokens = new SqlTokens(sql);
  while (tokens.next()) words.push({ raw: sql.slice(tokens.start, tokens.end), start: tokens.start, end: tokens.end });
  return words;
}

function isFinal(words: readonly Word[], at: number): boolean {
  const [before, after] = [words[at - 1]?.raw ?? 'SELECT', words[at + 1]?.raw ?? ''];
  return words[at]!.raw === 'FINAL' && /[\w`"]$/.test(before) && !BEFORE_NAMES.has(before) && AFTER_FINAL.test(after);
}

/** PREWHERE of a SELECT that has no WHERE behind it. */
function isLonePrewhere(words: readonly Word[], at: number): boolean {
  if (words[at]!.raw !== 'PREWHERE') return false;
  let depth = 0;
  for (const { raw } of words.slice(at + 1)) {
    if (raw === '(') depth++;
    else if (raw === ')' && --depth < 0) return true;
    else if (depth === 0 && raw === 'WHERE') return false;
    else if (depth === 0 && /^(?:UNION|INTERSECT|EXCEPT)$/.test(raw)) return true;
  }
  return true;
}
