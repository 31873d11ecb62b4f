import { beforeEach, describe, expect, it } from 'vitest';
import type { EntryInput } from '../../src/registry/change-set.ts';
import { RecordedRegistry } from '../../src/registry/recorded-registry.ts';
import type { ListName } from '../../src/registry/schema.ts';
import { Reach } from '../../src/scope/reach.ts';
import { RegistryWithin } from '../../src/scope/registry-within.ts';
import { MemoryTable } from '../registry/version-table.ts';

const NOW = Date.parse('2026-11-18T08:00:00+08:00');
let registry: RecordedRegistry;

const record = (list: ListName, ...entries: EntryInput[]) =>
  registry.record(
    entries.map((entry) => ({ list, key: String(entry['id'] ?? entry['number']), entries: [entry] })),
    { origin: 'api', by: 'zhao' },
  );
const within = (department: string): RegistryWithin =>
  new RegistryWithin(registry, new Reach({ departments: [department], vendors: [] }, registry.current(), NOW));
const keys = (seen: RegistryWithin, list: ListName): string[] =>
  [...seen.history.all(list)].map(({ key }) => key).sort();

beforeEach(async () => {
  registry = new RecordedRegistry({ table: new MemoryTable() });
  await record(
    'departments',
    { id: 'civil', name: '民政局' },
    { id: 'tax', name: '税务局' },
    { id: 'health', name: '卫健委' },
  );
  await record('vendors', { id: 'qiming', name: '启明' }, { id: 'hengtong', name: '恒通' });
  await record(
    'systems',
    { id: 'aid', name: '救助', department: 'civil', runBy: 'qiming' },
    { id: 'levy', name: '征收', department: 'tax', runBy: 'hengtong' },
  );
  await record(
    'assets',
    { id: 'families', name: '家庭', system: 'aid', owner: 'civil', level: 'core' },
    { id: 'taxpayers', name: '纳税人', system: 'levy', owner: 'tax', level: 'core' },
  );
  await record(
    'accounts',
    { id: 'li', login: 'li', department: 'civil', person: 'p-li' },
    { id: 'wu', login: 'wu', department: 'tax', person: 'p-wu' },
  );
  await record(
    'watch-tags',
    { id: 'w-li', kind: 'account', value: 'li' },
    { id: 'w-wu', kind: 'account', value: 'wu' },
  );
});

describe('the registry within a department', () => {
  it('has its entries and those that they name, one step far', () => {
    const seen = within('civil');
    expect(keys(seen, 'departments')).toEqual(['civil']);
    expect(keys(seen, 'systems')).toEqual(['aid']);
    expect(keys(seen, 'vendors')).toEqual(['qiming']);
    expect([keys(seen, 'accounts'), keys(seen, 'watch-tags')]).toEqual([['li'], ['w-li']]);
    expect(seen.current().vendor('hengtong', NOW)).toBeUndefined();
  });

  it('names the asset that was granted to it, but not the system and people around that', async () => {
    await record(
      'grants',
      { id: 'g-1', asset: 'taxpayers', recipient: 'civil', from: '2026-01-01' },
      { id: 'g-2', asset: 'taxpayers', recipient: 'health', from: '2026-01-01' },
    );
    const seen = within('civil');
    expect([keys(seen, 'grants'), keys(seen, 'assets')]).toEqual([['g-1'], ['families', 'taxpayers']]);
    expect([keys(seen, 'systems'), keys(seen, 'departments')]).toEqual([['aid'], ['civil']]);
  });

  it('follows what is recorded later', async () => {
    const seen = within('civil');
    await record('systems', { id: 'aid', name: '救助', department: 'civil', runBy: 'hengtong' });
    expect(keys(seen, 'vendors')).toEqual(['hengtong']);
  });

  it('keeps of an entry that was of another before only what is its own', async () => {
    await record('accounts', { id: 'wu', login: 'wu', department: 'civil', person: 'p-wu', role: '来自税务局' });
    const [tax, civil] = [within('tax'), within('civil')];
    expect(civil.history.versionsOf('accounts', 'wu').map(({ entries }) => entries[0]?.['department'])).toEqual([
      'civil',
    ]);
    expect(tax.history.versionsOf('accounts', 'wu').map(({ change, entries }) => [change, entries.length])).toEqual([['added', 1], ['removed', 0]]); // prettier-ignore
    expect(keys(tax, 'accounts')).toEqual([]);
  });

  it('is only read', async () => {
    await expect(within('civil').record()).rejects.toThrow('only read');
  });
});
