import { describe, expect, it } from 'vitest';
import { WanglouError } from '../../src/errors.ts';
import { readClause } from '../../src/hunting/read-clause.ts';

const read = (clause: unknown) => readClause(JSON.stringify(clause));

function fault(clause: unknown): { message: string; reason: unknown; remedy: string } {
  try {
    read(clause);
  } catch (error) {
    const { message, details, remedy } = error as WanglouError;
    expect(error).toBeInstanceOf(WanglouError);
    expect((error as WanglouError).code).toBe('WL_QUERY_INVALID');
    return { message, reason: details['reason'], remedy };
  }
  throw new Error('it was taken');
}

describe('conditions of a filter', () => {
  it('are taken as they were said, in groups within groups', () => {
    const clause = {
      all: [
        { field: 'asset', op: 'is', value: 'population.resident' },
        { any: [{ field: 'rows', op: 'between', value: [10, 500] }, { not: { field: 'privileged', op: 'yes' } }] },
        { field: 'clientAddress', op: 'network', value: ['10.20.0.0/16', '2001:db8::/32'] },
        { field: 'attributes', key: 'db', op: 'unset' },
      ],
    };
    expect(read(clause)).toEqual(clause);
  });

  it.each([
    [
      'an unknown field',
      { all: [{ field: 'colour', op: 'is', value: 'x' }] },
      'filter-field',
      /^where\.all\.0\.field is "colour": is no field/,
    ],
    ['a name that objects have', { field: 'constructor', op: 'is', value: 'x' }, 'filter-field', /"constructor"/],
    [
      'an operator of other types',
      { field: 'rows', op: 'contains', value: 'x' },
      'filter-operator',
      /where\.op is "contains": can not be asked of rows/,
    ],
    [
      'a part of what is looked for as a whole',
      { field: 'person', op: 'contains', value: 'xx' },
      'filter-operator',
      /person/,
    ],
    [
      'a number as a text',
      { field: 'rows', op: 'is', value: '5' },
      'filter-value',
      /where\.value is "5": is no whole number/,
    ],
    ['a negative number', { field: 'rows', op: 'more', value: -1 }, 'filter-value', /-1/],
    ['no value', { field: 'asset', op: 'is' }, 'filter-value', /where\.value is missing/],
    ['a value with an operator that takes none', { field: 'asset', op: 'set', value: 'x' }, 'filter-value', /no place/],
    ['one value where there are several', { field: 'asset', op: 'in', value: 'x' }, 'filter-value', /no list/],
    ['no values', { field: 'asset', op: 'in', value: [] }, 'filter-value', /no list/],
    ['three ends of a range', { field: 'rows', op: 'between', value: [1, 2, 3] }, 'filter-value', /two numbers/],
    [
      'no network',
      { field: 'clientAddress', op: 'network', value: ['10.0.0.0/33'] },
      'filter-value',
      /where\.value\.0 is "10\.0\.0\.0\/33"/,
    ],
    [
      'an address for a network',
      { field: 'clientAddress', op: 'network', value: ['10.0.0.1'] },
      'filter-value',
      /range of addresses/,
    ],
    ['an attribute without its name', { field: 'attributes', op: 'is', value: 'x' }, 'filter-value', /where\.key/],
    ['a name where none belongs', { field: 'asset', key: 'x', op: 'set' }, 'filter-value', /where\.key/],
    ['an id that is none', { field: 'id', op: 'is', value: 'x' }, 'filter-value', /no event id/],
    ['one character', { field: 'raw', op: 'contains', value: '王' }, 'filter-short', /shorter than 2/],
    ['a pseudonym', { field: 'raw', op: 'contains', value: '‹手机/mobile#k3f9a2Xb7c›' }, 'filter-masked', /pseudonym/],
    ['words beside a condition', { field: 'asset', op: 'set', sql: '1' }, 'filter-shape', /neither/],
    ['a list', [], 'filter-shape', /neither/],
    ['nothing', null, 'filter-shape', /^where is null/],
    ['two groups in one', { all: [], any: [] }, 'filter-shape', /neither/],
  ])('are refused with the place, the value and what to do: %s', (_, clause, reason, message) => {
    const found = fault(clause);
    expect(found.reason).toBe(reason);
    expect(found.message).toMatch(message);
    expect(found.remedy).toMatch(/^[A-Z].*\.$/);
  });

  it('are refused when they are too many or too deep, before anything is asked', () => {
    const one = { field: 'privileged', op: 'yes' };
    const deep = Array.from({ length: 6 }).reduce<unknown>((inner) => ({ not: inner }), one);
    expect(fault(deep).reason).toBe('filter-size');
    expect(fault({ all: Array.from({ length: 101 }, () => one) }).reason).toBe('filter-size');
    expect(fault({ field: 'asset', op: 'in', value: Array.from({ length: 501 }, () => 'x') }).reason).toBe(
      'filter-size',
    );
  });

  it('are refused when they are no JSON', () => {
    expect(() => readClause('{"field":')).toThrow(/^where is .*: is no JSON/);
  });
});
