import { createHash } from 'node:crypto';
import type { Bilingual } from '../../finding/finding.ts';

/** Everything that is audited, by its stable name, with what it is called for people. */
export const AUDIT_ACTIONS = {
  'sign-in': { zh: '登录', en: 'sign-in' },
  'sign-out': { zh: '退出', en: 'sign-out' },
  'sign-out-everywhere': { zh: '在所有地方退出', en: 'sign-out everywhere' },
  'account.enrol': { zh: '开始激活账号', en: 'activation begun' },
  'account.activate': { zh: '激活账号', en: 'account activated' },
  'account.password': { zh: '修改口令', en: 'password changed' },
  'account.create': { zh: '新建账号', en: 'account made' },
  'account.code': { zh: '发放激活码', en: 'activation code drawn' },
  'account.reset': { zh: '申请重置账号', en: 'reset of an account asked for' },
  'account.lock': { zh: '锁定账号', en: 'account locked' },
  'account.unlock': { zh: '解锁账号', en: 'account unlocked' },
  'account.end-sessions': { zh: '结束账号会话', en: 'sessions of an account ended' },
  'session.end': { zh: '结束会话', en: 'session ended' },
  'session.end-others': { zh: '结束其他会话', en: 'other sessions ended' },
  'wall.link': { zh: '生成大屏链接', en: 'link for a wall screen drawn' },
  'role.grant': { zh: '授予角色', en: 'role granted' },
  'account.scope': { zh: '限定账号范围', en: 'scope of an account set' },
  'role.revoke': { zh: '撤销角色', en: 'role revoked' },
  'retention.ask': { zh: '申请缩短留存期', en: 'shorter retention asked for' },
  'request.approve': { zh: '同意申请', en: 'request approved' },
  'request.refuse': { zh: '拒绝申请', en: 'request refused' },
  'triage.acknowledge': { zh: '确认发现', en: 'finding acknowledged' },
  'triage.assign': { zh: '指派发现', en: 'finding assigned' },
  'triage.note': { zh: '备注发现', en: 'note on a finding' },
  'triage.close': { zh: '关闭发现', en: 'finding closed' },
  'triage.reopen': { zh: '重开发现', en: 'finding reopened' },
  'triage.undo': { zh: '撤回处置', en: 'triage undone' },
  'triage.bulk': { zh: '批量处置发现', en: 'many findings triaged' },
  'incident.classify': { zh: '事件定级', en: 'incident classified' },
  'incident.state': { zh: '填写事件报告', en: 'incident report filled in' },
  'incident.sent': { zh: '登记报送', en: 'incident report noted as sent' },
  'incident.export': { zh: '导出事件报告', en: 'incident report exported' },
  'report.prepare': { zh: '制作报告', en: 'report made' },
  'report.cancel': { zh: '取消制作报告', en: 'making of a report cancelled' },
  'report.review': { zh: '复核报告', en: 'report reviewed' },
  'report.sign': { zh: '签发报告', en: 'report signed' },
  'report.return': { zh: '退回报告', en: 'report returned' },
  'report.read': { zh: '查看报告', en: 'report read' },
  'report.export': { zh: '下载报告', en: 'report downloaded' },
  'report-schedule.create': { zh: '新建报告计划', en: 'schedule of reports made' },
  'report-schedule.end': { zh: '结束报告计划', en: 'schedule of reports ended' },
  'backtest.start': { zh: '发起回测', en: 'backtest started' },
  'backtest.cancel': { zh: '取消回测', en: 'backtest cancelled' },
  'coverage.replay': { zh: '重放台账缺口', en: 'gap of the coverage ledger replayed' },
  'suppression.preview': { zh: '预览抑制', en: 'suppression previewed' },
  'suppression.create': { zh: '新建抑制', en: 'suppression made' },
  'suppression.end': { zh: '结束抑制', en: 'suppression ended' },
  'settings.change': { zh: '修改检测设置', en: 'detector settings changed' },
  'registry.create': { zh: '新建登记', en: 'registry entry made' },
  'registry.correct': { zh: '更正登记', en: 'registry entry corrected' },
  'registry.end': { zh: '终止登记', en: 'registry entry ended' },
  'registry.import': { zh: '导入登记', en: 'registry imported' },
  'token.create': { zh: '新建接入令牌', en: 'ingest token made' },
  'token.revoke': { zh: '吊销接入令牌', en: 'ingest token revoked' },
  'api-token.create': { zh: '新建个人令牌', en: 'API token made' },
  'api-token.revoke': { zh: '吊销个人令牌', en: 'API token revoked' },
  'events.search': { zh: '检索事件', en: 'events searched' },
  'hunt.query': { zh: '检索分析', en: 'events hunted' },
  'hunt.cancel': { zh: '取消检索', en: 'query cancelled' },
  'saved-query.create': { zh: '保存查询', en: 'query saved' },
  'saved-query.change': { zh: '修改已存查询', en: 'saved query changed' },
  'saved-query.remove': { zh: '删除已存查询', en: 'saved query removed' },
  'sql.check': { zh: '检查 SQL 查询', en: 'SQL query checked' },
  'sql.run': { zh: '运行 SQL 查询', en: 'SQL query run' },
  'sql.result': { zh: 'SQL 查询结果', en: 'result of an SQL query' },
  'sql.cancel': { zh: '取消 SQL 查询', en: 'SQL query cancelled' },
  'export.estimate': { zh: '估算导出', en: 'export estimated' },
  'export.create': { zh: '申请导出', en: 'export asked for' },
  'export.made': { zh: '生成导出文件', en: 'export made' },
  'export.download': { zh: '下载导出文件', en: 'export downloaded' },
  'export.remove': { zh: '删除导出', en: 'export removed' },
  'findings.search': { zh: '检索发现', en: 'findings searched' },
  reveal: { zh: '查看事件明文', en: 'event revealed' },
  'reveal.approve': { zh: '同意查看明文', en: 'reveal approved' },
  'reveal.refuse': { zh: '拒绝查看明文', en: 'reveal refused' },
  'event.read': { zh: '查看事件', en: 'event read' },
  'evidence.proof': { zh: '导出存证证明', en: 'proof of an event exported' },
  'evidence.check': { zh: '比对库与封条', en: 'store compared with its seals' },
  'evidence.export': { zh: '导出证据包', en: 'evidence exported' },
  'seal-key.rotate': { zh: '更换封存密钥', en: 'seal key rotated' },
  'seal-key.replace': { zh: '替换遗失或被盗的封存密钥', en: 'lost or stolen seal key replaced' },
  'hold.place': { zh: '设置证据保全', en: 'legal hold placed' },
  'hold.release': { zh: '申请解除证据保全', en: 'release of a legal hold asked for' },
  'hold.approve': { zh: '同意解除证据保全', en: 'release of a legal hold approved' },
  'hold.refuse': { zh: '拒绝解除证据保全', en: 'release of a legal hold refused' },
  'audit.read': { zh: '查看审计记录', en: 'audit trail read' },
  /** Only refusals: of senders, for their token or certificate. */
  ingest: { zh: '接入', en: 'sending' },
  'audit.resumed': { zh: '审计恢复', en: 'audit trail resumed' },
  /** Only refusals: of what needs no record when it is allowed. */
  read: { zh: '读取', en: 'read' },
} as const satisfies Record<string, Bilingual>;

