import { z } from 'zod';
import { periodFieldsOf } from '../registry/check.ts';
import { REFERENCES } from '../registry/check-references.ts';
import { ENTRIES, keyFieldOf, LISTS, type ListName } from '../registry/schema.ts';

/** What an entry of a list is made of, for whoever draws a form of it. */
export interface ListSchema {
  list: ListName;
  /** The field that names an entry. */
  key: string;
  /** From when to when an entry holds; '' where entries have no such fields. */
  from: string;
  to: string;
  /** JSON schema of an entry as people write it. */
  schema: object;
  /** Fields that name entries of other lists: `owner`, `roster.person`. */
  references: Readonly<Record<string, readonly ListName[]>>;
}

/** What is checked by rules of its own: one of several lists, or inside of a row. */
const FURTHER: readonly { list: ListName; field: string; to: readonly ListName[] }[] = [
  { list: 'accounts', field: 'person', to: ['persons'] },
  { list: 'contracts', field: 'roster.person', to: ['persons'] },
  { list: 'grants', field: 'recipient', to: ['departments', 'systems', 'persons'] },
  { list: 'grants', field: 'onwardTo', to: ['departments', 'systems', 'vendors', 'persons'] },
  { list: 'watch-tags', field: 'value', to: ['accounts'] },
];

export function registrySchema(): { lists: readonly ListSchema[] } {
  return {
    lists: LISTS.map((list) => {
      const { from, to } = periodFieldsOf(list);
      const hasField = (name: string): string => (Object.hasOwn(ENTRIES[list].shape, name) ? name : '');
      return {
        list,
        key: keyFieldOf(list),
        from: hasField(from),
        to: hasField(to),
        schema: z.toJSONSchema(ENTRIES[list], { io: 'input', unrepresentable: 'any' }),
        references: referencesOf(list),
      };
    }),
  };
}

function referencesOf(list: ListName): Record<string, readonly ListName[]> {
  const single = REFERENCES.filter((one) => one.list === list).map(({ field, to }) => [field, [to]] as const);
  const further = FURTHER.filter((one) => one.list === list).map(({ field, to }) => [field, to] as const);
  return Object.fromEntries([...single, ...further]);
}
