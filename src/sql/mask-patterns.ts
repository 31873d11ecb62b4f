import { PERSONAL_FIELDS } from '../access/masking/field-names.ts';
import type { Kind } from '../access/masking/kinds.ts';
import { COMPOUND, SURNAMES } from '../access/masking/names.ts';

/*
 * What the store masks in texts before anybody's query sees them, in expressions of RE2, which look neither ahead nor back. What finds
 * personal information in answers (access/masking/) finds more, and looks at results once more. Here rather too much is masked than too
 * little, for a query may also ask, cut and compare. Several small expressions are many times faster than one large one.
 */

/** Words that names of fields are made of: between them may stand `_`, `-` or `.`. */
const PIECES =
  'id card no num number code name real phone mobile bank account acct address addr plate mail contact home work holder cell tel user person cust customer patient student citizen resident owner applicant payee payer recipient receiver first last given full chinese cn license licence car vehicle pass port permit travel cert cred credential identity national debit credit postal mailing delivery shipping house live living residence residential electronic email'
    .split(' ')
    .sort((a, b) => b.length - a.length);
const PIECE = new RegExp(PIECES.join('|'), 'g');

/** Of a kind's names of fields: any ending of a longer name when they are long, whole words when short. */
function labels(...kinds: readonly Kind[]): string {
  const names = kinds.flatMap((kind) => PERSONAL_FIELDS.get(kind) ?? []);
  const spaced = (name: string): string =>
    name.match(PIECE)?.join('') === name ? name.match(PIECE)!.join('[_.-]?') : name;
  const latin = names.filter((name) => /^[a-z]/.test(name));
  const long = latin.filter((name) => name.length > 4).map(spaced);
  const short = latin.filter((name) => name.length <= 4).map(spaced);
  const han = names.filter((name) => !/^[a-z]/.test(name));
  const words = [long.join('|'), `\\b(?:[a-z]+[_.-])*(?:${short.join('|')})`, han.join('|')];
  return `(?:${words.filter((each) => each !== '').join('|')})`;
}

/** Between the name of a field and its value: `": "`, ` = `, ` LIKE `, ` in (`, `>`, or nothing behind Chinese. */
const BETWEEN =
  '\\d?\\x04?(?:\\\\*["\'`”\\])}]){0,2}\\s*(?:(?:=>|[:=：＝>~|]|为|是|的值|\\b(?:not\\s+)?(?:like|ilike|in|eq|is|regexp)\\b)\\s*)(?:upper|lower|N)?\\(?\\s*(?:<!\\[CDATA\\[)?';
const HAN_BETWEEN = '[ \\t]?';
/** A value in quotes up to the closing one, or up to what ends a value. It ends before what is marked already. */
const VALUE =
  '(?:\\\\+"[^"\\n\\x01-\\x05]*"?|"[^"\\n\\x01-\\x05]*"?|\'[^\'\\n\\x01-\\x05]*\'?|`[^`\\n\\x01-\\x05]*`|“[^”\\n\\x01-\\x05]*”?|‘[^’\\n\\x01-\\x05]*’?|[^\\s\\x01-\\x05"\'`“”‘’,，;；。、&|<>()\\[\\]{}\\\\]+)';
const HAN_VALUE = '[^\\s\\x01-\\x05"\'`“”‘’,，;；。、&|<>()\\[\\]{}\\\\：:=]+';

const SURNAME = `(?:${[...COMPOUND].join('|')}|[${[...SURNAMES].join('')}])`;
const CHINESE_NAME = `${SURNAME}[\\p{Han}]{1,2}`;
/** Who is spoken of by name: 申请人张三, 居民张三. */
const SAID_OF =
  '(?:申请人|当事人|联系人|经办群众|居民|市民|村民|群众|患者|病人|学生|家长|户主|业主|车主|法人代表|法定代表人|参保人|被保险人|委托人|代理人|监护人|持卡人|收件人|寄件人|老人|公民|姓名)';
const PROVINCES = '京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼';

const DATE = '(?:18|19|20|21)\\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\\d|3[01])';
const ID_CARD = `\\b[1-8](?:[ +-]?\\d){5}[ +-]?${DATE}[ +-]?\\d{3}[ +-]?[\\dXx]\\b`;
const OLD_ID_CARD = '\\b[1-8]\\d{7}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\\d|3[01])\\d{3}\\b';
const MOBILE =
  '(?:\\(?\\+86\\)?[ -]?|\\b(?:0086|86)[ -]?|\\b|_(?:(?:00)?86)?)1[3-9]\\d(?:\\d{8}|[ +.-]?\\d{4}[ +.-]?\\d{4}|[ -]\\d[ -]\\d{4}[ -]\\d{3}|[ -]\\d{3}[ -]\\d{5}|[ -]\\d{5}[ -]\\d{3}|\\d[ -]\\d{4}[ -]\\d{3})\\b';
const PHONE =
  '(?:\\+86[ -]?|\\b(?:0086|86)[ -]|\\(|\\b)0?(?:10|2\\d|[3-9]\\d{2})\\)?[ +-][2-8]\\d{2,3}[ -]?\\d{4}(?:(?:-|转| ?ext\\.? ?|x)\\d{1,6})?\\b|\\b0(?:10|2[0-57-9])[2-8]\\d{7}\\b|\\(0(?:10|2\\d|[3-9]\\d{2})\\)[2-8]\\d{6,7}';
