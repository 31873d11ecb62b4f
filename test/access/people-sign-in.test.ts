import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SignIn } from '../../src/access/access.ts';
import type { Permission } from '../../src/access/permissions.ts';
import { SecondFactor } from '../../src/access/second-factor.ts';
import { readTokens } from '../../src/access/tokens.ts';
import { PASSWORD, SmallTown } from './people-samples.ts';

let dataDir: string;
let town: SmallTown;
const peer = '192.0.2.8';

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'wanglou-sign-in-'));
  town = new SmallTown(dataDir);
  await town.start();
  await town.withAdministrators();
  await town.person('li.wei', 'operator');
});
afterEach(async () => {
  await town.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

const tried = (name: string, password: string, totp: string): Promise<SignIn> =>
  town.access.signInWithPassword(name, password, peer, totp);

describe('a sign-in', () => {
  it('takes name, password and code', async () => {
    expect(await tried('li.wei', PASSWORD, town.code('li.wei'))).toMatchObject({
      outcome: 'accepted',
      session: { account: 'li.wei', roles: ['operator'] },
    });
  });

  it('says nothing when the password is wrong, whatever else is right', async () => {
    expect(await tried('li.wei', 'wrong', town.code('li.wei'))).toEqual({ outcome: 'refused' });
    expect(await tried('li.wei', 'wrong', town.code('li.wei', 300_000))).toEqual({ outcome: 'refused' });
    expect(await tried('nobody', PASSWORD, '000000')).toEqual({ outcome: 'refused' });
  });

  it('takes the code of the step before and after, but each only once', async () => {
    expect((await tried('li.wei', PASSWORD, town.code('li.wei', -30_000))).outcome).toBe('refused'); // spent by the activation
    expect((await tried('li.wei', PASSWORD, town.code('li.wei', 30_000))).outcome).toBe('accepted');
    const used = { outcome: 'refused', hint: { why: 'code-used' } };
    expect(await tried('li.wei', PASSWORD, town.code('li.wei', 30_000))).toEqual(used);
    expect(await tried('li.wei', PASSWORD, town.code('li.wei'))).toEqual(used);
  });

  it('lets only one in when two use a code at the same moment', async () => {
    const code = town.code('li.wei');
    const results = await Promise.all([1, 2, 3].map(() => tried('li.wei', PASSWORD, code)));
    expect(results.map(({ outcome }) => outcome).sort()).toEqual(['accepted', 'refused', 'refused']);
  });

  it('tells who has the right password that the clock of the device is off, and how much', async () => {
    expect(await tried('li.wei', PASSWORD, town.code('li.wei', 300_000))).toEqual({
      outcome: 'refused',
      hint: { why: 'clock-off', seconds: 300 },
    });
    expect(await tried('li.wei', PASSWORD, town.code('li.wei', -90_000))).toMatchObject({ hint: { seconds: -90 } });
    expect(await tried('li.wei', PASSWORD, town.code('li.wei', 3_600_000))).toEqual({
      outcome: 'refused',
      hint: { why: 'code-wrong' },
    });
  });

  it('takes the same work for everybody', async () => {
    await town.desk.create('new', 'New', 'system-administrator');
    await town.person('locked', 'auditor');
    await town.desk.restrain('locked', 'locked', 'security-administrator');
    for (const name of ['li.wei', 'nobody', 'new', 'locked', '__proto__', '']) {
      const before = town.hashing.checked;
      await town.access.signInWithPassword(name, 'wrong', `192.0.2.${name.length}`, '123456');
      expect([name, town.hashing.checked - before]).toEqual([name, 1]);
    }
  });

  it('has to wait longer and longer when the password is right and codes are tried', async () => {
    for (let i = 0; i < 5; i++) await town.access.signInWithPassword('li.wei', PASSWORD, `192.0.2.${i}`, '12345');
    expect(await town.access.signInWithPassword('li.wei', PASSWORD, '192.0.2.99', town.code('li.wei'))).toEqual({
      outcome: 'wait',
      retryAfterMs: 1_000,
    });
  });

  it('is not open to the one-time codes of a trial', async () => {
    expect(await town.access.signInWithCode(await town.access.drawCode(), peer)).toEqual({ outcome: 'refused' });
  });
});

describe('the API token', () => {
  it('reads, and decides nothing that a person would have to answer for', async () => {
    const { api } = await readTokens({ dataDir, ingestToken: '', apiToken: '' });
    const session = town.access.apiSession(`Bearer ${api}`)!;
    expect(town.access.may(session, 'see-findings')).toBe(true);
    expect(
      ['triage', 'suppress', 'change-rules', 'change-registry'].filter((one) =>
        town.access.may(session, one as Permission),
      ),
    ).toEqual([]);
  });
});

describe('a session ends', () => {
  const cases: [string, () => Promise<unknown>][] = [
    ['a role is granted', () => town.desk.grant('li.wei', 'auditor', 'security-administrator')],
    ['a role is revoked', () => town.desk.revoke('li.wei', 'operator', 'security-administrator')],
    ['the account is locked', () => town.desk.restrain('li.wei', 'locked', 'security-administrator')],
    ['somebody ends the sessions', () => town.desk.restrain('li.wei', 'signed-out', 'security-administrator')],
    [
      'the person signs out everywhere',
      () => town.access.signOutEverywhere({ account: 'li.wei', roles: [], scope: null, expiresAt: 0 }),
    ],
    [
      'the password is changed',
      () => {
        const credentials = { name: 'li.wei', password: PASSWORD, totp: town.code('li.wei') };
        return town.access.changePassword(credentials, 'another sentence 42', peer);
      },
    ],
  ];

  it.each(cases)('when %s', async (_what, change) => {
    const [first, second] = [await town.signIn('li.wei'), await town.signIn('li.wei')];
    const { cookie: others } = await town.signIn('audit-administrator');
    expect(town.access.session(first.cookie)?.account).toBe('li.wei');
    await change();
    expect([town.access.session(first.cookie), town.access.session(second.cookie)]).toEqual([undefined, undefined]);
    expect(town.access.session(others)).toBeDefined();
  });

  it('in every other program too, as soon as that has looked', async () => {
    const other = new SmallTown(dataDir, town);
    await other.book.start();
    await other.credentials.start();
    const { cookie } = await town.signIn('li.wei');
    await other.access.start();
    await other.access.look();
    expect(other.access.session(cookie)?.account).toBe('li.wei');
    await town.desk.restrain('li.wei', 'locked', 'security-administrator');
    await expect.poll(() => other.access.session(cookie)).toBeUndefined();
    await other.stop();
  });
});

describe('a locked account', () => {
  it('says so only to who has password and code, until it is unlocked', async () => {
    await town.desk.restrain('li.wei', 'locked', 'security-administrator');
    expect(await tried('li.wei', 'wrong', town.code('li.wei'))).toEqual({ outcome: 'refused' });
    expect(await tried('li.wei', PASSWORD, town.code('li.wei'))).toEqual({
      outcome: 'refused',
      hint: { why: 'locked' },
    });
    await town.desk.restrain('li.wei', 'unlocked', 'security-administrator');
    expect((await tried('li.wei', PASSWORD, town.code('li.wei'))).outcome).toBe('accepted');
  });
});

describe('an activation code', () => {
  const draw = () => town.desk.create('wu', 'Wu', 'system-administrator');
  const activate = (code: string, password: string, totp: string) =>
    town.access.activate({ name: 'wu', code, password, totp, person: '' }, peer);

  it('works once, for its own account, for 72 hours', async () => {
    const drawn = await draw();
    expect(await town.access.enrol('li.wei', drawn.code, peer)).toEqual({ outcome: 'refused' });
    town.now += 72 * 3_600_000;
    expect(await town.access.enrol('wu', drawn.code, peer)).toEqual({ outcome: 'refused' });
    const second = await town.desk.drawCode('wu', 'system-administrator');
    await town.activate(second);
    expect(await town.access.enrol('wu', second.code, peer)).toEqual({ outcome: 'refused' });
    expect((await town.signIn('wu')).session.roles).toEqual([]);
  });

  it.each([
    ['short', 'The new password has 5 characters: fewer than 12'],
    ['aaaaaaaaaaaaaaaa', 'The new password repeats the same few characters'],
    ['my name is WU, so', 'The new password has the name of the account in it'],
    ['Password123456', 'The new password is among the first that would be tried'],
    ['woaini1314520', 'The new password is among the first that would be tried'],
    ['望楼Wanglou2026', 'The new password is among the first that would be tried'],
  ])('does not take the password %j', async (password, message) => {
    const { code } = await draw();
    const enrolment = await town.access.enrol('wu', code, peer);
    town.apps.set('wu', 'secret' in enrolment ? enrolment.secret : '');
    await expect(activate(code, password, town.code('wu'))).rejects.toMatchObject({ code: 'WL_BODY_INVALID', message });
  });

  it('takes a password of whatever characters, so long as nobody would try it', async () => {
    const drawn = await draw();
    const enrolment = await town.access.enrol('wu', drawn.code, peer);
    town.apps.set('wu', 'secret' in enrolment ? enrolment.secret : '');
    expect((await activate(drawn.code, '床前明月光疑是地上霜举头', town.code('wu'))).outcome).toBe('accepted');
  });

  it('is not spent by a code of the app that does not fit', async () => {
    const drawn = await draw();
    await town.access.enrol('wu', drawn.code, peer);
    expect(await activate(drawn.code, PASSWORD, '12345')).toEqual({ outcome: 'refused', hint: { why: 'code-wrong' } });
    await town.activate(drawn);
  });
});

describe('what is kept', () => {
  it('holds no password, no secret of an app, no activation code', async () => {
    const { code } = await town.desk.create('wu', 'Wu', 'system-administrator');
    const kept = [...town.table.rows.values()].map((value) => Buffer.from(value).toString()).join('\n');
    for (const secret of [PASSWORD, code, town.apps.get('li.wei')!]) expect(kept).not.toContain(secret);
    const { cookie } = await town.signIn('li.wei');
    const sessions = [...town.credentialTable.rows.values()].map((value) => Buffer.from(value).toString()).join('\n');
    expect(sessions).toContain('li.wei');
    expect(sessions).not.toContain(cookie);
  });

  it('opens the secret of an app only for its own account and with the key of the directory', () => {
    const [one, other] = [new SecondFactor('k'.repeat(32)), new SecondFactor('l'.repeat(32))];
    const sealed = one.seal('li.wei', 'JBSWY3DPEHPK3PXP');
    expect(one.open('li.wei', sealed)).toBe('JBSWY3DPEHPK3PXP');
    expect(() => one.open('wu', sealed)).toThrow(/account-key does not open the second factor of wu/);
    expect(() => other.open('li.wei', sealed)).toThrow(/account-key/);
  });
});

describe('the second factor', () => {
  it('is that of RFC 6238', () => {
    const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'; // 12345678901234567890, appendix B
    const factor = new SecondFactor('k'.repeat(32));
    expect(factor.check(secret, '287082', 59_000, 0)).toEqual({ outcome: 'right', step: 1 });
    expect(factor.check(secret, '005924', 1_234_567_890_000, 0)).toMatchObject({ outcome: 'right' });
  });
});
