import type { Kind, Span } from './kinds.ts';

/** How the place before a number speaks of it: `not` for an order number, a count, a time. */
export type SaysBefore = (place: number) => 'not' | 'open';

/* Each expression is bounded in what it repeats: linear in the text. Groups of digits may stand apart by one blank, hyphen or dot. */
const ID_CARD = /(?<![0-9A-Za-z])[1-8](?:[ +-]?\d){16}[ +-]?[\dXx](?![0-9A-Za-z])/g;
const OLD_ID_CARD = /(?<![0-9A-Za-z.])[1-8]\d{14}(?![0-9A-Za-z]|\.\d)/g;
const MOBILE =
  /(?<![0-9A-Za-z]|\d\.)(?:\(?(?:\+|00)?86\)?[ +-]?)?1[3-9]\d(?:\d{8}|\d{4}[ +-]\d{4}|\d[ +-]\d{4}[ +-]\d{3}|([ .+-])\d{4}\1\d{4}|[ +-]\d{8}|[ +-]\d{3}[ +-]\d{5}|[ +-]\d{5}[ +-]\d{3})(?![0-9A-Za-z]|\.\d)/g;
const LANDLINE =
  /(?<![0-9A-Za-z.-])(?:(?:\+|00)?86[ +-]?(?:10|2\d|[3-9]\d{2})[ +-][2-8]\d{6,7}|\(0(?:10|2\d|[3-9]\d{2})\)[ +-]?[2-8]\d{6,7}|0(?:10|2\d|[3-9]\d{2})[ +-](?:[2-8]\d{6,7}|[2-8]\d{2,3}[ +-]\d{4}))(?:(?:-|转| ?ext\.? ?|x)\d{1,6})?(?![0-9A-Za-z]|[.-]\d)/gi;
const JOINED_LANDLINE = /(?<![0-9A-Za-z.-])0(?:10|2[0-57-9])[2-8]\d{7}(?![0-9A-Za-z]|[.-]\d)/g;
const CARD_DIGITS = /(?<![0-9A-Za-z.])[3-9]\d{15,18}(?![0-9A-Za-z]|\.\d)/g;
const CARD_GROUPS =
  /(?<![0-9A-Za-z.])[3-9]\d{3}(?:([ +-])\d{4}\1\d{4}\1\d{4}(?:\1\d{1,4})?|\d{2}([ +-])\d{10,13}|\d{2}([ +-])\d{4}\3\d{4}\3\d{2,5})(?![0-9A-Za-z]|\.\d)/g;

/** @param digits of the longest number in the text. */
export function findNumbers(text: string, digits: number, before: SaysBefore): Span[] {
  if (digits < 10) return [];
  const open = (place: number): boolean => before(place) === 'open';
  const found = matches(text, LANDLINE, 'phone', (_, place) => open(place));
  if (digits < 11) return found;
  found.push(...matches(text, MOBILE, 'mobile', (_, place) => open(place)));
  found.push(...matches(text, JOINED_LANDLINE, 'phone', (_, place) => open(place)));
  if (digits < 15) return found;
  return [
    ...matches(text, ID_CARD, 'id-card', (value) => isIdCard(digitsOf(value))),
    ...matches(text, CARD_DIGITS, 'bank-card', (value, place) => isBankCard(value) && open(place)),
    ...matches(text, CARD_GROUPS, 'bank-card', (value, place) => isBankCard(digitsOf(value)) && open(place)),
    ...matches(text, OLD_ID_CARD, 'id-card', (value, place) => isOldIdCard(value) && open(place)),
    ...found,
  ];
}

/** After a match that is none, the search goes on one character later: what follows may be one. */
export function matches(
  text: string,
  pattern: RegExp,
  kind: Kind,
  isOne: (value: string, place: number) => boolean = () => true,
): Span[] {
  const found: Span[] = [];
  pattern.lastIndex = 0;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const from = match.index;
    const value = match[0];
    if (isOne(value, from)) found.push({ from, to: from + value.length, kind, value });
    else pattern.lastIndex = from + 1;
  }
  return found;
}

export function digitsOf(text: string): string {
  return text.replace(/[^\dXx]/g, '');
}

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECKS = '10X98765432';
/** The first two digits of a region: GB/T 2260. */
const PROVINCES = new Set(
  '11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83'.split(' '),
);

/** GB 11643-1999: region, date of birth, check character. */
export function isIdCard(text: string): boolean {
  if (!/^[1-8]\d{16}[\dXx]$/.test(text) || !PROVINCES.has(text.slice(0, 2))) return false;
  if (!isDate(Number(text.slice(6, 10)), text.slice(10, 14))) return false;
  const sum = WEIGHTS.reduce((total, weight, at) => total + weight * Number(text[at]), 0);
  return CHECKS[sum % 11] === text[17]!.toUpperCase();
}

/** Before 1999: a year of two digits and no check character. */
export function isOldIdCard(text: string): boolean {
  return /^[1-8]\d{14}$/.test(text) && PROVINCES.has(text.slice(0, 2)) && isDate(1950, text.slice(8, 12));
}

function isDate(year: number, monthAndDay: string): boolean {
  const month = Number(monthAndDay.slice(0, 2));
  const day = Number(monthAndDay.slice(2));
  return year >= 1880 && year <= 2100 && month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

/** Of what issuers in China begin with: UnionPay 62, 60, 68, 69 and 9558, Visa, Mastercard, JCB; with the right last digit. */
export function isBankCard(digits: string): boolean {
  const { length } = digits;
  const fits =
    /^(?:6[02589]|9558)/.test(digits) && length >= 16 && length <= 19
      ? true
      : length === 16 && /^(?:4|5[1-5]|35)/.test(digits);
  return fits && isLuhn(digits);
}

function isLuhn(digits: string): boolean {
  let sum = 0;
  for (let index = 0; index < digits.length; index++) {
    const digit = digits.charCodeAt(digits.length - 1 - index) - 48;
    sum += index % 2 === 0 ? digit : digit < 5 ? digit * 2 : digit * 2 - 9;
  }
  return sum % 10 === 0;
}
