import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';
import { en } from '../../dashboards/src/messages/en.ts';
import { zh } from '../../dashboards/src/messages/zh.ts';
import { changesBetween, stateOf, TELLING } from '../../dashboards/src/registry/entry-facts.ts';
import { entryOf, fieldsOf, valuesOf, type FormField } from '../../dashboards/src/registry/form-fields.ts';
import { registrySchema } from '../../src/api/registry-schema.ts';
import type { EntryInput } from '../../src/registry/change-set.ts';
import { parseEntry } from '../../src/registry/check.ts';
import { differenceOf } from '../../src/registry/difference.ts';
import { keyOf } from '../../src/registry/schema.ts';

const { lists } = registrySchema();
const schemaOf = (list: string) => lists.find((one) => one.list === list)!;
const EXAMPLES = 'src/registry/example';
const examples = readdirSync(EXAMPLES).flatMap((file) => {
  const list = schemaOf(file.replace('.yaml', ''));
  const entries = parse(readFileSync(`${EXAMPLES}/${file}`, 'utf8')) as EntryInput[];
  return entries.map((entry) => [list.list, keyOf(list.list, entry), entry] as const);
});

function flat(fields: readonly FormField[]): FormField[] {
  return fields.flatMap((field) => [field, ...flat(field.fields)]);
}

describe('the form of an entry', () => {
  it.each(examples)('gives an entry back as it was: %s %s', (list, key, entry) => {
    const fields = fieldsOf(schemaOf(list));
    const given = entryOf(fields, valuesOf(fields, entry));
    expect(parseEntry(list, given).problems).toEqual([]);
    expect(differenceOf(list, key, [entry], [given])).toBeUndefined();
  });

  it.each(lists.map(({ list }) => list))('has a text for every field and choice, in both languages: %s', (list) => {
    for (const texts of [zh, en])
      for (const { name, choices } of flat(fieldsOf(schemaOf(list)))) {
        expect(Object.keys(texts.registryField)).toContain(name);
        const ofField: Record<string, unknown> = { ...texts.registryChoice, level: texts.level, actions: texts.action };
        for (const choice of choices) expect(Object.keys(ofField[name] ?? {})).toContain(choice);
      }
  });

  it.each(lists.map(({ list }) => list))('is told apart in its list by fields that it has: %s', (list) => {
    expect(fieldsOf(schemaOf(list)).map(({ name }) => name)).toEqual(expect.arrayContaining([...TELLING[list]]));
  });

  it('knows what refers to what, also inside of rows', () => {
    const fields = flat(fieldsOf(schemaOf('contracts')));
    expect(fields.find(({ name }) => name === 'person')).toMatchObject({ kind: 'reference', to: ['persons'] });
    expect(fields.find(({ name }) => name === 'systems')).toMatchObject({ kind: 'references', to: ['systems'] });
  });

  it('leaves to the server what is no number, and sends what has to be stated even when it is empty', () => {
    const fields = fieldsOf(schemaOf('grants'));
    const values = { ...valuesOf(fields, { id: 'g' }), quota: { rowsPerDay: 'many', ratePerMinute: ' 5 ' } };
    expect(entryOf(fields, values)).toEqual({
      ...{ id: 'g', asset: '', recipient: '', from: '', quota: { rowsPerDay: 'many', ratePerMinute: 5 } },
    });
  });

  it('takes a name in one language or in both', () => {
    const fields = fieldsOf(schemaOf('departments'));
    const named = (name: { zh: string; en: string }) =>
      entryOf(fields, { ...valuesOf(fields, { id: 'aid' }), name })['name'];
    expect(named({ zh: '民政局', en: '' })).toBe('民政局');
    expect(named({ zh: '民政局', en: ' Aid ' })).toEqual({ zh: '民政局', en: 'Aid' });
  });
});

describe('an entry of the registry', () => {
  const period = { from: 'validFrom', to: 'validTo' };
  const at = Date.parse('2026-06-30T15:30:00Z'); // 23:30 of that day in Shanghai
  const state = (entry: EntryInput): string => stateOf(entry, period, at, 'Asia/Shanghai');

  it('is in force to the end of its last day, in the zone of the registry', () => {
    expect(state({ validTo: '2026-06-30' })).toBe('in-force');
    expect(stateOf({ validTo: '2026-06-30' }, period, at + 1_800_000, 'Asia/Shanghai')).toBe('ended');
    expect(state({ validTo: '2026-06-30T23:30' })).toBe('ended');
    expect(state({ validTo: '2026-06-30T23:31' })).toBe('in-force');
    expect(state({ validTo: '2026-06-30T15:30:00Z' })).toBe('ended');
  });

  it('is to come before its first day, and revoked from then on', () => {
    expect(state({ validFrom: '2026-07-01' })).toBe('to-come');
    expect(state({ validFrom: '2026-06-30' })).toBe('in-force');
    expect(state({ revokedAt: '2026-06-30' })).toBe('revoked');
    expect(state({ revokedAt: '2026-07-01' })).toBe('in-force');
  });

  it('says field by field what another version changed', () => {
    expect(changesBetween([{ id: 'a', level: 'core' }], [{ id: 'a', level: 'important', rows: 3 }])).toEqual([
      { field: 'level', before: 'core', after: 'important' },
      { field: 'rows', before: undefined, after: 3 },
    ]);
    expect(changesBetween([{ id: 'a' }], [{ id: 'a' }])).toEqual([]);
  });
});
