import { hashOf } from '../address.ts';
import type { ListName } from './entry-types.ts';

/** The page of an entry of the registry. */
export function addressOfEntry(list: ListName, id: string): string {
  return hashOf('registry', list, new URLSearchParams({ entry: id }).toString());
}

/** A new entry that begins with this name. */
export function addressOfNew(list: ListName, id: string): string {
  return hashOf('registry', list, new URLSearchParams({ new: id }).toString());
}
