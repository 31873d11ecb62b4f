import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeWhole } from '../../src/exports/whole-file.ts';

const MB = Buffer.alloc(1024 * 1024, 'x');
let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'wanglou-whole-'))));
afterAll(() => rmSync(folder, { recursive: true }));

async function* chunks(count: number, after?: Error): AsyncGenerator<Buffer> {
  for (let n = 0; n < count; n++) yield MB;
  if (after !== undefined) throw after;
}
const roomy = { maxBytes: 1e9, used: async () => 0.5 };

describe('a file that is written as a whole', () => {
  it('is there with its length and digest', async () => {
    const path = join(folder, 'whole');
    const { bytes, sha256 } = await writeWhole(path, chunks(3), roomy);
    expect(bytes).toBe(3 * MB.length);
    expect(createHash('sha256').update(readFileSync(path)).digest('hex')).toBe(sha256);
  });

  it('is not there when what it is made of fails', async () => {
    const path = join(folder, 'failed');
    await expect(writeWhole(path, chunks(2, new Error('the store went away')), roomy)).rejects.toThrow('went away');
    expect(existsSync(path)).toBe(false);
  });

  it('is not there when the volume fills up to where only ingest may write, and says so', async () => {
    const path = join(folder, 'full');
    let asked = 0;
    const used = async (): Promise<number> => (asked++ === 0 ? 0.9 : 0.951);
    await expect(writeWhole(path, chunks(40), { maxBytes: 1e9, used })).rejects.toMatchObject({
      reason: 'disk-full',
      message: expect.stringContaining('the volume is 95 % full') as string,
    });
    expect(existsSync(path)).toBe(false);
  });

  it('is not there when it would be longer than it may, and says by which setting', async () => {
    const path = join(folder, 'long');
    await expect(writeWhole(path, chunks(4), { ...roomy, maxBytes: 3e6 })).rejects.toMatchObject({
      reason: 'quota',
      message: expect.stringContaining('exportQuotaGb') as string,
    });
    expect(existsSync(path)).toBe(false);
  });
});
