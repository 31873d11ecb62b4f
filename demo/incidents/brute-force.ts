import { MINUTE } from '../calendar.ts';
import { attemptLine, systemWith, type Door } from './attempts.ts';
import type { Cast, Incident } from './incident.ts';

interface Guessing {
  variant: string;
  door: Door;
  /** Login and label's actor; an officer's when it exists, else a common name. */
  account: { login: string; id?: string };
  address: string;
  first: number;
  failures: number;
  spanMs: number;
  /** ms after the last failure; 0 for none */
  successAfterMs?: number;
  expected?: boolean;
  zh: string;
  en: string;
}

/** ≥ 10 failures of one account from one address in 10 minutes. */
export function bruteForce(cast: Cast): Incident[] {
  const { random } = cast;
  const officer = (): { login: string; id: string } => cast.officer((actor) => actor.role.startsWith('clerk'));
  const outside = (): string => `${cast.network4()}.${random.int(2, 250)}`;
  const night = cast.moment(0.3, 1.5);
  const wordlist = outside();
  return [
    guessing(cast, {
      variant: 'ssh-night',
      door: 'ssh',
      account: { login: 'root' },
      address: outside(),
      first: night,
      failures: random.int(40, 120),
      spanMs: random.int(3, 6) * MINUTE,
      zh: '凌晨从外部地址对 root 持续猜测口令',
      en: 'guesses the password of root from outside at night',
    }),
    guessing(cast, {
      variant: 'ssh-success',
      door: 'ssh',
      account: officer(),
      address: outside(),
      first: cast.moment(9, 11),
      failures: random.int(18, 30),
      spanMs: random.int(4, 9) * MINUTE,
      successAfterMs: random.int(20_000, 20 * MINUTE),
      zh: '多次失败后猜中口令登录主机',
      en: 'gets into a host after many failures',
    }),
    guessing(cast, {
      variant: 'portal-inside',
      door: 'portal',
      account: officer(),
      address: `10.31.9.${random.int(20, 200)}`,
      first: cast.moment(13, 16),
      failures: random.int(12, 15),
      spanMs: 9 * MINUTE,
      zh: '内网地址猜测同事的统一身份认证口令',
      en: "guesses a colleague's password from the inside",
    }),
    guessing(cast, {
      variant: 'database',
      door: 'database',
      account: { login: 'postgres' },
      address: `10.10.77.${random.int(20, 200)}`,
      first: cast.moment(19, 22),
      failures: random.int(20, 35),
      spanMs: 5 * MINUTE,
      zh: '对数据库超级用户猜测口令',
      en: 'guesses the password of a database superuser',
    }),
    guessing(cast, {
      variant: 'database-file-success',
      door: 'database-file',
      account: officer(),
      address: `10.10.78.${random.int(20, 200)}`,
      first: cast.moment(4, 5),
      failures: 14,
      spanMs: 6 * MINUTE,
      successAfterMs: 90_000,
      zh: '猜中口令后进入数据库（csvlog）',
      en: 'gets into a database after many failures (csvlog)',
    }),
    guessing(cast, {
      variant: 'exactly-ten',
      door: 'ssh',
      account: officer(),
      address: outside(),
      first: cast.moment(10, 17),
      failures: 10,
      spanMs: 10 * MINUTE - random.int(8_000, 20_000),
      zh: '10 分钟内刚好 10 次失败',
      en: 'exactly ten failures, just within ten minutes',
    }),
    guessing(cast, {
      variant: 'ipv6',
      door: 'ssh',
      account: { login: 'admin' },
      address: `${cast.network6()}::${random.int(0x1000, 0xffff).toString(16)}`,
      first: cast.moment(2, 6),
      failures: random.int(15, 40),
      spanMs: 8 * MINUTE,
      zh: '从 IPv6 地址猜测口令',
      en: 'guesses from an IPv6 address',
    }),
    ...['oracle', 'backup', 'tomcat'].map((login, n) =>
      guessing(cast, {
        variant: `wordlist-${n + 1}`,
        door: 'ssh' as const,
        account: { login },
        address: wordlist,
        first: night + (90 + n * 7) * MINUTE,
        failures: random.int(12, 25),
        spanMs: 5 * MINUTE,
        zh: '同一地址依次猜测常见账号',
        en: 'one address goes through common accounts, one after the other',
      }),
    ),
    guessing(cast, {
      variant: 'slow',
      door: 'ssh',
      account: officer(),
      address: outside(),
      first: cast.moment(6, 8),
      failures: 60,
      spanMs: 59 * 2 * MINUTE,
      expected: false,
      zh: '每两分钟一次：任一 10 分钟窗口不到 10 次',
      en: 'one guess in two minutes: no window of ten minutes holds ten',
    }),
    manyAddresses(cast, officer()),
  ];
}

function guessing(cast: Cast, of: Guessing): Incident {
  const system = systemWith(cast.plan, cast.random, of.door);
  const { login, id } = of.account;
  const times = cast.spread(of.first, of.failures, of.spanMs);
  const attempt = (atMs: number, outcome: 'success' | 'failure'): ReturnType<typeof attemptLine> =>
    attemptLine(
      cast.random,
      of.door,
      system,
      { atMs, account: login, address: of.address, outcome },
      id !== undefined || login === 'root',
    );
  const lines = times.map((atMs) => attempt(atMs, 'failure'));
  if (of.successAfterMs) lines.push(attempt(times.at(-1)! + of.successAfterMs, 'success'));
  const label = { actor: id ?? login, clientAddress: of.address, expected: of.expected ?? true };
  return cast.incident(of.variant, { ...label, why: { zh: of.zh, en: of.en } }, lines);
}

/** One account from thirty networks, four guesses each. */
function manyAddresses(cast: Cast, account: { login: string; id: string }): Incident {
  const system = systemWith(cast.plan, cast.random, 'ssh');
  const times = cast.spread(cast.moment(11, 13), 120, 25 * MINUTE);
  const networks = Array.from({ length: 30 }, () => cast.network4());
  const lines = times.map((atMs, n) => {
    const address = `${networks[n % 30]!}.7`;
    return attemptLine(cast.random, 'ssh', system, { atMs, account: account.login, address, outcome: 'failure' });
  });
  const why = {
    zh: '一个账号、三十个网络各 4 次：按「账号+地址」计不到 10 次',
    en: 'one account from thirty networks, four each: fewer than ten per account and address',
  };
  return cast.incident('many-addresses', { actor: account.id, expected: false, why }, lines);
}
