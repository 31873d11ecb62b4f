import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { CatalogueSchedule } from '../../src/registry/catalogue-schedule.ts';
import { takeOver } from '../../src/registry/catalogue.ts';
import { PostgresqlCatalogue } from '../../src/registry/postgresql-catalogue.ts';
import { RecordedRegistry } from '../../src/registry/recorded-registry.ts';
import { MemoryTable } from '../registry/version-table.ts';
import { startPostgresql, type RunningPostgresql } from './postgresql.ts';

const NOW = Date.parse('2026-11-20T10:00:00+08:00');
let postgresql: RunningPostgresql;
let registry: RecordedRegistry;
let catalogue: PostgresqlCatalogue;

beforeAll(async () => {
  postgresql = await startPostgresql();
});
afterAll(async () => postgresql?.stop());

beforeEach(async () => {
  await postgresql.run(`
    DROP SCHEMA IF EXISTS catalogue CASCADE;
    CREATE SCHEMA catalogue;
    CREATE TABLE catalogue.datasets (ds_code text, "名称" text, "数据级别" text, records bigint, log_names text[], graded date, extra text);
    INSERT INTO catalogue.datasets VALUES
      ('people', '常住人口', '核心', 1200000, '{db.public.people,/api/people/*}', '2026-03-01', 'x'),
      ('visits', '就诊记录', '重要', 900, '{}', NULL, NULL);
    CREATE VIEW catalogue.shared AS SELECT * FROM catalogue.datasets;`);
  registry = new RecordedRegistry({ table: new MemoryTable() });
  catalogue = new PostgresqlCatalogue({
    name: 'city',
    url: postgresql.url,
    view: 'catalogue.shared',
    list: 'assets',
    columns: { ds_code: 'id', records: 'rows', log_names: 'names', graded: 'gradedAt' },
  });
});

describe('a catalogue in a view of PostgreSQL', () => {
  it('is taken over with the columns that are named, and those that are called as in imports', async () => {
    await takeOver(registry, catalogue);
    expect(registry.current().asset('/api/people/3', NOW)).toMatchObject({
      id: 'people',
      name: { zh: '常住人口' },
      level: 'core',
      rows: 1_200_000,
      gradedAt: Date.parse('2026-03-01T00:00:00+08:00'),
    });
    expect(registry.history.latest('assets', 'visits')).toMatchObject({ origin: 'catalogue:city' });
  });

  it('says in a dry run what would change, and then changes that', async () => {
    await takeOver(registry, catalogue);
    await postgresql.run(
      `UPDATE catalogue.datasets SET "数据级别" = '重要' WHERE ds_code = 'people'; DELETE FROM catalogue.datasets WHERE ds_code = 'visits'`,
    );
    const expected = [
      { key: 'people', change: 'corrected', fields: [{ field: 'level', before: 'core', after: 'important' }] },
      { key: 'visits', change: 'removed' },
    ];
    expect(await takeOver(registry, catalogue, true)).toMatchObject(expected);
    expect(registry.current().asset('people', NOW)?.level).toBe('core');
    expect(await takeOver(registry, catalogue)).toMatchObject(expected);
    expect(registry.current().asset('visits', NOW)).toBeUndefined();
    expect(await takeOver(registry, catalogue)).toEqual([]);
  });

  it('leaves entries of others alone, and takes nothing away when it is empty or wrong', async () => {
    await registry.record([{ list: 'assets', key: 'own', entries: [{ id: 'own', name: '自建', level: 'core' }] }], {
      origin: 'api',
      by: 'wang',
    });
    await takeOver(registry, catalogue);
    expect(registry.current().asset('own', NOW)).toBeDefined();
    await postgresql.run(`UPDATE catalogue.datasets SET "数据级别" = '绝密' WHERE ds_code = 'people'`);
    await expect(takeOver(registry, catalogue)).rejects.toThrow('assets people: level is "绝密": expected one of core');
    await postgresql.run('DELETE FROM catalogue.datasets');
    await expect(takeOver(registry, catalogue)).rejects.toThrow('the catalogue city has no entries of assets');
    expect(registry.current().asset('people', NOW)?.level).toBe('core');
  });

  it('is taken over again and again, and a failure is told until it is over', async () => {
    await postgresql.run('ALTER VIEW catalogue.shared RENAME TO elsewhere');
    const schedule = new CatalogueSchedule(registry, [{ connector: catalogue, everyMs: 50 }]);
    schedule.start();
    await vi.waitFor(() => expect(schedule.problems()[0]).toContain('catalogue city was not taken over'), 20_000);
    await postgresql.run('ALTER VIEW catalogue.elsewhere RENAME TO shared');
    await vi.waitFor(() => expect(registry.current().asset('people', NOW)).toBeDefined(), 20_000);
    expect(schedule.problems()).toEqual([]);
    await schedule.stop();
  });
});
