import { describe, expect, it } from 'vitest';
import { SavedQueryDesk } from '../../src/hunting/saved-query-desk.ts';
import type { SavedQueryRequest } from '../../src/hunting/saved-query.ts';
import { MemoryTable } from '../registry/version-table.ts';

const request: SavedQueryRequest = {
  ...{ name: '夜间导出', description: '', kind: 'builder', query: 'where=…', parameters: [], shared: false },
};

describe('saved queries', () => {
  it('are seen by who saved them, and by all once they are shared', async () => {
    const desk = new SavedQueryDesk(new MemoryTable());
    const own = await desk.create(request, 'lina');
    const names = async (account: string, shared = true) => (await desk.list(account, shared)).map(({ name }) => name);
    expect([await names('lina'), await names('wu')]).toEqual([['夜间导出'], []]);
    await desk.change(own.id, { ...request, shared: true }, 1, 'lina');
    expect([await names('lina'), await names('wu'), await names('wu', false)]).toEqual([
      ['夜间导出'],
      ['夜间导出'],
      [],
    ]);
  });

  it('keep every version: who changed what, and when', async () => {
    let now = 1_000;
    const table = new MemoryTable();
    const desk = new SavedQueryDesk(table, () => now++);
    const { id } = await desk.create(request, 'lina');
    await desk.change(id, { ...request, query: 'where=other' }, 1, 'lina');
    await desk.remove(id, 'lina');
    expect(await desk.list('lina', true)).toEqual([]);
    // By another program, over the same table.
    const versions = await new SavedQueryDesk(table).versions(id, 'lina', true);
    expect(versions.map(({ version, query, at, removed }) => [version, query, at, removed])).toEqual([
      [3, 'where=other', 1_002, true],
      [2, 'where=other', 1_001, false],
      [1, 'where=…', 1_000, false],
    ]);
  });

  it('are changed by nobody else, and not over what was saved meanwhile', async () => {
    const desk = new SavedQueryDesk(new MemoryTable());
    const { id } = await desk.create({ ...request, shared: true }, 'lina');
    await expect(desk.change(id, request, 1, 'wu')).rejects.toMatchObject({ code: 'WL_FORBIDDEN' });
    await expect(desk.remove(id, 'wu')).rejects.toMatchObject({ code: 'WL_FORBIDDEN' });
    await desk.change(id, { ...request, shared: true }, 1, 'lina');
    await expect(desk.change(id, request, 1, 'lina')).rejects.toMatchObject({ code: 'WL_CONFLICT' });
    const own = await desk.create(request, 'lina');
    // What is not seen is as unknown as what there is not.
    await expect(desk.remove(own.id, 'wu')).rejects.toMatchObject({ code: 'WL_NOT_FOUND' });
    await expect(desk.versions(own.id, 'wu', true)).rejects.toMatchObject({ code: 'WL_NOT_FOUND' });
  });
});
