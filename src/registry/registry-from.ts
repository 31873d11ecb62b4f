import { hash } from 'node:crypto';
import { WanglouError } from '../errors.ts';
import { checkEntries, type EntryProblem } from './check.ts';
import { listsOf } from './entries.ts';
import { IndexedRegistry } from './indexed-registry.ts';
import type { Registry } from './registry.ts';
import type { RegistryInput } from './schema.ts';

export const DEFAULT_TIME_ZONE = 'Asia/Shanghai';

export interface RegistryOptions {
  /** Zone of dates without an offset, and of departments and sources that name none. */
  timeZone?: string;
  warnings?: readonly string[];
}

/**
 * Builds a registry from plain lists in the same form as its files, for tests and generators.
 * @throws WanglouError WL_REGISTRY_INVALID that names list, entry, field, value and remedy.
 */
export function registryFrom(input: RegistryInput, options: RegistryOptions = {}): Registry {
  const { entries, problems } = checkEntries(input);
  if (problems.length > 0) throw new WanglouError('WL_REGISTRY_INVALID', problems.map(describe).join('\n'));
  const timeZone = options.timeZone ?? DEFAULT_TIME_ZONE;
  const version = hash('sha1', JSON.stringify([timeZone, entries]));
  return new IndexedRegistry(listsOf(entries, timeZone), timeZone, version, options.warnings ?? []);
}

function describe({ list, path, message }: EntryProblem): string {
  return `${list}${path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('')}: ${message}`;
}
