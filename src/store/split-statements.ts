import { SqlTokens } from './sql-tokens.ts';

/** The statements of a file: cut at semicolons outside of strings and comments; empty ones left out. */
export function splitStatements(text: string): string[] {
  const statements: string[] = [];
  const tokens = new SqlTokens(text);
  let start = -1;
  let end = 0;
  const finish = (): void => {
    if (start >= 0) statements.push(text.slice(start, end));
    start = -1;
  };
  while (tokens.next()) {
    if (tokens.is(';')) finish();
    else {
      if (start < 0) start = tokens.start;
      end = tokens.end;
    }
  }
  finish();
  return statements;
}
