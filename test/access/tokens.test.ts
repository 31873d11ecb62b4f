import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { drawToken, isWholeToken } from '../../src/access/secret.ts';
import { parseTokenFile, readTokens, TokenFile, tokenPath } from '../../src/access/tokens.ts';

let dataDir: string;
beforeEach(() => (dataDir = mkdtempSync(join(tmpdir(), 'wanglou-tokens-'))));
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

describe('drawn tokens', () => {
  it('carry a prefix for each use and a checksum that a cut or changed copy fails', async () => {
    const tokens = await readTokens({ dataDir, ingestToken: '', apiToken: '' });
    expect(tokens.ingest).toMatch(/^wlk_/);
    expect(tokens.api).toMatch(/^wla_/);
    expect(tokens.store).toMatch(/^wls_/);
    expect(isWholeToken(tokens.ingest)).toBe(true);
    expect(isWholeToken(tokens.ingest.slice(0, -1))).toBe(false);
    const letter = tokens.ingest[10] === 'a' ? 'b' : 'a';
    expect(isWholeToken(tokens.ingest.slice(0, 10) + letter + tokens.ingest.slice(11))).toBe(false);
    expect(drawToken('wlk_')).not.toBe(drawToken('wlk_'));
  });

  it('are the same for all programs, even when they start at once', async () => {
    const settings = { dataDir, ingestToken: '', apiToken: '' };
    const all = await Promise.all(Array.from({ length: 8 }, () => readTokens(settings)));
    expect(new Set(all.map((tokens) => JSON.stringify(tokens))).size).toBe(1);
  });

  it('give way to a configured one, for everybody who reads the file', async () => {
    await readTokens({ dataDir, ingestToken: '', apiToken: '' });
    const { ingest } = await readTokens({ dataDir, ingestToken: 'from-the-configuration', apiToken: '' });
    expect(ingest).toBe('from-the-configuration');
    expect(readFileSync(tokenPath(dataDir, 'ingest'), 'utf8')).toBe('from-the-configuration\n');
    expect((await readTokens({ dataDir, ingestToken: '', apiToken: '' })).ingest).toBe('from-the-configuration');
  });

  it('leave no drafts behind', async () => {
    await Promise.all(Array.from({ length: 4 }, () => readTokens({ dataDir, ingestToken: '', apiToken: '' })));
    const { readdirSync } = await import('node:fs');
    expect(readdirSync(join(dataDir, 'access')).sort()).toEqual(['api-token', 'ingest-token', 'store-token']);
  });

  it('say which file holds none', async () => {
    await readTokens({ dataDir, ingestToken: '', apiToken: '' });
    writeFileSync(tokenPath(dataDir, 'ingest'), '\n');
    await expect(readTokens({ dataDir, ingestToken: '', apiToken: '' })).rejects.toMatchObject({
      message: `${tokenPath(dataDir, 'ingest')} holds no token`,
    });
  });
});

describe('a token file', () => {
  it('holds several tokens, some bound to a source, and comments', () => {
    expect(parseTokenFile('first\n\n# a comment\nsecond  portal-web # rotates in May\r\n')).toEqual([
      { token: 'first', source: '' },
      { token: 'second', source: 'portal-web' },
    ]);
  });

  it('takes added tokens and refuses removed ones within a second', () => {
    const path = join(dataDir, 'ingest-token');
    let now = 0;
    const file = new TokenFile(path, () => now);
    expect(existsSync(path)).toBe(false);
    expect(file.grantOf('first')).toBeUndefined();
    writeFileSync(path, 'first\nsecond gateway\n');
    now += 1_000;
    expect(file.grantOf('first')).toEqual({ token: 'first', source: '' });
    expect(file.grantOf('second')).toEqual({ token: 'second', source: 'gateway' });
    writeFileSync(path, 'second gateway\n');
    now += 1_000;
    expect(file.grantOf('first')).toBeUndefined();
    rmSync(path);
    now += 1_000;
    expect(file.grantOf('second')).toBeUndefined();
  });
});
