import { KINDS, type Kind } from '../access/masking/kinds.ts';
import { identifier, literal } from '../store/request-settings.ts';
import { PASSES } from './mask-patterns.ts';

/** The key of pseudonyms: a parameter of the views, so that it stands in no text and in no log. */
export const KEY_PARAMETER = 'wanglou_key';

/**
 * A masked column: `expression AS name`, each on what came before it, and what is shown. Each step is a sub-query of its own, for
 * the engine writes out what a name stands for wherever it is used: in one SELECT that takes it seconds.
 */
export interface MaskedColumn {
  steps: readonly string[];
  shown: string;
}

/** Rows of `from` with the steps of all columns, those at the same place together. */
export function withSteps(from: string, columns: readonly MaskedColumn[]): string {
  const most = Math.max(0, ...columns.map(({ steps }) => steps.length));
  let rows = from;
  for (let place = 0; place < most; place++) {
    const together = columns.flatMap(({ steps }) => steps[place] ?? []);
    rows = `(SELECT *, ${together.join(', ')} FROM ${rows})`;
  }
  return rows;
}

/**
 * A text with personal information masked, in SQL. Pseudonyms are those that answers show (masker.ts): the kind, and the beginning
 * of HMAC-SHA-256 of the value without what people write it differently with.
 * @param isShort identifiers and codes, which are no sentences.
 */
export function maskedText(column: string, isShort = false): MaskedColumn {
  const passes = isShort ? PASSES.filter(({ short }) => short) : PASSES;
  return masked(column, clean(identifier(column)), passes);
}

/** The same of a map: its names are the labels of its values. */
export function maskedMap(column: string): MaskedColumn {
  const map = identifier(column);
  const pairs = `arrayMap((k, v) -> concat(${clean('k')}, '\\x04=', ${clean('v')}), mapKeys(${map}), mapValues(${map}))`;
  const { steps, shown } = masked(column, `arrayStringConcat(${pairs}, '\\x05')`);
  const all = identifier(`${column}_pairs`);
  return {
    steps: [...steps, `if(empty(${map}), [], splitByChar('\\x05', ${shown})) AS ${all}`],
    shown: `mapFromArrays(arrayMap(p -> splitByChar('\\x04', p)[1], ${all}), arrayMap(p -> substring(splitByChar('\\x04', p)[2], 2), ${all}))`,
  };
}

/** Without what marks are made of; full-width letters and digits as people otherwise write them. */
function clean(text: string): string {
  return `replaceRegexpAll(if(match(${text}, '[０-９Ａ-Ｚａ-ｚ＠]'), normalizeUTF8NFKC(${text}), ${text}), '[\\x01-\\x05]', ' ')`;
}

function masked(column: string, text: string, passes = PASSES): MaskedColumn {
  const name = (step: string): string => identifier(`${column}_${step}`);
  const [marked, parts, values, plain, digits, kinds] = ['marked', 'parts', 'values', 'plain', 'digits', 'kinds'].map(name); // prettier-ignore
  const steps = [
    ...markings(text, passes, name),
    `if(position(${marked}, '\\x01') = 0, [], extractAll(${marked}, '(?s)\\x01[^\\x02]*\\x02|[^\\x01]+')) AS ${parts}`,
    `arrayMap(p -> if(startsWith(p, '\\x01'), substring(p, 3, length(p) - 3), ''), ${parts}) AS ${values}`,
    `arrayMap(v -> replaceRegexpAll(v, ${literal(`^${AROUND}+|${AROUND}+$`)}, ''), ${values}) AS ${plain}`,
    `arrayMap(t -> replaceRegexpAll(t, '[\\\\s+().·•_-]', ''), ${plain}) AS ${digits}`,
    `arrayMap((p, t, d) -> ${KIND}, ${parts}, ${plain}, ${digits}) AS ${kinds}`,
  ];
  const token = `concat(extract(v, ${literal(`^${AROUND}+`)}), '‹', k, '#', ${PSEUDONYM}, '›', extract(v, ${literal(`${AROUND}+$`)}))`;
  const whole = `arrayStringConcat(arrayMap((p, v, t, d, k) -> if(k = '', if(startsWith(p, '\\x01'), v, p), ${token}), ${parts}, ${values}, ${plain}, ${digits}, ${kinds}))`;
  return { steps, shown: `if(empty(${parts}), ${marked}, ${whole})` };
}

