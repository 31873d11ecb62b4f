import type { Clause } from '../../../src/hunting/event-filter.ts';
import { fullTime } from '../format.ts';
import { i18n } from '../i18n.ts';
import { clauseText } from '../hunting/clause-text.ts';
import type { ExportView } from './export-calls.ts';

/** What an export is of, in words: the range, the text, the conditions; what has no words stands as it was asked. */
export function askedText({ asked }: Pick<ExportView, 'asked'>): string {
  const { from, to, asOf, text, where, zone, ...others } = asked as Readonly<Record<string, string | undefined>>;
  const { t } = i18n.global;
  return [
    ...(from !== undefined && to !== undefined ? [`${timeText(from)} – ${timeText(to)}`] : []),
    ...(zone ? [zone] : []),
    ...(asOf === undefined ? [] : [t('hunting.asOfIs', { at: timeText(asOf) })]),
    ...(text ? [`“${text}”`] : []),
    ...(where ? [whereText(where)] : []),
    ...Object.entries(others).flatMap(([name, value]) => otherText(name, value)),
  ].join(' · ');
}

/** A query in SQL speaks for itself; its parameters are named. */
function otherText(name: string, value: unknown): string[] {
  if (name === 'sql') return [plainText(value)];
  if (typeof value !== 'object' || value === null) return [`${name} ${plainText(value ?? '')}`];
  return Object.entries(value).map(([parameter, given]) => `${parameter} = ${plainText(given)}`);
}

function plainText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Times are asked for in ms, or as people write them. */
function timeText(time: string): string {
  return /^\d+$/.test(time) ? fullTime(Number(time)) : time;
}

function whereText(where: string): string {
  try {
    return clauseText(JSON.parse(where) as Clause);
  } catch {
    return where;
  }
}
