import {
  fieldOf,
  isFieldName,
  type FieldName,
  type FieldType,
  type Operator,
} from '../../../src/hunting/event-fields.ts';
import { isCondition, type Clause, type Condition } from '../../../src/hunting/event-filter.ts';
import { i18n, known, say } from '../i18n.ts';
import { wishIn } from './wish.ts';

/** What a field is called; of a name that is none, the name. */
export function fieldTitle(name: string): string {
  if (name === 'time' || name === 'ingestTime') return i18n.global.t(`hunting.${name}`);
  return isFieldName(name) ? say(fieldOf(name).title) : name;
}

export function operatorText(op: Operator, type: FieldType): string {
  return known('huntingOp', type === 'number' && op === 'is' ? 'equals' : op);
}

/** Values of words that everybody reads: outcomes, actions, levels of assets. */
export function valueText(field: FieldName, value: string): string {
  if (value === '') return i18n.global.t('hunting.noValue');
  if (field === 'outcome') return known('huntingOutcome', value);
  if (field === 'action') return known('action', value);
  if (field === 'assetLevel') return known('level', value);
  return value;
}

/** A condition in words: `账号 是 li.wei`. */
export function conditionText(condition: Condition): string {
  const { field, key, op, value } = condition;
  const type = isFieldName(field) ? fieldOf(field).type : 'name';
  const values = [value ?? []].flat().map((one) => valueText(field, String(one)));
  const shown = values.length > 3 ? `${values.slice(0, 3).join(', ')} … (${values.length})` : values.join(', ');
  const name = key === undefined ? fieldTitle(field) : `${fieldTitle(field)} ${key}`;
  return [name, operatorText(op, type), shown].filter(Boolean).join(' ');
}

/** What an address of the page asks, in words. */
export function queryText(query: string): string {
  const { t } = i18n.global;
  const { span, from, to, asOf, text, where, view, rows, across } = wishIn(new URLSearchParams(query));
  const range = span === '' ? `${from} – ${to}`.replaceAll('T', ' ') : t(`hunting.spans.${span}`);
  return [
    range,
    ...(asOf === '' ? [] : [t('hunting.asOfIs', { at: asOf.replace('T', ' ') })]),
    ...(text === '' ? [] : [`“${text}”`]),
    ...where.map(clauseText),
    ...(view === 'pivot' ? [`${t('hunting.pivot')} ${fieldTitle(rows)} × ${fieldTitle(across)}`] : []),
  ].join(' · ');
}

/** Any clause in words. */
export function clauseText(clause: Clause): string {
  const { t } = i18n.global;
  if (typeof clause !== 'object' || clause === null) return JSON.stringify(clause);
  if (isCondition(clause)) return conditionText(clause);
  if ('not' in clause) return t('hunting.notOf', { what: clauseText(clause.not) });
  const [parts, word] = 'all' in clause ? [clause.all, t('hunting.and')] : [clause.any, t('hunting.or')];
  return Array.isArray(parts) ? `(${parts.map(clauseText).join(` ${word} `)})` : JSON.stringify(clause);
}