/** Pass after pass; what may only be done within some texts needs what came before it twice, and so a name for it. */
function markings(text: string, passes: typeof PASSES, name: (step: string) => string): string[] {
  const steps: string[] = [];
  let inner = text;
  for (const { pattern, marked, within, exact } of passes) {
    const all = literal(exact ? pattern : `(?i)${pattern}`);
    if (within !== undefined) {
      const before = name(`before_${steps.length}`);
      steps.push(`${inner} AS ${before}`);
      inner = `if(match(${before}, ${literal(within)}), replaceRegexpAll(${before}, ${all}, ${literal(marked)}), ${before})`;
    } else inner = `replaceRegexpAll(${inner}, ${all}, ${literal(marked)})`;
  }
  return [...steps, `${inner} AS ${name('marked')}`];
}

/** Quotes and wildcards that belong to the text, not to the value. */
const AROUND = '[\\s\\\\"\'`“”‘’(){}%]';
/** Hidden by the sender, hashed or masked already, or no value at all. */
const NO_VALUE =
  '(?i)^(?:|ds_[\\w-]{22}|‹.*|.*\\*{2,}.*|null|none|nil|undefined|true|false|n/a|nan|-|\\?|:\\w+|\\$\\w+|%s|#\\{.*|\\$\\{.*)$';

/** Of what issuers in China begin with, with the right last digit: other long numbers count orders and rows. */
const IS_BANK_CARD = `match(d, '^(?:6[02589]|9558|4|5[1-5]|35)') AND arraySum((c, i) -> if(i % 2 = 1, c, if(c < 5, 2 * c, 2 * c - 9)),
    arrayReverse(arrayMap(c -> toInt16OrZero(c), ngrams(d, 1))), arrayEnumerate(ngrams(d, 1))) % 10 = 0`;

const label = (kind: Kind): string => literal(`${KINDS[kind].zh}/${KINDS[kind].en}`);
const MARK = 'substring(p, 2, 1)';
/** What a value is by what it looks like, where its label does not say; '' when it is none. */
const KIND = `multiIf(NOT startsWith(p, '\\x01') OR match(t, ${literal(NO_VALUE)}), '',
    ${MARK} = 'n', ${label('name')}, ${MARK} = 'a', ${label('address')}, ${MARK} = 'e', ${label('encoded')},
    match(t, '@|%40'), ${label('mail')},
    match(d, '^[1-8][0-9]{14}(?:[0-9]{2}[0-9Xx])?$') AND (length(d) = 15 OR match(substring(d, 7), '^(?:18|19|20|21)')), ${label('id-card')},
    match(d, '^(?:(?:00)?86)?1[3-9][0-9]{9}$'), ${label('mobile')},
    match(t, '^(?:[+]|00)?86[ -]|^[(]?0'), ${label('phone')},
    match(d, '^[0-9]{16,19}$'), if(${MARK} = 'b' AND NOT (${IS_BANK_CARD}), '', ${label('bank-card')}),
    match(t, '^\\\\p{Han}'), ${label('plate')},
    match(d, '^[0-9]{7,14}(?:[转x][0-9]+)?'), ${label('phone')},
    ${label('permit')})`;

/** Equal for the same value however it is written, and equal to the one of answers. */
const PLAIN = `multiIf(endsWith(k, '/name'), replaceRegexpAll(t, '[•・]', '·'), match(k, '/(?:mail|address|encoded)$'), replaceRegexpAll(t, '[\\\\s+]', ''),
    endsWith(k, '/mobile'), replaceRegexpOne(d, '^(?:00)?86', ''), d)`;
const PSEUDONYM = `substring(base64URLEncode(HMAC('sha256', upperUTF8(replaceRegexpAll(${PLAIN}, '\\\\s', '')), {${KEY_PARAMETER}:String})), 1, 10)`;
