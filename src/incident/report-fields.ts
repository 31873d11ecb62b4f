import type { Bilingual } from '../finding/finding.ts';

/**
 * What a report of an incident must contain by the 国家网络安全事件报告管理办法 (in force 2025-11-01). What belongs to its
 * first two items is due within the deadline; the rest may follow when it is not known by then.
 */
export interface ReportField {
  name: ReportFieldName;
  label: Bilingual;
  /** What to write there. */
  hint: Bilingual;
  /** Whether it must be in the first report. */
  first: boolean;
}

export const REPORT_FIELD_NAMES = [
  'unit',
  'systems',
  'time',
  'place',
  'type',
  'impact',
  'measures',
  'trend',
  'cause',
  'clues',
  'next',
  'scene',
  'contact',
] as const;
export type ReportFieldName = (typeof REPORT_FIELD_NAMES)[number];

export const REPORT_FIELDS: readonly ReportField[] = [
  {
    name: 'unit',
    label: { zh: '涉事单位', en: 'Organisation concerned' },
    hint: { zh: '单位全称', en: 'Its full name' },
    first: true,
  },
  {
    name: 'systems',
    label: { zh: '设施、系统、平台基本情况', en: 'Facilities, systems and platforms' },
    hint: { zh: '名称、用途、等级保护级别、部署位置', en: 'Name, purpose, protection level, where they run' },
    first: true,
  },
  {
    name: 'time',
    label: { zh: '发现或发生时间', en: 'When it was found or happened' },
    hint: { zh: '以望楼记录的时间为准，可补充', en: 'As recorded by Wanglou; add to it where more is known' },
    first: true,
  },
  {
    name: 'place',
    label: { zh: '发生地点', en: 'Where it happened' },
    hint: { zh: '机房、办公地点或网络区域', en: 'Data centre, office or network zone' },
    first: true,
  },
  {
    name: 'type',
    label: { zh: '事件类型', en: 'Kind of incident' },
    hint: { zh: '如数据泄露、数据篡改、非法使用', en: 'Such as data leak, falsified data, unlawful use' },
    first: true,
  },
  {
    name: 'impact',
    label: { zh: '已造成的影响和危害', en: 'Impact and harm so far' },
    hint: { zh: '涉及的数据、人数、业务中断时间', en: 'Data and persons concerned, how long services were down' },
    first: true,
  },
  {
    name: 'measures',
    label: { zh: '已采取的措施及效果', en: 'Measures taken and their effect' },
    hint: {
      zh: '停用账号、收回授信、封堵地址等；勒索事件另写赎金金额、方式、日期',
      en: 'Accounts disabled, grants revoked, addresses blocked; for ransomware the sum, way and date of the ransom',
    },
    first: true,
  },
  {
    name: 'trend',
    label: { zh: '事态发展趋势及可能的进一步影响', en: 'How it may go on, and further harm' },
    hint: { zh: '是否仍在继续，可能扩散到哪里', en: 'Whether it goes on, and where it may spread' },
    first: false,
  },
  {
    name: 'cause',
    label: { zh: '原因初步分析', en: 'First analysis of the cause' },
    hint: { zh: '以望楼的判断为起点，核实后修改', en: 'Starts from what Wanglou found; correct it once checked' },
    first: false,
  },
  {
    name: 'clues',
    label: { zh: '溯源调查线索', en: 'Clues for tracing it' },
    hint: { zh: '可能的攻击者、路径、存在的漏洞', en: 'Possible attackers, path, weaknesses' },
    first: false,
  },
  {
    name: 'next',
    label: { zh: '拟采取的措施及请求支援事项', en: 'Further measures and support asked for' },
    hint: { zh: '没有需要支援的事项也请写明', en: 'Say so when no support is needed' },
    first: false,
  },
  {
    name: 'scene',
    label: { zh: '现场保护情况', en: 'How the scene is preserved' },
    hint: { zh: '日志、镜像、设备的保全方式', en: 'How logs, images and devices are kept' },
    first: false,
  },
  {
    name: 'contact',
    label: { zh: '报告人及联系方式', en: 'Who reports, and how to reach them' },
    hint: { zh: '姓名、职务、值班电话', en: 'Name, position, telephone' },
    first: false,
  },
];

/** Levels of 网络安全事件分级指南, the lowest first; from `considerable` on an incident is to be reported. */
export const LEVELS = ['general', 'considerable', 'major', 'extraordinary'] as const;
export type IncidentLevel = (typeof LEVELS)[number];

export const LEVEL_NAMES: Readonly<Record<IncidentLevel, Bilingual>> = {
  general: { zh: '一般', en: 'general' },
  considerable: { zh: '较大', en: 'considerable' },
  major: { zh: '重大', en: 'major' },
  extraordinary: { zh: '特别重大', en: 'extraordinary' },
};
