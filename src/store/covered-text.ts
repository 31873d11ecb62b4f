import { literal } from './request-settings.ts';

/** A text as people name a person's: 姓名：, "xm":", 联系人. Each pattern is of RE2, for texts in lower case. */
const LABELS =
  '姓名|联系人|申请人|当事人|法定代表人|户主|患者|病人|监护人|参保人|持卡人|持证人|车主|业主|房东|纳税人|收件人|寄件人|收货人|委托人|' +
  '代理人|权利人|借款人|担保人|受益人|被保险人|嫌疑人|受害人|报案人|举报人|投诉人|信访人|来访人|来电人|逝者|死者|产妇|新生儿|配偶|' +
  '丈夫|妻子|父亲|母亲|儿子|女儿|居民|市民|群众|公民|村民|学生|考生|家长|旅客|乘客|客户|老人|儿童|驾驶人|司机|家住|住在|居住在|坐落于|住址|地址|户籍地|' +
  '[a-z_]*(?:xm|name|address|addr|jtzz|hjdz|zz)';
const BETWEEN = '(?:的?姓名)?["\'`]?(?:\\s*(?:like|in|的值))?[\\s:：=为是叫名"\'`“‘(（【\\[>%\\\\]{0,8}';
const HAN = '[\\p{Han}·•・]';

/** Stays: addresses of machines, dates and times of day, which are no person's. */
const STAYS = [
  '\\b(?:\\d{1,3}\\.){3}\\d{1,3}\\b',
  '\\b(?:19|20)\\d\\d-[01]\\d-[0-3]\\d(?:[t ][0-2]\\d:[0-5]\\d(?::[0-5]\\d)?)?\\b',
].join('|');

/** Goes: what is, or could be a part of, a number of a person's, a mail address, a plate, or a text that is written in code. */
const GOES = [
  '[0-9０-９](?:[ .+()（）·•/_-]{0,2}[0-9x０-９]){6,}',
  'values\\s*\\([^)]*',
  '[\\w.%+-]+(?:@|%40)[\\w.-]+',
  `${HAN}{2,4}(?:先生|女士|小姐|同志|大爷|大妈|阿姨|同学)`,
  '[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][a-z][ ·•.-]?[a-z0-9]{4,6}[挂学警港澳]?',
  '\\b[a-z]{1,2}\\d{7,10}\\b',
  '(?:(?:%[0-9a-f]{2}){2,}[a-z0-9.-]{0,10})+',
  '(?:(?:\\\\+u[0-9a-f]{4})+[a-z0-9.-]{0,10})+',
  '(?:&#x?[0-9a-f]{2,6};)+',
].join('|');

const PATTERN = `(${STAYS})|((?:${LABELS})${BETWEEN})${HAN}{2,}(?:[\\w-]*${HAN}*)*|${GOES}`;

/**
 * SQL of a text in which nobody can find a personal value piece by piece: what looks like one is left out. More is left out
 * than what is masked where texts are shown (any number of seven digits), never less of numbers.
 * @param lower SQL of a text in lower case.
 */
export function coveredText(lower: string): string {
  return `replaceRegexpAll(${lower}, ${literal(PATTERN)}, ${literal('\\1\\2 ')})`;
}

/** RE2 of a personal value as a whole: nothing that could be more of it stands beside it. @param value in lower case */
export function wholeValuePattern(value: string): string {
  return `(?:^|[^0-9a-z-])${escaped(value)}(?:[^0-9a-z]|$)`;
}

/** RE2 of a person's name as a whole, behind what says that a name comes. @param name in Han characters */
export function wholeNamePattern(name: string): string {
  return `(?:${LABELS})${BETWEEN}${escaped(name)}(?:[^\\p{Han}·•・]|$)`;
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
