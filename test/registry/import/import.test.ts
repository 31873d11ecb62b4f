import iconv from 'iconv-lite';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { importTables, ImportRefusal, type ImportRequest } from '../../../src/registry/import/import.ts';
import { reportOf } from '../../../src/registry/import/report.ts';
import { RecordedRegistry } from '../../../src/registry/recorded-registry.ts';
import { MemoryTable } from '../version-table.ts';
import { xlsxOf } from './xlsx.ts';

const NOW = Date.parse('2026-11-20T10:00:00+08:00');
const HEAD = '编号,名称,等级,责任部门,记录数,个人信息,日志名称,共享类型,定级日期\n';
let dir: string;
let registry: RecordedRegistry;
const file = (name: string, content: string | Buffer): string => {
  writeFileSync(join(dir, name), content);
  return join(dir, name);
};
const imported = (path: string, options: Partial<ImportRequest> = {}) =>
  importTables(registry, { path, by: 'li', now: NOW, ...options });
async function refusal(path: string, options: Partial<ImportRequest> = {}): Promise<string[]> {
  const error: unknown = await imported(path, options).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ImportRefusal);
  return (error as ImportRefusal).message.split('\n').map((line) => line.replace(`${dir}/`, ''));
}

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'import-'));
  registry = new RecordedRegistry({ table: new MemoryTable() });
  await registry.record([{ list: 'departments', key: 'tax', entries: [{ id: 'tax', name: '税务局' }] }], {
    origin: 'api',
    by: 'wang',
  });
});
afterEach(async () => {
  await registry.stop();
  rmSync(dir, { recursive: true });
});

describe('a table of assets', () => {
  const rows =
    'people,常住人口,核心,tax,"1,200,000",敏感个人信息,db.public.people；/api/people/*,有条件共享,2026/3/1\n';
  const expected = {
    id: 'people',
    level: 'core',
    owner: 'tax',
    rows: 1_200_000,
    personalInformation: 'sensitive',
    names: ['db.public.people', '/api/people/*'],
    sharing: 'conditional',
    gradedAt: Date.parse('2026-03-01T00:00:00+08:00'),
  };

  it.each([
    ['UTF-8', Buffer.from(HEAD + rows)],
    ['UTF-8 with a byte order mark and CRLF', Buffer.from('\ufeff' + (HEAD + rows).replaceAll('\n', '\r\n'))],
    ['GB18030', iconv.encode(HEAD + rows, 'gb18030')],
    [
      'English',
      Buffer.from('Id,NAME,grade,owner department,rows,personal information,names,sharing,graded_at\n' + rows),
    ],
  ])('is read from CSV with %s headers', async (_title, content) => {
    expect(await imported(file('assets.csv', content))).toEqual([
      { list: 'assets', key: 'people', change: 'added', fields: [] },
    ]);
    expect(registry.current().asset('/api/people/7', NOW)).toMatchObject({ ...expected, name: { zh: '常住人口' } });
  });

  it('is read from XLSX with numbers and dates of its own', async () => {
    const sheet = xlsxOf([
      ['编号', '名称', '等级', '记录数', '定级日期'],
      ['people', '常住人口', '核心', 1_200_000, new Date('2026-03-01T00:00:00Z')],
    ]);
    await imported(file('people.xlsx', sheet), { list: 'assets' });
    expect(registry.current().asset('people', NOW)).toMatchObject({
      level: 'core',
      rows: 1_200_000,
      gradedAt: expected.gradedAt,
    });
  });

  it('says in a dry run what would be added, changed field by field and ended, and changes nothing', async () => {
    await imported(file('assets.csv', 'id,name,level,rows\na,甲,core,1\nb,乙,core,2\nc,丙,core,3\n'));
    const next = file('assets.csv', 'id,level\na,important\nb,core\n');
    const differences = await imported(next, { complete: true, dryRun: true });
    expect(reportOf(differences, true)).toEqual([
      'corrected assets a: level: "core" → "important"',
      'ended assets c: validTo: (none) → "2026-11-20T02:00:00Z"',
      '1 corrected, 1 ended (dry run: nothing was recorded)',
    ]);
    expect(registry.current().asset('a', NOW)?.level).toBe('core');
  });

  it('leaves fields alone that have no column, and clears those with an empty cell', async () => {
    await imported(file('assets.csv', 'id,name,level,rows,owner\na,甲,core,7,tax\n'));
    await imported(file('assets.csv', 'id,owner\na,\n'));
    expect(registry.current().asset('a', NOW)).toMatchObject({ rows: 7, level: 'core', owner: '' });
  });
});

