import type { Bilingual } from '../finding/finding.ts';

export const REPORT_KINDS = [
  'five-questions',
  'vendor-assessment',
  'personal-information',
  'important-data',
  'sharing-ledger',
  'incident',
  'monthly-posture',
] as const;
export type ReportKind = (typeof REPORT_KINDS)[number];

export const REPORT_SUBJECTS = ['platform', 'department', 'asset', 'vendor', 'incident'] as const;
export type SubjectOf = (typeof REPORT_SUBJECTS)[number];

export interface KindCard {
  title: Bilingual;
  about: Bilingual;
  /** What it can be about; the first is meant when nothing is said. */
  subjects: readonly SubjectOf[];
  /** The law that asks for it. */
  law: readonly Bilingual[];
  /** Days that it looks back over when nothing is said; 0 for what has no span. */
  days: number;
  /** The longest span, days. */
  mostDays: number;
}

/** Everything that can be reported, with what it is about and which law asks for it. */
export const KINDS: Readonly<Record<ReportKind, KindCard>> = {
  'five-questions': {
    title: { zh: '数据资产“五问”报告', en: 'The five questions about data' },
    about: {
      zh: '谁来开放、开放什么、谁来用、怎么用、谁来监管，并列出每一处缺口',
      en: 'Who opens it, what is opened, who uses it, how, who supervises; with every hole in the answers',
    },
    subjects: ['asset', 'department'],
    law: [
      { zh: '《政务数据共享条例》（2025-08-01 施行）', en: '政务数据共享条例 (in force 2025-08-01)' },
      { zh: '《中华人民共和国数据安全法》第二十一条', en: '数据安全法, article 21' },
    ],
    days: 28,
    mostDays: 400,
  },
  'vendor-assessment': {
    title: { zh: '服务商安全评估', en: 'Assessment of a vendor' },
    about: {
      zh: '申报情况与实际行为对照：合同、人员、保密与评估；访问、发现、服务水平、合同外与名单外行为',
      en: 'What is declared against what was seen: contracts, people, agreements; accesses, findings, service, out of contract and roster',
    },
    subjects: ['vendor'],
    law: [
      { zh: '《中华人民共和国数据安全法》第四十条', en: '数据安全法, article 40' },
      { zh: '《中华人民共和国个人信息保护法》第二十一条', en: '个人信息保护法, article 21' },
      { zh: '《网络数据安全管理条例》第十五条、第十六条', en: '网络数据安全管理条例, articles 15 and 16' },
    ],
    days: 90,
    mostDays: 400,
  },
  'personal-information': {
    title: { zh: '个人信息保护合规审计资料', en: 'Audit pack: processing of personal information' },
    about: {
      zh: '处理目的与授权依据、受托方、对外提供、敏感个人信息、无授权访问、查看明文、保存期限、审计周期',
      en: 'Purposes and legal basis, entrusted parties, sharing, sensitive data, access without grant, reveals, retention, audit cycle',
    },
    subjects: ['platform', 'department'],
    law: [
      {
        zh: '《中华人民共和国个人信息保护法》第五十四条、第五十五条、第五十六条',
        en: '个人信息保护法, articles 54 to 56',
      },
      {
        zh: '《个人信息保护合规审计管理办法》（2025-05-01 施行）',
        en: '个人信息保护合规审计管理办法 (in force 2025-05-01)',
      },
      { zh: '《网络数据安全管理条例》第十二条', en: '网络数据安全管理条例, article 12' },
    ],
    days: 365,
    mostDays: 400,
  },
  'important-data': {
    title: { zh: '重要数据风险评估附件', en: 'Annex to the risk assessment of important data' },
    about: {
      zh: '重要数据与核心数据：使用方、越界流向、安全发现、措施、逾期复核',
      en: 'Important and core data: who uses it, where it crossed its boundary, findings, measures, overdue reviews',
    },
    subjects: ['platform', 'department'],
    law: [
      {
        zh: '《中华人民共和国数据安全法》第二十一条、第二十二条、第二十九条',
        en: '数据安全法, articles 21, 22 and 29',
      },
      { zh: 'GB/T 43697-2024 数据分类分级规则', en: 'GB/T 43697-2024' },
    ],
    days: 90,
    mostDays: 400,
  },
  'sharing-ledger': {
    title: { zh: '数据共享台账', en: 'Ledger of sharing' },
    about: {
      zh: '按数据资产与接收方列出提供记录、授信、目的与数量',
      en: 'What was passed on, by asset and recipient, with grant, purpose and amounts',
    },
    subjects: ['platform', 'department', 'asset'],
    law: [
      {
        zh: '《网络数据安全管理条例》第十二条（记录至少保存三年）',
        en: '网络数据安全管理条例, article 12 (kept for at least three years)',
      },
      { zh: '《中华人民共和国个人信息保护法》第五十五条、第五十六条', en: '个人信息保护法, articles 55 and 56' },
    ],
    days: 365,
    mostDays: 1_125,
  },
  incident: {
    title: { zh: '网络安全事件报告', en: 'Report of an incident' },
    about: {
      zh: '事件经过、证据、处置与法定报告时限',
      en: 'What happened, evidence, decisions, and the clock of the law',
    },
    subjects: ['incident'],
    law: [
      {
        zh: '《国家网络安全事件报告管理办法》（2025-11-01 施行）第四条',
        en: '国家网络安全事件报告管理办法 (in force 2025-11-01), article 4',
      },
    ],
    days: 0,
    mostDays: 400,
  },
  'monthly-posture': {
    title: { zh: '安全态势月报', en: 'Monthly posture' },
    about: {
      zh: '评分与走势、按类别与部门的发现、响应时间、可信度、预测误差、本期变化',
      en: 'Scores and their trend, findings by family and department, response times, trust, error of forecasts, what changed',
    },
    subjects: ['platform', 'department'],
    law: [
      { zh: '《中华人民共和国数据安全法》第二十二条、第二十九条', en: '数据安全法, articles 22 and 29' },
      { zh: 'GB/T 42453-2023（展示：报告）', en: 'GB/T 42453-2023 (display: reports)' },
    ],
    days: 31,
    mostDays: 93,
  },
};
