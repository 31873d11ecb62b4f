import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { columnsOfResult, linesOfResult, rowsOfResult, type SqlResult } from '../../src/exports/result-contents.ts';

function resultOf(types: Record<string, string>, row: readonly unknown[]): SqlResult {
  const batches = (async function* () {
    yield [row];
  })();
  return { columns: Object.entries(types).map(([name, type]) => ({ name, type })), batches, ranAt: 1 };
}

async function all<T>(batches: AsyncIterable<T>): Promise<T[]> {
  return (await Readable.from(batches).toArray()) as T[];
}

async function cellsOf(type: string, value: unknown): Promise<unknown> {
  const result = resultOf({ a: type }, [value]);
  return (await all(rowsOfResult(columnsOfResult(result.columns), result)))[0]![0]![0];
}

describe('the result of a query in SQL, as a file', () => {
  it.each([
    ['UInt8', 7, 'integer', 7],
    ['Nullable(Int64)', '-9223372036854775808', 'integer', -9_223_372_036_854_775_808n],
    ['UInt64', '18446744073709551615', 'unsigned', 18_446_744_073_709_551_615n],
    ['UInt128', '340282366920938463463374607431768211455', 'text', '340282366920938463463374607431768211455'],
    ['Float64', 0.5, 'number', 0.5],
    ['Decimal(18, 4)', 1.25, 'number', 1.25],
    ['Bool', true, 'flag', true],
    ['LowCardinality(Nullable(String))', null, 'text', null],
    ["DateTime64(3, 'UTC')", '2026-01-02T03:04:05.678Z', 'time', 1_767_323_045_678],
    ['DateTime', '2026-01-02T03:04:05Z', 'time', 1_767_323_045_000],
    ["DateTime64(6, 'UTC')", '2026-01-02T03:04:05.678901Z', 'text', '2026-01-02T03:04:05.678901Z'],
    ['Date', '2026-01-02', 'text', '2026-01-02'],
    ['Array(String)', ['a', 'b'], 'text', '["a","b"]'],
    ["DateTime64(3, 'UTC')", '‹手机/mobile#x›', 'time', null],
  ])('has %s %j as %s', async (type, value, kind, cell) => {
    expect(columnsOfResult([{ name: 'a', type }])).toEqual([{ name: 'a', type: kind }]);
    expect(await cellsOf(type, value)).toEqual(cell);
  });

  it('has each name once', () => {
    const named = ['a', 'a_2', 'a', 'a'].map((name) => ({ name, type: 'String' }));
    expect(columnsOfResult(named).map(({ name }) => name)).toEqual(['a', 'a_2', 'a_3', 'a_4']);
  });

  it('has whole rows in lines, whatever columns are called', async () => {
    const result = resultOf({ ['__proto__']: 'String', n: 'UInt64', list: 'Array(UInt8)' }, ['x', 7, [1]]);
    const [lines] = await all(linesOfResult(columnsOfResult(result.columns), result));
    expect(lines).toEqual(['{"__proto__":"x","n":7,"list":[1]}']);
  });
});
