import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SmallTown } from './people-samples.ts';

const CIVIL = { departments: ['civil'], vendors: [] };
const EVERYTHING = { departments: [], vendors: [] };
const SECURITY = 'security-administrator';
let dataDir: string;
let town: SmallTown;

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'wanglou-scope-'));
  town = new SmallTown(dataDir);
  await town.start();
  await town.withAdministrators();
});
afterEach(async () => {
  await town.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

describe('the scope of an account', () => {
  it('limits every session that begins, and ends those that began without it', async () => {
    await town.person('li.wei', 'auditor');
    const before = await town.signIn('li.wei');
    expect(before.session.scope).toBeNull();
    await town.desk.limit('li.wei', CIVIL, SECURITY);
    expect(town.access.session(before.cookie)).toBeUndefined();
    expect((await town.signIn('li.wei')).session.scope).toEqual(CIVIL);
    await town.desk.limit('li.wei', EVERYTHING, SECURITY);
    expect((await town.signIn('li.wei')).session.scope).toBeNull();
  });

  it('is there before anybody manages anything, and stays while they do', async () => {
    await town.person('li.wei', 'auditor');
    const grant = () => town.desk.grant('li.wei', 'department-manager', SECURITY);
    await expect(grant()).rejects.toMatchObject({ code: 'WL_CONFLICT', details: { reason: 'scope-missing' } });
    await town.desk.limit('li.wei', { departments: [], vendors: ['qiming'] }, SECURITY);
    await expect(grant()).rejects.toMatchObject({ details: { reason: 'scope-missing' } });
    await town.desk.limit('li.wei', CIVIL, SECURITY);
    await grant();
    await expect(town.desk.limit('li.wei', EVERYTHING, SECURITY)).rejects.toMatchObject({ details: { reason: 'scope-missing' } }); // prettier-ignore
  });

  it('is not for administrators', async () => {
    await town.activate(await town.desk.create('li.wei', 'Li', 'system-administrator'));
    await town.desk.limit('li.wei', CIVIL, SECURITY);
    await expect(town.desk.grant('li.wei', 'audit-administrator', SECURITY)).rejects.toMatchObject({ details: { reason: 'has-scope' } }); // prettier-ignore
    await expect(town.desk.limit('audit-administrator', CIVIL, SECURITY)).rejects.toMatchObject({ details: { reason: 'has-scope' } }); // prettier-ignore
  });

  it('is set by another, never by oneself', async () => {
    await expect(town.desk.limit(SECURITY, CIVIL, SECURITY)).rejects.toMatchObject({
      details: { reason: 'own-account' },
    });
  });
});
