import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { registryFrom } from '../../src/registry/registry-from.ts';
import { Reach } from '../../src/scope/reach.ts';
import { readerWithin, rowFilters, type StoreReader } from '../../src/store/reader.ts';

const reachOf = (vendor: string): Reach => new Reach({ departments: [], vendors: [vendor] }, registryFrom({}), 0);

let settings: object | undefined;

async function sent(query: string, vendor = 'qiming'): Promise<string> {
  let text = '';
  const query_ = (async (asked: { query: string; clickhouse_settings?: object }) => {
    text = asked.query;
    settings = asked.clickhouse_settings;
  }) as unknown as StoreReader['query'];
  await readerWithin({ query: query_ }, reachOf(vendor)).query({ query });
  return text;
}

describe('the store within a scope', () => {
  it('limits the rows of every table that there is', () => {
    const folder = new URL('../../src/store/schema/', import.meta.url);
    const texts = readdirSync(folder).map((file) => readFileSync(new URL(file, folder), 'utf8'));
    const tables = texts.flatMap((text) => [...text.matchAll(/^CREATE TABLE (\w+)/gm)].map(([, table]) => table!));
    const filters = rowFilters(reachOf('qiming'));
    const told = tables.filter((table) => filters[table] === undefined).map((table) => `${table} has no condition in rowFilters of src/store/reader.ts: say which of its rows are of a scope, or '0' for none`); // prettier-ignore
    expect(tables.length).toBeGreaterThan(7);
    expect(told).toEqual([]);
  });

  it('says so behind whatever is asked, and beside the settings that a query has', async () => {
    expect(await sent('SELECT 1')).toMatch(/^SELECT 1 SETTINGS additional_table_filters = \{'events': /);
    expect(await sent('SELECT 1 SETTINGS max_execution_time = 5')).toMatch(/^SELECT 1 SETTINGS max_execution_time = 5, additional_table_filters = /); // prettier-ignore
  });

  it('leaves nothing behind that the engine could mix up with what others ask', async () => {
    await sent('SELECT 1');
    expect(settings).toMatchObject({ use_query_condition_cache: 0 });
  });

  it('takes ids as they are, whatever is in them', async () => {
    expect(rowFilters(reachOf("o'neil\\"))['events']).toContain("vendor IN ('o\\'neil\\\\')");
  });

  it('has nothing for an empty scope', () => {
    const nobody = new Reach({ departments: [], vendors: [] }, registryFrom({}), 0);
    expect(rowFilters(nobody)['findings']).toBe('(0) OR (0) OR (0) OR (0) OR (0)');
  });
});
