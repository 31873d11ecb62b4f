import { EmbeddedEventLog } from '../../../src/event-log/embedded.ts';
import { topicTable } from '../../../src/event-log/topics.ts';
import type { Proposal } from '../../../src/registry/folder-changes.ts';
import { RecordedRegistry } from '../../../src/registry/recorded-registry.ts';
import type { Registry } from '../../../src/registry/registry.ts';
import { peakRssMb, verify, type BenchContext, type Measured, type Scenario } from '../bench.ts';
import { NOW, shortly, withFolder } from '../material.ts';

const ASSETS = 10_000;
const GRANTS = 100_000;
const ACCOUNTS = 50_000;
const DEPARTMENTS = 100;
const ENTRIES = ASSETS + GRANTS + ACCOUNTS + DEPARTMENTS;
const DAY_MS = 86_400_000;
/** Every so many accounts and grants were corrected a month after they were first recorded. */
const CORRECTED_EVERY = 50;

export const scenarios: Scenario[] = [
  {
    id: 'registry-load',
    title: 'Load a registry of 10,000 assets, 100,000 grants and 50,000 accounts from the event log',
    unit: 's',
    repeat: 1,
    lowerIsBetter: true,
    run: async () => withRegistry(async (_registry, seconds, pastSeconds) => loaded(seconds, pastSeconds)),
  },
  {
    id: 'registry-look-up',
    title: 'Look up assets, accounts and grants, present and past, in that registry',
    unit: 'ns',
    repeat: 1,
    lowerIsBetter: true,
    run: (context) => withRegistry(async (registry) => lookUps(registry, context)),
  },
];

function loaded(seconds: number, pastSeconds: number): Measured {
  return {
    value: seconds,
    checked: `${ENTRIES} entries known by name, and as they were a month before`,
    details: { entries: ENTRIES, 's for a state of the past': pastSeconds, 'peak RSS MB': peakRssMb('self') },
  };
}

async function withRegistry(
  use: (registry: RecordedRegistry, seconds: number, pastSeconds: number) => Promise<Measured>,
): Promise<Measured> {
  return withFolder(async (dir) => {
    const topics = topicTable({ partitions: 1, keepMs: 3_600_000, keepBytes: 1e9 });
    const ignore = (): void => undefined;
    const log = new EmbeddedEventLog({ dir, topics, onProblem: ignore, onFatal: ignore });
    await log.start();
    try {
      await record(log);
      const registry = new RecordedRegistry({ table: log.table('registry') });
      const began = performance.now();
      await registry.start();
      const seconds = (performance.now() - began) / 1_000;
      const again = performance.now();
      const past = registry.asOf(BEFORE);
      const pastSeconds = (performance.now() - again) / 1_000;
      check(registry.current(), 'corrected');
      check(past, 'first');
      const measured = await use(registry, seconds, pastSeconds);
      await registry.stop();
      return measured;
    } finally {
      await log.stop();
    }
  });
}

const BEFORE = NOW - 30 * DAY_MS;

async function record(log: EmbeddedEventLog): Promise<void> {
  let now = BEFORE;
  const registry = new RecordedRegistry({ table: log.table('registry'), now: () => now });
  await registry.start();
  const who = { origin: 'import', by: 'bench' } as const;
  const all = [...departments(), ...assets(), ...accounts('first'), ...grants('first')];
  await registry.record(all, who);
  now = NOW;
  const corrected = [...accounts('corrected'), ...grants('corrected')].filter((_, n) => n % CORRECTED_EVERY === 0);
  await registry.record(corrected, who);
  await registry.stop();
}

const departments = (): Proposal[] => made('departments', DEPARTMENTS, (n) => ({ id: `d${n}`, name: `部门 ${n}` }));
const assets = (): Proposal[] =>
  made('assets', ASSETS, (n) => ({
    id: `asset-${n}`,
    name: `数据集 ${n}`,
    names: [`db${n % 40}.public.table_${n}`, `/api/v1/set-${n}/*`],
    owner: `d${n % DEPARTMENTS}`,
    level: n % 10 === 0 ? 'core' : 'general-3',
    rows: n * 100,
  }));
const accounts = (role: string): Proposal[] =>
  made('accounts', ACCOUNTS, (n) => ({
    id: `u${n}`,
    login: `user${n}`,
    person: `p${n}`,
    department: `d${n % DEPARTMENTS}`,
    role,
    openedAt: '2024-01-01',
  }));
/** Ten of an asset, one after the other and overlapping. */
const grants = (purpose: string): Proposal[] =>
  made('grants', GRANTS, (n) => ({
    id: `g${n}`,
    asset: `asset-${n % ASSETS}`,
    recipient: `d${n % DEPARTMENTS}`,
    actions: ['query'],
    purpose,
    from: `202${4 + (Math.floor(n / ASSETS) % 3)}-0${1 + (n % 9)}-01`,
    to: `2026-1${n % 3}-15`,
  }));

function made(list: Proposal['list'], count: number, entryOf: (n: number) => Record<string, unknown>): Proposal[] {
  return Array.from({ length: count }, (_, n) => {
    const entry = entryOf(n);
    return { list, key: String(entry['id']), entries: [entry] };
  });
}

function check(registry: Registry, state: 'first' | 'corrected'): void {
  for (let n = 0; n < ASSETS; n++) {
    verify(registry.asset(`db${n % 40}.public.table_${n}`, NOW)?.id === `asset-${n}`, `asset ${n}`);
    verify(registry.grantsOn(`asset-${n}`).length === GRANTS / ASSETS, `grants of asset ${n}`);
  }
  for (let n = 0; n < ACCOUNTS; n++) verify(registry.account(`user${n}`, '', NOW)?.person === `p${n}`, `account ${n}`);
  verify(registry.account('user0', '', NOW)?.role === state, `the account in the state "${state}"`);
  verify(registry.grant('g0', NOW)?.purpose === state, `the grant in the state "${state}"`);
}

/** Names and times in an order that no cache of the processor can guess. */
async function lookUps(recorded: RecordedRegistry, context: BenchContext): Promise<Measured> {
  const count = 1 << 16;
  const registries = [recorded.current(), recorded.asOf(BEFORE)];
  const names = Array.from({ length: count }, (_, n) => {
    const mixed = Math.imul(n + 1, 2_654_435_761) >>> 0;
    const asset = mixed % ASSETS;
    return {
      at: NOW - (mixed % 700) * DAY_MS,
      login: `user${mixed % ACCOUNTS}`,
      asset: `asset-${asset}`,
      table: `db${asset % 40}.public.table_${asset}`,
      registry: registries[n % 2]!,
    };
  });
  let found = 0;
  const round = (): void => {
    for (const { registry, at, login, asset, table } of names) {
      if (registry.account(login, '', at) !== undefined) found++;
      if (registry.asset(table, at) !== undefined) found++;
      if (registry.grantsFor(asset, at).length > 0) found++;
    }
  };
  round();
  let rounds = 0;
  found = 0;
  const began = performance.now();
  while (performance.now() - began < shortly(context) * 1_000) {
    round();
    rounds++;
  }
  const done = rounds * count * 3;
  const value = ((performance.now() - began) * 1e6) / done;
  verify(found >= rounds * count * 2, `${found} of ${done} found`);
  return {
    value,
    checked: 'every account and asset found, half of it as known a month before',
    details: { lookUps: done },
  };
}
