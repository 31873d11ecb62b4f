import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PERMISSIONS, type Permission } from '../../src/access/permissions.ts';
import { SmallTown } from './people-samples.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
let dataDir: string;
let town: SmallTown;

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'wanglou-sessions-'));
  town = new SmallTown(dataDir);
  await town.start();
  await town.withAdministrators();
  await town.person('li.wei', 'operator');
});
afterEach(async () => {
  await town.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

const isRunning = (cookie: string): boolean => town.access.session(cookie) !== undefined;

async function wall(name = 'hall'): Promise<string> {
  const { session } = await town.signIn('li.wei');
  const { code } = await town.sessions.drawWallLink(session, name, '192.0.2.7');
  const result = await town.access.signInWithCode(code, '192.0.2.40');
  if (result.outcome !== 'accepted') throw new Error(JSON.stringify(result));
  return result.cookieValue;
}

describe('the sessions of somebody', () => {
  it('are listed with when, from where and when last, the one that asks among them', async () => {
    const first = await town.signIn('li.wei');
    const second = await town.signIn('li.wei');
    town.now += HOUR_MS;
    town.access.session(first.cookie, '198.51.100.9');
    expect(town.sessions.of('li.wei', second.session.id)).toMatchObject([
      { id: first.session.id, current: false, from: '192.0.2.7', lastUsedAt: town.now, lastUsedFrom: '198.51.100.9' },
      { id: second.session.id, current: true, lastUsedFrom: '192.0.2.7' },
    ]);
  });

  it('end one by one, or all but the one that asks', async () => {
    const [first, second, third] = [
      await town.signIn('li.wei'),
      await town.signIn('li.wei'),
      await town.signIn('li.wei'),
    ];
    await town.sessions.end('li.wei', first.session.id!, 'li.wei');
    expect([first, second, third].map(({ cookie }) => isRunning(cookie))).toEqual([false, true, true]);
    expect(await town.sessions.endOthers(third.session)).toBe(1);
    expect([second, third].map(({ cookie }) => isRunning(cookie))).toEqual([false, true]);
    expect(town.sessions.of('li.wei')).toHaveLength(1);
  });

  it('can not be ended by somebody else who knows their ids', async () => {
    const { session } = await town.signIn('li.wei');
    await expect(town.sessions.end('wu', session.id!, 'wu')).rejects.toMatchObject({ code: 'WL_NOT_FOUND' });
  });

  it('stay ended when another program notes their use at that moment, and after a restart', async () => {
    const other = new SmallTown(dataDir, town);
    await other.credentials.start();
    await other.book.start();
    const { cookie, session } = await town.signIn('li.wei');
    await other.access.look();
    await town.sessions.end('li.wei', session.id!, 'li.wei');
    other.now = town.now + HOUR_MS;
    other.access.session(cookie); // it has not looked yet
    await other.access.look();
    const third = new SmallTown(dataDir, town);
    await third.credentials.start();
    await third.book.start();
    expect([town, other, third].map((one) => one.access.session(cookie))).toEqual([undefined, undefined, undefined]);
    await other.stop();
    await third.stop();
  });

  it('are at most fifty: the longest unused one makes room', async () => {
    const made = { kind: 'person', account: 'li.wei', from: '192.0.2.7', expiresAt: town.now + HOUR_MS } as const;
    const first = await town.credentials.add(made);
    for (let i = 0; i < 50; i++) {
      town.now++;
      await town.credentials.add(made);
    }
    expect(town.credentials.isGood(town.credentials.find(first.secret)!)).toBe(false);
  });
});

describe('the session of a wall screen', () => {
  it('looks on, and does nothing else', async () => {
    const session = town.access.session(await wall())!;
    const all = Object.keys(PERMISSIONS) as Permission[];
    expect(all.filter((one) => town.access.may(session, one))).toEqual(['see-posture', 'follow-feed']);
    expect(session).toMatchObject({ account: 'li.wei', means: 'wall' });
  });

  it('outlives those of people for as long as the screen is on, and thirty days', async () => {
    const cookie = await wall();
    for (let day = 0; day < 60; day++) {
      town.now += DAY_MS;
      expect([day, isRunning(cookie)]).toEqual([day, true]);
    }
    town.now += 30 * DAY_MS;
    expect(isRunning(cookie)).toBe(false);
  });

  it('begins with a link that works once, for a quarter of an hour', async () => {
    const { session } = await town.signIn('li.wei');
    const { code } = await town.sessions.drawWallLink(session, 'hall', '192.0.2.7');
    const results = await Promise.all([1, 2].map(() => town.access.signInWithCode(code, '192.0.2.40')));
    expect(results.map(({ outcome }) => outcome).sort()).toEqual(['accepted', 'refused']);
    const late = await town.sessions.drawWallLink(session, 'hall', '192.0.2.7');
    town.now += 15 * 60_000;
    expect(await town.access.signInWithCode(late.code, '192.0.2.40')).toEqual({ outcome: 'refused' });
  });

  it('is no way in for the cookie of somebody who is signed in', async () => {
    const { cookie } = await town.signIn('li.wei');
    expect(await town.access.signInWithCode(cookie, '192.0.2.40')).toEqual({ outcome: 'refused' });
    const { session } = await town.signIn('li.wei');
    const { code } = await town.sessions.drawWallLink(session, 'hall', '192.0.2.7');
    expect(isRunning(code)).toBe(false);
  });

  it('is listed under its name, ended like others, and ends when its maker is locked', async () => {
    const [hall, corridor] = [await wall('hall'), await wall('corridor')];
    const shown = town.sessions.of('li.wei').filter(({ kind }) => kind === 'wall');
    expect(shown.map(({ name }) => name).sort()).toEqual(['corridor', 'hall']);
    await town.sessions.end('li.wei', shown.find(({ name }) => name === 'hall')!.id, 'li.wei');
    expect([isRunning(hall), isRunning(corridor)]).toEqual([false, true]);
    await town.desk.restrain('li.wei', 'locked', 'security-administrator');
    expect(isRunning(corridor)).toBe(false);
  });
});