export type AuditAction = keyof typeof AUDIT_ACTIONS;

/** What came of it; `unknown` when the program ended in between, or the outcome could not be recorded. */
export const AUDIT_OUTCOMES = ['unknown', 'success', 'refused', 'failed'] as const;
export type AuditOutcome = (typeof AUDIT_OUTCOMES)[number];

/**
 * One record of the trail. A change has two of the same id: before it, with outcome `unknown`, and after it. Everything else
 * has one. Records are only ever added.
 */
export interface AuditEntry {
  id: string;
  /** `begun` says that somebody may do it now, `done` what came of it. */
  phase: 'begun' | 'done';
  /** When it was asked for, ms since the Unix epoch; the same in both records. */
  at: number;
  /** When this record was made. */
  recordedAt: number;
  /** Of the request, as in the log of serve; '' for what no request asked for. */
  request: string;
  /** '' for nobody. */
  account: string;
  roles: readonly string[];
  /** What tells sessions apart without giving one away: the beginning of a SHA-256; '' for tokens. */
  session: string;
  /** Address that it came from; '' for none. */
  address: string;
  action: AuditAction;
  /** What it was done to: the path of the request, names that were tried. */
  object: string;
  outcome: AuditOutcome;
  /** Code of the error (src/errors.ts); '' for none. */
  code: string;
  /** Why, in the words of who did it. */
  reason: string;
  /** What was asked for, as JSON, without secrets; shortened. */
  asked: string;
  /** SHA-256 of the whole of it; '' when there was nothing. */
  digest: string;
  /** Result size; 0 when it has none. */
  rows: number;
  /** How often it happened: refusals of one sender in one minute are one record. */
  count: number;
}

/** What records have of what came by no request: from the command line, or the configuration. */
export const BY_NO_REQUEST = {
  request: '',
  roles: [],
  session: '',
  address: '',
  code: '',
  asked: '',
  digest: '',
  rows: 0,
  count: 1,
} as const;

/** What may be left unsaid. */
export function auditEntry(
  said: Partial<AuditEntry> & Pick<AuditEntry, 'id' | 'at' | 'action'>,
  phase: AuditEntry['phase'] = 'done',
): AuditEntry {
  return {
    phase,
    recordedAt: said.at,
    ...BY_NO_REQUEST,
    account: '',
    object: '',
    outcome: 'unknown',
    reason: '',
    ...said,
  };
}

const MAX_ASKED = 2_000;
const SECRET = /password|secret|token|code|totp|otp|credential/i;

/** A request's content for the record: what could be a secret is hidden, before it is shortened. */
export function askedFor(content: object, most = MAX_ASKED): Pick<AuditEntry, 'asked' | 'digest'> {
  const text = JSON.stringify(content, (key, value: unknown) => (SECRET.test(key) ? '(hidden)' : value));
  if (text === '{}') return { asked: '', digest: '' };
  const asked = text.length > most ? `${text.slice(0, most)}…` : text;
  return { asked, digest: createHash('sha256').update(text).digest('hex') };
}

/** Names a session in the trail. */
export function sessionMark(cookieValue: string): string {
  return cookieValue === '' ? '' : createHash('sha256').update(cookieValue).digest('hex').slice(0, 16);
}
