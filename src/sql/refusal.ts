import { WanglouError } from '../errors.ts';
import type { Bilingual } from '../finding/finding.ts';
import { SqlTokens } from '../store/sql-tokens.ts';

/** Where a construct stands in the text of whoever asked: both count from 1. */
export interface Place {
  line: number;
  column: number;
}

/** A query that is not run: which construct, where, why, and what to do instead, in both languages. */
export class SqlRefusal extends WanglouError {
  readonly why: Bilingual;
  readonly instead: Bilingual;
  readonly construct: string;
  readonly place: Place | undefined;

  constructor(construct: string, { why, instead }: { why: Bilingual; instead: Bilingual }, place?: Place) {
    const named = shortened(construct);
    const at = place === undefined ? '' : ` (line ${place.line}, column ${place.column})`;
    const zhAt = place === undefined ? '' : `（第 ${place.line} 行第 ${place.column} 列）`;
    const zh = `不允许 ${named}${zhAt}：${why.zh}`;
    super('WL_SQL_REFUSED', `${named}${at} is refused: ${why.en}`, {
      remedy: instead.en,
      details: { construct: named, messageZh: zh, remedyZh: instead.zh, ...place },
    });
    this.why = why;
    this.instead = instead;
    this.construct = construct;
    this.place = place;
  }
}

function shortened(text: string): string {
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
}

/** The place of a character by its index in the text. */
export function placeAt(text: string, index: number): Place {
  const before = text.slice(0, Math.max(0, index));
  return { line: before.split('\n').length, column: before.length - before.lastIndexOf('\n') };
}

/** Where a word first stands in what was asked. */
export function placeOf(asked: string, word: string): Place | undefined {
  const tokens = new SqlTokens(asked);
  const wanted = word.toLowerCase();
  while (tokens.next())
    if ((tokens.kind === 'word' || tokens.kind === 'quoted') && tokens.word === wanted)
      return placeAt(asked, tokens.start);
  return undefined;
}
