import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parquet } from '../../src/exports/formats/parquet.ts';
import { bytesOf, cells, COLUMNS, digestOf, HOSTILE_ROWS, tableOf } from './columns-for-tests.ts';
import { openInDuckDb, readInDuckDb } from './duckdb.ts';

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'wanglou-parquet-'))));
afterAll(() => rmSync(folder, { recursive: true }));

describe('a Parquet file', () => {
  it('opens elsewhere with the same rows, whatever stands in them, in several groups', async () => {
    const path = join(folder, 'hostile.parquet');
    const rows = Array.from({ length: 4 }, () => cells(HOSTILE_ROWS)).flat();
    writeFileSync(path, await bytesOf(parquet(tableOf(COLUMNS, rows), 100)));
    expect(await openInDuckDb(path, 'parquet', COLUMNS)).toEqual({ rows: rows.length, digest: digestOf(rows) });
  });

  it('has numbers, times and flags as such, and nothing as null', async () => {
    const path = join(folder, 'types.parquet');
    writeFileSync(path, await bytesOf(parquet(tableOf(COLUMNS, [['a', null, -7, 0.25, 0, true], [null, 'b', null, null, null, null]])))); // prettier-ignore
    const types = await readInDuckDb(path, 'parquet', 'SELECT typeof(text) AS a, typeof(count) AS b, typeof(share) AS c, typeof("at") AS d, typeof(flag) AS e FROM t LIMIT 1'); // prettier-ignore
    expect(types).toEqual([{ a: 'VARCHAR', b: 'BIGINT', c: 'DOUBLE', d: 'TIMESTAMP WITH TIME ZONE', e: 'BOOLEAN' }]);
    const nulls = await readInDuckDb(path, 'parquet', 'SELECT count(text) AS a, count(count) AS b, count("at") AS c, count(flag) AS d FROM t'); // prettier-ignore
    expect(nulls).toEqual([{ a: '1', b: '1', c: '1', d: '1' }]);
  });

  it('may have no rows', async () => {
    const path = join(folder, 'empty.parquet');
    writeFileSync(path, await bytesOf(parquet(tableOf(COLUMNS, []))));
    expect(await openInDuckDb(path, 'parquet', COLUMNS)).toEqual({ rows: 0, digest: digestOf([]) });
  });
});
