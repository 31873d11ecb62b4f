import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bruteForce } from '../../detectors/brute-force.ts';
import type { Event } from '../../src/event/event.ts';
import { registryFrom } from '../../src/registry/registry-from.ts';
import { judge, NO_BASELINE } from '../detection/judge.ts';
import { later, says, settled, signIn } from './town.ts';

const NOON = '2026-11-20T12:00';

function failures(count: number, everySeconds: number, fields: Partial<Event> = {}, from = NOON): Event[] {
  return Array.from({ length: count }, (_, i) => signIn(later(from, i * everySeconds), 'failure', fields));
}

describe('brute-force', () => {
  it('finds ten failures of one account from one address within ten minutes', () => {
    const { findings } = judge(bruteForce, failures(10, 20));
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({
      severity: 'medium',
      observed: 10,
      threshold: 10,
      clientAddress: '203.0.113.7',
    });
    expect(findings[0]!.eventIds).toHaveLength(10);
    expect(says(findings[0], 'root', '203.0.113.7', { zh: '10 分钟', en: '10 minutes' })).toBe(true);
  });

  it('stays quiet at nine failures', () => {
    expect(judge(bruteForce, failures(9, 20)).signals).toEqual([]);
  });

  it('stays quiet when the same failures are spread over longer than the window', () => {
    expect(judge(bruteForce, failures(10, 67)).signals).toEqual([]);
  });

  it('counts a failure just inside the window, and not one exactly a window ago', () => {
    const nine = failures(9, 1, {}, later(NOON, 590).slice(0, 19));
    const inside = [signIn('2026-11-20T04:00:00.001Z', 'failure'), ...failuresAtUtc(nine, '2026-11-20T04:10:00.000Z')];
    expect(judge(bruteForce, inside).signals).toHaveLength(1);
    const outside = [signIn('2026-11-20T04:00:00.000Z', 'failure'), ...failuresAtUtc(nine, '2026-11-20T04:10:00.000Z')];
    expect(judge(bruteForce, outside).signals).toEqual([]);
  });

  it('makes it high, in the same finding, when a success follows within thirty minutes', () => {
    const { findings } = judge(bruteForce, [...failures(12, 10), signIn(later(NOON, 290), 'success')]);
    expect(new Set(findings.map(({ id }) => id)).size).toBe(1);
    expect(findings.at(-1)).toMatchObject({ severity: 'high', observed: 12, alert: true });
    expect(says(findings.at(-1), { zh: '3 分钟后登录成功', en: '3 minutes later' })).toBe(true);
  });

  it('connects a success thirty minutes after the failures with them, and none after that', () => {
    const afterSeconds = 9 * 10 + 1800;
    const connected = judge(bruteForce, [...failures(10, 10), signIn(later(NOON, afterSeconds), 'success')]);
    const apart = judge(bruteForce, [...failures(10, 10), signIn(later(NOON, afterSeconds + 0.001), 'success')]);
    expect([connected.signals.length, apart.signals.length]).toEqual([2, 1]);
  });

  it('keeps a success after midnight in the finding of the failures before it', () => {
    const { findings } = judge(bruteForce, [
      ...failures(10, 5, {}, '2026-11-20T23:58'),
      signIn('2026-11-21T00:05', 'success'),
    ]);
    expect(new Set(findings.map(({ id }) => id)).size).toBe(1);
  });

  it('does not connect a success from another address, or of another account, with them', () => {
    const elsewhere = signIn(later(NOON, 290), 'success', { clientAddress: '192.0.2.9' });
    const another = signIn(later(NOON, 291), 'success', { account: 'lina' });
    expect(judge(bruteForce, [...failures(12, 10), elsewhere, another]).findings.at(-1)).toMatchObject({
      severity: 'medium',
    });
  });

  it('says nothing about a person who mistypes three times and then signs in', () => {
    expect(judge(bruteForce, [...failures(3, 5), signIn(later(NOON, 30), 'success')]).signals).toEqual([]);
  });

  it('counts "message repeated N times" as N', () => {
    const repeated = signIn(later(NOON, 5), 'failure', { attributes: ['repeat', '9'] });
    expect(judge(bruteForce, [signIn(NOON, 'failure'), repeated]).findings[0]).toMatchObject({ observed: 10 });
    const fewer = signIn(later(NOON, 5), 'failure', { attributes: ['repeat', '8'] });
    expect(judge(bruteForce, [signIn(NOON, 'failure'), fewer]).signals).toEqual([]);
  });

  it('keeps accounts and addresses apart', () => {
    const events = failures(18, 5).map((event, i) => ({ ...event, clientAddress: `203.0.113.${(i % 2) + 1}` }));
    expect(judge(bruteForce, events).signals).toEqual([]);
    const accounts = failures(18, 5).map((event, i) => ({ ...event, account: `user${i % 2}` }));
    expect(judge(bruteForce, accounts).signals).toEqual([]);
  });

  it('tells a login without an address by its host, and an address without an account by its source', () => {
    const console = judge(bruteForce, failures(10, 5, { clientAddress: '' })).findings[0];
    expect(says(console, 'web01', 'root')).toBe(true);
    const unnamed = judge(bruteForce, failures(10, 5, { account: '' })).findings[0];
    expect(says(unnamed, '203.0.113.7', { zh: '未写明的账号', en: 'an unnamed account' })).toBe(true);
  });

  it('takes an IPv6 /64 for one address, because one machine may use all of it', () => {
    const hopping = (network: (i: number) => string) =>
      judge(
        bruteForce,
        failures(10, 5).map((event, i) => ({ ...event, clientAddress: `${network(i)}::${i + 1}` })),
      ).findings;
    expect(hopping(() => '2001:db8:0:1')).toHaveLength(1);
    expect(says(hopping(() => '2001:db8:0:1')[0], '2001:db8:0:1::10', '/64')).toBe(true);
    expect(hopping((i) => `2001:db8:0:${i % 2}`)).toEqual([]);
  });

  it('looks only at sign-ins whose result is known', () => {
    const others = [{ classUid: 6003 }, { action: 'connect' }, { outcome: '' as const }];
    for (const fields of others)
      expect(
        judge(
          bruteForce,
          failures(20, 5).map((event) => ({ ...event, ...fields })),
        ).signals,
      ).toEqual([]);
  });

  it('says when failures come like clockwork', () => {
    const hint = { zh: '过期口令', en: 'expired password' };
    expect(says(judge(bruteForce, failures(12, 30)).findings.at(-1), hint)).toBe(true);
    expect(says(judge(bruteForce, failures(12, 1)).findings.at(-1), hint)).toBe(false);
  });

  it('drops an event that comes twice', () => {
    const nine = failures(9, 5);
    expect(judge(bruteForce, [...nine, nine[3]!]).signals).toEqual([]);
  });

  it('still counts failures after one with a clock far in the future', () => {
    const future = { ...signIn('2036-01-01T00:00', 'failure'), ingestTime: Date.parse(`${NOON}+08:00`) };
    const { findings } = judge(bruteForce, [...failures(5, 5), future, ...failures(5, 5, {}, '2026-11-20T12:01')]);
    expect(findings).toHaveLength(1);
  });

  it('counts tens of thousands of failures with a bounded state', () => {
    const state = bruteForce.start(signIn(NOON, 'failure'));
    const context = contextOf();
    let last: number | undefined;
    for (const event of failures(6_000, 0.5)) last = bruteForce.step(state, event, context)[0]?.observed ?? last;
    expect(last).toBeGreaterThan(1150);
    expect(last).toBeLessThanOrEqual(1220);
    expect(state.guesses!.failures.entries.length).toBeLessThan(2 * 400);
    expect(state.guesses!.ids).toHaveLength(2 * 20);
  });

  it('comes to the same finding in any order within the allowed lateness', () => {
    const events = [
      ...failures(14, 23),
      signIn(later(NOON, 330), 'success'),
      ...failures(2, 60, {}, '2026-11-20T12:06'),
    ];
    const inOrder = settled(bruteForce, events);
    expect(inOrder).toHaveLength(1);
    fc.assert(
      fc.property(fc.shuffledSubarray(events, { minLength: events.length }), (shuffled) => {
        expect(settled(bruteForce, shuffled)).toEqual(inOrder);
      }),
      { numRuns: 60 },
    );
  });

  it('gives the same ids when the same events are judged again', () => {
    const events = [...failures(12, 10), signIn(later(NOON, 200), 'success')];
    expect(judge(bruteForce, events)).toEqual(judge(bruteForce, events));
  });
});

function failuresAtUtc(events: readonly Event[], iso: string): Event[] {
  return events.map((event) => ({ ...event, time: Date.parse(iso), ingestTime: Date.parse(iso) }));
}

function contextOf() {
  return { settings: bruteForce.settings.parse({}), registry: registryFrom({}), baseline: NO_BASELINE };
}
