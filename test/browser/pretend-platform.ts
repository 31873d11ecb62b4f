import type { Finding, Severity } from '../../src/finding/finding.ts';
import { emptyEvent, type Event } from '../../src/event/event.ts';
import type { CollectorPulse } from '../../src/feed/pulse.ts';
import { event } from '../api/parts.ts';
import { finding, pulse } from '../feed/samples.ts';
import type { PageServer } from './page-server.ts';

interface Kind {
  detector: string;
  title: Finding['title'];
  severity: Severity;
  score: number;
  unit: string;
  observed: number;
  expected: number;
  threshold: number;
  windowMs: number;
  baseline: Finding['baseline'];
  actor: string;
  asset: string;
  explanation: Finding['explanation'];
}

const KINDS: readonly Kind[] = [
  {
    detector: 'bulk-read',
    title: { zh: '批量读取超出自身基线', en: 'Bulk read above own baseline' },
    severity: 'high',
    score: 78,
    unit: 'rows',
    observed: 52_310,
    expected: 412,
    threshold: 1_236,
    windowMs: 3_600_000,
    baseline: 'self',
    actor: 'li.wei@population-platform',
    asset: 'population.resident.register',
    explanation: {
      zh: '李维在 1 小时内从常住人口登记库读取 52,310 行，约为其平时（412 行）的 127 倍。',
      en: 'Li Wei read 52,310 rows of the resident register in 1 hour, about 127 times the usual 412.',
    },
  },
  {
    detector: 'vendor-after-contract',
    title: { zh: '服务商合同到期后仍有操作', en: 'Vendor active after the contract' },
    severity: 'critical',
    score: 96,
    unit: 'days',
    observed: 12,
    expected: 0,
    threshold: 0,
    windowMs: 0,
    baseline: 'none',
    actor: 'vendor-yunqi-07@gov-cloud',
    asset: 'social-insurance.payment.detail',
    explanation: {
      zh: '云启信息的驻场人员 vendor-yunqi-07 在合同到期 12 天后读取社保缴费明细。',
      en: 'vendor-yunqi-07 of Yunqi read social insurance payments 12 days after the contract ended.',
    },
  },
  {
    detector: 'password-spray',
    title: { zh: '密码喷洒', en: 'Password spray' },
    severity: 'medium',
    score: 58,
    unit: 'accounts',
    observed: 34,
    expected: 1,
    threshold: 15,
    windowMs: 1_800_000,
    baseline: 'cap',
    actor: '',
    asset: '',
    explanation: {
      zh: '30 分钟内有 34 个账号从 203.0.113.0/24 登录失败，每个账号失败不超过 3 次。',
      en: '34 accounts failed to sign in from 203.0.113.0/24 in 30 minutes, at most 3 times each.',
    },
  },
  {
    detector: 'off-hours-access',
    title: { zh: '非工作时间访问', en: 'Access outside working hours' },
    severity: 'medium',
    score: 46,
    unit: 'rows',
    observed: 318,
    expected: 0,
    threshold: 200,
    windowMs: 3_600_000,
    baseline: 'self',
    actor: 'zhao.min@medical-insurance',
    asset: 'medical-insurance.settlement.2026',
    explanation: {
      zh: '赵敏于周六 02:14 访问医保结算数据 318 行，近 90 天内该时段从未有过访问。',
      en: 'Zhao Min read 318 rows of medical insurance settlements on Saturday 02:14, an hour never used in 90 days.',
    },
  },
  {
    detector: 'brute-force',
    title: { zh: '暴力破解', en: 'Brute force' },
    severity: 'low',
    score: 36,
    unit: 'failures',
    observed: 14,
    expected: 0,
    threshold: 10,
    windowMs: 600_000,
    baseline: 'cap',
    actor: 'root@gateway-03.a-very-long-host-name.data-bureau.example',
    asset: '',
    explanation: {
      zh: '账号 root 在 10 分钟内从 198.51.100.23 登录失败 14 次。',
      en: 'root failed to sign in 14 times from 198.51.100.23 in 10 minutes.',
    },
  },
  {
    detector: 'first-time-asset',
    title: { zh: '首次访问数据资产', en: 'First access to an asset' },
    severity: 'medium',
    score: 52,
    unit: 'share',
    observed: 0.93,
    expected: 0.2,
    threshold: 0.8,
    windowMs: 90 * 86_400_000,
    baseline: 'peer',
    actor: 'sun.jie@housing-provident-fund',
    asset: 'tax.declaration.individual',
    explanation: {
      zh: '孙洁首次访问个人纳税申报数据，其同组人员中仅 7% 用过该资产。',
      en: 'Sun Jie used individual tax declarations for the first time; only 7 % of the peers ever did.',
    },
  },
];

