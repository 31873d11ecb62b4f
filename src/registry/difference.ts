import type { ChangeKind, EntryInput } from './change-set.ts';
import { fillDefaults, periodFieldsOf } from './check.ts';
import { ENTRIES, keyFieldOf, keyOf, type ListName } from './schema.ts';

/** What would change in what is known of one name. */
export interface Difference {
  list: ListName;
  key: string;
  change: ChangeKind;
  /** Field by field; empty for what is new or removed. */
  fields: readonly { field: string; before: unknown; after: unknown }[];
}

/** @returns undefined when nothing would change. */
export function differenceOf(
  list: ListName,
  key: string,
  before: readonly EntryInput[],
  after: readonly EntryInput[],
): Difference | undefined {
  if (before.length === 0) return after.length === 0 ? undefined : { list, key, change: 'added', fields: [] };
  if (after.length === 0) return { list, key, change: 'removed', fields: [] };
  const fields = before.length === 1 && after.length === 1 ? fieldsOf(list, before[0]!, after[0]!) : [];
  const same = fields.length === 0 && before.length === after.length && sameText(list, before, after);
  if (same) return undefined;
  const end = periodFieldsOf(list).to;
  const ends = fields.length > 0 && fields.every(({ field, after: value }) => isEnd(field, end) && value !== undefined);
  return { list, key, change: ends ? 'ended' : 'corrected', fields };
}

/** Sorts entries under the name that they have in their list; several of a name are its versions over valid time. */
export function byKey(list: ListName, entries: readonly EntryInput[]): Map<string, EntryInput[]> {
  const sorted = new Map<string, EntryInput[]>();
  for (const entry of entries) {
    const key = keyOf(list, entry);
    const some = sorted.get(key);
    if (some) some.push(entry);
    else sorted.set(key, [entry]);
  }
  return sorted;
}

/** A revocation ends a grant, too. */
function isEnd(field: string, end: string): boolean {
  return field === end || field === 'revokedAt';
}

/** Compared with defaults filled in: a field that states its default is no change. */
function fieldsOf(list: ListName, before: EntryInput, after: EntryInput): Difference['fields'] {
  const [from, to] = [fillDefaults(list, before), fillDefaults(list, after)];
  return Object.keys(ENTRIES[list].shape)
    .filter((field) => field !== keyFieldOf(list) && JSON.stringify(from[field]) !== JSON.stringify(to[field]))
    .map((field) => ({ field, before: before[field], after: after[field] }));
}

function sameText(list: ListName, before: readonly EntryInput[], after: readonly EntryInput[]): boolean {
  const text = (entries: readonly EntryInput[]): string =>
    JSON.stringify(entries.map((entry) => sortedFields(fillDefaults(list, entry))).sort());
  return text(before) === text(after);
}

function sortedFields(entry: EntryInput): string {
  return JSON.stringify(Object.fromEntries(Object.entries(entry).sort(([a], [b]) => (a < b ? -1 : 1))));
}
