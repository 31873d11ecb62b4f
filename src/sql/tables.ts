import type { Bilingual } from '../finding/finding.ts';

/** A column that queries of people may read. */
export interface SqlColumn {
  name: string;
  says: Bilingual;
  /** How it is masked inside the store: a short value, a text, or each value of a map. */
  masked?: 'value' | 'text' | 'map';
}

/** A table as queries see it: each thing once, in its latest revision, with personal information masked. */
export interface SqlTable {
  name: string;
  says: Bilingual;
  /** Of the store, with FINAL or LIMIT BY where rows may stand there more than once. */
  from: (table: (name: string) => string) => string;
  columns: readonly SqlColumn[];
}

const MASKED = ['value', 'text', 'map'] as const;

/** `name | zh | en`; behind a name `*` for a masked value, `**` for a masked text, `***` for a masked map. */
function columns(text: string): SqlColumn[] {
  return text
    .trim()
    .split('\n')
    .map((line) => {
      const [marked, zh, en] = line.split('|').map((part) => part.trim());
      const name = marked!.replace(/\*+$/, '');
      const stars = marked!.length - name.length;
      return { name, says: { zh: zh!, en: en! }, ...(stars > 0 && { masked: MASKED[stars - 1]! }) };
    });
}

const ACTED = `
  actor | 行为人 | who did it
  person | 人员（登记） | person of the registry
  department | 部门 | department
  vendor | 服务商 | vendor`;