const BANK_CARD = '\\b[3-9]\\d{3}[ +-]?\\d{2}(?:\\d{2}[ +-]?\\d{4}[ +-]?\\d{4}(?:[ +-]?\\d{1,4})?|[ +-]\\d{10,13})\\b';
const MAIL = '[A-Za-z0-9][A-Za-z0-9._%+-]*(?:@|%40)(?:[A-Za-z0-9-]+\\.)+[A-Za-z]{2,12}\\b';
const PLATE = `[${PROVINCES}][A-HJ-NP-Za-hj-np-z][ ·•.-]?[A-HJ-NP-Za-hj-np-z0-9]{4,5}[A-HJ-NP-Za-hj-np-z0-9挂学警港澳]`;
const PERMIT = '(?:[EGHCM]\\d{8}(?:\\d{2})?|E[A-HJ-NP-Z]\\d{7})\\b';
const ADDRESS =
  '[\\p{Han}A-Za-z0-9]*[\\p{Han}](?:路|街|巷|大道|弄|胡同|里|村|屯|庄|坊|园|苑|城|府|寓|小区|院|社区|湾|道|区|镇|乡|组)(?:[\\p{Han}]*?(?:\\d+|[一二三四五六七八九十]+)(?:[-之]\\d+)?(?:号院|号楼|号|弄|栋|幢|座|单元|室|层|楼|组|户))+(?:[\\p{Han}A-Za-z0-9-]*(?:室|号|楼|层|户))?(?:\\d+(?:-\\d+)*)?';

/** Chinese in an address of the web: `%E5%BC%A0`. */
const ENCODED = '(?:%[E-Fe-f][0-9A-Fa-f](?:%[89ABab][0-9A-Fa-f]){2})+(?:%[0-9A-Fa-f]{2}|[A-Za-z0-9-])*';
const NAME = `(?:${CHINESE_NAME}|\\p{Han}{2,8}[·•]\\p{Han}{2,8})`;
const OPEN = '["\'`“%\\\\(]*';

/** How a value is marked, before it is replaced: its kind (a letter of mask-sql.ts) behind \x01, and \x02 behind it. */
export interface Pass {
  pattern: string;
  /** `\1` stands for what the first group has found, `\0` for all of it. */
  marked: string;
  /** Only in texts that have this. */
  within?: string;
  /** Letters are as they are written. */
  exact?: true;
  /** Also in short values, which are no sentences: identifiers, codes. */
  short?: true;
}

/** In this order: what needs no label first, so that values behind labels end before it. */
export const PASSES: readonly Pass[] = [
  { pattern: [ID_CARD, MOBILE, BANK_CARD, OLD_ID_CARD, PHONE].join('|'), marked: '\x01b\\0\x02', short: true },
  { pattern: [MAIL, PLATE, PERMIT].join('|'), marked: '\x01b\\0\x02', exact: true, short: true },
  { pattern: ADDRESS, marked: '\x01a\\0\x02', exact: true },
  { pattern: ENCODED, marked: '\x01e\\0\x02', exact: true, short: true },
  { pattern: `(${SAID_OF})(${CHINESE_NAME})`, marked: '\\1\x01n\\2\x02', exact: true },
  { pattern: `(${CHINESE_NAME})(先生|女士|小姐|同志|老师傅)`, marked: '\x01n\\1\x02\\2', exact: true },
  { pattern: `(["'\`])(${NAME})(["'\`])`, marked: '\\1\x01n\\2\x02\\3', within: '(?i)values\\s*\\(', exact: true },
  {
    pattern: `(\\b(?:name|cname|nickname|person|名字|名称|负责人|联络人|客户|本人|居民|市民)${BETWEEN}${OPEN})(${NAME})($|[^\\p{Han}])`,
    marked: '\\1\x01n\\2\x02\\3',
  },
  { pattern: `(${labels('name')}${BETWEEN})(${VALUE})`, marked: '\\1\x01n\\2\x02' },
  { pattern: `((?:姓名|申请人|联系人|户主)${HAN_BETWEEN})(${HAN_VALUE})`, marked: '\\1\x01n\\2\x02', exact: true },
  { pattern: `(${labels('address')}${BETWEEN})(${VALUE})`, marked: '\\1\x01a\\2\x02' },
  { pattern: `((?:家住|住址|地址|坐落于?|住在)${HAN_BETWEEN})(${HAN_VALUE})`, marked: '\\1\x01a\\2\x02', exact: true },
  {
    pattern: `(${labels('id-card', 'mobile', 'phone', 'bank-card', 'plate', 'mail', 'permit')}${BETWEEN})(${VALUE})`,
    marked: '\\1\x01l\\2\x02',
  },
  {
    pattern: `((?:身份证|证件|护照|通行证|银行卡|卡|手机|电话|车牌|账)号?码?${HAN_BETWEEN})([A-Za-z0-9][A-Za-z0-9 +-]*)`,
    marked: '\\1\x01l\\2\x02',
    exact: true,
  },
];
