import type { EntryInput } from '../change-set.ts';

/** Puts a value into an entry: `quota.rowsPerDay` goes into its `quota`; a plain name becomes one in both languages with the other. */
export function placeField(entry: Record<string, unknown>, field: string, value: unknown): void {
  const [first = '', second] = field.split('.');
  if (second === undefined) {
    entry[first] = value;
    return;
  }
  const before = entry[first];
  if (value === undefined) return;
  const inner =
    typeof before === 'object' && before !== null ? before : first === 'name' ? { zh: before ?? value } : {};
  entry[first] = { ...inner, [second]: value };
}

export function withoutEmpty(entry: Readonly<Record<string, unknown>>): EntryInput {
  return Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== undefined));
}
