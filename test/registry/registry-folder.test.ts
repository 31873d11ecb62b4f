import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { EntryInput } from '../../src/registry/change-set.ts';
import { RegistryFolder } from '../../src/registry/registry-folder.ts';

let folder: string;
let registry: RegistryFolder;
const write = (file: string, text: string) => writeFileSync(join(folder, file), text);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'registry-'));
  registry = new RegistryFolder({ folder, pollMs: 50 });
});
afterEach(() => {
  registry.stop();
  rmSync(folder, { recursive: true });
});

describe('the registry folder', () => {
  it('reads the documented example without a complaint', async () => {
    cpSync('src/registry/example', folder, { recursive: true });
    await registry.start();
    const at = Date.parse('2026-11-20T10:00+08:00');
    expect(registry.current().asset('aid.public.family_income', at)).toMatchObject({ id: 'low-income-families' });
    expect(registry.current().account('li.na', 'aid-platform', at)).toMatchObject({ department: 'civil-affairs' });
    expect(registry.current().grantsFor('low-income-families', at)).toMatchObject([{ recipient: 'hotline' }]);
    expect(registry.current().network('203.0.113.7', at)).toMatchObject({ id: 'qiming-office', zone: 'vendor' });
    expect(registry.current().warnings).toEqual([]);
  });

  it('is empty and says so when the folder does not exist', async () => {
    const missing = new RegistryFolder({ folder: join(folder, 'none') });
    await missing.start();
    missing.stop();
    expect(missing.current().warnings).toEqual([expect.stringContaining('has no files')]);
  });

  it.each([
    [
      'systems.yaml',
      '- id: aid\n  name: 救助\n  plane: busines\n',
      ':3:10: plane is "busines": expected one of business, operations; did you mean business?',
    ],
    [
      'assets.yaml',
      '- id: a\n  name: 甲\n  level: importent\n',
      ':3:10: level is "importent": expected one of core, important',
    ],
    [
      'accounts.yaml',
      '- id: a\n  login: a\n- id: b\n  login: b\n  vendor: cloudco\n',
      ':5:11: vendor is "cloudco": vendors has no such id',
    ],
    ['accounts.yaml', '- id: a\n  login: a\n- id: a\n  login: b\n', ':3:7: id "a" is already taken'],
    [
      'departments.yaml',
      '- id: a\n  name: 甲\n  timeZone: Asia/Beijing2\n',
      ':3:13: timeZone is "Asia/Beijing2": no such time zone',
    ],
    [
      'departments.yaml',
      '- id: a\n  name: 甲\n  workinghours: ["09:00-17:00"]\n',
      '"workinghours" is no field of departments; did you mean workingHours?',
    ],
    [
      'accounts.yaml',
      '- id: a\n  login: a\n  validTo: 2026-02-30\n',
      ':3:12: validTo is "2026-02-30": there is no such date',
    ],
    ['vendors.yaml', '- id: a\n  name: [甲\n', 'vendors.yaml:3:1: '],
    ['vendors.yaml', '- id: a\n  name: *nobody\n', 'vendors.yaml: Unresolved alias'],
    ['vendors.yaml', `- id: a\n- name:\n    ${'- '.repeat(30_000)}甲\n`, ': what is here is nested too deeply'],
    ['vendors.yaml', 'id: a\n', 'vendors.yaml:1:1: expected a list of entries'],
    ['calendar.yaml', '- year: 2027\n  rest: [2026-01-01]\n', ':2:10: rest is "2026-01-01": not in the year 2027'],
    ['vendors.yaml', '- name: 甲\n', ':1:3: id is missing'],
  ])('refuses to start on a bad %s, naming line and column: %j', async (file, text, problem) => {
    write(file, text);
    await expect(registry.start()).rejects.toMatchObject({ code: 'WL_REGISTRY_INVALID' });
    expect(registry.problems().join('\n')).toContain(problem);
    expect(registry.problems()[0]).toContain(join(folder, file));
  });

  it('refuses a contract that ends before it begins', async () => {
    write('vendors.yaml', '- id: v\n  name: 云启\n');
    write('contracts.yaml', '- id: c\n  vendor: v\n  from: 2026-05-01\n  to: 2026-04-01\n');
    await expect(registry.start()).rejects.toThrow(
      'contracts.yaml:4:7: to is 2026-04-01: it must not lie before 2026-05-01',
    );
  });

  it('takes over a change, keeps the old one while the new is bad, and recovers', async () => {
    write('vendors.yaml', '- id: v\n  name: 云启\n');
    await registry.start();
    const changes: string[] = [];
    registry.onChange(({ version }) => changes.push(version));
    write('vendors.yaml', '- id: v\n  nam: 云启\n');
    await vi.waitFor(() => expect(registry.problems()).not.toEqual([]));
    expect(registry.current().vendor('v', 0)?.name.zh).toBe('云启');
    expect(changes).toEqual([]);
    write('vendors.yaml', '- id: v\n  name: 云启科技\n');
    await vi.waitFor(() => expect(registry.current().vendor('v', 0)?.name.zh).toBe('云启科技'));
    expect(registry.problems()).toEqual([]);
    expect(changes).toEqual([registry.current().version]);
  });

  it('reads the files again only when they or the other entries change', async () => {
    write('contracts.yaml', '- id: c\n  vendor: v\n  from: 2026-05-01\n  to: 2026-06-01\n');
    const vendor: EntryInput = { id: 'v', name: '云启' };
    const known = { version: 1, entries: [{ key: 'v', entries: [vendor] }], asked: 0 };
    const others = {
      version: () => known.version,
      entries: () => (known.asked++, new Map([['vendors' as const, known.entries]])),
    };
    const dependent = new RegistryFolder({ folder, others });
    for (let n = 0; n < 3; n++) dependent.reload();
    expect(known.asked).toBe(1);
    expect(dependent.problems()).toEqual([]);
    Object.assign(known, { version: 2, entries: [] });
    dependent.reload();
    expect(dependent.problems()).toHaveLength(1);
    expect(known.asked).toBe(2);
  });
});
