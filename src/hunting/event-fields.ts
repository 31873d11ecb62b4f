import type { Bilingual } from '../finding/finding.ts';

/** What can be asked of a field, by its type. */
export const OPERATORS = {
  name: ['is', 'is-not', 'in', 'not-in', 'contains', 'not-contains', 'starts', 'set', 'unset'],
  text: ['contains', 'not-contains'],
  number: ['is', 'is-not', 'in', 'not-in', 'less', 'at-most', 'more', 'at-least', 'between'],
  flag: ['yes', 'no'],
  address: ['is', 'is-not', 'in', 'not-in', 'network', 'not-network', 'set', 'unset'],
  list: ['is', 'is-not', 'in', 'not-in', 'all', 'set', 'unset'],
  attribute: ['is', 'is-not', 'in', 'not-in', 'set', 'unset'],
  id: ['is', 'is-not', 'in', 'not-in'],
} as const;

export type FieldType = keyof typeof OPERATORS;
export type Operator = (typeof OPERATORS)[FieldType][number];

/** Operators without a value, with several, and with exactly two. */
export const WITHOUT_VALUE: readonly Operator[] = ['set', 'unset', 'yes', 'no'];
export const WITH_MANY: readonly Operator[] = ['in', 'not-in', 'all', 'network', 'not-network'];
export const WITH_PARTS: readonly Operator[] = ['contains', 'not-contains', 'starts'];

export interface EventField {
  type: FieldType;
  title: Bilingual;
  /** In the table `events`, quoted where the engine needs it. */
  column: string;
  /**
   * How a part of its value can be looked for. `plain`: nobody's personal information stands in it. `covered`: with what
   * could be personal information left out. `never`: only as a whole.
   */
  parts: 'plain' | 'covered' | 'never';
  /** Whether values can be suggested, counted and put on an axis. */
  counted: boolean;
}

type Parts = EventField['parts'];

function field(
  type: FieldType,
  column: string,
  zh: string,
  en: string,
  said: { parts?: Parts; counted?: boolean } = {},
): EventField {
  return { type, title: { zh, en }, column, parts: said.parts ?? 'plain', counted: said.counted ?? false };
}

const COUNTED = { counted: true };

/** Every field of an event that can be asked about: the only place that names columns of `events` for hunting. */
export const EVENT_FIELDS = {
  source: field('name', 'source', '日志源', 'Source', COUNTED),
  account: field('name', 'account', '账号', 'Account', COUNTED),
  actor: field('name', 'actor', '行为人', 'Actor', COUNTED),
  person: field('name', 'person', '人员', 'Person', { parts: 'never' }),
  department: field('name', 'department', '部门', 'Department', COUNTED),
  vendor: field('name', 'vendor', '服务商', 'Vendor', COUNTED),
  contract: field('name', 'contract', '合同', 'Contract', COUNTED),
  role: field('name', 'role', '角色', 'Role', COUNTED),
  privileged: field('flag', 'privileged', '特权', 'Privileged'),
  action: field('name', 'action', '动作', 'Action', COUNTED),
  outcome: field('name', 'outcome', '结果', 'Outcome', COUNTED),
  system: field('name', 'system', '系统', 'System', COUNTED),
  plane: field('name', 'plane', '平面', 'Plane', COUNTED),
  asset: field('name', 'asset', '数据资产', 'Asset', { parts: 'covered', counted: true }),
  assetLevel: field('name', 'asset_level', '资产级别', 'Asset level', COUNTED),
  fields: field('list', 'fields', '涉及字段', 'Fields touched', COUNTED),
  rows: field('number', 'rows', '行数', 'Rows'),
  bytes: field('number', 'bytes', '字节数', 'Bytes'),
  dataSubjects: field('list', 'data_subjects', '数据主体', 'Data subjects', { parts: 'never' }),
  clientAddress: field('address', 'client_address', '来源地址', 'Client address', COUNTED),
  device: field('name', 'device', '终端', 'Device', { parts: 'never' }),
  session: field('name', 'session', '会话', 'Session', { parts: 'never' }),
  host: field('name', 'host', '主机', 'Host', { parts: 'covered', counted: true }),
  service: field('name', 'service', '程序', 'Service', COUNTED),
  purpose: field('name', 'purpose', '用途', 'Purpose', { parts: 'covered' }),
  caseNumber: field('name', 'case_number', '案件编号', 'Case number', { parts: 'never', counted: true }),
  grant: field('name', '`grant`', '授信', 'Grant', COUNTED),
  workOrder: field('name', 'work_order', '工单', 'Work order', COUNTED),
  recipient: field('name', 'recipient', '接收方', 'Recipient', { parts: 'covered' }),
  target: field('name', 'target', '操作对象', 'Target', { parts: 'covered' }),
  message: field('text', 'message', '消息', 'Message', { parts: 'covered' }),
  raw: field('text', 'raw', '原始日志', 'Original line', { parts: 'covered' }),
  attributes: field('attribute', 'attributes', '其他属性', 'Attribute', { parts: 'never' }),
  classUid: field('number', 'class_uid', 'OCSF 类别', 'OCSF class'),
  activityId: field('number', 'activity_id', 'OCSF 活动', 'OCSF activity'),
  severity: field('number', 'severity', '日志级别', 'Log severity'),
  format: field('name', 'format', '日志格式', 'Format', COUNTED),
  fault: field('name', 'fault', '解析问题', 'Parsing problem', { parts: 'covered' }),
  authenticated: field('flag', 'authenticated', '来源已认证', 'Source proven'),
  id: field('id', 'id', '事件编号', 'Event id', { parts: 'never' }),
} as const satisfies Record<string, EventField>;

export type FieldName = keyof typeof EVENT_FIELDS;

export const FIELD_NAMES = Object.keys(EVENT_FIELDS) as FieldName[];

export function isFieldName(name: unknown): name is FieldName {
  return typeof name === 'string' && Object.hasOwn(EVENT_FIELDS, name);
}

export function fieldOf(name: FieldName): EventField {
  return EVENT_FIELDS[name];
}

/** What can be asked of a field: its type's operators, without looking for parts where only the whole may be looked for. */
export function operatorsOf(name: FieldName): readonly Operator[] {
  const { type, parts } = fieldOf(name);
  const all: readonly Operator[] = OPERATORS[type];
  return parts === 'never' ? all.filter((one) => !WITH_PARTS.includes(one)) : all;
}
