import type { Bilingual, Severity } from '../finding/finding.ts';
import type { LifeStatus } from '../finding/lifecycle.ts';
import type { Contribution } from './contributions.ts';
import { rounded } from './finding-risk.ts';

export type TermKind = Contribution['kind'];

/** One reason why a score is not 100. */
export interface PostureTerm {
  kind: TermKind;
  /** Id of the finding, vendor or grant. */
  id: string;
  title: Bilingual;
  /** Of a finding; '' otherwise. */
  severity: Severity | '';
  /** Points before and after weighing: of the kind, by what it is about, and by age or how much of the kind counts. */
  base: number;
  weight: number;
  factor: number;
  /** `base · weight · factor`. */
  points: number;
  /** The part of what the score lacks to 100. */
  lost: number;
  explanation: Bilingual;
  /** Where the API says more. */
  href: string;
}

/**
 * @param held the part that counts of this kind's points.
 * @param perPoint what the score loses for a point.
 */
export function termOf(contribution: Contribution, held: number, perPoint: number): PostureTerm {
  const { kind, base, weight, factor } = contribution;
  const points = base * weight * factor * held;
  return {
    kind,
    severity: '',
    ...wordsOf(contribution),
    base,
    weight,
    factor: rounded(factor * held),
    points: rounded(points),
    lost: rounded(points * perPoint),
  };
}

type Words = Pick<PostureTerm, 'id' | 'title' | 'explanation' | 'href'> & { severity?: Severity };

function wordsOf(one: Contribution): Words {
  switch (one.kind) {
    case 'finding':
      return ofFinding(one);
    case 'vendor':
      return ofVendor(one);
    case 'grant-expiring': {
      const days = Math.floor(one.daysLeft);
      const end = Math.min(one.grant.to, one.grant.revokedAt);
      return ofGrant(one.grant, {
        zh: `授权将在 ${days} 天后（${dateOf(end)} UTC）到期，需要续期或确认终止`,
        en: `the grant ends in ${days} days (${dateOf(end)} UTC): renew it, or let its users know`,
      });
    }
    case 'grant-unused': {
      const zh = one.lastUse === 0 ? '从未' : `自 ${dateOf(one.lastUse - 1)} 起未`;
      const en = one.lastUse === 0 ? 'was never used' : `was last used on ${dateOf(one.lastUse - 1)}`;
      return ofGrant(one.grant, { zh: `授权${zh}使用，应当收回`, en: `the grant ${en}: take it back` });
    }
  }
}

const SEVERITY_ZH: Readonly<Record<Severity, string>> = {
  low: '低危',
  medium: '中危',
  high: '高危',
  critical: '严重',
};
const LEVEL_ZH: Readonly<Record<string, string>> = {
  core: '核心',
  important: '重要',
  'general-4': '一般 4 级',
  'general-3': '一般 3 级',
  'general-2': '一般 2 级',
  'general-1': '一般 1 级',
};
const STATUS_ZH: Readonly<Record<LifeStatus, string>> = {
  new: '未处置',
  acknowledged: '已确认',
  closed: '已关闭',
  reopened: '已重新打开',
};
const STATUS_EN: Readonly<Record<LifeStatus, string>> = {
  new: 'not handled',
  acknowledged: 'acknowledged',
  closed: 'closed',
  reopened: 'reopened',
};

function ofFinding({ finding, status, ageDays }: Contribution & { kind: 'finding' }): Words {
  const { id, title, severity, assetLevel } = finding;
  const age = Math.round(ageDays * 10) / 10;
  const zh = [SEVERITY_ZH[severity], STATUS_ZH[status], `${age} 天前`];
  const en = [severity, STATUS_EN[status], `${age} days ago`];
  if (assetLevel !== '') {
    zh.push(`资产级别：${LEVEL_ZH[assetLevel] ?? assetLevel}`);
    en.push(`asset level ${assetLevel}`);
  }
  const explanation = { zh: zh.join('，'), en: en.join(', ') };
  return { id, title, severity, explanation, href: `/api/v1/findings/${id}` };
}

function ofVendor({ id, vendor, risk }: Contribution & { kind: 'vendor' }): Words {
  const zh = [
    `服务商风险 ${risk.score}：行为 ${risk.behaviour}`,
    ...risk.gaps.map(({ explanation }) => explanation.zh),
  ];
  const en = [`risk ${risk.score}: behaviour ${risk.behaviour}`, ...risk.gaps.map(({ explanation }) => explanation.en)];
  return {
    id,
    title: vendor?.name ?? { zh: id, en: id },
    explanation: { zh: zh.join('，'), en: en.join(', ') },
    href: `/api/v1/vendors/${encodeURIComponent(id)}/risk`,
  };
}

function ofGrant(
  { id, asset, recipient }: { id: string; asset: string; recipient: string },
  explanation: Bilingual,
): Words {
  const title = { zh: `授权 ${id}：${asset} → ${recipient}`, en: `Grant ${id}: ${asset} → ${recipient}` };
  return { id, title, explanation, href: `/api/v1/registry/grants/${encodeURIComponent(id)}` };
}

function dateOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
