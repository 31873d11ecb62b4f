import type { Bilingual } from '../../../src/finding/finding.ts';
import { call } from '../api.ts';
import type { DraftField, UnresolvedName } from './draft-fields.ts';

const MOST_OFFERED = 1_000;

/** Most frequent first. @throws ApiError */
export async function unresolvedNames(): Promise<readonly UnresolvedName[]> {
  return (await call<{ unresolved: UnresolvedName[] }>('GET', 'registry-unresolved')).unresolved;
}

/** Makes an entry of the name. @throws ApiError with the fault of each field */
export async function saveDraft({ kind, name }: UnresolvedName, fields: Record<string, unknown>): Promise<void> {
  await call('POST', 'registry-unresolved', { kind, name, fields });
}

/** Entries that a field may name. @throws ApiError */
export async function entriesOf(
  list: NonNullable<DraftField['to']>,
): Promise<readonly { id: string; name: Bilingual | string }[]> {
  interface Page {
    entries: { entries: { id: string; name?: Bilingual | string }[] }[];
  }
  const page = await call<Page>('GET', `registry/${list}?limit=${MOST_OFFERED}`);
  return page.entries.flatMap(({ entries }) => entries.slice(-1)).map(({ id, name = id }) => ({ id, name }));
}
