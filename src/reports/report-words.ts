import type { Bilingual } from '../finding/finding.ts';

export type ReportLanguage = keyof Bilingual;

/** The words of the frame of every report, in both languages; those of each kind stand where its sections are written. */
export const FRAME_WORDS = {
  report: { zh: '望楼报告', en: 'Wanglou report' },
  subject: { zh: '对象', en: 'Subject' },
  span: { zh: '时间范围', en: 'Span' },
  asOf: { zh: '登记库截至', en: 'Registry as of' },
  law: { zh: '法律依据', en: 'By law' },
  version: { zh: '版本', en: 'Version' },
  scope: { zh: '制作者所见范围', en: 'What its maker sees' },
  everything: { zh: '全部', en: 'everything' },
  departments: { zh: '部门', en: 'departments' },
  vendors: { zh: '服务商', en: 'vendors' },
  registry: { zh: '登记库版本', en: 'Version of the registry' },
  masked: {
    zh: '日志中的个人信息以假名显示，与制作者所见一致。',
    en: 'Personal information from log lines stands as pseudonyms, as its maker sees it.',
  },
  trial: {
    zh: '试用模式：由同一个账号制作、复核、签发，无人相互监督。本报告不能作为正式签发件。',
    en: 'Trial: one account makes, reviews and signs, and nobody checks it. This is not a formally signed report.',
  },
  source: { zh: '数据来源', en: 'From' },
  unknown: { zh: '未知', en: 'not known' },
  noRows: { zh: '没有记录', en: 'none' },
  noHoles: { zh: '没有发现缺口', en: 'no hole was found' },
  left: { zh: '另有未列出的行数', en: 'rows that are not listed' },
  holes: { zh: '缺口', en: 'Holes' },
  signOff: { zh: '签发记录', en: 'Sign-off' },
  step: { zh: '步骤', en: 'Step' },
  who: { zh: '人员', en: 'By' },
  time: { zh: '时间', en: 'Time' },
  why: { zh: '说明', en: 'Note' },
  boundTo: { zh: '内容摘要', en: 'Digest' },
  state: { zh: '状态', en: 'State' },
  digest: { zh: '内容摘要 SHA-256', en: 'SHA-256 of the content' },
  id: { zh: '报告编号', en: 'Id of the report' },
  none: { zh: '无', en: 'none' },
  bySchedule: { zh: '按计划制作', en: 'made by schedule' },
  page: { zh: ['第 ', ' 页，共 ', ' 页'], en: ['Page ', ' of ', ''] },
} as const;

/** States and steps of a report. */
export const STEP_WORDS: Readonly<Record<string, Bilingual>> = {
  prepared: { zh: '已制作，待复核', en: 'prepared, to be reviewed' },
  reviewed: { zh: '已复核，待签发', en: 'reviewed, to be signed' },
  signed: { zh: '已签发', en: 'signed' },
  returned: { zh: '已退回', en: 'returned' },
};
export const ACT_WORDS: Readonly<Record<string, Bilingual>> = {
  prepared: { zh: '制作', en: 'prepared' },
  reviewed: { zh: '复核', en: 'reviewed' },
  signed: { zh: '签发', en: 'signed' },
  returned: { zh: '退回', en: 'returned' },
};
