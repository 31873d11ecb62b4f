import type { z } from 'zod';
import { checkCalendar } from './check-calendar.ts';
import { checkLineage } from './check-lineage.ts';
import { checkPersons } from './check-persons.ts';
import { checkReferences } from './check-references.ts';
import { momentOf } from './fields.ts';
import { nearestName } from '../nearest-name.ts';
import { ENTRIES, keyFieldOf, keyOf, LISTS, type Entry, type ListName, type RegistryEntries } from './schema.ts';

/** What is wrong where: `path` begins with the entry's place in its list. */
export interface EntryProblem {
  list: ListName;
  path: readonly PropertyKey[];
  message: string;
}

/** Checks all lists, fills defaults in, and says everything that is wrong with them; the entries count only without problems. */
export function checkEntries(input: Readonly<Partial<Record<ListName, unknown>>>): {
  entries: RegistryEntries;
  problems: EntryProblem[];
} {
  const problems: EntryProblem[] = [];
  const entries = Object.fromEntries(
    LISTS.map((list) => [list, checkList(list, input[list] ?? [], problems)]),
  ) as RegistryEntries;
  if (problems.length === 0) problems.push(...checkTogether(entries));
  return { entries, problems };
}

/** What is wrong with entries that are each right by themselves: names twice, unknown names, periods, cycles. */
export function checkTogether(entries: RegistryEntries): EntryProblem[] {
  const problems: EntryProblem[] = [];
  checkIds(entries, problems);
  checkReferences(entries, problems);
  checkPeriods(entries, problems);
  checkPersons(entries, problems);
  checkLineage(entries, problems);
  checkCalendar(entries, problems);
  return problems;
}

function checkList(list: ListName, value: unknown, problems: EntryProblem[]): unknown[] {
  if (!Array.isArray(value)) {
    problems.push({ list, path: [], message: 'expected a list of entries, each beginning with "- id: …"' });
    return [];
  }
  return value.map((entry: unknown, index) => {
    const { value: parsed, problems: found } = parseEntry(list, entry, index);
    problems.push(...found);
    return parsed ?? entry;
  });
}

/** Checks one entry by itself and fills defaults in. @param index its place in the list, where the paths begin. */
export function parseEntry(
  list: ListName,
  entry: unknown,
  index = 0,
): { value: Entry | undefined; problems: EntryProblem[] } {
  const result = parsed(list, entry);
  if (result instanceof Error)
    return {
      value: undefined,
      problems: [{ list, path: [index], message: `the entry can not be read: ${result.message}` }],
    };
  if (result.success) return { value: result.data, problems: [] };
  return { value: undefined, problems: result.error.issues.flatMap((issue) => describe(list, index, entry, issue)) };
}

/** A value such as `{"length": {"toString": 0}}` makes the schema itself throw. */
function parsed(list: ListName, entry: unknown): z.ZodSafeParseResult<Entry> | Error {
  try {
    return ENTRIES[list].safeParse(entry);
  } catch (error) {
    return error as Error;
  }
}

/** The entry with defaults filled in; as it is when it is wrong. */
export function fillDefaults(list: ListName, entry: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return parseEntry(list, entry).value ?? entry;
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
      ? `expected one of ${allowed.join(', ')}${typeof value === 'string' ? nearestName(value, allowed) : ''}`
      : issue.message.replace(/^Invalid input: /, '');
  return [{ list, path: [index, ...issue.path], message: `${field} ${found}: ${hint}` }];
}

function step(value: unknown, part: PropertyKey): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[part] : undefined;
}

/** Where a list's entries say from when to when they hold. */
const PERIODS: Partial<Record<ListName, readonly [from: string, to: string]>> = {
  contracts: ['from', 'to'],
  grants: ['from', 'to'],
  cases: ['opened', 'closed'],
  'work-orders': ['from', 'to'],
  'watch-tags': ['from', 'until'],
};
const VALIDITY = ['validFrom', 'validTo'] as const;

interface Period {
  from: string | undefined;
  to: string | undefined;
  toField: string;
}

/** The fields that say from when to when an entry of the list holds; sources and years of the calendar have none. */
export function periodFieldsOf(list: ListName): { from: string; to: string } {
  const [from, to] = PERIODS[list] ?? VALIDITY;
  return { from, to };
}

function periodOf(list: ListName, entry: object): Period {
  const { from, to } = periodFieldsOf(list);
  const fields = entry as Record<string, string | undefined>;
  return { from: fields[from], to: fields[to], toField: to };
}

/** The same id may come again for another time: versions must not overlap. Sources and years come once. */
function checkIds(entries: RegistryEntries, problems: EntryProblem[]): void {
  for (const list of LISTS) {
    const seen = new Map<string, Period[]>();
    const field = keyFieldOf(list);
    for (const [index, entry] of entries[list].entries()) {
      const key = keyOf(list, entry);
      const period = periodOf(list, entry);
      const versions = seen.get(key);
      const other = versions?.find((version) => overlap(version, period));
      if (other !== undefined)
        problems.push({ list, path: [index, field], message: `${field} "${key}" is already taken by ${taker(other)}` });
      if (versions) versions.push(period);
      else seen.set(key, [period]);
    }
  }
}

function taker({ from, to }: Period): string {
  if (from === undefined && to === undefined) return 'an earlier entry';
  return `an earlier entry that holds from ${from ?? 'ever'} to ${to ?? 'now on'}; let it end before this one begins`;
}

export function overlap(a: { from?: string | undefined; to?: string | undefined }, b: typeof a): boolean {
  const from = (one: typeof a): number => (one.from ? momentOf(one.from, 'start', 'UTC') : -Infinity);
  const to = (one: typeof a): number => (one.to ? momentOf(one.to, 'end', 'UTC') : Infinity);
  return from(a) < to(b) && from(b) < to(a);
}

function checkPeriods(entries: RegistryEntries, problems: EntryProblem[]): void {
  const check = (list: ListName, path: PropertyKey[], from: string | undefined, to: string | undefined): void => {
    if (from === undefined || to === undefined || momentOf(from, 'start', 'UTC') < momentOf(to, 'end', 'UTC')) return;
    problems.push({ list, path, message: `${String(path.at(-1))} is ${to}: it must not lie before ${from}` });
  };
  for (const list of LISTS)
    for (const [index, entry] of entries[list].entries()) {
      const { from, to, toField } = periodOf(list, entry);
      check(list, [index, toField], from, to);
    }
  for (const [index, contract] of entries.contracts.entries())
    for (const [at, { from, to }] of contract.roster.entries())
      check('contracts', [index, 'roster', at, 'to'], from ?? contract.from, to ?? contract.to);
  for (const [index, { duty }] of entries.departments.entries())
    for (const [at, { from, to }] of duty.entries()) check('departments', [index, 'duty', at, 'to'], from, to);
}
