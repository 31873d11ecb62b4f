import type { Finding } from '../../src/finding/finding.ts';
import { stepOf, type Incident } from '../../src/finding/incident.ts';
import { noTotals, type Pulse } from '../../src/feed/pulse.ts';

/** A finding of invented people; the id follows from `name`. */
export function finding(name: string, changes: Partial<Finding> = {}): Finding {
  return {
    id: `00000000-0000-5000-8000-${Buffer.from(name).toString('hex').padStart(12, '0').slice(-12)}`,
    revision: 1,
    alert: true,
    detector: 'bulk-read',
    title: { zh: '超出自身基线的批量读取', en: 'Bulk read above own baseline' },
    severity: 'high',
    score: 72,
    actor: 'li.wei@civil-affairs',
    asset: 'resident-register',
    clientAddress: '192.0.2.14',
    observed: 52_310,
    expected: 410,
    threshold: 1_230,
    unit: 'rows',
    windowMs: 3_600_000,
    sampleSize: 21,
    baseline: 'self',
    explanation: {
      zh: '一小时内读取 52,310 行，平时约 410 行。',
      en: 'Read 52,310 rows in an hour; usually about 410.',
    },
    eventIds: [],
    firstTime: 1_800_000_000_000,
    lastTime: 1_800_000_000_000,
    causedAt: 1_800_000_000_000,
    count: 1,
    groupKey: name,
    person: 'P-1042',
    department: 'civil-affairs',
    vendor: '',
    system: 'population-platform',
    source: 'population-db',
    assetLevel: 'important',
    techniques: [{ id: 'T1213', name: 'Data from Information Repositories', version: '17.1' }],
    cites: [{ law: '数据安全法', article: '29', version: '2021-09-01' }],
    knownGaps: [{ zh: '看不到线下拷贝。', en: 'Does not see copies made offline.' }],
    ...changes,
  };
}

/** An incident of these findings, the first one first. */
export function incident(findings: readonly Finding[]): Incident {
  const [first] = findings;
  return {
    id: `00000000-0000-5000-9000-${first!.id.slice(-12)}`,
    revision: 1,
    alert: true,
    correlation: 'spray-then-bulk',
    title: { zh: '喷洒后批量读取', en: 'Sprayed, then bulk read' },
    explanation: { zh: '李维在密码喷洒之后批量读取。', en: 'Li Wei read in bulk after a password spray.' },
    severity: 'critical',
    score: 92,
    link: 'actor',
    linkedBy: first!.actor,
    actor: first!.actor,
    department: '',
    vendor: '',
    asset: '',
    system: '',
    assetLevel: 'important',
    firstTime: first!.firstTime,
    lastTime: findings.at(-1)!.lastTime,
    causedAt: Date.now(),
    steps: findings.map(stepOf),
  };
}

export function pulse(
  at: number,
  changes: Omit<Partial<Pulse>, 'totals'> & { totals?: Partial<Pulse['totals']> } = {},
): Pulse {
  return {
    at,
    program: 'collect',
    sources: [],
    collectors: [],
    parked: [],
    watermark: 0,
    problems: [],
    ...changes,
    totals: { ...noTotals(), ...changes.totals },
  };
}
