import type { z } from 'zod';
import { datesOf } from './calendar.ts';
import { nearestName } from './nearest-name.ts';
import { ENTRIES, momentOf, type ListName, type RegistryEntries } from './schema.ts';

/** What is wrong where: `path` begins with the entry's place in its list. */
export interface EntryProblem {
  list: ListName;
  path: readonly PropertyKey[];
  message: string;
}

const LISTS = Object.keys(ENTRIES) as ListName[];

/** Checks all lists, fills defaults in, and says everything that is wrong with them; the entries count only without problems. */
export function checkEntries(input: Readonly<Partial<Record<ListName, unknown>>>): {
  entries: RegistryEntries;
  problems: EntryProblem[];
} {
  const problems: EntryProblem[] = [];
  const entries = Object.fromEntries(
    LISTS.map((list) => [list, checkList(list, input[list] ?? [], problems)]),
  ) as RegistryEntries;
  if (problems.length === 0) {
    checkIds(entries, problems);
    checkReferences(entries, problems);
    checkPeriods(entries, problems);
    checkCalendar(entries, problems);
  }
  return { entries, problems };
}

function checkList(list: ListName, value: unknown, problems: EntryProblem[]): unknown[] {
  if (!Array.isArray(value)) {
    problems.push({ list, path: [], message: 'expected a list of entries, each beginning with "- id: …"' });
    return [];
  }
  return value.map((entry: unknown, index) => {
    const result = ENTRIES[list].safeParse(entry);
    if (result.success) return result.data;
    for (const issue of result.error.issues) problems.push(...describe(list, index, entry, issue));
    return entry;
  });
}

function describe(list: ListName, index: number, entry: unknown, issue: z.core.$ZodIssue): EntryProblem[] {
  if (issue.code === 'unrecognized_keys') {
    const known = Object.keys(ENTRIES[list].shape);
    return issue.keys.map((key) => ({
      list,
      path: [index, ...issue.path, key],
      message: `"${key}" is no field of ${list}${nearestName(key, known)}`,
    }));
  }
  const field = issue.path.map(String).join('.') || 'the entry';
  const value = issue.path.reduce<unknown>(step, entry);
  const found = value === undefined ? 'is missing' : `is ${JSON.stringify(value)}`;
  const allowed = issue.code === 'invalid_value' ? issue.values.map(String) : [];
  const hint =
    allowed.length > 0
      ? `expected one of ${allowed.join(', ')}${nearestName(String(value), allowed)}`
      : issue.message.replace(/^Invalid input: /, '');
  return [{ list, path: [index, ...issue.path], message: `${field} ${found}: ${hint}` }];
}

function step(value: unknown, part: PropertyKey): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[part] : undefined;
}

/** The same id may come again for another time: versions must not overlap. Contracts, sources and years come once. */
function checkIds(entries: RegistryEntries, problems: EntryProblem[]): void {
  for (const list of LISTS) {
    const seen = new Map<string, Dated[]>();
    for (const [index, entry] of entries[list].entries()) {
      const key = 'id' in entry ? entry.id : String(entry.year);
      const field = 'id' in entry ? 'id' : 'year';
      const earlier = seen.get(key) ?? [];
      const dated = entry as Dated;
      if (earlier.some((other) => overlap(other, dated)))
        problems.push({
          list,
          path: [index, field],
          message: `${field} "${key}" is already taken by an earlier entry`,
        });
      seen.set(key, [...earlier, dated]);
    }
  }
}

interface Dated {
  validFrom?: string | undefined;
  validTo?: string | undefined;
}

function overlap(a: Dated, b: Dated): boolean {
  const from = (entry: Dated): number => (entry.validFrom ? momentOf(entry.validFrom, 'start', 'UTC') : -Infinity);
  const to = (entry: Dated): number => (entry.validTo ? momentOf(entry.validTo, 'end', 'UTC') : Infinity);
  return from(a) < to(b) && from(b) < to(a);
}

const REFERENCES: readonly { list: ListName; field: string; to: ListName }[] = [
  { list: 'departments', field: 'parent', to: 'departments' },
  { list: 'systems', field: 'department', to: 'departments' },
  { list: 'systems', field: 'builtBy', to: 'vendors' },
  { list: 'systems', field: 'runBy', to: 'vendors' },
  { list: 'assets', field: 'system', to: 'systems' },
  { list: 'assets', field: 'owner', to: 'departments' },
  { list: 'accounts', field: 'systems', to: 'systems' },
  { list: 'accounts', field: 'department', to: 'departments' },
  { list: 'accounts', field: 'vendor', to: 'vendors' },
  { list: 'contracts', field: 'vendor', to: 'vendors' },
  { list: 'contracts', field: 'systems', to: 'systems' },
  { list: 'sources', field: 'system', to: 'systems' },
];

function checkReferences(entries: RegistryEntries, problems: EntryProblem[]): void {
  const idsOf = (list: ListName): Set<string> =>
    new Set(entries[list].map((entry) => ('id' in entry ? entry.id : String(entry.year))));
  const ids = { departments: idsOf('departments'), vendors: idsOf('vendors'), systems: idsOf('systems') };
  for (const { list, field, to } of REFERENCES) {
    const known = ids[to as keyof typeof ids];
    for (const [index, entry] of entries[list].entries()) {
      const value = (entry as Record<string, unknown>)[field] as string | string[];
      for (const [at, name] of [value].flat().entries()) {
        if (name === '' || known.has(name)) continue;
        const path = Array.isArray(value) ? [index, field, at] : [index, field];
        problems.push({
          list,
          path,
          message: `${field} is "${name}": ${to} has no such id${nearestName(name, [...known])}`,
        });
      }
    }
  }
}

function checkPeriods(entries: RegistryEntries, problems: EntryProblem[]): void {
  const check = (list: ListName, path: PropertyKey[], from: string | undefined, to: string | undefined): void => {
    if (from === undefined || to === undefined || momentOf(from, 'start', 'UTC') < momentOf(to, 'end', 'UTC')) return;
    problems.push({ list, path, message: `${String(path.at(-1))} is ${to}: it must not lie before ${from}` });
  };
  for (const list of LISTS)
    for (const [index, entry] of entries[list].entries())
      if ('validTo' in entry) check(list, [index, 'validTo'], entry.validFrom, entry.validTo);
  for (const [index, contract] of entries.contracts.entries()) {
    check('contracts', [index, 'to'], contract.from, contract.to);
    for (const [at, { from, to }] of contract.roster.entries())
      check('contracts', [index, 'roster', at, 'to'], from ?? contract.from, to ?? contract.to);
  }
  for (const [index, { duty }] of entries.departments.entries())
    for (const [at, { from, to }] of duty.entries()) check('departments', [index, 'duty', at, 'to'], from, to);
}

function checkCalendar(entries: RegistryEntries, problems: EntryProblem[]): void {
  for (const [index, entry] of entries.calendar.entries())
    for (const field of ['rest', 'workdays'] as const)
      for (const [at, text] of entry[field].entries()) {
        const dates = datesOf(text);
        const path = [index, field, at];
        if (dates.length === 0)
          problems.push({ list: 'calendar', path, message: `${field} is "${text}": expected a date or from..to` });
        else if (dates.some((date) => Number(date.slice(0, 4)) !== entry.year))
          problems.push({ list: 'calendar', path, message: `${field} is "${text}": not in the year ${entry.year}` });
      }
}
