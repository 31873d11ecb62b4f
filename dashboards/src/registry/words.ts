import type { Bilingual } from '../../../src/finding/finding.ts';
import { number } from '../format.ts';
import { i18n, known, say } from '../i18n.ts';
import type { EntryInput, ListName } from './entry-types.ts';

/** What a field is called; in some lists a word means something else. */
export function fieldLabel(list: ListName, name: string): string {
  return known('registryField', `${list}_${name}`, known('registryField', name));
}

/** One of the values that a field can have. */
export function choiceLabel(field: string, value: string): string {
  if (field === 'level') return known('level', value);
  if (field === 'actions') return known('action', value);
  return known('registryChoice', `${field}.${value}`, value);
}

/** A value of any field in words; '' for what is not stated. */
export function inWords(field: string, value: unknown): string {
  if (value === undefined || value === null || value === '') return '';
  if (typeof value === 'boolean') return i18n.global.t(value ? 'registryChoice.yes' : 'registryChoice.no');
  if (typeof value === 'string') return choiceLabel(field, value);
  if (typeof value === 'number') return field === 'year' ? String(value) : number(value, 6);
  if (Array.isArray(value)) return value.map((one) => inWords(field, one)).join('、');
  if (isBilingual(value)) return say(value);
  const parts = Object.entries(value).map(([name, one]) => [known('registryField', name), inWords(name, one)] as const);
  return parts
    .filter(([, text]) => text !== '')
    .map((pair) => pair.join(' '))
    .join(' · ');
}

/** What an entry is called by people: its name, else what comes nearest to one. */
export function titleOf(entry: EntryInput): string {
  const { name, personName, login, type, purpose } = entry;
  if (typeof name === 'string') return name;
  if (isBilingual(name)) return say(name);
  return (
    ([personName, login, type, purpose].find((one) => typeof one === 'string' && one !== '') as string | undefined) ??
    ''
  );
}

function isBilingual(value: unknown): value is Bilingual {
  return typeof value === 'object' && value !== null && 'zh' in value && 'en' in value;
}
