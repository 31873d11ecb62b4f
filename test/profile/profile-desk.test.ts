import { describe, expect, it } from 'vitest';
import type { Diffusion } from '../../src/detection/diffusion/graph.ts';
import { ProfileDesk } from '../../src/profile/profile-desk.ts';
import { registryFrom } from '../../src/registry/registry-from.ts';
import type { ListName, RegistryInput } from '../../src/registry/schema.ts';
import { FakeProfileStore } from '../api/fake-profile-store.ts';
import { aFinding } from '../store/a-finding.ts';

const AT = Date.parse('2026-11-24T15:00+08:00');
const registered = {
  departments: [
    { id: 'bureau', name: 'Bureau' },
    { id: 'aid', name: { zh: '民政局', en: 'Civil Affairs' }, parent: 'bureau', timeZone: 'Asia/Urumqi' },
    { id: 'hotline', name: 'Hotline' },
    { id: 'tax', name: 'Tax' },
  ],
  vendors: [{ id: 'qiming', name: 'Qiming', backgroundChecks: true, ndaUntil: '2027-12-31' }],
  systems: [
    { id: 'aid-db', name: 'Aid', department: 'aid', runBy: 'qiming' },
    { id: 'other-db', name: 'Other', department: 'tax' },
  ],
  persons: [{ id: 'p-1', name: '吴工', vendor: 'qiming' }],
  accounts: [
    { id: 'qm-wu', login: 'wu', person: 'p-1', vendor: 'qiming', privileged: true },
    { id: 'li.na', login: 'li.na', person: 'p-2', personName: '李娜', department: 'aid' },
  ],
  assets: [
    { id: 'families', name: 'Families', names: ['aid.families'], level: 'core', system: 'aid-db', owner: 'aid' },
  ],
  grants: [
    { id: 'g-old', asset: 'families', recipient: 'tax', from: '2025-01-01', to: '2025-12-31' },
    { id: 'g-now', asset: 'families', recipient: 'hotline', from: '2026-02-01' },
  ],
  contracts: [
    {
      id: 'c-1',
      vendor: 'qiming',
      systems: ['aid-db'],
      from: '2026-01-01',
      to: '2026-12-31',
      roster: [{ person: 'p-1' }],
      approvedNetworks: ['203.0.113.0/24'],
    },
    { id: 'c-0', vendor: 'qiming', systems: ['aid-db'], from: '2025-01-01', to: '2025-12-31' },
  ],
} satisfies Partial<Record<ListName, object[]>>;

function desk(): { desk: ProfileDesk; store: FakeProfileStore; findings: ReturnType<typeof aFinding>[] } {
  const registry = registryFrom(registered as unknown as RegistryInput);
  const stored = { findings: [] as ReturnType<typeof aFinding>[], lives: [] };
  const store = new FakeProfileStore(stored);
  const entries = (list: ListName) => (registered as Partial<Record<ListName, { id: string }[]>>)[list] ?? [];
  const history = {
    all: (list: ListName) => entries(list).map((entry) => ({ key: entry.id, entries: [entry] })),
    latest: (list: ListName, key: string) => {
      const entry = entries(list).find(({ id }) => id === key);
      return entry && { entries: [entry] };
    },
  };
  const spread = {
    nodes: [
      { id: 'department:aid', name: 'aid', outside: false, hops: 0 },
      { id: 'external:x', name: 'x', outside: true, hops: 1 },
    ],
    edges: [{ rows: 9 }],
  } as unknown as Diffusion;
  const parts = { store, lives: { lifeEvents: async () => [] }, diffusion: { of: async () => spread } };
  const made = new ProfileDesk({ ...parts, registry: { current: () => registry, history } });
  return { desk: made, store, findings: stored.findings };
}

const use = (name: string, events = 1) => ({ name, events, rows: 10, first: AT - 5, last: AT - 1 });

describe('a profile', () => {
  it('says who an account is, by its person, vendor and rights', async () => {
    expect(await desk().desk.of('actor', 'qm-wu', AT)).toMatchObject({
      name: { zh: '吴工' },
      known: true,
      facts: { login: 'wu', privileged: true, person: { id: 'p-1' }, vendor: { id: 'qiming', name: { en: 'Qiming' } } },
    });
  });

  it('shows who only events name, without facts, and refuses whom nobody knows', async () => {
    const { desk: asked, store } = desk();
    await expect(asked.of('actor', 'ghost', AT)).rejects.toMatchObject({ code: 'WL_NOT_FOUND' });
    store.cells = [{ day: '2026-11-24', hour: 1, events: 1, rows: 1 }];
    expect(await asked.of('actor', 'ghost', AT)).toMatchObject({ id: 'ghost', known: false, facts: null });
  });

  it('lists the people, assets and grants of a department, those given apart from those received', async () => {
    const { facts } = await desk().desk.of('department', 'aid', AT);
    expect(facts).toMatchObject({
      parent: { id: 'bureau' },
      people: [{ id: 'p-2', name: { zh: '李娜' }, accounts: ['li.na'] }],
      assets: [{ id: 'families', level: 'core', grants: 1 }],
      given: [
        { id: 'g-now', state: 'in-force', to: null },
        { id: 'g-old', state: 'over' },
      ],
      received: [],
    });
    expect((await desk().desk.of('department', 'tax', AT)).facts).toMatchObject({ received: [{ id: 'g-old' }] });
  });

  it('is as of the time that is asked about', async () => {
    const { facts } = await desk().desk.of('asset', 'aid.families', Date.parse('2025-06-01T00:00+08:00'));
    expect(facts).toMatchObject({
      grants: [
        { id: 'g-old', state: 'in-force' },
        { id: 'g-now', state: 'to-come' },
      ],
    });
  });
});