const SOURCES: readonly [string, string, string, number][] = [
  ['population-db', '人口库数据库审计', 'Population database audit', 420],
  ['portal-web', '政务服务门户', 'Service portal', 1_310],
  ['gov-cloud-bastion', '政务云堡垒机', 'Government cloud bastion', 12],
  ['medical-insurance-api', '医保接口网关', 'Medical insurance gateway', 640],
  ['sharing-exchange', '数据共享交换平台', 'Data sharing exchange', 233],
  ['tax-db', '税务数据库审计', 'Tax database audit', 88],
  ['housing-fund-app', '公积金业务系统', 'Housing fund application', 41],
  ['syslog/192.0.2.77', '', '', 3],
];

/**
 * Invented findings, sources and rates, for looking at the page while working on it: a believable past, then rates every
 * second and a finding every so often.
 */
export function pretend(server: PageServer, everyMs: number): { stop(): void } {
  const begun = Date.now();
  for (let i = 40; i > 0; i--) server.feed.recall([findingOf(server, i, begun - i * i * 21_000 - 60_000)]);
  let count = 100;
  let received = 1_840_000;
  const second = setInterval(() => {
    const now = Date.now();
    const wave = 2_700 + 500 * Math.sin(now / 40_000) + 200 * Math.sin(now / 3_000);
    received += Math.round(wave);
    server.feed.pulse(
      pulse(now, {
        totals: { received, appended: received, unparsed: 217 },
        sources: SOURCES.map(([source, , , rate]) => ({
          source,
          events: Math.round(rate * (0.9 + Math.random() / 5)),
          unparsed: source.startsWith('syslog/') ? 1 : 0,
          lastEventTime: now - 300,
          lagMs: source === 'tax-db' ? 840_000 : 40 + Math.round(Math.random() * 200),
        })),
        collectors: [
          collector('syslog-udp', 'udp://0.0.0.0:5514', 0),
          collector('syslog-tcp', 'tcp://0.0.0.0:5514', 6),
          collector('http', 'http://0.0.0.0:8088', 3),
        ],
      }),
    );
    server.feed.pulse(
      pulse(now, { program: 'detect', totals: { evaluated: received, stored: received - 900 }, watermark: now }),
    );
  }, 1_000);
  const findings = setInterval(() => server.feed.finding(findingOf(server, ++count, Date.now())), everyMs);
  return {
    stop: () => {
      clearInterval(second);
      clearInterval(findings);
    },
  };
}

/** Names of the invented sources. */
export function sourceName(id: string): { zh: string; en: string } | undefined {
  const known = SOURCES.find(([source]) => source === id);
  return known && { zh: known[1], en: known[2] };
}

function findingOf(server: PageServer, i: number, at: number): Finding {
  const kind = KINDS[i % KINDS.length]!;
  const events = [1, 2, 3].map((n) => eventOf(i * 10 + n, at - n * 4_000, kind));
  server.store.events.push(...events);
  const made = finding(`p${i}`, {
    ...kind,
    clientAddress: `203.0.113.${10 + (i % 200)}`,
    causedAt: at,
    firstTime: at - 300_000,
    lastTime: at,
    count: 1 + (i % 5) * (i % 3),
    eventIds: events.map(({ id }) => id),
    department: kind.actor.split('@')[1] ?? '',
    person: '',
    vendor: kind.actor.startsWith('vendor') ? 'yunqi' : '',
    assetLevel: kind.asset === '' ? '' : 'important',
  });
  server.store.findings.push(made);
  return made;
}

function eventOf(n: number, time: number, kind: Kind): Event {
  return event({
    ...emptyEvent(),
    id: `00000000-0000-8000-8000-${String(n).padStart(12, '0')}`,
    time,
    source: 'population-db',
    account: kind.actor.split('@')[0]!,
    raw: `<134>1 ${new Date(time).toISOString()} db-02 postgres 2241 - - AUDIT: SESSION,${n},1,READ,SELECT,TABLE,${kind.asset},"select id_no, name, address from resident where district = '0${n % 9}'",<none>`,
  });
}

function collector(name: string, listening: string, connections: number): CollectorPulse {
  return { name, listening, ready: true, problem: '', received: 1, refused: 0, lost: 0, connections };
}
