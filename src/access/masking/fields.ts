import { saysField, type FieldSays } from './field-names.ts';
import type { Kind, Span } from './kinds.ts';
import { fitted } from './field-values.ts';
import { isChineseName } from './names.ts';
import { marked, type Traits } from './traits.ts';

/** Further names of fields that hold personal information: those that the registry tags. */
export type Tagged = (field: string) => Kind | undefined;

/** Characters between the name of a field and its value. */
const SEPARATORS = marked('=:>~([{|\t');
const OPENS = marked('([{|\t');
const HAN_SEPARATORS = new Set(Array.from('为是【').map((character) => character.charCodeAt(0)));
const WORDS =
  /\b(?:not\s{1,3})?(?:like|ilike|in|regexp|rlike|similar\s{1,3}to|eq|is|between)\b|\bno\.?(?=\s?[A-Z0-9])|的值/gi;
/** A column and what is looked for in it: `instr(xm, '张三')`. */
const SEARCHED =
  /\b(?:instr|locate|position|contains|charindex|strpos|regexp_like|nvl|ifnull|coalesce)\s{0,2}\(\s{0,2}[\w."`]{1,48}(\s{0,2},\s{0,2})(?=['"])/gi;
const MAX_NAME = 48;
const IN_NAME = marked('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.$-');
const AFTER_NAME = marked(' \t\n\r"\'`)]}!<~^*');
const BEGINS_VALUE = marked('ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789(+');
const HAN_NAME = /[\u3400-\u9fff]{2,10}$/;
const QUOTES: Readonly<Record<string, string>> = {
  '"': '"',
  "'": "'",
  '`': '`',
  '“': '”',
  '‘': '’',
  '《': '》',
  '【': '】',
  '[': ']',
  '「': '」',
};
/** Also a function (`upper('…')`), the N of SQL Server's texts, and CDATA. */
const BEFORE_VALUE =
  /^[\s([{=>~]{0,6}(?:[A-Za-z_]{1,16}\()?(?:[Nn](?='))?(?:<!\[CDATA\[)?(?:["']?\$\w{1,10}["']?\s{0,2}:\s{0,2})?/;
const MAX_VALUE = 300;
const MAX_LIST = 2_000;

/** Personal information by the name of its field: `xm=张三`, `"idCard":"…"`, `<phone>…</phone>`, `WHERE xm LIKE '%张三%'`. */
export function findFields(text: string, tagged: Tagged, { hasHan, hasQuote }: Traits): Span[] {
  const found: Span[] = [];
  const look = (end: number, after: number): void => {
    const says = saysBefore(text, end, tagged);
    if (says !== undefined && says.is !== 'not') addValues(found, text, after, says);
  };
  let wasHan = false;
  for (let place = 0; place < text.length; place++) {
    const code = text.charCodeAt(place);
    if (code < 128) {
      if (SEPARATORS[code] === 1) {
        if (OPENS[code] !== 1 || !/\s/.test(text[place + 1] ?? ' ')) look(place, place + 1);
      }
      // A label with its number right after it: 卡号6222…, 护照 E1….
      else if (wasHan && BEGINS_VALUE[code] === 1) look(place, place);
      if (code !== 32) wasHan = false;
    } else {
      if (HAN_SEPARATORS.has(code)) look(place, place + 1);
      wasHan = code >= 0x3400 && code <= 0x9fff;
    }
  }
  if (!hasQuote && !hasHan && !text.includes(' No')) return found;
  WORDS.lastIndex = 0;
  for (let word = WORDS.exec(text); word !== null; word = WORDS.exec(text)) look(word.index, WORDS.lastIndex);
  SEARCHED.lastIndex = 0;
  for (let call = SEARCHED.exec(text); call !== null; call = SEARCHED.exec(text))
    look(call.index + call[0].length - call[1]!.length, SEARCHED.lastIndex);
  addInserted(found, text, tagged);
  addRenamed(found, text, tagged);
  return found;
}

/** Whether a number that begins at `place` is the value of a field that names no person's. */
export function numberSaysBefore(text: string, place: number): 'not' | 'open' {
  const separator = /["'`]?\s{0,2}(?:[:=#]|为|是|\s)\s{0,2}["'`([]?$/.exec(text.slice(Math.max(0, place - 8), place));
  if (separator === null) return 'open';
  return saysBefore(text, place - separator[0].length, () => undefined)?.is === 'not' ? 'not' : 'open';
}

function saysBefore(text: string, end: number, tagged: Tagged): FieldSays | undefined {
  let to = end;
  while (to > 0 && end - to < 6 && AFTER_NAME[text.charCodeAt(to - 1)] === 1) to--;
  let from = to;
  while (from > 0 && to - from < MAX_NAME && isInName(text.charCodeAt(from - 1))) from--;
  if (from === to) return undefined;
  const name = text.slice(from, to);
  const kind = tagged(name);
  if (kind !== undefined) return { is: 'sure', kind };
  return saysField(name) ?? saysHan(name);
}

function isInName(code: number): boolean {
  return code < 128 ? IN_NAME[code] === 1 : code >= 0x3400 && code <= 0x9fff;
}

/** In a sentence the name of the field has words before it: 该居民身份证号. */
function saysHan(name: string): FieldSays | undefined {
  const han = HAN_NAME.exec(name)?.[0] ?? '';
  for (let from = 1; from < han.length - 1; from++) {
    const says = saysField(han.slice(from));
    if (says !== undefined) return says;
  }
  return undefined;
}

function addValues(found: Span[], text: string, after: number, says: FieldSays & { kind: Kind }): void {
  let place = after + BEFORE_VALUE.exec(text.slice(after, after + 40))![0].length;
  const end = Math.min(text.length, after + MAX_LIST);
  for (;;) {
    const close = QUOTES[text[place] ?? ''];
    if (close === undefined) {
      addFitted(found, text, place, Math.min(end, place + MAX_VALUE), says, false);
      return;
    }
    const to = find(text, close, place + 1);
    if (to < 0) {
      // The text was cut off in the middle of the value.
      if (text.length - place <= MAX_VALUE) addFitted(found, text, place + 1, text.length, says, false);
      return;
    }
    addFitted(found, text, place + 1, to, says, true);
    const next = /^(?:\s{0,3},\s{0,3}|\s{1,3}and\s{1,3})(?=["'`])/i.exec(text.slice(to + 1, to + 12))?.[0];
    // In JSON a comma is followed by the next name, in a list by the next value.
    if (next === undefined || place > end || isName(text, to + 1 + next.length)) return;
    place = to + 1 + next.length;
  }
}

/** Looks no further than a value may reach, so that quotes which are never closed cost no more than others. */
function find(text: string, character: string, from: number): number {
  const at = text.slice(from, from + MAX_VALUE).indexOf(character);
  return at < 0 ? -1 : from + at;
}

function isName(text: string, quote: number): boolean {
  const to = find(text, text[quote]!, quote + 1);
  return to < 0 || /^\s{0,3}[:=]/.test(text.slice(to + 1, to + 5));
}

function addFitted(
  found: Span[],
  text: string,
  from: number,
  to: number,
  says: FieldSays & { kind: Kind },
  isWhole: boolean,
): void {
  const span = fitted(text.slice(from, to), says.kind, says.is === 'sure', isWhole);
  if (span === undefined) return;
  found.push({
    from: from + span.from,
    to: from + span.to,
    kind: span.kind,
    value: text.slice(from + span.from, from + span.to),
  });
}

const RENAMED = /'([^'\n]{2,120})'\s{1,3}as\s{1,3}["`[]?(?=([\w\u3400-\u9fff]{1,48}))/gi;

/** `SELECT '张三' AS xm`. */
function addRenamed(found: Span[], text: string, tagged: Tagged): void {
  RENAMED.lastIndex = 0;
  for (let renamed = RENAMED.exec(text); renamed !== null; renamed = RENAMED.exec(text)) {
    const says = saysBefore(renamed[2]!, renamed[2]!.length, tagged);
    const from = renamed.index + 1;
    if (says !== undefined && says.is !== 'not') addFitted(found, text, from, from + renamed[1]!.length, says, true);
  }
}

const LITERAL = /(["'])([\u3400-\u9fff·]{2,12})\1|(?<=[\s,])([\u3400-\u9fff·]{2,12})(?=\(String\))/g;

/** Names among the parameters of a statement that also has a person's number: `$1 = '张三'`, `张三(String)`. */
export function findParameters(text: string): Span[] {
  const found: Span[] = [];
  for (const literal of text.matchAll(LITERAL)) {
    const value = literal[2] ?? literal[3]!;
    const from = literal.index + (literal[2] === undefined ? 0 : 1);
    if (isChineseName(value, false)) found.push({ from, to: from + value.length, kind: 'name', value });
  }
  return found;
}

const INSERT = /\(([^()]{1,1000})\)\s{0,5}VALUES\s{0,5}\(/gi;
const MAX_INSERT = 200_000;

/** `INSERT INTO t (xm, sfzh) VALUES ('张三', '…'), (…)`: values by the place of their column. */
function addInserted(found: Span[], text: string, tagged: Tagged): void {
  if (!/values/i.test(text)) return;
  INSERT.lastIndex = 0;
  for (let insert = INSERT.exec(text); insert !== null; insert = INSERT.exec(text)) {
    const columns = insert[1]!.split(',').map((column) => saysBefore(column, column.length, tagged));
    if (columns.every((says) => says === undefined || says.is === 'not')) continue;
    let place = INSERT.lastIndex;
    const end = Math.min(text.length, place + MAX_INSERT);
    for (let column = 0; place < end; column++) {
      place = skip(text, place, /\s/, 4);
      const literal = /^(?:N|n|E)?'(?:[^'\\]|''|\\.){0,300}'|^[^,()]{0,300}/.exec(text.slice(place, place + 304))![0];
      const says = columns[column];
      const quoted = literal.indexOf("'");
      if (says !== undefined && says.is !== 'not')
        addFitted(found, text, place + quoted + 1, place + literal.length - (quoted < 0 ? 0 : 1), says, true);
      place += literal.length;
      if (text[place] === ',') place++;
      else {
        const next = /^\s{0,4}\)\s{0,4},\s{0,4}\(/.exec(text.slice(place, place + 16))?.[0];
        if (next === undefined) break;
        place += next.length;
        column = -1;
      }
    }
    INSERT.lastIndex = place;
  }
}

function skip(text: string, from: number, what: RegExp, most: number): number {
  let place = from;
  while (place < from + most && what.test(text[place] ?? '')) place++;
  return place;
}
