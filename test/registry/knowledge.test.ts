import { describe, expect, it } from 'vitest';
import { registryFrom } from '../../src/registry/registry-from.ts';
import type { RegistryInput } from '../../src/registry/schema.ts';

const at = (iso: string) => Date.parse(`${iso}+08:00`);
const NOW = at('2026-11-20T10:00');

const world: RegistryInput = {
  departments: [
    { id: 'tax', name: '税务局' },
    { id: 'health', name: '卫健委' },
  ],
  vendors: [{ id: 'cloudco', name: '云启' }],
  systems: [{ id: 'portal', name: '门户' }],
  assets: [
    { id: 'people', name: '人口', level: 'core' },
    { id: 'visits', name: '就诊', level: 'important' },
  ],
  accounts: [
    { id: 'li', login: 'li', person: 'p-li', personName: '李娜', department: 'tax' },
    { id: 'li-admin', login: 'li.admin', person: 'p-li', department: 'tax', validTo: '2026-06-30' },
  ],
  contracts: [{ id: 'c', vendor: 'cloudco', systems: ['portal'], from: '2026-01-01', to: '2026-12-31' }],
};
const withLists = (lists: RegistryInput) => registryFrom({ ...world, ...lists });

describe('grants', () => {
  const grant = { asset: 'people', recipient: 'tax', from: '2026-02-01' };
  const registry = withLists({
    grants: [
      { ...grant, id: 'ends', to: '2026-06-30' },
      { ...grant, id: 'revoked', revokedAt: '2026-08-01T12:00' },
      { ...grant, id: 'open', from: '2026-03-01', recipientKind: 'person', recipient: 'p-li' },
    ],
  });
  const inForce = (iso: string) => registry.grantsFor('people', at(iso)).map(({ id }) => id);

  it.each([
    ['2026-01-31T23:59', []],
    ['2026-02-01T00:00', ['ends', 'revoked']],
    ['2026-03-01T00:00', ['ends', 'revoked', 'open']],
    ['2026-06-30T23:59', ['ends', 'revoked', 'open']],
    ['2026-07-01T00:00', ['revoked', 'open']],
    ['2026-08-01T11:59', ['revoked', 'open']],
    ['2026-08-01T12:00', ['open']],
    ['2026-02-15T00:00', ['ends', 'revoked']],
  ])('in force at %s are %j', (iso, expected) => expect(inForce(iso)).toEqual(expected));

  it('are found by asset and by recipient whatever their dates, but only under the right kind', () => {
    expect(registry.grantsOn('people')).toHaveLength(3);
    expect(registry.grantsOf('person', 'p-li').map(({ id }) => id)).toEqual(['open']);
    expect(registry.grantsOf('department', 'p-li')).toEqual([]);
    expect(registry.grantsFor('nothing', NOW)).toEqual([]);
  });

  it('may come again under the same id for another time, each found at its own', () => {
    const renewed = withLists({
      grants: [
        { ...grant, id: 'g', to: '2026-06-30', purpose: 'census' },
        { ...grant, id: 'g', from: '2026-07-01', purpose: 'audit' },
      ],
    });
    expect(renewed.grant('g', at('2026-06-30T23:00'))?.purpose).toBe('census');
    expect(renewed.grant('g', at('2026-07-01T00:00'))?.purpose).toBe('audit');
  });
});

describe('cases, work orders and watch tags', () => {
  const registry = withLists({
    cases: [{ number: 'A-1', officer: 'p-li', opened: '2026-05-01', closed: '2026-05-31' }],
    'work-orders': [{ id: 'w', contract: 'c', persons: [], from: '2026-11-20T20:00', to: '2026-11-20T22:00' }],
    'watch-tags': [
      { id: 't1', kind: 'account', value: 'li', until: '2026-11-30' },
      { id: 't2', kind: 'data-subject', value: 'hash-of-li', from: '2026-11-01' },
    ],
  });

  it('a closed case is still found, with the moment it was closed', () => {
    expect(registry.case('A-1', NOW)).toMatchObject({ officer: 'p-li', closed: at('2026-06-01T00:00') });
    expect(registry.case('A-2', NOW)).toBeUndefined();
  });

  it('a work order is open in its window only, and known outside of it', () => {
    const open = (iso: string) => registry.workOrders('cloudco', at(iso)).map(({ id }) => id);
    expect([open('2026-11-20T19:59'), open('2026-11-20T20:00'), open('2026-11-20T22:00')]).toEqual([[], ['w'], []]);
    expect(registry.workOrdersOf('cloudco')).toHaveLength(1);
    expect(registry.workOrder('w', NOW)).toMatchObject({ vendor: 'cloudco' });
  });

  it('a watch ends with its last day, and an account is no data subject', () => {
    expect(registry.watchTag('account', 'li', at('2026-11-30T23:59'))?.id).toBe('t1');
    expect(registry.watchTag('account', 'li', at('2026-12-01T00:00'))).toBeUndefined();
    expect(registry.watchTag('data-subject', 'hash-of-li', at('2026-10-31T23:59'))).toBeUndefined();
    expect(registry.watchTag('data-subject', 'li', NOW)).toBeUndefined();
  });
});

