import { describe, expect, it } from 'vitest';
import { vendorAfterContract } from '../../detectors/vendor-after-contract.ts';
import type { Event } from '../../src/event/event.ts';
import type { RegistryInput } from '../../src/registry/schema.ts';
import { eventAt, judge } from '../detection/judge.ts';
import { says, settled, townRegistry } from './town.ts';

type Contracts = NonNullable<RegistryInput['contracts']>;

/** An event of a vendor's person, as enrichment leaves it. */
function act(iso: string, fields: Partial<Event> = {}): Event {
  return eventAt(iso, {
    classUid: 3002,
    action: 'sign-in',
    outcome: 'success',
    account: 'yz_liu',
    actor: 'yz_liu',
    person: 'liu',
    vendor: 'yunzhan',
    system: 'aid',
    clientAddress: '192.0.2.44',
    ...fields,
  });
}

const contract = (fields: Partial<Contracts[number]> = {}): Contracts[number] => ({
  id: 'HT-2025-017',
  vendor: 'yunzhan',
  systems: ['aid'],
  from: '2025-11-01',
  to: '2026-10-31',
  roster: [],
  ...fields,
});

const judged = (events: Event[], ...contracts: Contracts) =>
  judge(vendorAfterContract, events, { registry: townRegistry({ contracts }) });
const signalsOf = (event: Event, ...contracts: Contracts) => judged([event], ...contracts).signals;
const countOf = (event: Event, ...contracts: Contracts) => signalsOf(event, ...contracts).length;

