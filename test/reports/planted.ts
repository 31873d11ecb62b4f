import type { Diffusion } from '../../src/detection/diffusion/graph.ts';
import type { Bilingual } from '../../src/finding/finding.ts';
import { ProfileDesk } from '../../src/profile/profile-desk.ts';
import type { RegistrySource } from '../../src/profile/registry-view.ts';
import type { ReportSight } from '../../src/reports/report-sight.ts';
import { registryFrom } from '../../src/registry/registry-from.ts';
import type { ListName, RegistryInput } from '../../src/registry/schema.ts';
import type { Reasons, SubjectSpan, UsedBy, UseOf } from '../../src/store/profile-queries.ts';
import { FakeProfileStore } from '../api/fake-profile-store.ts';

export const FROM = Date.parse('2026-10-01T00:00+08:00');
export const TO = Date.parse('2026-11-01T00:00+08:00');

/** What was seen of one asset. */
interface Seen {
  actors: string[];
  sources: string[];
  departments: string[];
  reasons: Partial<Reasons>;
  nodes: Partial<Diffusion['nodes'][number]>[];
}

interface Planted {
  entry?: object;
  grant?: object | null;
  seen?: Partial<Seen>;
}

/** Assets, each with the one hole that it is called by; `whole` has none. */
const PLANTED: Readonly<Record<string, Planted>> = {
  whole: {},
  'no-owner': { entry: { owner: '' } },
  'owner-unregistered': { entry: { owner: 'nobody' } },
  'no-system': { entry: { system: '' } },
  'no-fields': { entry: { fields: [] } },
  'not-graded': { entry: { gradedAt: undefined } },
  'size-unknown': { entry: { rows: 0 } },
  'persons-unknown': { entry: { personalInformation: 'personal', persons: 0 } },
  'no-supervisor': { entry: { supervisor: '' } },
  'supervisor-unregistered': { entry: { supervisor: 'gone' } },
  'no-grant': { grant: null, seen: { departments: ['own'] } },
  'no-source': { entry: { system: 'dark' }, seen: { sources: [] } },
  'source-unregistered': { seen: { sources: ['s1', 'stray'] } },
  'no-events': { seen: { actors: [] } },
  'used-without-grant': { seen: { departments: ['hotline', 'tax'] } },
  'no-purpose': { seen: { reasons: { withPurpose: 3 } } },
  'no-recipient': { seen: { reasons: { outward: 2, withoutRecipient: 2 } } },
  'outside-boundary': { seen: { nodes: [{ id: 'x', name: 'tax', outside: true, hops: 1 }] } },
  'no-path': { seen: { nodes: [{ id: 'x', name: 'hotline', outside: false, hops: -1 }] } },
  'no-end': { grant: { to: undefined } },
  'review-overdue': { entry: { nextReview: '2026-09-01' } },
  'no-review': { entry: { nextReview: undefined } },
};
export const PLANTED_HOLES: readonly string[] = Object.keys(PLANTED).filter((name) => name !== 'whole');

/** 60 characters in both languages: nothing may be cut off. */
export const LONG: Bilingual = {
  zh: '全市困难群众社会救助对象家庭经济状况信息核对数据共享交换平台历史归档明细数据集二零二六年度第三批次补充登记版本记录表（甲）'.slice(
    0,
    60,
  ),
  en: 'Household-economy-verification-archive-of-assistance-2026-3b',
};

const lists: Partial<Record<ListName, object[]>> = {
  departments: [
    ...['own', 'sup', 'hotline', 'tax'].map((id) => ({ id, name: { zh: `${id}局`, en: id } })),
    // They were there, and are not any more.
    ...['nobody', 'gone'].map((id) => ({ id, name: id, validTo: '2026-02-01' })),
  ],
  systems: [
    { id: 'sys', name: 'System', department: 'own' },
    { id: 'dark', name: 'Dark', department: 'own' },
  ],
  sources: [{ id: 's1', name: 'Source', system: 'sys' }],
  assets: Object.entries(PLANTED).map(([id, { entry }]) => ({
    ...{
      id,
      name: id === 'whole' ? LONG : { zh: `资产 ${id}`, en: `Asset ${id}` },
      names: [`db.${id}`],
      level: 'core',
      system: 'sys',
    },
    ...{ owner: 'own', supervisor: 'sup', fields: ['a'], rows: 10, persons: 5, sharing: 'conditional' },
    ...{ gradedAt: '2026-01-01', nextReview: '2027-01-01', ...entry },
  })),
  grants: Object.entries(PLANTED).flatMap(([id, { grant }]) =>
    grant === null
      ? []
      : [{ id: `g-${id}`, asset: id, recipient: 'hotline', from: '2026-01-01', to: '2026-12-31', ...grant }],
  ),
};

function seenOf(asset: string): Seen {
  const none = { events: 9, actors: 1, withPurpose: 9, withCase: 0, withGrant: 9, outward: 0, withoutRecipient: 0 };
  const { reasons, ...seen } = PLANTED[asset]?.seen ?? {};
  return {
    ...{ actors: ['li.na'], sources: ['s1'], departments: ['hotline'], nodes: [], ...seen },
    reasons: { ...none, ...reasons },
  };
}

class PlantedStore extends FakeProfileStore {
  override async uses({ id }: SubjectSpan, by: UsedBy): Promise<UseOf[]> {
    const seen = seenOf(id);
    const names = { actor: seen.actors, source: seen.sources, department: seen.departments, purpose: ['repair'] };
    const wanted = names[by as keyof typeof names] ?? [];
    return wanted.map((name) => ({ name, events: 9, rows: 90, first: FROM, last: TO - 1 }));
  }
  override async reasons(span?: SubjectSpan): Promise<Reasons> {
    return seenOf(span?.id ?? '').reasons as Reasons;
  }
}

/** The sight of a maker of reports over the planted assets. */
export function plantedSight(): Omit<ReportSight, 'store' | 'retention'> {
  const current = registryFrom(lists as unknown as RegistryInput);
  const keyed = (list: ListName) => (lists[list] ?? []) as { id: string }[];
  const registry: RegistrySource & { asOf: () => typeof current } = {
    current: () => current,
    asOf: () => current,
    history: {
      all: (list) => keyed(list).map((entry) => ({ key: entry.id, entries: [entry] })),
      latest: (list, key) => {
        const entry = keyed(list).find(({ id }) => id === key);
        return entry && { entries: [entry] };
      },
    },
  };
  const diffusion = {
    of: async (asset: string) =>
      ({ asset, nodes: seenOf(asset).nodes, edges: [], titles: {} }) as unknown as Diffusion & {
        titles: Record<string, Bilingual>;
      },
  };
  const lives = { lifeEvents: async () => [] };
  const store = new PlantedStore({ findings: [], lives: [] });
  const none = async (): Promise<never> => Promise.reject(new Error('not asked for'));
  return {
    registry,
    diffusion,
    profiles: new ProfileDesk({ store, lives, diffusion, registry }),
    vendorRisks: { of: none },
    vendorServices: { of: none },
    posture: { of: none, series: none },
    forecasts: { of: none },
    incidents: { file: none },
  };
}
