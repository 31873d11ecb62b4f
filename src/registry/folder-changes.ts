import type { EntryInput, RegistryVersion } from './change-set.ts';
import { byKey, differenceOf } from './difference.ts';
import type { RegistryHistory } from './history.ts';
import { LISTS, type ListName } from './schema.ts';

/** What is to be known of one name from now on; no entries: nothing any more. */
export type Proposal = Pick<RegistryVersion, 'list' | 'key' | 'entries'>;

/**
 * What a way in that states whole lists (a folder, a catalogue) says differently from what it said last. What others have
 * recorded since stays until this way says something new about that name.
 */
export function changesOf(
  stated: Readonly<Partial<Record<ListName, readonly EntryInput[]>>>,
  history: RegistryHistory,
  origin: 'folder' | `catalogue:${string}`,
): Proposal[] {
  const proposals: Proposal[] = [];
  for (const list of LISTS) {
    const now = byKey(list, stated[list] ?? []);
    for (const [key, entries] of now) {
      const before = history.versionsOf(list, key).findLast((version) => version.origin === origin);
      if (differenceOf(list, key, before?.entries ?? [], entries) !== undefined) proposals.push({ list, key, entries });
    }
    for (const version of history.all(list))
      if (version.origin === origin && !now.has(version.key)) proposals.push({ list, key: version.key, entries: [] });
  }
  return proposals;
}
