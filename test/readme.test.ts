import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { permissionsTable } from '../src/access/permissions-table.ts';
import { settingsTable } from '../src/config.ts';

const read = (file: string): string => readFileSync(file, 'utf8');
const documents = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  ...everyMarkdown('src'),
  ...everyMarkdown('detectors'),
];

describe('README.md', () => {
  it('can be read in one go', () => {
    expect(read('README.md').split('\n').length).toBeLessThanOrEqual(200);
  });

  it('names in its promises tests that exist', () => {
    const tests = [...read('README.md').matchAll(/^\| G\d .*$/gm)].flatMap(([row]) =>
      [...row.matchAll(/`(test\/[^`*]+)`/g)].map((match) => match[1]!),
    );
    expect(tests.length).toBeGreaterThan(5);
    expect(tests.filter((test) => !existsSync(test))).toEqual([]);
  });
});

describe('documents', () => {
  it.each(documents)('%s links to what exists', (document) => {
    const targets = [...read(document).matchAll(/\]\(([^)#:]+)(#[^)]*)?\)/g)].map((match) => match[1]!);
    expect(targets.filter((target) => !existsSync(join(dirname(document), target)))).toEqual([]);
  });

  it('src/README.md names every folder and file at the top of the source', () => {
    const map = read('src/README.md');
    const names = readdirSync('src').filter((name) => name !== 'README.md');
    // What has a sentence of its own or stands with the part that it serves.
    const small = ['ask.ts', 'health-route.ts', 'keep-trying.ts'];
    expect(names.filter((name) => !map.includes(name) && !small.includes(name))).toEqual([]);
  });

  it('docs/permissions.md is current (renew it with `npm run -s wanglou -- permissions > docs/permissions.md`)', () => {
    expect(read('docs/permissions.md')).toBe(`${permissionsTable()}\n`);
  });

  it('docs/settings.md is current (renew it with `npm run -s wanglou -- settings --table > docs/settings.md`)', () => {
    expect(read('docs/settings.md')).toBe(`${settingsTable()}\n`);
  });
});

function everyMarkdown(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name));
}
