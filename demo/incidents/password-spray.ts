import { MINUTE } from '../calendar.ts';
import type { Line } from '../line.ts';
import { attemptLine, systemWith, type Door } from './attempts.ts';
import type { Cast, Incident } from './incident.ts';

interface Spray {
  variant: string;
  door: Door;
  accounts: number;
  /** Tries of each account, one after the other. */
  triesEach?: number;
  spanMs: number;
  first: number;
  /** The address of the nth attempt. */
  addressOf: (n: number) => string;
  network: string;
  success?: boolean;
  expected?: boolean;
  zh: string;
  en: string;
}

/** ≥ 15 accounts from one /24 or /64 in 30 minutes, ≤ 3 failures each, accounts/failures ≥ 0.6. */
export function passwordSpray(cast: Cast): Incident[] {
  const { random } = cast;
  const [single, wide, tight, again, database, slow, lowRatio] = Array.from({ length: 7 }, () => cast.network4());
  const six = cast.network6();
  const one = (network: string | undefined, last = random.int(2, 250)): Pick<Spray, 'addressOf' | 'network'> => ({
    addressOf: () => `${network!}.${last}`,
    network: `${network!}.0/24`,
  });
  return [
    spray(cast, {
      variant: 'single-address',
      door: 'ssh',
      accounts: random.int(30, 50),
      spanMs: 12 * MINUTE,
      first: cast.moment(0.2, 2),
      ...one(single),
      zh: '一个地址逐个账号各试一次',
      en: 'one address tries each account once',
    }),
    spray(cast, {
      variant: 'distributed-24',
      door: 'portal',
      accounts: random.int(45, 70),
      spanMs: 25 * MINUTE,
      first: cast.moment(9, 12),
      addressOf: (n) => `${wide!}.${2 + ((n * 7) % 30)}`,
      network: `${wide!}.0/24`,
      zh: '同一 /24 的三十个地址分散尝试',
      en: 'thirty addresses of one /24 share the work',
    }),
    spray(cast, {
      variant: 'ipv6',
      door: 'portal',
      accounts: 25,
      spanMs: 20 * MINUTE,
      first: cast.moment(13, 17),
      addressOf: (n) => `${six}::${(n * 1021 + 17).toString(16)}`,
      network: `${six}::/64`,
      zh: '同一 IPv6 /64，每次换地址',
      en: 'one IPv6 /64, a new address each time',
    }),
    spray(cast, {
      variant: 'fifteen-accounts',
      door: 'ssh',
      accounts: 15,
      spanMs: 28 * MINUTE,
      first: cast.moment(18, 22),
      ...one(tight),
      zh: '28 分钟内刚好 15 个账号',
      en: 'exactly fifteen accounts, in 28 minutes',
    }),
    spray(cast, {
      variant: 'then-success',
      door: 'portal',
      accounts: 24,
      spanMs: 15 * MINUTE,
      first: cast.moment(3, 6),
      ...one(again),
      success: true,
      zh: '喷洒后有一个账号登录成功',
      en: 'one of the accounts gets in afterwards',
    }),
    spray(cast, {
      variant: 'database-accounts',
      door: 'database',
      accounts: 18,
      spanMs: 9 * MINUTE,
      first: cast.moment(20, 23),
      ...one(database),
      zh: '对数据库账号喷洒口令',
      en: 'sprays the accounts of a database',
    }),
    spray(cast, {
      variant: 'slow',
      door: 'portal',
      accounts: 40,
      spanMs: 5 * 60 * MINUTE,
      first: cast.moment(10, 14),
      ...one(slow),
      expected: false,
      zh: '五小时 40 个账号：30 分钟内不到 15 个',
      en: '40 accounts in five hours: fewer than 15 in 30 minutes',
    }),
    spray(cast, {
      variant: 'low-ratio',
      door: 'ssh',
      accounts: 16,
      triesEach: 2,
      spanMs: 20 * MINUTE,
      first: cast.moment(6, 7),
      ...one(lowRatio),
      expected: false,
      zh: '每个账号两次，账号数/失败数为 0.5，低于 0.6',
      en: 'two tries an account: accounts to failures is 0.5, below 0.6',
    }),
    manyNetworks(cast),
  ];
}

function spray(cast: Cast, of: Spray): Incident {
  const system = systemWith(cast.plan, cast.random, of.door);
  const victims = cast.random.sample(cast.plan.platform.officers, of.accounts).map((actor) => actor.login);
  const tries = victims.flatMap((login) => Array.from({ length: of.triesEach ?? 1 }, () => login));
  const times = cast.spread(of.first, tries.length, of.spanMs);
  const attempt = (n: number, atMs: number, outcome: 'success' | 'failure'): Line =>
    attemptLine(cast.random, of.door, system, { atMs, account: tries[n]!, address: of.addressOf(n), outcome });
  const lines = tries.map((_, n) => attempt(n, times[n]!, 'failure'));
  if (of.success) lines.push(attempt(3, times.at(-1)! + 2 * MINUTE, 'success'));
  const why = { zh: of.zh, en: of.en };
  return cast.incident(of.variant, { clientAddress: of.network, expected: of.expected ?? true, why }, lines);
}

/** Sixty accounts from twelve networks, five each. */
function manyNetworks(cast: Cast): Incident {
  const networks = Array.from({ length: 12 }, () => cast.network4());
  const why = {
    zh: '十二个网络各 5 个账号：单个网络不到 15 个',
    en: 'five accounts from each of twelve networks: fewer than 15 from any',
  };
  const draft = {
    variant: 'many-networks',
    door: 'portal' as const,
    accounts: 60,
    spanMs: 20 * MINUTE,
    first: cast.moment(15, 17),
    addressOf: (n: number) => `${networks[n % 12]!}.9`,
    network: `${networks[0]!}.0/24`,
  };
  return spray(cast, { ...draft, expected: false, ...why });
}
