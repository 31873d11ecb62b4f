import { z } from 'zod';
import type { EntryInput } from '../registry/change-set.ts';
import type { ListName } from '../registry/schema.ts';

/** A name that events carry and the registry does not know, with how many did. */
export interface UnresolvedName {
  kind: 'system' | 'account' | 'asset';
  name: string;
  count: number;
}

/** What becomes an entry; further fields of the entry may come along. */
export const draftRequest = z.strictObject({
  kind: z.enum(['system', 'account', 'asset']),
  name: z.string().min(1).max(200),
  fields: z.record(z.string(), z.unknown()).default({}),
});

/** The entry that makes the name known: the least that its list asks for, graded lowest until somebody grades it. */
export function draftOf({ kind, name, fields }: z.infer<typeof draftRequest>): { list: ListName; entry: EntryInput } {
  if (kind === 'account') return { list: 'accounts', entry: { id: name, login: name, ...fields } };
  if (kind === 'system') return { list: 'systems', entry: { id: name, name, hosts: [name], ...fields } };
  return { list: 'assets', entry: { id: name, name, names: [name], level: 'general-1', ...fields } };
}