describe('the activity', () => {
  it('covers whole days in the zone of the department that the subject belongs to, and marks rest days', async () => {
    const { desk: asked, store } = desk();
    store.used = { asset: [use('families'), use('')] };
    const activity = await asked.activity('actor', 'li.na', 7, AT);
    expect(activity.timeZone).toBe('Asia/Urumqi');
    expect(activity.days.map(({ day, rest }) => [day.slice(5), rest])).toEqual([
      ['11-18', false],
      ['11-19', false],
      ['11-20', false],
      ['11-21', true],
      ['11-22', true],
      ['11-23', false],
      ['11-24', false],
    ]);
    expect(store.asked[0]!.from).toBe(Date.parse('2026-11-18T00:00+06:00'));
    expect(activity.top.asset).toMatchObject([{ title: { en: 'Families' } }, { name: '', title: { en: '' } }]);
  });

  it('of an asset that is asked for by a name from logs is that of its id', async () => {
    const { desk: asked, store } = desk();
    await asked.activity('asset', 'aid.families', 28, AT);
    expect(store.asked[0]).toMatchObject({ kind: 'asset', id: 'families' });
  });
});

describe('the five questions', () => {
  it('name their holes: nobody watches, use without a grant, without a purpose, outside of the boundary, without an end', async () => {
    const { desk: asked, store } = desk();
    store.used = { department: [use('hotline'), use('aid'), use('tax')], purpose: [use('', 3)], actor: [use('li.na')] };
    store.reason = { ...store.reason, events: 3, outward: 1, withoutRecipient: 1 };
    const { may, used, purpose, went, until } = await asked.questions('families', 7, AT);
    expect(may).toMatchObject({ grants: [{ id: 'g-now' }], holes: [] });
    expect(used.holes).toEqual([
      { hole: 'no-source', count: 0, names: [] },
      { hole: 'used-without-grant', count: 1, names: [{ zh: 'Tax', en: 'Tax' }] },
    ]);
    expect(purpose.holes).toEqual([{ hole: 'no-purpose', count: 3, names: [] }]);
    expect(went).toMatchObject({ parties: 1, outside: 1, rows: 9 });
    expect(went.holes.map(({ hole }) => hole)).toEqual(['no-recipient', 'outside-boundary']);
    expect(until.holes.map(({ hole }) => hole)).toEqual(['no-end', 'no-review']);
  });

  it('say that an asset is not registered', async () => {
    const { may } = await desk().desk.questions('unknown', 7, AT);
    expect(may.holes.map(({ hole }) => hole)).toEqual(['not-registered']);
  });
});

describe('the scorecard of a vendor', () => {
  it('sets what was seen against what each contract agreed on', async () => {
    const { desk: asked, store } = desk();
    const seen = { contract: 'c-1', rows: 5, privileged: 0, first: AT - 9, last: AT - 1 };
    store.vendorUsed = [
      { ...seen, actor: 'qm-wu', person: 'p-1', system: 'aid-db', events: 4 },
      { ...seen, actor: 'guest', person: 'p-9', system: 'other-db', events: 2 },
      { ...seen, contract: '', actor: 'late', person: '', system: 'aid-db', events: 1 },
      { ...seen, contract: 'c-0', actor: 'qm-wu', person: 'p-1', system: 'aid-db', events: 1 },
    ];
    store.used = { address: [use('203.0.113.9'), use('198.51.100.4'), use('')] };
    const card = await asked.scorecard('qiming', 28, AT);
    expect(card.contracts).toMatchObject([
      {
        id: 'c-1',
        state: 'in-force',
        roster: [{ id: 'p-1', events: 4, active: true }],
        seen: { events: 6, outOfScope: [{ id: 'other-db' }], offRoster: [{ id: 'guest' }], afterEnd: false },
      },
      { id: 'c-0', state: 'over', seen: { events: 1, offRoster: [], afterEnd: true } },
    ]);
    expect(card.withoutContract).toEqual({ events: 1, rows: 5, people: ['late'] });
    expect(card.otherAddresses.map(({ name }) => name)).toEqual(['198.51.100.4']);
  });
});

describe('the list of vendors', () => {
  it('has the riskiest first, with those whom only findings name', async () => {
    const { desk: asked, findings } = desk();
    findings.push(aFinding({ vendor: 'stranger', severity: 'critical', lastTime: AT - 1, causedAt: AT - 1 }));
    expect(await asked.vendors(AT)).toMatchObject([
      { id: 'stranger', known: false, findings: 1, contracts: 0, contractEnd: null },
      { id: 'qiming', known: true, gaps: 1, contracts: 1, before: 10 },
    ]);
  });
});
