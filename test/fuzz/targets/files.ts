import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import iconv from 'iconv-lite';
import fc from 'fast-check';
import { detectors } from '../../../detectors/index.ts';
import { configSchemaWith } from '../../../src/config-schema.ts';
import { readConfig } from '../../../src/config.ts';
import { WanglouError } from '../../../src/errors.ts';
import { parseEntry } from '../../../src/registry/check.ts';
import { workbookRows } from '../../../src/registry/import/workbook-rows.ts';
import { readTable } from '../../../src/registry/import/read-table.ts';
import { readFolder } from '../../../src/registry/read-folder.ts';
import { LISTS, type ListName } from '../../../src/registry/schema.ts';
import { xlsxOf } from '../../registry/import/xlsx.ts';
import { jsonObjects } from '../json-inputs.ts';
import { must, refusing, refusingAsync, type Taker, type Target } from '../target.ts';
import { registryFiles } from './corpora.ts';

const isRefusal = (error: unknown): boolean => error instanceof WanglouError;
const HEAD = '编号,名称,等级,责任部门,记录数,个人信息,日志名称,共享类型,定级日期\n';
const ROW = 'people,常住人口,核心,tax,"1,200,000",敏感个人信息,db.public.people；/api/people/*,有条件共享,2026/3/1\n';

/** Something that is read from a file of this name. */
function fromFile(name: string, read: (path: string) => void | Promise<void>): Taker {
  const folder = mkdtempSync(join(tmpdir(), 'wanglou-fuzz-'));
  const path = join(folder, name);
  return {
    take(input) {
      writeFileSync(path, input);
      return read(path);
    },
    stop: () => rmSync(folder, { recursive: true }),
  };
}

function tableTaker(name: string): Taker {
  return fromFile(name, (path) =>
    refusingAsync(isRefusal, async () => {
      const { rows, faults } = await readTable(path, 'assets', () => []);
      must(
        rows.every(({ key }) => key !== ''),
        'a row without a name',
      );
      must(
        faults.every(({ remedy }) => remedy !== ''),
        'a fault without a remedy',
      );
    }),
  );
}

export function csvTarget(): Target {
  const text = HEAD + ROW.repeat(3);
  const english = 'id,name,level,owner,rows\npeople,People,core,tax,1200000\n';
  return {
    corpus: [Buffer.from(text), Buffer.from(`\ufeff${text}`), iconv.encode(text, 'gb18030'), Buffer.from(english)],
    weight: 20,
    start: () => tableTaker('assets.csv'),
  };
}

export function xlsxTarget(): Target {
  const rows = (HEAD + ROW.replace('"1,200,000"', '1200000')).trimEnd().split('\n');
  const text = fc.string({ maxLength: 20, unit: 'binary' });
  return {
    corpus: [xlsxOf(rows.map((row) => row.split(','))), xlsxOf([['id'], [1], [new Date(0)]])],
    structured: fc
      .array(fc.array(fc.oneof(text, fc.double()), { maxLength: 6 }), { maxLength: 6 })
      .map((cells) => xlsxOf([['id', 'name', 'level', 'owner'], ...cells])),
    weight: 10,
    start: () => ({
      // The thread in which imports do this would be most of the time.
      take: (input) =>
        refusingAsync(
          (error) => error instanceof Error,
          async () => {
            await workbookRows(input);
          },
        ),
    }),
  };
}

/** Files of the registry's folder: the first line names the list. */
export function registryYamlTarget(): Target {
  const files = [...registryFiles()];
  return {
    corpus: files.map(([list, text]) => Buffer.from(`${list}\n${text}`)),
    weight: 20,
    start: () => ({
      take(input) {
        const text = input.toString();
        const end = text.indexOf('\n');
        const list = LISTS.find((name) => name === text.slice(0, end)) ?? 'assets';
        const texts = new Map<ListName, string>([[list, text.slice(end + 1)]]);
        const { registry, problems } = readFolder(
          { folder: 'folder', texts, problems: [], digest: '' },
          'Asia/Shanghai',
        );
        must(registry !== undefined || problems.length > 0, 'refused without saying why');
      },
    }),
  };
}

/** Entries as the API takes them: the first byte chooses the list. */
export function registryEntryTarget(): Target {
  const names = ['id', 'name', 'level', 'from', 'to', 'owner', 'department', 'vendor', 'fields', 'persons', 'systems'];
  return {
    corpus: [
      '{"id":"people","name":"People","level":"core","owner":"tax"}',
      '{"id":"a","from":"2026-01-01","asset":"b"}',
    ].map((text) => Buffer.from(text)),
    structured: jsonObjects(names),
    weight: 2,
    start: () => ({
      take(input) {
        let entry: unknown;
        try {
          entry = JSON.parse(input.toString());
        } catch {
          return;
        }
        if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) return;
        for (const list of LISTS) parseEntry(list, entry);
      },
    }),
  };
}

export function configTarget(): Target {
  const schema = configSchemaWith(detectors);
  const corpus = [
    'webPort: 8080\nhost: 0.0.0.0\nretentionDays: 400\nfiles:\n  - path: /var/log/*.log\n    source: web\n',
    'topics:\n  - {brokers: "192.0.2.1:9092", topic: audit, source: portal}\ndetectors:\n  brute-force: {failures: 5}\n',
    'catalogues:\n  - {name: a, url: "postgres://192.0.2.1/a", view: v, list: assets, columns: {id: code}}\n&a x: *a\n',
  ].map((text) => Buffer.from(text));
  return {
    corpus,
    weight: 4,
    start: () =>
      fromFile('wanglou.yaml', (path) => {
        refusing(isRefusal, () => {
          readConfig({ WANGLOU_CONFIG: path }, schema);
        });
      }),
  };
}
