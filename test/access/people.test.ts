import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { peopleOf, type Change } from '../../src/access/people.ts';
import { checkRetention } from '../../src/retention.ts';
import { SmallTown } from './people-samples.ts';

let dataDir: string;
let town: SmallTown;

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'wanglou-people-'));
  town = new SmallTown(dataDir);
  await town.start();
});
afterEach(async () => {
  await town.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

const rolesOf = (name: string): readonly string[] => town.book.people.accounts.get(name)!.roles;
const [SYSTEM, SECURITY, AUDIT] = ['system-administrator', 'security-administrator', 'audit-administrator'] as const;

describe('the first start', () => {
  it('makes the three administrators, each with a code and without a password', () => {
    expect(town.desk.accounts().map(({ name, roles, state }) => ({ name, roles, state }))).toEqual(
      [SYSTEM, SECURITY, AUDIT].map((name) => ({ name, roles: [name], state: 'new' })),
    );
  });

  it('draws new codes only for those who have not been there yet', async () => {
    await town.activate(town.founder(SYSTEM), 'Zhao');
    expect((await town.desk.found()).map(({ account }) => account)).toEqual([SECURITY, AUDIT]);
    await town.activate(town.founder(SECURITY), 'Qian');
    await town.activate(town.founder(AUDIT), 'Sun');
    expect(await town.desk.found()).toEqual([]);
  });

  it('lets nobody be two of them', async () => {
    await town.activate(town.founder(SYSTEM), '赵 Zhao');
    await expect(town.activate(town.founder(SECURITY), ' 赵zhao ')).rejects.toMatchObject({
      code: 'WL_CONFLICT',
      message: expect.stringContaining('is system-administrator already') as string,
    });
  });

  it('asks them who they are', async () => {
    await expect(town.activate(town.founder(SYSTEM), '')).rejects.toMatchObject({
      code: 'WL_BODY_INVALID',
      message: 'person is "": say who you are, by staff number or full name',
    });
  });
});

describe('roles', () => {
  beforeEach(() => town.withAdministrators());

  it('that are ordinary are granted by one', async () => {
    await town.person('li.wei', 'operator');
    expect(rolesOf('li.wei')).toEqual(['operator']);
    await town.desk.grant('li.wei', 'auditor', SECURITY);
    expect(rolesOf('li.wei')).toEqual(['operator', 'auditor']);
    await town.desk.revoke('li.wei', 'operator', SECURITY);
    expect(rolesOf('li.wei')).toEqual(['auditor']);
  });

  it('of an administrator take the word of two', async () => {
    await town.activate(await town.desk.create('wu', 'Wu', SYSTEM));
    expect(await town.desk.grant('wu', SECURITY, SECURITY)).toEqual({ waiting: true });
    expect(rolesOf('wu')).toEqual([]);
    const [request] = town.desk.requests();
    expect(request).toMatchObject({ account: 'wu', role: SECURITY, by: SECURITY, state: 'waiting' });
    await town.desk.decide(request!.id, 'approved', AUDIT);
    expect(rolesOf('wu')).toEqual([SECURITY]);
    expect(town.desk.requests()[0]).toMatchObject({ state: 'approved', decidedBy: AUDIT });
  });

  it.each([
    ['the one who asked', SECURITY],
    ['another account of the one who asked', 'qian.2'],
    ['the one whom it is about', 'wu'],
    ['another account of the one whom it is about', 'wu.2'],
  ])('are not approved by %s', async (_who, by) => {
    for (const [name, person] of [
      ['wu', 'Wu'],
      ['wu.2', 'wu'],
      ['qian.2', 'QIAN'],
    ] as const)
      await town.desk.create(name, person, SYSTEM);
    await town.desk.grant('wu', SECURITY, SECURITY);
    const [request] = town.desk.requests();
    await expect(town.desk.decide(request!.id, 'approved', by)).rejects.toMatchObject({ code: 'WL_FORBIDDEN' });
    expect(rolesOf('wu')).toEqual([]);
  });

  it('of administrators exclude each other and everything else, over all accounts of a person', async () => {
    await town.desk.create('wu', 'Wu', SYSTEM);
    await town.desk.create('wu.2', 'Ｗu', SYSTEM);
    await town.desk.grant('wu', 'operator', SECURITY);
    for (const role of [SYSTEM, SECURITY, AUDIT])
      await expect(town.desk.grant('wu.2', role, SECURITY)).rejects.toMatchObject({
        code: 'WL_CONFLICT',
        message: `role is "${role}": Ｗu is operator already, and an administrator is nothing else`,
      });
  });

  it('are checked again when they are approved', async () => {
    await town.desk.create('wu', 'Wu', SYSTEM);
    await town.desk.grant('wu', SECURITY, SECURITY);
    await town.desk.grant('wu', 'operator', SECURITY);
    const [request] = town.desk.requests();
    await expect(town.desk.decide(request!.id, 'approved', AUDIT)).rejects.toMatchObject({ code: 'WL_CONFLICT' });
    await town.desk.decide(request!.id, 'refused', AUDIT);
    expect(rolesOf('wu')).toEqual(['operator']);
  });

  it('are nothing that one gives or takes from oneself', async () => {
    await expect(town.desk.grant(SECURITY, 'operator', SECURITY)).rejects.toMatchObject({ code: 'WL_FORBIDDEN' });
    await expect(town.desk.revoke(SECURITY, SECURITY, SECURITY)).rejects.toMatchObject({ code: 'WL_FORBIDDEN' });
    await expect(town.desk.restrain(SECURITY, 'locked', SECURITY)).rejects.toMatchObject({ code: 'WL_FORBIDDEN' });
  });

  it('are no longer granted on a request that is older than a week', async () => {
    await town.desk.create('wu', 'Wu', SYSTEM);
    await town.desk.grant('wu', SECURITY, SECURITY);
    town.now += 8 * 86_400_000;
    const [request] = town.desk.requests();
    await expect(town.desk.decide(request!.id, 'approved', AUDIT)).rejects.toMatchObject({
      message: 'The request is older than a week',
    });
  });
});

describe('an account', () => {
  beforeEach(() => town.withAdministrators());

  it.each(['', 'A', 'Li.Wei', 'li wei', '1li', 'operator', 'first-start', 'x'.repeat(41), '__proto__'])(
    'is not called %j',
    async (name) => {
      await expect(town.desk.create(name, 'Li', SYSTEM)).rejects.toMatchObject({
        message: expect.stringContaining(`name is ${JSON.stringify(name)}`) as string,
      });
    },
  );

  it('keeps its name for ever', async () => {
    await town.desk.create('wu', 'Wu', SYSTEM);
    await expect(town.desk.create('wu', 'Zhou', SYSTEM)).rejects.toMatchObject({ code: 'WL_CONFLICT' });
  });

  it('that is reset waits for another, and then begins anew', async () => {
    await town.person('li.wei', 'operator');
    const { cookie } = await town.signIn('li.wei');
    const fresh = await town.desk.requestReset('li.wei', SYSTEM);
    expect(await town.access.enrol('li.wei', fresh.code, '192.0.2.9')).toEqual({ outcome: 'refused' });
    expect(town.access.session(cookie)).toBeDefined();
    const [request] = town.desk.requests();
    await expect(town.desk.decide(request!.id, 'approved', SYSTEM)).rejects.toMatchObject({ code: 'WL_FORBIDDEN' });
    await town.desk.decide(request!.id, 'approved', AUDIT);
    expect(town.access.session(cookie)).toBeUndefined();
    await town.activate(fresh);
    expect((await town.signIn('li.wei')).session.roles).toEqual(['operator']);
  });
});

describe('how long what is stored is kept', () => {
  const days = (retentionDays: number, auditRetentionDays = 1_826) =>
    checkRetention({ retentionDays, auditRetentionDays });
  const waiting = () => town.desk.requests().filter(({ state }) => state === 'waiting');

  beforeEach(async () => {
    await town.withAdministrators();
    await town.desk.wantRetention(days(400));
  });

  it('becomes more when the configuration says so, and less only when an administrator agrees', async () => {
    await town.desk.wantRetention(days(500));
    expect(town.book.people.retention).toEqual(days(500));
    const request = await town.desk.wantRetention(days(200, 2_000));
    expect(request).toMatchObject({
      ...{ state: 'waiting', by: 'configuration', account: '' },
      retention: { was: days(500, 2_000), wanted: days(200, 2_000) },
    });
    expect(town.book.people.retention).toEqual(days(500, 2_000));
    await town.desk.decide(request!.id, 'approved', AUDIT);
    expect(town.book.people.retention).toEqual(days(200, 2_000));
    expect(await town.desk.wantRetention(days(200, 2_000))).toBeUndefined();
  });

  it('is asked for once, also by two programs, and for as long as the configuration wants it', async () => {
    const other = new SmallTown(dataDir, town);
    await other.book.start();
    const [request, same] = [await town.desk.wantRetention(days(200)), await other.desk.wantRetention(days(200))];
    expect(same).toEqual(request);
    town.now += 30 * 24 * 3_600_000;
    await town.desk.wantRetention(days(200));
    expect(waiting()).toHaveLength(1);
    await town.desk.wantRetention(days(250));
    expect(waiting()).toMatchObject([{ retention: { wanted: days(250) } }]);
    await town.desk.wantRetention(days(400));
    expect(waiting()).toEqual([]);
    await other.stop();
  });

  it('stays when somebody refuses, and is not asked for again and again', async () => {
    const request = await town.desk.wantRetention(days(200));
    await town.desk.decide(request!.id, 'refused', SECURITY);
    expect(await town.desk.wantRetention(days(200))).toMatchObject({ state: 'refused', decidedBy: SECURITY });
    expect(waiting()).toEqual([]);
    expect(town.book.people.retention).toEqual(days(400));
  });

  it('is not lowered by whoever writes the change itself', async () => {
    const change = { act: 'retention-set', days: days(200), by: 'configuration' } as const;
    await expect(town.book.add(change)).rejects.toMatchObject({ code: 'WL_FORBIDDEN' });
  });
});

describe('two programs', () => {
  it('know of each other what they did', async () => {
    await town.withAdministrators();
    const other = new SmallTown(dataDir, town);
    await other.book.start();
    await other.desk.create('wu', 'Wu', SYSTEM);
    await town.desk.grant('wu', 'auditor', SECURITY);
    expect(rolesOf('wu')).toEqual(['auditor']);
    await other.stop();
  });

  it('come to the same, whoever reads first, and none of them breaks a rule by being quick', () => {
    const at = 1_800_000_000_000;
    const change = (id: string, n: number, what: object): Change => ({ id, n, at, by: SECURITY, ...what }) as Change;
    const changes = [
      change('a', 1, { act: 'created', account: 'wu', person: 'Wu', by: SYSTEM }),
      change('b', 2, { act: 'granted', account: 'wu', role: 'operator' }),
      change('c', 2, { act: 'granted', account: 'wu', role: 'auditor' }),
      change('d', 2, { act: 'granted', account: 'wu', role: 'operator' }),
      change('e', 2, { act: 'created', account: 'wu', person: 'Zhou', by: SYSTEM }),
      change('f', 3, { act: 'granted', account: 'wu', role: SECURITY }),
      change('g', 4, { act: 'grant-requested', account: 'wu', role: SECURITY }),
      change('h', 5, { act: 'approved', request: 'g', by: AUDIT }),
    ];
    const one = peopleOf(changes);
    expect(one.accounts.get('wu')).toMatchObject({ person: 'Wu', roles: ['operator', 'auditor'], version: 'c' });
    expect([...one.taken]).toEqual(['a', 'b', 'c']);
    expect(peopleOf(changes.toReversed())).toEqual(one);
  });
});
