import { attributeOf, type Event } from '../event/event.ts';

/** How auditing was stopped, as a line tells of it. */
export type AuditStop = 'stopped' | 'cleared' | 'narrowed';

/** Windows: 1102 and 104 the log was cleared, 4719 the audit policy was changed, 1100 the event log service was shut down. */
const WINDOWS: Readonly<Record<string, AuditStop>> = { 1102: 'cleared', 104: 'cleared', 4719: 'narrowed' };

const COMMANDS: readonly (readonly [RegExp, AuditStop])[] = [
  [
    /\b(?:systemctl|service)\s+(?:\S+\s+)?(?:stop|disable|mask|kill)\b.*\b(?:auditd?|rsyslog|syslog(?:-ng)?|journald|filebeat|auditbeat|winlogbeat)/i,
    'stopped',
  ],
  [/\bservice\s+(?:auditd?|rsyslog|syslog(?:-ng)?|filebeat)\s+stop\b/i, 'stopped'],
  [/\b(?:kill(?:all)?|pkill)\b.*\b(?:auditd|rsyslogd?|filebeat|auditbeat)\b/i, 'stopped'],
  [/\bauditctl\s+(?:-e\s*0|-D)\b/, 'stopped'],
  [/\baudit_enabled=0\b/, 'stopped'],
  [/\b(?:undo\s+info-center\s+enable|info-center\s+disable|no\s+logging\s+(?:on|host|buffered))\b/i, 'stopped'],
  [/\b(?:undo\s+info-center\s+loghost|no\s+logging\b)/i, 'narrowed'],
  [/\b(?:rm|shred|truncate)\b[^|;&]*\/var\/(?:log|audit)\b/, 'cleared'],
  [/>\s*\/var\/log\/\S+/, 'cleared'],
  [/\b(?:cp|ln|dd|mv)\b[^|;&]*\/dev\/null\b[^|;&]*\/var\/(?:log|audit)\b/, 'cleared'],
  [/\b(?:mv|sed\s+-i\S*)\b[^|;&]*\/var\/(?:log|audit)\b/, 'cleared'],
  [/\bauditctl\s+-[aA]\s*(?:never,|\S+,never\b)/, 'narrowed'],
  [/\bsed\s+-i\b.*\b(?:auditd?|audit\.rules|r?syslog(?:-ng)?|journald|filebeat)\S*\.(?:conf|rules|yml)\b/, 'narrowed'],
  [/\bjournalctl\b.*--vacuum/, 'cleared'],
  [/\b(?:wevtutil(?:\.exe)?\s+(?:cl|clear-log)|Clear-EventLog)\b/i, 'cleared'],
  [/\bauditpol(?:\.exe)?\b.*(?:\/clear|\/success:disable|\/failure:disable)/i, 'narrowed'],
  [/\bNOAUDIT\b/i, 'narrowed'],
  [/\b(?:pgaudit\.log\w*|log_statement|log_connections)\b['"]?\s*(?:=|TO)\s*['"]?(?:none|off|false|0)\b/i, 'narrowed'],
  [/\b(?:general_log|audit_log\w*|server_audit_logging)\s*=\s*['"]?(?:off|0|none)\b/i, 'narrowed'],
  [/(?:停止|关闭|停用|禁用)\s*(?:安全)?审计|审计(?:功能)?(?:已)?(?:停止|关闭|停用|禁用)/, 'stopped'],
  [/(?:清空|清除|删除)\s*(?:系统|安全|审计)?日志/, 'cleared'],
];

/** Only what acts on a system can stop its auditing. */
export function mayStopAuditing({ action, outcome }: Event): boolean {
  if (outcome === 'failure') return false;
  return action === 'command' || action === 'configure' || action === 'maintain' || action === 'update';
}

/** How the event stopped, cleared or narrowed an audit; undefined when it did not. */
export function auditStopOf(event: Event): AuditStop | undefined {
  const windows = attributeOf(event, 'winlog.event_id') ?? attributeOf(event, 'event.code');
  if (windows !== undefined && Object.hasOwn(WINDOWS, windows)) return WINDOWS[windows];
  if (attributeOf(event, 'audit_enabled') === '0') return 'stopped';
  const said = attributeOf(event, 'command') ?? attributeOf(event, 'statement') ?? event.message;
  return COMMANDS.find(([pattern]) => pattern.test(said.slice(0, 2048)))?.[1];
}
