import type { Kind } from './kinds.ts';
import { isChineseName, nameEnd } from './names.ts';
import { digitsOf, isIdCard, isOldIdCard } from './numbers.ts';

interface Fitted {
  from: number;
  to: number;
  kind: Kind;
}

/** Already hashed, masked or hidden by the sender; or no value at all. */
const NO_VALUE =
  /^(?:ds_[\w-]{22}|‹.*|.*\*{2,}.*|null|none|nil|undefined|true|false|n\/a|nan|-|\?|:\w+|\$\w+|%s|#\{.*|\$\{.*)$/i;

/**
 * The part of a field's value that is what its name says.
 * @param isSure the name can mean nothing else.
 * @param isWhole the value was quoted: all of it is the value; else it begins the text and ends somewhere in it.
 */
export function fitted(given: string, kind: Kind, isSure: boolean, isWhole: boolean): Fitted | undefined {
  const lead = /^[\s%^]*/.exec(given)![0].length;
  const text = (isWhole ? given.slice(lead).replace(/[\s%]+$/, '') : given.slice(lead)).slice(0, 300);
  const found = NO_VALUE.test(text.slice(0, 120)) ? undefined : FITS[kind]?.(text, isSure, isWhole);
  return found && { from: found.from + lead, to: found.to + lead, kind: found.kind };
}

type Fits = (text: string, isSure: boolean, isWhole: boolean) => Fitted | undefined;

const FITS: Partial<Record<Kind, Fits>> = {
  'id-card': idCard,
  permit: (text) => idCard(text) ?? start(text, /^[A-Za-z\u3400-\u9fff]{0,4}[\w-]{5,20}(?![A-Za-z0-9])/, 'permit', 5),
  mobile: (text) => number(text, 'mobile', 7, 16),
  phone: (text) => number(text, 'phone', 7, 18),
  'bank-card': (text) => number(text, 'bank-card', 12, 30),
  name,
  address,
  plate: (text) => start(text, /^[\u4e00-\u9fff] ?[A-Za-z][ ·•.-]?[A-Za-z0-9]{4,5}[A-Za-z0-9挂学警港澳]/, 'plate', 2),
  mail: (text) => start(text, /^[^\s@,;&<>"'|]{1,80}@[^\s@,;&<>"'|]{1,80}/, 'mail', 0),
  personal: (text, _, isWhole) =>
    text === '' ? undefined : { from: 0, to: isWhole ? text.length : endOf(text), kind: 'personal' },
};

/** A field for numbers of documents has ID cards, old ones, passports and permits; a credit code of a company stays. */
function idCard(text: string): Fitted | undefined {
  const number = /^[\dXx](?:[ +-]?[\dXx]){13,18}(?![0-9A-Za-z])/.exec(text)?.[0];
  if (number !== undefined) {
    const digits = digitsOf(number);
    const isOne = isIdCard(digits) || isOldIdCard(digits) || /^[1-8]\d{16}[\dXx]$|^[1-8]\d{14}$/.test(digits);
    if (isOne) return { from: 0, to: number.length, kind: 'id-card' };
  }
  return start(text, /^(?:[A-Za-z]{1,2}\d{7,10}|[A-Za-z]\d{6}\([0-9A]\)|\d{8})(?![0-9A-Za-z])/, 'permit', 5);
}

function number(text: string, kind: Kind, least: number, most: number): Fitted | undefined {
  const written =
    /^[+(]?\d(?:[ ().+·-]{0,2}\d){5,29}(?:(?:-|转| ?ext\.? ?|x)\d{1,6})?(?![A-Za-z0-9])/i.exec(text)?.[0] ?? '';
  const { length } = written.replace(/\D/g, '');
  if (length < least || length > most || /^\d{1,3}(?:\.\d{1,3}){3}$/.test(written)) return undefined;
  return { from: 0, to: written.length, kind };
}

function name(text: string, isSure: boolean, isWhole: boolean): Fitted | undefined {
  if (isWhole) {
    const isOne = isChineseName(text, isSure) || (isSure && isLatinName(text));
    return isOne ? { from: 0, to: text.length, kind: 'name' } : undefined;
  }
  const end = nameEnd(text, 0, isSure);
  if (end > 0)
    return isSure || !/^[\u3400-\u9fff]/.test(text.slice(end)) ? { from: 0, to: end, kind: 'name' } : undefined;
  const latin = /^[A-Z][a-z'’-]{1,20}(?:[ +][A-Z][a-z'’-]{1,20}){1,3}(?![a-z=:])/.exec(text)?.[0];
  if (isSure && latin !== undefined) return { from: 0, to: latin.length, kind: 'name' };
  const one = /^[A-Za-z'’]{2,30}(?=$|[\s,;&|"<)}\]])/.exec(text)?.[0];
  return isSure && one !== undefined && isLatinName(one) ? { from: 0, to: one.length, kind: 'name' } : undefined;
}

const NO_LATIN_NAME =
  /^(?:string|varchar|char|text|null|none|desc|asc|and|or|from|where|select|required|invalid|missing|empty|unknown|test|admin|root|default|name|not|is|as|like|in)$/i;

function isLatinName(text: string): boolean {
  return /^[A-Z][A-Za-z'’.-]{1,24}(?:[ +,]{1,2}[A-Z][A-Za-z'’.-]{0,24}){0,3}$/.test(text) && !NO_LATIN_NAME.test(text);
}

function address(text: string, isSure: boolean, isWhole: boolean): Fitted | undefined {
  const line = text.slice(0, Math.min(120, (text + '\n').search(/[;&|"'<>{}\n]/)));
  const value = isWhole ? text : isEnglishAddress(line) ? line : text.slice(0, endOfAddress(text));
  const han = value.match(/[\u3400-\u9fff]/g)?.length ?? 0;
  const looksSo = /[省市区县旗镇乡村路街巷道弄号栋幢室楼苑园里]/.test(value);
  const isEnglish = isEnglishAddress(value);
  const isOne = isSure ? han >= 3 || isEnglish : (han >= 5 && looksSo && /\d|路|街|村|小区/.test(value)) || isEnglish;
  return isOne ? { from: 0, to: value.length, kind: 'address' } : undefined;
}

function isEnglishAddress(text: string): boolean {
  return /\d/.test(text) && /\b(?:road|rd\.|street|avenue|ave\.|lane|room|building|district)\b/i.test(text);
}

function start(text: string, pattern: RegExp, kind: Kind, digits: number): Fitted | undefined {
  const written = pattern.exec(text)?.[0];
  if (written === undefined || written.replace(/\D/g, '').length < digits) return undefined;
  return { from: 0, to: written.length, kind };
}

function endOf(text: string): number {
  const end = text.search(/[\s,;&|"'<>)}\]，；。]/);
  return end < 0 ? text.length : end;
}

/** An address may have blanks in it, before another house number, but not before the next field. */
function endOfAddress(text: string): number {
  const end = text.search(/[,;&|"'<>)}\]，；。、\n\t]|\s+[\w.\u3400-\u9fff]{1,24}[=:]|\s+(?![0-9\u3400-\u9fff])/);
  const cut = end < 0 ? text.length : end;
  return Math.min(cut, 120);
}
