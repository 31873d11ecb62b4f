import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RecordedRegistry, type RecordedRegistryOptions } from '../../src/registry/recorded-registry.ts';
import { RegistryRefusal } from '../../src/registry/refusal.ts';
import { MemoryTable } from './version-table.ts';

const at = (iso: string) => Date.parse(`${iso}+08:00`);
const EVENT = at('2026-03-10T10:00');
const api = { origin: 'api', by: 'wang' } as const;
const department = { list: 'departments', key: 'tax', entries: [{ id: 'tax', name: '税务局' }] } as const;
const asset = (level: string) =>
  ({ list: 'assets', key: 'people', entries: [{ id: 'people', name: '人口', level }] }) as const;
const grant = (fields: object = {}) =>
  ({
    list: 'grants',
    key: 'g',
    entries: [{ id: 'g', asset: 'people', recipient: 'tax', from: '2026-01-01', ...fields }],
  }) as const;

let table: MemoryTable;
let now: number;
const started: RecordedRegistry[] = [];
async function open(options: Partial<RecordedRegistryOptions> = {}): Promise<RecordedRegistry> {
  const registry = new RecordedRegistry({ table, now: () => now, pollMs: 10, ...options });
  started.push(registry);
  await registry.start();
  return registry;
}

beforeEach(() => {
  table = new MemoryTable();
  now = at('2026-04-01T09:00');
});
afterEach(async () => {
  for (const registry of started.splice(0)) await registry.stop();
});

describe('what was recorded', () => {
  it('is known as of event time and as of when it was known', async () => {
    const registry = await open();
    await registry.record([department, asset('core'), grant()], api);
    const granted = now;
    now = at('2026-05-01T09:00');
    await registry.record([grant({ to: '2026-02-28' })], api);

    expect(registry.current().grantsFor('people', EVENT)).toEqual([]);
    expect(registry.asOf(granted).grantsFor('people', EVENT)).toMatchObject([{ id: 'g', to: Infinity }]);
    expect(registry.asOf(granted - 1).asset('people', EVENT)).toBeUndefined();
    expect(registry.asOf(now).grantsFor('people', EVENT)).toEqual([]);
    expect(
      registry.history.versionsOf('grants', 'g').map(({ change, recordedAt, by }) => [change, recordedAt, by]),
    ).toEqual([
      ['added', granted, 'wang'],
      ['ended', now, 'wang'],
    ]);
  });

  it('says field by field what changes, and changes nothing in a dry run', async () => {
    const registry = await open();
    await registry.record([department, asset('core')], api);
    const wanted = [asset('important'), grant()];
    const expected = [
      {
        list: 'assets',
        key: 'people',
        change: 'corrected',
        fields: [{ field: 'level', before: 'core', after: 'important' }],
      },
      { list: 'grants', key: 'g', change: 'added', fields: [] },
    ];
    expect(await registry.record(wanted, { ...api, dryRun: true })).toEqual(expected);
    expect(registry.current().asset('people', EVENT)?.level).toBe('core');
    expect(await registry.record(wanted, api)).toEqual(expected);
    expect(registry.current().asset('people', EVENT)?.level).toBe('important');
  });

  it('is not recorded again when it says the same, with defaults stated or not', async () => {
    const registry = await open();
    await registry.record([department], api);
    const same = {
      ...department,
      entries: [{ workingDays: 'workdays', name: { zh: '税务局', en: '税务局' }, id: 'tax' }],
    };
    expect(await registry.record([same], api)).toEqual([]);
    expect(registry.history.versionsOf('departments', 'tax')).toHaveLength(1);
  });

  it('reaches every program, and one that starts later', async () => {
    const [writer, reader] = [await open(), await open()];
    await writer.record([department], api);
    await vi.waitFor(() => expect(reader.current().department('tax', EVENT)).toBeDefined());
    const late = await open();
    expect(late.current().department('tax', EVENT)?.name.zh).toBe('税务局');
    expect(late.history.versionsOf('departments', 'tax')).toMatchObject([{ by: 'wang', origin: 'api' }]);
  });

  it('is known as a whole or not at all, also after a crash in the middle', async () => {
    const registry = await open();
    table.fault = { error: new Error('killed'), keep: 1 };
    await expect(registry.record([department, asset('core')], api)).rejects.toThrow('killed');
    expect((await open()).current().department('tax', EVENT)).toBeUndefined();
    await registry.record([department, asset('core')], api);
    expect((await open()).current().asset('people', EVENT)).toBeDefined();
  });

  it('is told as lost when rows of it are gone, and the rest is known', async () => {
    await (await open()).record([department, asset('core')], api);
    table.rows.delete([...table.rows.keys()].find((key) => key.startsWith('departments/'))!);
    const registry = await open();
    await vi.waitFor(() => expect(registry.problems()).toEqual(['1 recorded registry entries are lost']));
    expect(registry.current().asset('people', EVENT)).toBeDefined();
  });

  it('is refused with list, id, field, value and remedy when something does not fit, and nothing changes', async () => {
    const registry = await open();
    const refused = await registry.record([department, grant()], api).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(RegistryRefusal);
    expect((refused as RegistryRefusal).faults).toEqual([
      { list: 'grants', id: 'g', field: 'asset', value: 'people', remedy: 'assets has no such id' },
    ]);
    expect(registry.current().department('tax', EVENT)).toBeUndefined();
    expect(table.rows.size).toBe(0);
  });

  it('is refused when it takes away what others refer to', async () => {
    const registry = await open();
    await registry.record([department, asset('core'), grant()], api);
    await expect(registry.record([{ ...department, entries: [] }], api)).rejects.toThrow(
      'grants g: recipient is "tax": departments has no such id',
    );
  });

  it('keeps moments apart when the clock stands still', async () => {
    const registry = await open();
    await registry.record([asset('core')], api);
    await registry.record([asset('important')], api);
    expect(registry.asOf(now).asset('people', EVENT)?.level).toBe('core');
    expect(registry.asOf(now + 1).asset('people', EVENT)?.level).toBe('important');
  });
});