describe('persons, networks and lineage', () => {
  it('a person is known from an account, and holds those that are open at the time', () => {
    const registry = withLists({});
    expect(registry.person('p-li', NOW)).toMatchObject({ name: { zh: '李娜' }, department: 'tax' });
    expect(registry.accountsOf('p-li', NOW).map(({ id }) => id)).toEqual(['li']);
    expect(registry.accountsOf('p-li', at('2026-03-01T00:00'))).toHaveLength(2);
  });

  it('an entry of its own says more than the accounts', () => {
    const registry = withLists({ persons: [{ id: 'p-li', name: '李娜娜', department: 'tax' }] });
    expect(registry.person('p-li', NOW)?.name.zh).toBe('李娜娜');
  });

  it('an address belongs to the smallest network around it', () => {
    const registry = withLists({
      networks: [
        { id: 'all', name: '全市', cidrs: ['10.0.0.0/8', '2001:db8::/32'] },
        { id: 'west', name: '西区', cidrs: ['10.20.0.0/16'], validFrom: '2026-06-01' },
      ],
    });
    const networkOf = (address: string, iso = '2026-11-20T10:00') => registry.network(address, at(iso))?.id;
    expect(['10.20.1.1', '10.21.1.1', '2001:db8:1::1', '192.0.2.1', 'host-a'].map((one) => networkOf(one))).toEqual([
      'west',
      'all',
      'all',
      undefined,
      undefined,
    ]);
    expect(networkOf('10.20.1.1', '2026-05-01T00:00')).toBe('all');
  });

  it('tells what an asset is made from, over all steps', () => {
    const made = (id: string, derivedFrom: string[]) => ({ id, name: id, level: 'core' as const, derivedFrom });
    const registry = registryFrom({
      assets: [made('a', []), made('b', ['a']), made('c', ['b', 'd']), made('d', ['a'])],
    });
    expect(registry.derivedFrom('c', NOW)).toEqual(['b', 'd', 'a']);
    expect(registry.derivedFrom('a', NOW)).toEqual([]);
  });
});

describe('what does not fit together is refused, with entry, field and remedy', () => {
  const grant = { id: 'g', asset: 'people', recipient: 'tax', from: '2026-02-01' };
  it.each<[string, RegistryInput, string]>([
    [
      'a grant that ends before it starts',
      { grants: [{ ...grant, to: '2026-01-31' }] },
      'grants[0].to: to is 2026-01-31: it must not lie before 2026-02-01',
    ],
    [
      'a grant on an unknown asset',
      { grants: [{ ...grant, asset: 'peple' }] },
      'grants[0].asset: asset is "peple": assets has no such id; did you mean people?',
    ],
    [
      'a grant to nobody',
      { grants: [{ ...grant, recipientKind: 'system', recipient: 'tax' }] },
      'grants[0].recipient: recipient is "tax": systems has no such id',
    ],
    [
      'a grant passed on to nobody',
      { grants: [{ ...grant, onwardTo: ['health', 'nobody'] }] },
      'grants[0].onwardTo[1]: onwardTo is "nobody"',
    ],
    [
      'an action that no event has',
      { grants: [{ ...grant, actions: ['reed'] as never }] },
      'grants[0].actions[0]: actions.0 is "reed": expected one of read, query',
    ],
    [
      'a work order under no contract',
      { 'work-orders': [{ id: 'w', contract: 'd', from: '2026-01-01', to: '2026-01-02' }] },
      'work-orders[0].contract: contract is "d": contracts has no such id',
    ],
    [
      'a case of an unknown officer',
      { cases: [{ number: 'A', officer: 'p-x', opened: '2026-01-01' }] },
      'cases[0].officer: officer is "p-x": persons has no such id',
    ],
    [
      'contracts of the same id that overlap',
      {
        contracts: [
          { id: 'c', vendor: 'cloudco', from: '2026-01-01', to: '2026-06-30' },
          { id: 'c', vendor: 'cloudco', from: '2026-06-30', to: '2026-12-31' },
        ],
      },
      'contracts[1].id: id "c" is already taken by an earlier entry that holds from 2026-01-01 to 2026-06-30; let it end',
    ],
    [
      'a person in two departments at once',
      {
        accounts: [
          { id: 'a', login: 'a', person: 'p', department: 'tax' },
          { id: 'b', login: 'b', person: 'p', department: 'health' },
        ],
      },
      'accounts[1].department: department is "health": p belongs to "tax" at the same time (accounts a); end one of them',
    ],
    [
      'assets that are derived from each other',
      {
        assets: [
          { id: 'a', name: '甲', level: 'core', derivedFrom: ['b'] },
          { id: 'b', name: '乙', level: 'core', derivedFrom: ['c'] },
          { id: 'c', name: '丙', level: 'core', derivedFrom: ['a'] },
        ],
      },
      'assets[0].derivedFrom[0]: derivedFrom is "b": a from b from c from a goes in a circle; take one of these steps out',
    ],
    [
      'an address range that is none',
      { networks: [{ id: 'n', name: '网', cidrs: ['10.0.0.0/33'] }] },
      'networks[0].cidrs[0]: cidrs.0 is "10.0.0.0/33": expected an address or range',
    ],
  ])('%s', (_title, lists, message) => expect(() => withLists(lists)).toThrow(message));

  it('but a person may change departments', () => {
    const moved = withLists({
      accounts: [
        { id: 'a', login: 'a', person: 'p', department: 'tax', validTo: '2026-06-30' },
        { id: 'b', login: 'b', person: 'p', department: 'health', validFrom: '2026-07-01' },
      ],
    });
    expect(moved.person('p', NOW)?.department).toBe('health');
    expect(moved.person('p', at('2026-06-30T10:00'))?.department).toBe('tax');
  });

  it('and contracts may follow each other under one id', () => {
    const followed = withLists({
      contracts: [
        { id: 'c', vendor: 'cloudco', from: '2026-01-01', to: '2026-06-30' },
        { id: 'c', vendor: 'cloudco', from: '2026-07-01', to: '2026-12-31' },
      ],
    });
    expect(followed.contract('c', at('2026-07-01T00:00'))?.to).toBe(at('2027-01-01T00:00'));
  });
});
