import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { passwordSpray } from '../../detectors/password-spray.ts';
import type { Event } from '../../src/event/event.ts';
import { registryFrom } from '../../src/registry/registry-from.ts';
import { judge, NO_BASELINE } from '../detection/judge.ts';
import { later, says, settled, signIn } from './town.ts';

const MORNING = '2026-11-20T08:30';

/** One failure for each of so many accounts. */
function spray(accounts: number, everySeconds: number, fields: (i: number) => Partial<Event> = () => ({})): Event[] {
  return Array.from({ length: accounts }, (_, i) =>
    signIn(later(MORNING, i * everySeconds), 'failure', { account: `user${i}`, ...fields(i) }),
  );
}

describe('password-spray', () => {
  it('finds one address that fails on fifteen accounts within thirty minutes', () => {
    const { findings } = judge(passwordSpray, spray(15, 60));
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({
      severity: 'medium',
      observed: 15,
      threshold: 15,
      clientAddress: '203.0.113.7',
    });
    expect(findings[0]!.eventIds).toHaveLength(15);
    expect(says(findings[0], '203.0.113.7', '15', '1.00', { zh: '30 分钟', en: '30 minutes' })).toBe(true);
  });

  it('stays quiet at fourteen accounts', () => {
    expect(judge(passwordSpray, spray(14, 1)).signals).toEqual([]);
  });

  it('stays quiet when the fifteenth account fails exactly thirty minutes after the first', () => {
    const fourteen = spray(14, 1);
    const inside = signIn(later(MORNING, 1799), 'failure', { account: 'last' });
    const outside = signIn(later(MORNING, 1800), 'failure', { account: 'last' });
    expect(judge(passwordSpray, [...fourteen, inside]).signals).toHaveLength(1);
    expect(judge(passwordSpray, [...fourteen, outside]).signals).toEqual([]);
  });

  it('finds a spray that is spread over the addresses of a /24', () => {
    const { findings } = judge(
      passwordSpray,
      spray(20, 30, (i) => ({ clientAddress: `198.51.100.${i + 1}` })),
    );
    expect(findings.at(-1)).toMatchObject({ clientAddress: '198.51.100.0/24' });
    expect(says(findings.at(-1), '198.51.100.0/24')).toBe(true);
  });

  it('does not add up addresses of different networks', () => {
    const apart = spray(20, 30, (i) => ({ clientAddress: `198.51.${i}.9` }));
    expect(judge(passwordSpray, apart).signals).toEqual([]);
  });

  it('finds one that hops through an IPv6 /64', () => {
    const { findings } = judge(
      passwordSpray,
      spray(20, 30, (i) => ({ clientAddress: `2001:db8:7:9::${(i + 1).toString(16)}` })),
    );
    expect(findings.at(-1)).toMatchObject({ clientAddress: '2001:db8:7:9::/64' });
  });

  it('finds an address that sprays inside a network whose other users mistype more', () => {
    const neighbours = spray(60, 10, (i) => ({
      account: `clerk${Math.floor(i / 3)}`,
      clientAddress: `203.0.113.${100 + Math.floor(i / 3)}`,
    }));
    const { findings } = judge(
      passwordSpray,
      [...neighbours, ...spray(16, 50)].sort((a, b) => a.time - b.time),
    );
    expect(findings.at(-1)).toMatchObject({ clientAddress: '203.0.113.7', observed: 16 });
  });

  it('leaves accounts with more than three failures to brute-force', () => {
    const four = spray(20, 1).flatMap((event) => [0, 1, 2, 3].map((n) => ({ ...event, id: `${event.id}-${n}` })));
    expect(judge(passwordSpray, four).signals).toEqual([]);
    const flood = Array.from({ length: 500 }, (_, i) => signIn(later(MORNING, i * 3), 'failure', { account: 'root' }));
    const mixed = [...flood, ...spray(15, 60)].sort((a, b) => a.time - b.time);
    expect(judge(passwordSpray, mixed).findings.at(-1)).toMatchObject({ observed: 15 });
  });

  it('wants at least 0.6 accounts per failure', () => {
    // 15 accounts: 25 failures are 0.6, 26 are below.
    const extra = (n: number) => spray(n, 1).map((event) => ({ ...event, id: `again-${event.id}` }));
    expect(
      judge(
        passwordSpray,
        [...extra(10), ...spray(15, 60)].sort((a, b) => a.time - b.time),
      ).signals,
    ).toHaveLength(1);
    expect(
      judge(
        passwordSpray,
        [...extra(11), ...spray(15, 60)].sort((a, b) => a.time - b.time),
      ).signals,
    ).toEqual([]);
  });

  it('counts "message repeated N times" as N failures of the account', () => {
    const repeated = spray(16, 10, (i) => (i < 2 ? { attributes: ['repeat', '4'] } : {}));
    expect(judge(passwordSpray, repeated).signals).toEqual([]);
  });

  it('raises the score when a success follows from there', () => {
    const success = signIn(later(MORNING, 1200), 'success', { account: 'user3' });
    const { findings } = judge(passwordSpray, [...spray(16, 60), success]);
    expect(findings.at(-1)).toMatchObject({ severity: 'high', alert: true, actor: 'user3' });
    expect(says(findings.at(-1), 'user3', { zh: '登录成功', en: 'signed in successfully' })).toBe(true);
  });

  it('names a success in the midst of the spray too, but none from another network', () => {
    const midst = signIn(later(MORNING, 301), 'success', { account: 'lucky' });
    const events = [...spray(5, 60), midst, ...spray(16, 60).slice(6)];
    expect(says(judge(passwordSpray, [...events, ...spray(22, 60).slice(16)]).findings.at(-1), 'lucky')).toBe(true);
    const elsewhere = signIn(later(MORNING, 1200), 'success', { account: 'user3', clientAddress: '192.0.2.9' });
    expect(judge(passwordSpray, [...spray(16, 60), elsewhere]).findings.at(-1)).toMatchObject({ severity: 'medium' });
  });

  it('counts a success thirty minutes after the last failure, and none after that', () => {
    const at = (seconds: number) => signIn(later(MORNING, 15 * 60 + seconds), 'success', { account: 'user3' });
    expect(judge(passwordSpray, [...spray(16, 60), at(1800)]).signals).toHaveLength(3);
    expect(judge(passwordSpray, [...spray(16, 60), at(1800.001)]).signals).toHaveLength(2);
  });

  it('stays quiet when many people behind one address each mistype once or twice over a day', () => {
    const office = spray(400, 130, (i) => ({ account: `clerk${i % 200}` }));
    expect(judge(passwordSpray, office).signals).toEqual([]);
  });

  it('counts an account once, however it is spelled', () => {
    const spelled = (i: number) => ['user', 'USER', 'CORP\\user'][i % 3]! + String(Math.floor(i / 2));
    expect(
      judge(
        passwordSpray,
        spray(20, 10, (i) => ({ account: spelled(i) })),
      ).signals,
    ).toEqual([]);
  });

  describe('in an office where people mistype', () => {
    const byTime = (events: Event[]) => events.sort((a, b) => a.time - b.time);
    /** Accounts fail; the first `recovered` of them get in so many seconds later. */
    const office = (recovered: number, afterSeconds: number, fields: (i: number) => Partial<Event> = () => ({})) =>
      byTime([
        ...spray(15, 60, fields),
        ...Array.from({ length: recovered }, (_, i) =>
          signIn(later(MORNING, i * 60 + afterSeconds), 'success', { account: `user${i}`, ...fields(i) }),
        ),
      ]);
    const ownAddress = (i: number) => ({ clientAddress: `203.0.113.${i + 20}` });

    it('stays quiet when half of them sign in right after, behind one address or each at their own', () => {
      expect(judge(passwordSpray, office(14, 20)).signals).toEqual([]);
      expect(judge(passwordSpray, office(14, 20, ownAddress)).signals).toEqual([]);
      expect(judge(passwordSpray, office(8, 20)).signals).toEqual([]);
      expect(judge(passwordSpray, office(7, 20)).signals).not.toEqual([]);
    });

    it('does not take a success much later for that', () => {
      expect(judge(passwordSpray, office(14, 300)).signals).toEqual([]);
      expect(judge(passwordSpray, office(14, 301)).signals).not.toEqual([]);
    });

    it('finds somebody who sprays the accounts of colleagues that sign in at their own addresses', () => {
      const colleagues = spray(15, 60, ownAddress).map((event) => ({
        ...event,
        id: `own-${event.id}`,
        time: event.time + 20_000,
        outcome: 'success' as const,
      }));
      expect(judge(passwordSpray, byTime([...spray(16, 60), ...colleagues])).findings.at(-1)).toMatchObject({
        clientAddress: '203.0.113.7',
        observed: 16,
      });
      const two = (i: number) => ({ clientAddress: `203.0.113.${(i % 2) + 7}` });
      expect(judge(passwordSpray, byTime([...spray(16, 60, two), ...colleagues])).findings.at(-1)).toMatchObject({
        clientAddress: '203.0.113.0/24',
      });
    });
  });

  it('knows accounts named like what every object has', () => {
    const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf'];
    const events = spray(15, 10, (i) => (i < names.length ? { account: names[i]! } : {}));
    expect(judge(passwordSpray, events).findings.at(-1)).toMatchObject({ observed: 15 });
  });

  it('leaves failures without an account or a network out', () => {
    expect(
      judge(
        passwordSpray,
        spray(20, 1, () => ({ account: '' })),
      ).signals,
    ).toEqual([]);
    expect(
      judge(
        passwordSpray,
        spray(20, 1, () => ({ clientAddress: 'gateway.example' })),
      ).signals,
    ).toEqual([]);
  });

  it('holds a bounded state against 20,000 accounts from one address and 2,000 addresses of one network', () => {
    const context = { settings: passwordSpray.settings.parse({}), registry: registryFrom({}), baseline: NO_BASELINE };
    const state = passwordSpray.start(signIn(MORNING, 'failure'));
    for (const event of spray(20_000, 0.01)) passwordSpray.step(state, event, context);
    expect(state.network.entries.length).toBeLessThanOrEqual(4200);
    expect(Object.keys(state.network.counts).length).toBeLessThanOrEqual(2048);
    expect(state.last?.names).toBe(2048);
    for (const event of spray(2000, 0.01, (i) => ({ clientAddress: `2001:db8:7:9::${i.toString(16)}` })))
      passwordSpray.step(state, event, context);
    expect(Object.keys(state.addresses).length).toBeLessThanOrEqual(256);
  });

  it('comes to the same finding in any order within the allowed lateness', () => {
    const success = signIn(later(MORNING, 560), 'success', { account: 'user3' });
    const events = [...spray(19, 30), success].sort((a, b) => a.time - b.time);
    const inOrder = settled(passwordSpray, events);
    expect(inOrder).toHaveLength(1);
    fc.assert(
      fc.property(fc.shuffledSubarray(events, { minLength: events.length }), (shuffled) => {
        expect(settled(passwordSpray, shuffled)).toEqual(inOrder);
      }),
      { numRuns: 60 },
    );
  });

  it('finds a window that only a late event completes, though it has passed already', () => {
    const fourteen = spray(14, 120);
    const newest = signIn(later(MORNING, 1860), 'failure', { account: 'user13' });
    const late = signIn(later(MORNING, 1500), 'failure', { account: 'late' });
    expect(judge(passwordSpray, [...fourteen, newest]).signals).toEqual([]);
    expect(judge(passwordSpray, [...fourteen, newest, late]).findings[0]).toMatchObject({ observed: 15 });
  });

  it('counts an event that comes twice once', () => {
    const fourteen = spray(14, 10);
    expect(judge(passwordSpray, [...fourteen, ...fourteen]).signals).toEqual([]);
  });

  it('gives the same ids when the same events are judged again', () => {
    const events = spray(20, 10);
    expect(judge(passwordSpray, events)).toEqual(judge(passwordSpray, events));
  });
});