describe('a folder as one way in', () => {
  let folder: string;
  const write = (file: string, text: string) => writeFileSync(join(folder, file), text);
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'registry-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('has its changes recorded: added, corrected, taken out', async () => {
    write('vendors.yaml', '- id: v\n  name: 云启\n- id: w\n  name: 启明\n');
    const registry = await open({ folder });
    write('vendors.yaml', '- id: v\n  name: 云启科技\n');
    await vi.waitFor(() => expect(registry.current().vendor('v', EVENT)?.name.zh).toBe('云启科技'), 10_000);
    expect(registry.current().vendor('w', EVENT)).toBeUndefined();
    const changes = (key: string) => registry.history.versionsOf('vendors', key).map(({ change }) => change);
    expect([changes('v'), changes('w')]).toEqual([
      ['added', 'corrected'],
      ['added', 'removed'],
    ]);
    expect(registry.asOf(now).vendor('w', EVENT)).toBeDefined();
  }, 20_000);

  it('leaves alone what others corrected, until it says something new about that entry', async () => {
    write('vendors.yaml', '- id: v\n  name: 云启\n');
    await (
      await open({ folder })
    ).record([{ list: 'vendors', key: 'v', entries: [{ id: 'v', name: '云启集团' }] }], api);
    const again = await open({ folder });
    expect(again.current().vendor('v', EVENT)?.name.zh).toBe('云启集团');
    write('vendors.yaml', '- id: v\n  name: 云启股份\n');
    expect((await open({ folder })).current().vendor('v', EVENT)?.name.zh).toBe('云启股份');
  });

  it('may refer to what is known from elsewhere', async () => {
    await (await open()).record([department], api);
    write('assets.yaml', '- id: returns\n  name: 申报\n  level: core\n  owner: tax\n');
    expect((await open({ folder })).current().asset('returns', EVENT)?.owner).toBe('tax');
  });

  it('takes nothing away when its files are gone altogether', async () => {
    write('vendors.yaml', '- id: v\n  name: 云启\n');
    await open({ folder });
    rmSync(join(folder, 'vendors.yaml'));
    expect((await open({ folder })).current().vendor('v', EVENT)).toBeDefined();
  });

  it('stops a start that its files do not allow', async () => {
    write('vendors.yaml', '- id: v\n');
    await expect(open({ folder })).rejects.toMatchObject({ code: 'WL_REGISTRY_INVALID' });
  });
});