describe('vendor-after-contract', () => {
  it('finds a sign-in after the contract ended', () => {
    const { findings } = judged([act('2026-11-20T12:00')], contract());
    expect(findings[0]).toMatchObject({ score: 90, severity: 'critical', actor: 'yz_liu', unit: 'days after the end' });
    expect(findings[0]!.observed).toBe(19.5);
    expect(says(findings[0], 'HT-2025-017', '2026-10-31 23:59', { zh: '19 天', en: '19 days' })).toBe(true);
    expect(
      says(findings[0], { zh: '云栈科技', en: 'Cloudstack Technologies' }, { zh: '救助系统', en: 'Aid system' }),
    ).toBe(true);
  });

  it('begins with the first moment after the last day, in the platform’s zone', () => {
    expect(countOf(act('2026-10-31T23:59:59.999'), contract())).toBe(0);
    expect(countOf(act('2026-11-01T00:00:00.000'), contract())).toBe(1);
    expect(countOf(act('2026-10-31T16:00:00.000Z'), contract())).toBe(1);
    expect(countOf(act('2026-10-31T15:59:59.999Z'), contract())).toBe(0);
  });

  it('takes any activity: keys, tokens, queries, maintenance', () => {
    for (const fields of [{ action: 'call' }, { action: 'query' }, { action: 'maintain' }, { action: 'command' }])
      expect(countOf(act('2026-11-20T12:00', { classUid: 6005, ...fields }), contract())).toBe(1);
  });

  it('takes an action that is named like what every object has', () => {
    const [found] = signalsOf(act('2026-11-20T12:00', { classUid: 6005, action: '__proto__' }), contract());
    expect(says(found, { zh: '仍使用', en: 'still used' })).toBe(true);
  });

  it('takes what a host tells of without a sign-in of its own: jobs of cron, connections that were turned away', () => {
    const beside = { classUid: 3002, action: '' };
    expect(countOf(act('2026-11-20T12:00', { ...beside, outcome: 'success', service: 'CRON' }), contract())).toBe(1);
    expect(signalsOf(act('2026-11-20T12:00', { ...beside, outcome: 'failure' }), contract())[0]!.score).toBe(66);
    expect(countOf(act('2026-11-20T12:00', { ...beside, classUid: 6005, outcome: '', asset: 'x' }), contract())).toBe(
      1,
    );
  });

  it('says what was done, and in which zone the contract ended', () => {
    const [query] = signalsOf(
      act('2026-11-20T12:00', { classUid: 6005, action: 'query', asset: 'recipients', assetLevel: 'important' }),
      contract(),
    );
    expect(says(query, { zh: '仍查询「低保对象信息」', en: 'still queried "Aid recipients"' }, 'UTC+8')).toBe(true);
    expect(says(signalsOf(act('2026-11-20T12:00'), contract())[0], { zh: '仍登录「', en: 'still signed in to' })).toBe(
      true,
    );
  });

  it('finds an account that was closed, whatever the contracts', () => {
    const accounts = [{ id: 'yz_liu', login: 'yz_liu', vendor: 'yunzhan', validTo: '2026-11-15' }];
    const running = [contract({ to: '2027-12-31' })];
    const at = (iso: string, contracts: Contracts) =>
      judge(vendorAfterContract, [act(iso)], { registry: townRegistry({ accounts, contracts }) }).signals;
    expect(at('2026-11-15T23:59', running)).toEqual([]);
    const [found] = at('2026-11-16T08:00', running);
    expect(says(found, '2026-11-15 23:59', { zh: '账号已于', en: 'account had been closed' })).toBe(true);
    expect(at('2026-11-16T08:00', [])).toHaveLength(1);
    expect(says(at('2026-11-16T08:00', [contract()])[0], 'HT-2025-017')).toBe(true);
  });

  it('leaves sign-outs and lines that state no act out', () => {
    expect(countOf(act('2026-11-20T12:00', { action: 'sign-out' }), contract())).toBe(0);
    expect(countOf(act('2026-11-20T12:00', { action: '', outcome: '' }), contract())).toBe(0);
  });

  it('scores a refused attempt lower, and says that it was refused', () => {
    const [found] = signalsOf(act('2026-11-20T12:00', { outcome: 'failure', plane: 'business' }), contract());
    expect(found!.score).toBe(66);
    expect(says(found, { zh: '仍尝试登录「救助系统」，被拒绝', en: 'still tried to sign in to "Aid system"' })).toBe(
      true,
    );
    expect(says(found, { zh: '被拒绝', en: 'refused' })).toBe(true);
  });

  it('is critical on the business plane, whatever the base score', () => {
    const registry = townRegistry({ contracts: [contract()] });
    const at = (plane: string) =>
      judge(vendorAfterContract, [act('2026-11-20T12:00', { plane })], { registry, settings: { base: 30 } })
        .signals[0]!;
    expect([at('business').score, at('operations').score]).toEqual([85, 36]);
  });

  it('is silent while a renewed contract runs, and finds activity in the gap before it', () => {
    const renewed = contract({ id: 'HT-2026-020', from: '2026-11-10', to: '2027-11-09' });
    expect(countOf(act('2026-11-20T12:00'), contract(), renewed)).toBe(0);
    const [found] = signalsOf(act('2026-11-05T12:00'), contract(), renewed);
    expect(says(found, 'HT-2025-017')).toBe(true);
  });

  it('looks only at the contracts that name a known system', () => {
    const other = contract({ id: 'HT-2026-030', systems: ['ops'], to: '2027-12-31' });
    expect(countOf(act('2026-11-20T12:00', { system: 'aid' }), contract(), other)).toBe(1);
    expect(countOf(act('2026-11-20T12:00', { system: 'ops' }), contract(), other)).toBe(0);
  });

  it('is content with any contract in force where the system is unknown or named by none', () => {
    const other = contract({ id: 'HT-2026-030', systems: ['ops'], to: '2027-12-31' });
    const elsewhere = contract({ id: 'HT-2024-001', systems: ['ops'] });
    expect(countOf(act('2026-11-20T12:00', { system: '' }), contract(), other)).toBe(0);
    expect(countOf(act('2026-11-20T12:00', { system: '' }), contract())).toBe(1);
    expect(countOf(act('2026-11-20T12:00', { system: 'vpn9' }), contract())).toBe(1);
    expect(countOf(act('2026-11-20T12:00', { system: 'aid' }), elsewhere)).toBe(1);
  });

  it('takes a contract without systems as one for all', () => {
    const whole = contract({ id: 'HT-2026-040', systems: [], to: '2027-12-31' });
    expect(countOf(act('2026-11-20T12:00'), contract(), whole)).toBe(0);
  });

  it('finds a person who left the roster while the contract goes on', () => {
    const roster = [{ person: 'liu', to: '2026-09-30' }, { person: 'chen' }];
    const running = contract({ to: '2027-12-31', roster });
    const [found] = signalsOf(act('2026-11-20T12:00'), running);
    expect(says(found, '2026-09-30 23:59', { zh: '派驻', en: 'assignment' })).toBe(true);
    expect(countOf(act('2026-09-30T12:00'), running)).toBe(0);
    expect(countOf(act('2026-11-20T12:00', { person: 'chen' }), running)).toBe(0);
  });

  it('follows a person who moved to another contract', () => {
    const left = contract({ to: '2027-12-31', roster: [{ person: 'liu', to: '2026-09-30' }] });
    const joined = contract({
      id: 'B',
      systems: ['ops'],
      to: '2027-12-31',
      roster: [{ person: 'liu', from: '2026-10-01' }],
    });
    expect(countOf(act('2026-11-20T12:00', { system: 'aid' }), left, joined)).toBe(1);
    expect(countOf(act('2026-11-20T12:00', { system: 'ops' }), left, joined)).toBe(0);
    expect(countOf(act('2026-11-20T12:00', { system: '' }), left, joined)).toBe(0);
  });

  it('finds a person whom the renewed contract does not list any more', () => {
    const old = contract({ roster: [{ person: 'liu' }] });
    const listing = contract({ id: 'B', from: '2026-11-01', to: '2027-10-31', roster: [{ person: 'chen' }] });
    const open = contract({ id: 'B', from: '2026-11-01', to: '2027-10-31' });
    expect(countOf(act('2026-11-20T12:00'), old, listing)).toBe(1);
    expect(countOf(act('2026-11-20T12:00'), old, open)).toBe(0);
  });

  it('leaves persons who never were on a roster, and accounts without a person, to other detectors', () => {
    const running = contract({ to: '2027-12-31', roster: [{ person: 'chen' }] });
    expect(countOf(act('2026-11-20T12:00'), running)).toBe(0);
    expect(countOf(act('2026-11-20T12:00', { person: '' }), running)).toBe(0);
  });

  it('is silent before a contract begins, without any contract, and about officers', () => {
    expect(countOf(act('2025-10-01T12:00'), contract())).toBe(0);
    expect(countOf(act('2026-11-20T12:00'))).toBe(0);
    expect(countOf(act('2026-11-20T12:00', { vendor: 'hengda' }), contract())).toBe(0);
    expect(countOf(act('2026-11-20T12:00', { vendor: '' }), contract())).toBe(0);
  });

  it('tolerates as much as it is told to', () => {
    const registry = townRegistry({ contracts: [contract()] });
    const at = (iso: string) =>
      judge(vendorAfterContract, [act(iso)], { registry, settings: { graceMs: 3_600_000 } }).signals.length;
    expect([at('2026-11-01T00:59:59.999'), at('2026-11-01T01:00')]).toEqual([0, 1]);
  });

  it('makes one finding of an account’s day, told again at a higher asset level', () => {
    const read = { classUid: 6005, action: 'query', asset: 'recipients', assetLevel: 'important' as const };
    const { findings } = judged([act('2026-11-20T12:00'), act('2026-11-20T12:05', read)], contract());
    expect(new Set(findings.map(({ id }) => id)).size).toBe(1);
    expect(findings.at(-1)).toMatchObject({ alert: true, score: 100, asset: 'recipients', revision: 2 });
    expect(judged([act('2026-11-20T12:00'), act('2026-11-21T12:00')], contract()).findings).toHaveLength(2);
  });

  it('counts an event that comes twice once', () => {
    const one = act('2026-11-20T12:00');
    expect(judged([one, one], contract()).signals).toHaveLength(1);
  });

  it('judges events that come very late, in any order, with the same ids', () => {
    const registry = townRegistry({ contracts: [contract()] });
    const events = [act('2026-11-20T12:00'), act('2026-11-04T12:00'), act('2026-10-20T12:00')];
    const found = settled(vendorAfterContract, events, { registry });
    expect(found).toHaveLength(2);
    expect(settled(vendorAfterContract, [...events].reverse(), { registry })).toEqual(found);
  });
});
