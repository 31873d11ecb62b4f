import type { EntryProblem } from './check.ts';
import { nearestName } from '../nearest-name.ts';
import { keyOf, LISTS, type ListName, type RegistryEntries } from './schema.ts';

/** Fields that name an entry of one other list. */
export const REFERENCES: readonly { list: ListName; field: string; to: ListName }[] = [
  { list: 'departments', field: 'parent', to: 'departments' },
  { list: 'persons', field: 'department', to: 'departments' },
  { list: 'persons', field: 'vendor', to: 'vendors' },
  { list: 'systems', field: 'department', to: 'departments' },
  { list: 'systems', field: 'builtBy', to: 'vendors' },
  { list: 'systems', field: 'runBy', to: 'vendors' },
  { list: 'assets', field: 'system', to: 'systems' },
  { list: 'assets', field: 'owner', to: 'departments' },
  { list: 'assets', field: 'supervisor', to: 'departments' },
  { list: 'assets', field: 'derivedFrom', to: 'assets' },
  { list: 'accounts', field: 'systems', to: 'systems' },
  { list: 'accounts', field: 'department', to: 'departments' },
  { list: 'accounts', field: 'vendor', to: 'vendors' },
  { list: 'contracts', field: 'vendor', to: 'vendors' },
  { list: 'contracts', field: 'systems', to: 'systems' },
  { list: 'grants', field: 'asset', to: 'assets' },
  { list: 'cases', field: 'officer', to: 'persons' },
  { list: 'work-orders', field: 'contract', to: 'contracts' },
  { list: 'work-orders', field: 'persons', to: 'persons' },
  { list: 'work-orders', field: 'systems', to: 'systems' },
  { list: 'work-orders', field: 'assets', to: 'assets' },
  { list: 'sources', field: 'system', to: 'systems' },
];

const RECIPIENTS = { department: 'departments', system: 'systems', person: 'persons' } as const;

/** More names than this are not searched for a similar one: that costs time for each. */
const MAX_GUESSES = 100;

export type KnownIds = Readonly<Record<ListName, ReadonlySet<string>>>;

export function checkReferences(entries: RegistryEntries, problems: EntryProblem[]): void {
  const ids = idsOf(entries);
  let guesses = 0;
  const missing = (list: ListName, path: PropertyKey[], name: string, to: ListName): void => {
    const guess = guesses++ < MAX_GUESSES ? nearestName(name, [...ids[to]]) : '';
    const message = `${String(path[1])} is "${name}": ${to} has no such id${guess}`;
    problems.push({ list, path, message });
  };
  for (const { list, field, to } of REFERENCES)
    for (const [index, entry] of entries[list].entries()) {
      const value = (entry as Record<string, unknown>)[field] as string | string[];
      if (typeof value === 'string') {
        if (value !== '' && !ids[to].has(value)) missing(list, [index, field], value, to);
      } else
        for (const [at, name] of value.entries()) if (!ids[to].has(name)) missing(list, [index, field, at], name, to);
    }
  for (const [index, { recipientKind, recipient, onwardTo }] of entries.grants.entries()) {
    const to = RECIPIENTS[recipientKind];
    if (!ids[to].has(recipient)) missing('grants', [index, 'recipient'], recipient, to);
    for (const [at, name] of onwardTo.entries())
      if (![ids.departments, ids.systems, ids.vendors, ids.persons].some((known) => known.has(name)))
        missing('grants', [index, 'onwardTo', at], name, 'departments');
  }
  for (const [index, { kind, value }] of entries['watch-tags'].entries())
    if (kind === 'account' && !ids.accounts.has(value)) missing('watch-tags', [index, 'value'], value, 'accounts');
}

/** A person is known from an entry of its own, an account or a roster. */
function idsOf(entries: RegistryEntries): KnownIds {
  const ids = Object.fromEntries(
    LISTS.map((list) => [list, new Set(entries[list].map((entry) => keyOf(list, entry)))]),
  ) as Record<ListName, Set<string>>;
  for (const { person } of entries.accounts) if (person !== '') ids.persons.add(person);
  for (const { roster } of entries.contracts) for (const { person } of roster) ids.persons.add(person);
  return ids;
}
