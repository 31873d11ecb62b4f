import { ENTRIES, type ListName } from '../schema.ts';

/**
 * The one table of header names: field of an entry → what else columns of that field are called. A field's own name
 * (`quota.rowsPerDay`) is always understood; case, blanks, `_` and `-` do not matter.
 */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  id: ['编号', '标识', '代码', '编码', 'code'],
  name: ['名称', '姓名', '中文名称', '数据集名称', 'name.zh', 'chinese name'],
  'name.en': ['英文名称', '英文名', 'english name'],
  parent: ['上级', '上级部门', '上级单位'],
  timeZone: ['时区'],
  workingHours: ['工作时间', '办公时间'],
  workingDays: ['工作日类型'],
  department: ['部门', '所属部门', '单位', '所属单位'],
  vendor: ['服务商', '承建商', '所属服务商', '厂商', 'supplier'],
  builtBy: ['建设方', '承建单位'],
  runBy: ['运维方', '运维单位'],
  hosts: ['主机', '主机名'],
  networks: ['网段', '所属网络'],
  plane: ['平面', '所属平面'],
  'sla.availability': ['可用性', '可用率'],
  'sla.latencyMs': ['时延毫秒', '响应时间毫秒'],
  names: ['日志名称', '别名', '日志中的名称', 'aliases'],
  system: ['系统', '所属系统', '信息系统'],
  owner: ['责任部门', '数源部门', '提供部门', '所有者', 'owner department'],
  supervisor: ['监管部门', '主管部门'],
  level: ['等级', '级别', '数据级别', '数据等级', '分级', 'grade'],
  personalInformation: ['个人信息', '个人信息类型'],
  fields: ['字段', '数据项', '信息项', 'columns'],
  rows: ['行数', '记录数', '数据量', 'size'],
  persons: ['人数', '涉及人数', '人员'],
  sharing: ['共享类型', '共享属性', '共享类别'],
  derivedFrom: ['派生自', '来源数据集', 'derived from'],
  gradedAt: ['定级日期', '定级时间'],
  nextReview: ['下次复核', '下次复核日期'],
  login: ['登录名', '账号', '用户名', '账户', 'user', 'username'],
  systems: ['系统范围', '适用系统', '系统'],
  person: ['人员', '人员编号', '使用人'],
  personName: ['人员姓名', '使用人姓名'],
  role: ['角色', '岗位'],
  privileged: ['特权', '是否特权', '特权账号'],
  openedAt: ['开户日期', '开通日期', '开通时间'],
  creditCode: ['统一社会信用代码', '信用代码'],
  contacts: ['联系人'],
  'lastAssessment.date': ['评估日期', '最近评估日期'],
  'lastAssessment.result': ['评估结果', '最近评估结果'],
  ndaUntil: ['保密协议到期', '保密协议有效期'],
  backgroundChecks: ['背景审查', '是否背景审查'],
  contract: ['合同', '合同编号'],
  approvedNetworks: ['批准网段', '允许网段'],
  asset: ['数据集', '数据资产', '资产', '数据资源', 'dataset'],
  recipientKind: ['使用方类型', '接收方类型'],
  recipient: ['使用方', '接收方', '被授权方', '使用部门', 'grantee'],
  actions: ['操作', '允许操作', '权限'],
  purpose: ['用途', '目的', '使用目的'],
  'quota.rowsPerDay': ['日配额', '每日行数上限'],
  'quota.ratePerMinute': ['每分钟次数', '频率上限'],
  from: ['开始', '开始日期', '起始日期', '生效日期', 'start'],
  to: ['结束', '结束日期', '截止日期', '失效日期', 'end'],
  revokedAt: ['撤销时间', '撤销日期'],
  onwardTo: ['可转授', '转供对象', '允许转供'],
  approver: ['审批人', '批准人'],
  approvalNumber: ['批准文号', '审批编号', '授权文号'],
  number: ['案号', '案件编号', '编号', 'case number'],
  type: ['类型', '案件类型'],
  officer: ['承办人', '经办人'],
  opened: ['立案日期', '开始日期', '受理日期'],
  closed: ['结案日期', '结束日期', '办结日期'],
  assets: ['涉及数据集', '数据集', '数据资产'],
  ownerConsent: ['业主同意', '数据方同意', '所有者同意'],
  kind: ['种类', '类型', '对象类型'],
  value: ['值', '对象', '关注对象'],
  reason: ['原因', '理由'],
  until: ['到期', '到期日期', '截止日期'],
  site: ['场所', '地点', '机房'],
  cidrs: ['地址段', '网段', '地址范围'],
  zone: ['区域', '网络区域'],
  domestic: ['境内', '是否境内'],
  latitude: ['纬度'],
  longitude: ['经度'],
  year: ['年份', '年'],
  rest: ['休息日', '放假'],
  workdays: ['调休上班', '补班'],
  format: ['格式', '日志格式'],
  encoding: ['编码方式', '字符集'],
  addresses: ['地址', '来源地址'],
  certificateSubject: ['证书主题', '证书名称'],
  certificateFingerprint: ['证书指纹', '证书 SHA-256'],
  expectedEventsPerDay: ['日均事件数', '预期日事件数'],
  silenceLimitMinutes: ['静默上限分钟', '静默阈值分钟'],
  keepDataSubjects: ['保留明文', '保留数据主体'],
  validFrom: ['生效', '有效期自', '生效日期', '开始日期'],
  validTo: ['失效', '有效期至', '失效日期', '结束日期'],
};

/** The field of the list's entries that a column holds, or undefined. */
export function fieldOfHeader(list: ListName, header: string): string | undefined {
  return tableOf(list).get(plain(header));
}

/** What columns of the list may be called, for people. */
export function headersOf(list: ListName): string[] {
  return [...new Set(tableOf(list).values())];
}

const tables = new Map<ListName, Map<string, string>>();

function tableOf(list: ListName): Map<string, string> {
  let table = tables.get(list);
  if (table !== undefined) return table;
  table = new Map();
  const own = Object.keys(ENTRIES[list].shape);
  const fields = Object.keys(NAMES).filter((field) => own.includes(field.split('.')[0]!));
  for (const field of [...own, ...fields]) table.set(plain(field), field);
  for (const field of fields)
    for (const name of NAMES[field]!) if (!table.has(plain(name))) table.set(plain(name), field);
  tables.set(list, table);
  return table;
}

function plain(header: string): string {
  return header
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s_\-*（）()：:]/g, '');
}