describe('grants', () => {
  it('come with their quota, and a grant with an end in the table is ended', async () => {
    await imported(file('assets.csv', 'id,name,level\npeople,人口,core\n'));
    const head = '编号,数据集,使用方,操作,用途,日配额,开始日期,截止日期\n';
    await imported(file('grants.csv', `${head}g,people,tax,查询、导出,census,2000,2026-01-01,\n`));
    expect(registry.current().grantsFor('people', NOW)).toMatchObject([
      { actions: ['query', 'export'], quota: { rowsPerDay: 2000, ratePerMinute: 0 }, purpose: 'census' },
    ]);
    const ended = await imported(
      file('grants.csv', `${head}g,people,tax,查询、导出,census,2000,2026-01-01,2026-06-30\n`),
    );
    expect(ended).toMatchObject([{ key: 'g', change: 'ended' }]);
  });
});

describe('what is wrong is told with file, line and column, and nothing is imported', () => {
  it.each([
    [
      'a value',
      'id,名称,等级\na,甲,core\nb,乙,核芯\n',
      'assets.csv:3: 等级 (level) is "核芯": expected one of core, important',
    ],
    ['a number', 'id,name,level,记录数\na,甲,core,many\n', 'assets.csv:2: 记录数 (rows) is "many": expected number'],
    ['a name that is missing', 'id,name,level\na,,core\n', 'assets.csv:2: name is missing'],
    [
      'a column',
      'id,name,levle\na,甲,core\n',
      'assets.csv:1: levle is "levle": no column of assets is called so; did you mean level?',
    ],
    ['a table without ids', 'name,level\n甲,core\n', 'assets.csv:1: no column is id'],
    ['an empty file', '', 'assets.csv:1: the file has no rows'],
    [
      'a reference',
      'id,name,level,责任部门\na,甲,core,tax\nb,乙,core,taxx\n',
      'assets.csv:3: 责任部门 (owner) is "taxx": departments has no such id; did you mean tax?',
    ],
    [
      'an id that comes twice',
      'id,name,level\na,甲,core\na,乙,core\n',
      'assets.csv:2: id is "a": id "a" is already taken',
    ],
    ['a line after a cell of several lines', 'id,name,level\na,"甲\n乙",core\nb,丙,x\n', 'assets.csv:4: level is "x"'],
  ])('%s', async (_title, content, message) => {
    expect((await refusal(file('assets.csv', content)))[0]).toContain(message);
    expect(registry.current().asset('a', NOW)).toBeUndefined();
  });

  it('a quote that is not closed', async () => {
    await expect(imported(file('assets.csv', 'id,name\na,"甲\n'))).rejects.toMatchObject({
      code: 'WL_REGISTRY_INVALID',
    });
  });

  it('a file that is no workbook, and one for no list', async () => {
    await expect(imported(file('assets.xlsx', 'id,name\n'))).rejects.toThrow('is no XLSX file');
    const whole = xlsxOf([['id'], ['people']]);
    const cut = Buffer.concat([whole.subarray(0, -30), Buffer.from('a comment that is no directory')]);
    await expect(imported(file('assets.xlsx', cut))).rejects.toThrow('assets.xlsx is no XLSX file: its directory');
    const directory = whole.readUInt32LE(whole.length - 6);
    whole.writeUInt32LE(4_000_000_000, directory + 24);
    await expect(imported(file('assets.xlsx', whole))).rejects.toThrow('assets.xlsx is no XLSX file: its directory');
    await expect(imported(file('things.csv', 'id\n'))).rejects.toThrow('"things" is no list of the registry');
  });
});

it('a folder of tables is taken as one, whatever refers to what', async () => {
  file('grants.csv', 'id,asset,recipient,from\ng,people,health,2026-01-01\n');
  file('assets.csv', 'id,name,level\npeople,人口,core\n');
  file('departments.csv', 'id,name\nhealth,卫健委\n');
  await imported(dir);
  expect(registry.current().grantsFor('people', NOW)).toHaveLength(1);
});
