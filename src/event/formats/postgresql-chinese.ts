/** What PostgreSQL writes with `lc_messages = zh_CN` (versions 9 to 17), and the English that the readers know. */

const SEVERITIES: ReadonlyMap<string, string> = new Map([
  ...([
    ['日志', 'LOG'],
    ['错误', 'ERROR'],
    ['致命错误', 'FATAL'],
    ['灾难性错误', 'PANIC'],
    ['比致命错误还过分的错误', 'PANIC'],
    ['警告', 'WARNING'],
    ['注意', 'NOTICE'],
    ['信息', 'INFO'],
    ['调试', 'DEBUG'],
  ] as const),
  ...([
    ['详情', 'DETAIL'],
    ['详细信息', 'DETAIL'],
    ['提示', 'HINT'],
    ['上下文', 'CONTEXT'],
    ['背景', 'CONTEXT'],
    ['语句', 'STATEMENT'],
    ['查询', 'QUERY'],
  ] as const),
]);

/** Every Chinese severity, the longest first, as alternatives of a regular expression. */
export const CHINESE_SEVERITIES = [...SEVERITIES.keys()].sort((a, b) => b.length - a.length).join('|');

/** The English name of a severity. */
export function englishSeverity(name: string): string {
  return SEVERITIES.get(name) ?? name;
}

const DURATION = /^(?:耗时|执行时间): ([\d.]{1,20}) ms {0,2}/;

const MESSAGES: readonly (readonly [RegExp, string])[] = [
  [/^语句: /, 'statement: '],
  [/^执行 (.{1,100}?): /, 'execute $1: '],
  [/^(?:已接收到连接|收到连接|接收到连接): /, 'connection received: '],
  [/^复制连接已?授权: (?:用户|user)=/, 'replication connection authorized: user='],
  [/^连接已?授权: (?:用户|user)=/, 'connection authorized: user='],
  [/^连接已通过身份认证: /, 'connection authenticated: '],
  [/^断开连接: 会话时[长间]: /, 'disconnection: session time: '],
  [/^用户 "([^"]{0,255})" .{0,40}认证失败/, 'authentication failed for user "$1"'],
  [
    /^没有(?:适用于|用于)主机 "([^"]{0,255})", 用户 "([^"]{0,255})", 数据库 "([^"]{0,255})"/,
    'no pg_hba.conf entry for host "$1", user "$2", database "$3"',
  ],
  [/^角色 "([^"]{0,255})" 不存在/, 'role "$1" does not exist'],
  [/^数据库 "([^"]{0,255})" 不存在/, 'database "$1" does not exist'],
  [/^访问数据库 "([^"]{0,255})" 的权限不[足够]/, 'permission denied for database "$1"'],
  [/^对(?:表|外部表|视图|物化视图|关系) "?(\S{1,255}?)"? 的?权限不[足够]/, 'permission denied for table $1'],
  [/^对模式 "?(\S{1,255}?)"? 的?权限不[足够]/, 'permission denied for schema $1'],
];

/** The message with its fixed words in English, as far as the readers know them; any other message as it is. */
export function englishMessage(message: string): string {
  if (!(message.charCodeAt(0) > 0x2e7f)) return message;
  const duration = DURATION.exec(message);
  const rest = duration === null ? message : message.slice(duration[0].length);
  for (const [chinese, english] of MESSAGES)
    if (chinese.test(rest)) {
      const translated = rest.replace(chinese, english);
      return duration === null ? translated : `duration: ${duration[1]!} ms  ${translated}`;
    }
  return message;
}
