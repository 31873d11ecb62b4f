import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, describe, expect, it } from 'vitest';
import { bundleOf } from '../../src/exports/bundle.ts';

const dir = mkdtempSync(join(tmpdir(), 'wanglou-bundle-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const path = join(dir, 'file');
const parts = { path, name: 'a.csv', manifest: '{}', at: 1_790_000_000_000 };

describe('a file and its manifest in one archive', () => {
  it('says before it is read how long it is, however long that is', async () => {
    for (const bytes of [0, 1, 70_000]) {
      writeFileSync(path, 'x'.repeat(bytes));
      const bundle = bundleOf({ ...parts, bytes });
      expect((await buffer(bundle.stream)).length).toBe(bundle.bytes);
    }
  });

  it.each([
    ['has another length', { bytes: 9 }],
    ['is not there any more', { bytes: 3, path: join(dir, 'gone') }],
  ])('breaks when the file %s, so that nobody takes it for whole', async (_, changes) => {
    writeFileSync(path, 'abc');
    await expect(buffer(bundleOf({ ...parts, ...changes }).stream)).rejects.toThrow();
  });
});
