import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LocalAccess, type LocalAccessOptions } from '../../src/access/local-access.ts';
import { hashPassword } from '../../src/access/password.ts';
import { readTokens } from '../../src/access/tokens.ts';

let dataDir: string;
let now: number;
const peer = '192.0.2.7';

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'wanglou-access-'));
  now = 1_800_000_000_000;
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

async function started(options: Partial<LocalAccessOptions> = {}): Promise<LocalAccess> {
  const access = new LocalAccess({
    dataDir,
    ingestToken: '',
    apiToken: '',
    operatorPassword: '',
    now: () => now,
    ...options,
  });
  await access.start();
  return access;
}

async function signedIn(access: LocalAccess): Promise<string> {
  const result = await access.signInWithCode(await access.drawCode(), peer);
  if (result.outcome !== 'accepted') throw new Error(result.outcome);
  return result.cookieValue;
}

describe('the one-time sign-in code', () => {
  it('signs in once and never again', async () => {
    const access = await started();
    const code = await access.drawCode();
    expect((await access.signInWithCode(code, peer)).outcome).toBe('accepted');
    expect((await access.signInWithCode(code, peer)).outcome).toBe('refused');
  });

  it('lets only one in when two use it at the same moment', async () => {
    const access = await started();
    const code = await access.drawCode();
    const results = await Promise.all([1, 2, 3].map(() => access.signInWithCode(code, peer)));
    expect(results.map((result) => result.outcome).sort()).toEqual(['accepted', 'refused', 'refused']);
  });

  it('expires after twelve hours', async () => {
    const access = await started();
    const code = await access.drawCode();
    now += 12 * 3_600_000;
    expect((await access.signInWithCode(code, peer)).outcome).toBe('refused');
  });

  it('stays good over a restart, and is spent over a restart', async () => {
    const code = await (await started()).drawCode();
    const second = await started();
    expect((await second.signInWithCode(code, peer)).outcome).toBe('accepted');
    expect((await (await started()).signInWithCode(code, peer)).outcome).toBe('refused');
  });

  it('is not written anywhere in the clear', async () => {
    const code = await (await started()).drawCode();
    expect(readFileSync(join(dataDir, 'access/sign-ins.json'), 'utf8')).not.toContain(code);
  });
});

describe('a session', () => {
  it('is found by its cookie until it is signed out', async () => {
    const access = await started();
    const cookie = await signedIn(access);
    expect(access.session(cookie)).toMatchObject({ account: 'operator', roles: ['operator'] });
    await access.signOut(cookie);
    expect(access.session(cookie)).toBeUndefined();
  });

  it('survives a restart, but not its twelve hours', async () => {
    const cookie = await signedIn(await started());
    const later = await started();
    expect(later.session(cookie)?.account).toBe('operator');
    now += 12 * 3_600_000;
    expect(later.session(cookie)).toBeUndefined();
  });

  it('does not exist for an empty or made-up cookie', async () => {
    const access = await started();
    await signedIn(access);
    expect(access.session('')).toBeUndefined();
    expect(access.session('A'.repeat(43))).toBeUndefined();
  });

  it('starts afresh when the kept file is broken', async () => {
    const cookie = await signedIn(await started());
    writeFileSync(join(dataDir, 'access/sign-ins.json'), '{"codes": [');
    expect((await started()).session(cookie)).toBeUndefined();
  });
});

describe('the password of the account', () => {
  it('signs in when it is right, and only for operator', async () => {
    const operatorPassword = await hashPassword('望楼-correct horse', { N: 1024, r: 8, p: 1 });
    const access = await started({ operatorPassword });
    expect((await access.signInWithPassword('operator', '望楼-correct horse', peer)).outcome).toBe('accepted');
    expect((await access.signInWithPassword('operator', 'wrong', peer)).outcome).toBe('refused');
    expect((await access.signInWithPassword('root', '望楼-correct horse', peer)).outcome).toBe('refused');
  });

  it('is refused for everybody when none is configured', async () => {
    expect((await (await started()).signInWithPassword('operator', '', peer)).outcome).toBe('refused');
  });

  it('works when it is configured in the clear', async () => {
    const access = await started({ operatorPassword: 'plain and long' });
    expect((await access.signInWithPassword('operator', 'plain and long', peer)).outcome).toBe('accepted');
  });

  it('refuses a start with a hash that is not one', async () => {
    await expect(started({ operatorPassword: 'scrypt$nonsense' })).rejects.toMatchObject({ code: 'WL_CONFIG_INVALID' });
  });
});

describe('guessing', () => {
  it('has to wait after five failures, longer each time, and only where the failures came from', async () => {
    const access = await started();
    for (let i = 0; i < 5; i++) expect((await access.signInWithCode('guess', peer)).outcome).toBe('refused');
    expect(await access.signInWithCode('guess', peer)).toEqual({ outcome: 'wait', retryAfterMs: 1_000 });
    now += 1_000;
    expect((await access.signInWithCode('guess', peer)).outcome).toBe('refused');
    expect(await access.signInWithCode('guess', peer)).toEqual({ outcome: 'wait', retryAfterMs: 2_000 });
    expect((await access.signInWithCode(await access.drawCode(), '192.0.2.8')).outcome).toBe('accepted');
  });

  it('does not even look at a right code while it has to wait', async () => {
    const access = await started();
    const code = await access.drawCode();
    for (let i = 0; i < 5; i++) await access.signInWithCode('guess', peer);
    expect((await access.signInWithCode(code, peer)).outcome).toBe('wait');
    now += 1_000;
    expect((await access.signInWithCode(code, peer)).outcome).toBe('accepted');
  });
});

describe('tokens', () => {
  it('are for what they are for, and nothing else', async () => {
    const access = await started();
    const { ingest, api } = await readTokens({ dataDir, ingestToken: '', apiToken: '' });
    expect(access.ingestSource(`Bearer ${ingest}`)).toEqual({ source: '' });
    expect(access.ingestSource(`bearer  ${ingest} `)).toEqual({ source: '' });
    expect(access.apiSession(`Bearer ${api}`)).toMatchObject({ account: 'api-token' });
    expect(access.apiSession(`Bearer ${ingest}`)).toBeUndefined();
    expect(access.ingestSource(`Bearer ${api}`)).toBeUndefined();
  });

  it.each(['', 'Bearer', 'Bearer ', 'Basic b3BlcmF0b3I6', `Bearer ${'x'.repeat(10_000)}`])(
    'are not found in "%.20s"',
    async (header) => {
      const access = await started();
      expect(access.ingestSource(header)).toBeUndefined();
      expect(access.apiSession(header)).toBeUndefined();
    },
  );

  it('lie in files that only their owner reads', async () => {
    await started();
    for (const name of ['ingest', 'api', 'store'])
      expect(statSync(join(dataDir, `access/${name}-token`)).mode & 0o777).toBe(0o600);
    expect(statSync(join(dataDir, 'access')).mode & 0o777).toBe(0o700);
  });
});
