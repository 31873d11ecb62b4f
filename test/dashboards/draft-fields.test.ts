import { describe, expect, it } from 'vitest';
import { DRAFT_FIELDS, draftFor, fieldsOf, type UnresolvedName } from '../../dashboards/src/registry/draft-fields.ts';
import { draftOf } from '../../src/api/registry-draft.ts';
import { parseEntry } from '../../src/registry/check.ts';

const KINDS = Object.keys(DRAFT_FIELDS) as UnresolvedName['kind'][];

describe('the draft of an unresolved name', () => {
  it.each(KINDS)('is an entry that the registry takes as it is: %s', (kind) => {
    const fields = fieldsOf(kind, draftFor({ kind, name: 'db.visits', count: 3 }));
    const { list, entry } = draftOf({ kind, name: 'db.visits', fields });
    expect(parseEntry(list, entry).problems).toEqual([]);
    expect(entry).toMatchObject({ id: 'db.visits' });
  });

  it.each(KINDS)('offers only fields and values that the registry knows: %s', (kind) => {
    for (const field of DRAFT_FIELDS[kind])
      for (const choice of field.choices ?? ['x']) {
        const values = { ...draftFor({ kind, name: 'n', count: 1 }), [field.name]: field.type === 'yes' || choice };
        const { list, entry } = draftOf({ kind, name: 'n', fields: fieldsOf(kind, values) });
        expect(parseEntry(list, entry).problems).toEqual([]);
      }
  });

  it('takes several names, with Chinese commas too', () => {
    const values = { ...draftFor({ kind: 'asset', name: 'a', count: 1 }), names: 'a， b,,c ' };
    expect(fieldsOf('asset', values)).toMatchObject({ names: ['a', 'b', 'c'] });
  });

  it('sends an empty id, so that the server says what is wrong with it, and leaves out what else is empty', () => {
    const fields = fieldsOf('account', { ...draftFor({ kind: 'account', name: 'li', count: 1 }), id: '' });
    expect(fields).toEqual({ id: '', login: 'li', privileged: false });
  });
});
