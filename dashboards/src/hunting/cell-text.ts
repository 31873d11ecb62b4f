import { fieldOf, isFieldName } from '../../../src/hunting/event-fields.ts';
import { number } from '../format.ts';
import { i18n } from '../i18n.ts';
import { valueText } from './clause-text.ts';
import { zonedTime } from './zoned-time.ts';

/** A value of an event as a list shows it; '' for none. */
export function cellText(name: string, value: unknown, zone: string): string {
  if (name === 'time' || name === 'ingestTime') {
    const at = Number(value);
    return `${zonedTime(at, zone)}.${String(at % 1_000).padStart(3, '0')}`;
  }
  if (name === 'attributes')
    return pairs(value)
      .map(([key, one]) => `${key}=${one}`)
      .join(' ');
  if (Array.isArray(value)) return value.join(', ');
  if (typeof value === 'boolean') return value ? i18n.global.t('hunting.yes') : '';
  if (typeof value === 'number') return isCode(name) ? (value === 0 ? '' : String(value)) : number(value);
  const text = typeof value === 'string' ? value : '';
  return text === '' || !isFieldName(name) ? text : valueText(name, text);
}

/** Whether its column is of numbers that are compared. */
export function isNumber(name: string): boolean {
  return isFieldName(name) && fieldOf(name).type === 'number' && !isCode(name);
}

/** Name, value, name, value, … */
export function pairs(value: unknown): readonly (readonly [string, string])[] {
  const list = Array.isArray(value) ? (value as string[]) : [];
  return list.flatMap((name, n) => (n % 2 === 0 ? [[name, list[n + 1] ?? ''] as const] : []));
}

function isCode(name: string): boolean {
  return name === 'classUid' || name === 'activityId' || name === 'severity';
}
