import { describe, expect, it } from 'vitest';
import { auditEntry } from '../../src/access/audit/entry.ts';
import { rowOfAudit } from '../../src/store/audit-rows.ts';
import { COLUMNS, PLACE } from '../../src/event/columns.ts';
import { emptyEvent } from '../../src/event/event.ts';
import { eventOfRow } from '../../src/store/event-rows.ts';
import { findingOfRow, rowOfFinding } from '../../src/store/finding-rows.ts';
import type { Recorded } from '../../src/registry/history.ts';
import { rowsOfVersion } from '../../src/store/registry-rows.ts';
import { migrate, readMigrations } from '../../src/store/migrate.ts';
import { splitStatements } from '../../src/store/split-statements.ts';
import { aFinding } from './a-finding.ts';

const migrations = readMigrations();

/** Column names and types of a table as its CREATE statement has them. */
function columnsOf(table: string): Map<string, string> {
  const create = migrations
    .flatMap(({ sql }) => splitStatements(sql))
    .find((sql) => sql.startsWith(`CREATE TABLE ${table}\n`));
  const lines = create!.split('\n').filter((line) => /^ {4}[`a-z]\S* [A-Z]/.test(line));
  const added = migrations
    .flatMap(({ sql }) => splitStatements(sql))
    .flatMap((sql) => new RegExp(`^ALTER TABLE ${table} ADD COLUMN IF NOT EXISTS (.+)$`).exec(sql)?.[1] ?? []);
  return new Map(
    [...lines, ...added.map((column) => `    ${column}`)].map((line) => {
      const [, name, type] = /^ {4}`?(\w+)`? (.+?)(?: CODEC\(.*\))?,?$/.exec(line)!;
      return [name!, type!];
    }),
  );
}

describe('the schema', () => {
  it('has each number once, so that a migration is applied once', () => {
    const numbers = migrations.map(({ number }) => number);
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
    expect(numbers[0]).toBe(1);
  });

  it('has a column in `events` for every field of an event and its place, of a type that takes it, and no other', () => {
    const wanted = new Map([...COLUMNS, ...PLACE].map(({ name, type }) => [name, type]));
    const plain = [...columnsOf('events')].map(([name, type]) => [
      name,
      type.replace('LowCardinality(String)', 'String'),
    ]);
    expect(new Map(plain as [string, string][])).toEqual(wanted);
    expect(COLUMNS.map(({ field }) => field).sort()).toEqual(Object.keys(emptyEvent()).sort());
  });

  it('has a column in `findings` for every part of a finding, and no other', () => {
    expect([...columnsOf('findings').keys()].sort()).toEqual(Object.keys(rowOfFinding(aFinding())).sort());
  });

  it('has a column in `registry` for every part of a recorded version, and no other', () => {
    expect([...columnsOf('registry').keys()].sort()).toEqual(Object.keys(rowsOfVersion(aVersion(), 'UTC')[0]!).sort());
  });

  it('has a column in `audit` for every part of a record, and no other', () => {
    const row = rowOfAudit(auditEntry({ id: '', at: 0, action: 'sign-in' }));
    expect([...columnsOf('audit').keys()].sort()).toEqual(Object.keys(row).sort());
  });

  it('never lets the engine drop inserts that it takes for repeated, and flushes each', () => {
    const tables = migrations
      .flatMap(({ sql }) => splitStatements(sql))
      .filter((sql) => sql.startsWith('CREATE TABLE'));
    expect(tables.length).toBeGreaterThan(19);
    for (const sql of tables)
      for (const setting of [
        'non_replicated_deduplication_window = 0',
        'fsync_after_insert = 1',
        'fsync_part_directory = 1',
      ])
        expect(sql).toContain(setting);
  });

  it('refuses to keep events for less than the law wants', async () => {
    const nowhere = { url: 'http://127.0.0.1:1', user: '', password: '', database: 'x' };
    await expect(migrate(nowhere, { retentionDays: 182 })).rejects.toThrow('at least 183 days');
  });
});

/** A grant that was renewed: two entries over valid time. */
function aVersion(): Recorded {
  const grant = { id: 'g', asset: 'people', recipient: 'tax' };
  return {
    list: 'grants',
    key: 'g',
    recordedAt: Date.UTC(2026, 3, 1),
    changeSet: '4b3f0f6e-2f58-4f43-9a53-0c3d6a0f0001',
    change: 'corrected',
    origin: 'api',
    by: 'wang',
    entries: [
      { ...grant, from: '2026-01-01', to: '2026-06-30' },
      { ...grant, from: '2026-07-01' },
    ],
  };
}

describe('rows of the store', () => {
  it('have one entry of a recorded version each, with the moments at which it begins and ends to hold', () => {
    const rows = rowsOfVersion(aVersion(), 'Asia/Shanghai');
    expect(rows.map((row) => [row.part, row.valid_from, row.valid_to])).toEqual([
      [0, '2025-12-31 16:00:00.000', '2026-06-30 16:00:00.000'],
      [1, '2026-06-30 16:00:00.000', null],
    ]);
    expect(JSON.parse(rows[1]!.entry)).toEqual(aVersion().entries[1]);
    expect(rowsOfVersion({ ...aVersion(), entries: [] }, 'UTC')).toMatchObject([{ part: 0, entry: '' }]);
  });

  it('give a finding back as it was', () => {
    expect(findingOfRow(rowOfFinding(aFinding()))).toEqual(aFinding());
    const suppressed = aFinding({ alert: false, suppression: 's-1' });
    expect(findingOfRow(rowOfFinding(suppressed))).toEqual(suppressed);
  });

  it('give an event back, with attributes that no object could hold safely', () => {
    const row = Object.fromEntries(
      COLUMNS.map(({ name, kind }) => [name, kind === 'strings' ? [] : kind === 'string' ? '' : 0]),
    );
    const times = { time: '2026-11-24 04:00:00.123', ingest_time: '2026-11-24 04:00:01.000' };
    const attributes = JSON.parse('{"__proto__":"p","k":"v"}') as object;
    const event = eventOfRow({ ...row, ...times, id: 'x', attributes });
    expect(event.attributes).toEqual(['__proto__', 'p', 'k', 'v']);
    expect(event.time).toBe(Date.UTC(2026, 10, 24, 4, 0, 0, 123));
  });
});

describe('a file of statements', () => {
  it('is cut at semicolons outside of strings, comments and quoted names', () => {
    expect(splitStatements("-- a; b\nSELECT ';' ; /* ; */ SELECT `a;`;\n;SELECT $x$ ; $x$")).toEqual([
      "SELECT ';'",
      'SELECT `a;`',
      'SELECT $x$ ; $x$',
    ]);
  });
});
