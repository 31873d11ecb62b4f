import type { EntryInput, ListName, ListSchema, Recorded } from './entry-types.ts';

/** Whether an entry holds. */
export type EntryState = 'in-force' | 'to-come' | 'ended' | 'revoked';

/** @param timeZone of dates without an offset. @param at ms since the Unix epoch. */
export function stateOf(
  entry: EntryInput,
  { from, to }: Pick<ListSchema, 'from' | 'to'>,
  at: number,
  timeZone: string,
): EntryState {
  const local = localTime(at, timeZone);
  if (isPast(entry['revokedAt'], 'start', at, local)) return 'revoked';
  if (isPast(entry[to], 'end', at, local)) return 'ended';
  return typeof entry[from] === 'string' && !isPast(entry[from], 'start', at, local) ? 'to-come' : 'in-force';
}

/** Whether what a date text says has come. A date without a time ends with its day. */
function isPast(given: unknown, edge: 'start' | 'end', at: number, local: string): boolean {
  if (typeof given !== 'string') return false;
  if (/(Z|[+-]\d{2}:?\d{2})$/.test(given.slice(10))) return Date.parse(given.replace(' ', 'T')) <= at;
  const text = given.replace(' ', 'T');
  if (text.length === 10) return edge === 'end' ? text < local.slice(0, 10) : text <= local.slice(0, 10);
  return text <= local.slice(0, text.length);
}

/** `2026-11-24T18:00:00` in a zone. */
export function localTime(at: number, timeZone: string): string {
  const parts = { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' } as const; // prettier-ignore
  return new Intl.DateTimeFormat('sv-SE', { ...parts, timeZone }).format(at).replace(' ', 'T');
}

/** The one of several entries of a name that holds, else the last. */
export function currentOf(
  { entries }: Pick<Recorded, 'entries'>,
  schema: Pick<ListSchema, 'from' | 'to'>,
  at: number,
  timeZone: string,
): EntryInput {
  return entries.find((entry) => stateOf(entry, schema, at, timeZone) === 'in-force') ?? entries.at(-1)!;
}

export interface FieldChange {
  field: string;
  before: unknown;
  after: unknown;
}

/** What differs from the version before, field by field; of several entries of a name, entry by entry in their order. */
export function changesBetween(before: readonly EntryInput[], after: readonly EntryInput[]): FieldChange[] {
  const count = Math.max(before.length, after.length);
  return Array.from({ length: count }, (_, n) => n).flatMap((n) => {
    const [one, other] = [before[n] ?? {}, after[n] ?? {}];
    const names = [...new Set([...Object.keys(one), ...Object.keys(other)])];
    return names
      .filter((name) => JSON.stringify(one[name]) !== JSON.stringify(other[name]))
      .map((name) => ({ field: name, before: one[name], after: other[name] }));
  });
}

const RECIPIENTS: Readonly<Record<string, ListName>> = {
  department: 'departments',
  system: 'systems',
  person: 'persons',
};

/** The list that a reference of this entry points into; undefined when that is not known. */
export function listOfReference(field: string, to: readonly ListName[], entry: EntryInput): ListName | undefined {
  if (field === 'recipient') return RECIPIENTS[(entry['recipientKind'] ?? 'department') as string];
  if (field === 'value' && entry['kind'] !== 'account') return undefined;
  return to.length === 1 ? to[0] : undefined;
}

/** Fields beside name and period that tell entries of a list apart at a glance. */
export const TELLING: Readonly<Record<ListName, readonly string[]>> = {
  departments: ['parent', 'workingDays'],
  vendors: ['creditCode', 'ndaUntil'],
  persons: ['department', 'vendor'],
  systems: ['department', 'runBy', 'plane'],
  assets: ['level', 'owner', 'system'],
  accounts: ['login', 'department', 'vendor'],
  contracts: ['vendor', 'systems'],
  grants: ['asset', 'recipient', 'purpose'],
  cases: ['type', 'officer'],
  'work-orders': ['contract', 'purpose'],
  'watch-tags': ['kind', 'value', 'reason'],
  networks: ['zone', 'cidrs'],
  calendar: ['rest', 'workdays'],
  sources: ['system', 'format'],
};
