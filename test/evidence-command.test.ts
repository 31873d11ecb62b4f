import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AuditEntry } from '../src/access/audit/entry.ts';
import { readConfig, type Config } from '../src/config.ts';
import { replaceSealKey, rotateSealKey } from '../src/evidence-command.ts';
import { readSealKey } from '../src/evidence/seal-key.ts';
import { publicPemOf } from '../src/evidence/seal.ts';
import { startEventLog } from '../src/wire-common.ts';

let dir: string;
let config: Config;
let printed: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'wanglou-evidence-command-'));
  config = readConfig({ WANGLOU_DATA_DIR: dir, WANGLOU_LOG_LEVEL: 'silent' });
  printed = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(dir, { recursive: true, force: true });
});

async function recorded(): Promise<Pick<AuditEntry, 'action' | 'phase' | 'outcome' | 'reason'>[]> {
  const log = await startEventLog(config, pino({ level: 'silent' }));
  const { next } = await log.bounds('audit', 0);
  const entries: AuditEntry[] = [];
  for await (const { value } of log.readRange('audit', 0, 0, next))
    entries.push(JSON.parse(Buffer.from(value).toString()) as AuditEntry);
  await log.stop();
  return entries.map(({ action, phase, outcome, reason }) => ({ action, phase, outcome, reason }));
}

describe('wanglou evidence', () => {
  it('rotate-key has the next key wait beside the one in use, prints its public key, and records it', async () => {
    const before = publicPemOf(await readSealKey(config));
    await rotateSealKey(config, { why: 'yearly' });
    expect(publicPemOf(await readSealKey(config))).toBe(before);
    expect(readFileSync(join(dir, 'access', 'seal-key.pem.next'), 'utf8')).toContain('PRIVATE KEY');
    expect([printed.includes('PUBLIC KEY'), printed === before, printed.includes('PRIVATE')]).toEqual([true, false, false]); // prettier-ignore
    const said = { action: 'seal-key.rotate', reason: 'yearly' };
    expect(await recorded()).toEqual([
      { ...said, phase: 'begun', outcome: 'unknown' },
      { ...said, phase: 'done', outcome: 'success' },
    ]);
  });

  it('replace-key puts a new key in the place of a stolen one at once, and records it', async () => {
    const before = publicPemOf(await readSealKey(config));
    await replaceSealKey(config, { why: 'stolen' });
    expect(printed).toBe(publicPemOf(await readSealKey(config)));
    expect(printed).not.toBe(before);
    expect(await recorded()).toMatchObject([{ action: 'seal-key.replace' }, { outcome: 'success', reason: 'stolen' }]);
  });

  it('replace-key changes nothing when what it is given is no public key, and records that it failed', async () => {
    const before = publicPemOf(await readSealKey(config));
    writeFileSync(join(dir, 'old.pem'), 'nothing');
    const asked = replaceSealKey(config, { why: 'lost', oldPublicKey: join(dir, 'old.pem') });
    await expect(asked).rejects.toMatchObject({ code: 'WL_FILE_UNREADABLE' });
    expect(publicPemOf(await readSealKey(config))).toBe(before);
    expect(await recorded()).toMatchObject([{ phase: 'begun' }, { phase: 'done', outcome: 'failed' }]);
  });
});
