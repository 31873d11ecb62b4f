import { WanglouError } from '../errors.ts';
import type { EntryProblem } from './check.ts';
import { keyOf, type ListName } from './schema.ts';

/** What is wrong with one field of one entry, for people and programs. */
export interface EntryFault {
  list: ListName;
  /** The entry's name in its list; '' when it has none. */
  id: string;
  /** `quota.rowsPerDay`; '' for the entry as a whole. */
  field: string;
  value: unknown;
  remedy: string;
}

/** Nothing was changed because of these faults. */
export class RegistryRefusal extends WanglouError {
  readonly faults: readonly EntryFault[];

  constructor(faults: readonly EntryFault[]) {
    const [first] = faults;
    const more = faults.length > 1 ? ` (and ${faults.length - 1} more)` : '';
    super('WL_REGISTRY_INVALID', `${first === undefined ? 'the registry' : faultText(first)}${more}`);
    this.faults = faults;
  }
}

export function faultText({ list, id, field, value, remedy }: EntryFault): string {
  const where = [list, id].filter((part) => part !== '').join(' ');
  const found = value === undefined ? 'is missing' : `is ${JSON.stringify(value)}`;
  return field === '' ? `${where}: ${remedy}` : `${where}: ${field} ${found}: ${remedy}`;
}

/** @param entry that the problem's path begins at. */
export function faultOf({ list, path, message }: EntryProblem, entry: unknown, id = nameOf(list, entry)): EntryFault {
  const field = path.slice(1);
  const value = field.reduce<unknown>(
    (at, part) => (typeof at === 'object' && at !== null ? (at as Record<PropertyKey, unknown>)[part] : undefined),
    entry,
  );
  const said = message.indexOf(': ');
  const remedy = said > 0 && field.length > 0 ? message.slice(said + 2) : message;
  return { list, id, field: field.map(String).join('.'), value, remedy };
}

function nameOf(list: ListName, entry: unknown): string {
  const name = typeof entry === 'object' && entry !== null ? keyOf(list, entry) : '';
  return name === 'undefined' ? '' : name;
}