export const TABLES: readonly SqlTable[] = [
  {
    name: 'events',
    says: { zh: '事件，每条一次', en: 'Events, each once' },
    from: (table) => `${table('events')} FINAL`,
    columns: columns(`
      id | 事件编号 | id of the event
      time | 发生时间 | when it happened
      ingest_time | 接入时间 | when it was received
      sequence | 接收序号 | number in the order of arrival
      source | 日志源 | source that sent it
      authenticated | 来源已认证 | whether the source proved who it is
      format | 日志格式 | format of the line
      fault | 解析问题 | what could not be read
      class_uid | OCSF 类别 | OCSF class
      activity_id | OCSF 活动 | OCSF activity
      severity | 严重程度 | severity of the sender
      action | 动作 | action: read, export, login …
      outcome | 结果 | success or failure
      account | 账号 | account that acted
      client_address | 来源地址 | address of the client
      device* | 终端 | device
      session* | 会话 | session
      host | 主机 | host
      service | 程序 | service
      fields | 涉及字段 | fields that were used
      rows | 行数 | rows that were read or written
      bytes | 字节数 | bytes that were sent
      data_subjects | 数据主体（散列） | data subjects, as hashes
      purpose* | 用途 | purpose
      case_number* | 案件编号 | case
      grant | 授信编号 | grant
      recipient* | 接收方 | recipient
      work_order | 工单 | work order
      target** | 操作对象 | target: URL, statement, file
      message** | 消息（已脱敏） | message, masked
      attributes*** | 其他字段（已脱敏） | other fields, masked
      raw** | 原始日志（已脱敏） | the original line, masked
      ${ACTED.trim()}
      contract | 合同 | contract
      role | 角色 | role of the person
      privileged | 特权账号 | privileged account
      system | 系统 | system
      plane | 业务面或运维面 | business or operations plane
      asset | 数据资产 | data asset
      asset_level | 资产级别 | level of the asset
    `),
  },
  {
    name: 'findings',
    says: { zh: '发现，每条的最新版本', en: 'Findings, the latest revision of each' },
    from: (table) => `(SELECT * FROM ${table('findings')} ORDER BY id, revision DESC LIMIT 1 BY id)`,
    columns: columns(`
      id | 发现编号 | id of the finding
      revision | 版本 | revision
      alert | 是否通知 | whether people are told
      detector | 检测器 | detector
      title_zh | 标题（中文） | title in Chinese
      title_en | 标题（英文） | title in English
      severity | 严重程度 | severity
      score | 分数 | score
      actor | 行为人 | who did it
      asset | 数据资产 | data asset
      client_address | 来源地址 | address of the client
      observed | 观测值 | what was observed
      expected | 预期值 | what was expected
      threshold | 阈值 | threshold
      unit | 单位 | unit of these values
      window_ms | 窗口（毫秒） | window in ms
      sample_size | 样本数 | size of the sample
      baseline | 基线 | baseline
      explanation_zh** | 说明（中文） | explanation in Chinese
      explanation_en** | 说明（英文） | explanation in English
      event_ids | 事件编号列表 | ids of its events
      first_time | 最早事件时间 | time of the first event
      last_time | 最晚事件时间 | time of the last event
      caused_at | 触发时间 | when it was caused
      count | 次数 | how often
      group_key* | 分组键 | group
      person | 人员（登记） | person of the registry
      department | 部门 | department
      vendor | 服务商 | vendor
      system | 系统 | system
      source | 日志源 | source
      asset_level | 资产级别 | level of the asset
      techniques | 攻击技术（JSON） | techniques, as JSON
      cites* | 依据（JSON） | what it cites, as JSON
      known_gaps* | 已知缺口（JSON） | known gaps, as JSON
      suppression | 抑制编号 | suppression
    `),
  },
  {
    name: 'incidents',
    says: { zh: '安全事件，每起的最新版本', en: 'Incidents, the latest revision of each' },
    from: (table) => `(SELECT * FROM ${table('incidents')} ORDER BY id, revision DESC LIMIT 1 BY id)`,
    columns: columns(`
      id | 编号 | id of the incident
      revision | 版本 | revision
      alert | 是否通知 | whether people are told
      correlation | 关联规则 | correlation
      title_zh | 标题（中文） | title in Chinese
      title_en | 标题（英文） | title in English
      explanation_zh** | 说明（中文） | explanation in Chinese
      explanation_en** | 说明（英文） | explanation in English
      severity | 严重程度 | severity
      score | 分数 | score
      link | 关联方式 | what links its findings
      linked_by* | 关联值 | by which value
      actor | 行为人 | who did it
      department | 部门 | department
      vendor | 服务商 | vendor
      asset | 数据资产 | data asset
      system | 系统 | system
      asset_level | 资产级别 | level of the asset
      first_time | 最早时间 | time of the first event
      last_time | 最晚时间 | time of the last event
      caused_at | 触发时间 | when it was caused
      findings | 发现编号列表 | ids of its findings
      steps** | 步骤（JSON，已脱敏） | its steps, as JSON, masked
    `),
  },
  {
    name: 'triage',
    says: { zh: '发现处置记录', en: 'What people decided about findings' },
    from: (table) => `${table('triage')} FINAL`,
    columns: columns(`
      id | 记录编号 | id of the entry
      finding | 发现编号 | the finding
      act | 操作 | raised, acknowledged, assigned, note, closed …
      at | 时间 | when
      by | 操作人 | by whom
      revision | 发现版本 | revision of the finding
      alert | 是否通知 | whether people were told
      score | 分数 | score
      asset_level | 资产级别 | level of the asset
      assignee | 受理人 | to whom
      disposition | 结论 | disposition
      text** | 备注（已脱敏） | note, masked
      undoes | 撤销的记录 | the entry that it takes back
    `),
  },
  {
    name: 'registry',
    says: { zh: '登记信息的每个版本', en: 'Every version of the registry' },
    from: (table) => `${table('registry')} FINAL`,
    columns: columns(`
      list | 清单 | list: assets, grants, vendors …
      id | 名称 | name of the entry
      recorded_at | 登记时间 | when it was recorded
      change_set | 变更批次 | change that it came with
      part | 序号 | part of the version
      change | 变更类型 | added, corrected, ended, removed
      origin | 来源 | where the change came from
      recorded_by | 登记人 | by whom
      valid_from | 生效时间 | valid from
      valid_to | 失效时间 | valid to
      entry** | 内容（JSON，已脱敏） | the entry, as JSON, masked
    `),
  },
  {
    name: 'diffusion',
    says: { zh: '数据共享台账', en: 'The ledger of what was passed on to whom' },
    from: (table) => `${table('diffusion')} FINAL`,
    columns: columns(`
      id | 事件编号 | id of the event
      time | 发生时间 | when it happened
      ingest_time | 接入时间 | when it was received
      asset | 数据资产 | data asset
      action | 动作 | action
      actor | 行为人 | who did it
      department | 部门 | department
      vendor | 服务商 | vendor
      system | 系统 | system
      recipient* | 接收方 | recipient
      rows | 行数 | rows
      bytes | 字节数 | bytes
      fields | 涉及字段 | fields
      grant | 授信编号 | grant
      purpose* | 用途 | purpose
    `),
  },
  {
    name: 'posture',
    says: { zh: '态势分数，每分钟一行', en: 'Scores, a row a minute' },
    from: (table) => `${table('posture')} FINAL`,
    columns: columns(`
      scope | 对象类型 | overall, department, system, level, vendor
      id | 对象 | of which
      minute | 分钟 | minute
      score | 分数，100 为平静 | score; 100 is calm
      points | 扣分 | points
      trust | 可信度 | trust
      written_at | 写入时间 | when it was written
    `),
  },
  {
    name: 'asset_use',
    says: { zh: '谁在哪天使用了哪个资产', en: 'Who used which asset on which day' },
    from: (table) => `${table('asset_use')} FINAL`,
    columns: columns(`
      day | 日期 | day, UTC
      asset | 数据资产 | data asset
      department | 部门 | department
      system | 系统 | system
      person | 人员 | person
      role | 角色 | role
    `),
  },
];

export const TABLE_NAMES: readonly string[] = TABLES.map(({ name }) => name);
