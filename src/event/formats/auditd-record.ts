/** One audit record: its type and its fields, decoded, in order; `msg='…'` and enriched fields are taken apart too. */
export interface AuditRecord {
  type: string;
  /** Seconds.milliseconds as written, or ''. */
  stamp: string;
  serial: string;
  node: string;
  /** Name, value, name, value, …; the first of a name counts. */
  fields: string[];
  /** Free text that stands before the first field (`PAM: session open`, `user`, …). */
  text: string;
}

/** Values that are hex-encoded when the kernel finds a space, a quote or a control character in them. */
const ENCODED = new Set([
  ...[
    'acct',
    'cmd',
    'comm',
    'cwd',
    'data',
    'dir',
    'exe',
    'file',
    'grp',
    'key',
    'name',
    'new',
    'ocomm',
    'path',
    'proctitle',
  ],
  ...['vm', 'watch', 'sw', 'device', 'cgroup', 'acct_new', 'new_group', 'root_dir'],
]);

const TYPES: Readonly<Record<string, string>> = {
  ...{
    1100: 'USER_AUTH',
    1101: 'USER_ACCT',
    1102: 'USER_MGMT',
    1103: 'CRED_ACQ',
    1104: 'CRED_DISP',
    1105: 'USER_START',
  },
  ...{
    1106: 'USER_END',
    1107: 'USER_AVC',
    1108: 'USER_CHAUTHTOK',
    1109: 'USER_ERR',
    1110: 'CRED_REFR',
    1112: 'USER_LOGIN',
  },
  ...{
    1113: 'USER_LOGOUT',
    1114: 'ADD_USER',
    1115: 'DEL_USER',
    1116: 'ADD_GROUP',
    1117: 'DEL_GROUP',
    1123: 'USER_CMD',
  },
  ...{ 1130: 'SERVICE_START', 1131: 'SERVICE_STOP', 1200: 'DAEMON_START', 1201: 'DAEMON_END', 1202: 'DAEMON_ABORT' },
  ...{
    1300: 'SYSCALL',
    1302: 'PATH',
    1305: 'CONFIG_CHANGE',
    1306: 'SOCKADDR',
    1307: 'CWD',
    1309: 'EXECVE',
    1006: 'LOGIN',
  },
  ...{
    1327: 'PROCTITLE',
    1400: 'AVC',
    1320: 'EOE',
    1132: 'GRP_MGMT',
    1133: 'GRP_CHAUTHTOK',
    1136: 'USER_MAC_CONFIG_CHANGE',
  },
};

const MAX_FIELDS = 400;
const MAX_DEPTH = 2;

/** Whether the text begins as an audit record does, in any of its three shapes. */
export function isAuditRecord(text: string): boolean {
  const first = text.charCodeAt(0);
  if (first === 116) return text.startsWith('type=') && text.indexOf(' msg=audit(') > 0; // t
  if (first === 110) return text.startsWith('node=') && text.indexOf(' msg=audit(') > 0; // n
  return text.startsWith('audit(') || text.startsWith('audit: type=');
}

/** Reads one record; anything that is missing stays ''. */
export function readAuditRecord(text: string): AuditRecord {
  const record: AuditRecord = { type: '', stamp: '', serial: '', node: '', fields: [], text: '' };
  const stamp = text.indexOf('audit(');
  const head = text.slice(0, Math.max(0, stamp));
  record.type = typeName(/\btype=(\S+)/.exec(head)?.[1] ?? '');
  record.node = /\bnode=(\S+)/.exec(head)?.[1] ?? '';
  const close = text.indexOf(')', stamp);
  const inside = stamp < 0 || close < 0 ? '' : text.slice(stamp + 6, close);
  const colon = inside.lastIndexOf(':');
  record.stamp = colon < 0 ? inside : inside.slice(0, colon);
  record.serial = colon < 0 ? '' : inside.slice(colon + 1);
  const bodyAt = inside === '' ? 0 : text.charCodeAt(close + 1) === 58 ? close + 2 : close + 1;
  readFields(text.slice(bodyAt).replace('\u001d', ' '), record, 0);
  return record;
}

function typeName(type: string): string {
  const number = /^(?:UNKNOWN\[)?(\d+)\]?$/.exec(type);
  return number === null ? type : (TYPES[number[1]!] ?? type);
}

function readFields(body: string, record: AuditRecord, depth: number): void {
  let at = 0;
  while (at < body.length && record.fields.length < MAX_FIELDS) {
    const equals = body.indexOf('=', at);
    if (equals < 0) break;
    const nameAt = nameStart(body, at, equals);
    if (nameAt > at) addText(body.slice(at, nameAt), record);
    const name = body.slice(nameAt, equals);
    const end = valueEnd(body, equals + 1);
    if (name !== '') add(name, body.slice(equals + 1, end), record, depth);
    at = end;
  }
  if (at < body.length) addText(body.slice(at), record);
}

function nameStart(body: string, from: number, equals: number): number {
  let at = equals;
  while (at > from) {
    const code = body.charCodeAt(at - 1);
    if (code <= 32 || code === 44 || code === 40) break;
    at--;
  }
  return at;
}

function valueEnd(body: string, at: number): number {
  const quote = body.charAt(at);
  if (quote === '"' || quote === "'") {
    const close = quote === "'" ? body.lastIndexOf("'") : body.indexOf('"', at + 1);
    return close > at ? close + 1 : body.length;
  }
  for (let i = at; i < body.length; i++) {
    const code = body.charCodeAt(i);
    if (code <= 32 || (code === 44 && body.charCodeAt(i + 1) === 32)) return i;
  }
  return body.length;
}

function addText(text: string, record: AuditRecord): void {
  let start = 0;
  let end = text.length;
  while (start < end && isFiller(text.charCodeAt(start))) start++;
  while (end > start && isFiller(text.charCodeAt(end - 1))) end--;
  if (start === end) return;
  const words = text.slice(start, end);
  record.text = record.text === '' ? words : `${record.text} ${words}`;
}

/** White space and the punctuation `( ) , :` around words. */
function isFiller(code: number): boolean {
  return code <= 32 || code === 40 || code === 41 || code === 44 || code === 58;
}

function add(name: string, written: string, record: AuditRecord, depth: number): void {
  if (name === 'msg' && written.startsWith("'") && depth < MAX_DEPTH) {
    readFields(written.slice(1, written.endsWith("'") && written.length > 1 ? -1 : undefined), record, depth + 1);
    return;
  }
  const value = decoded(name, written, record.type);
  if (value !== '?' && value !== '(null)' && value !== '(none)') record.fields.push(name, value);
}

function decoded(name: string, written: string, type: string): string {
  if (written.startsWith('"')) return written.slice(1, written.endsWith('"') && written.length > 1 ? -1 : undefined);
  const isArgument = type === 'EXECVE' && /^a\d+(\[\d+\])?$/.test(name);
  const value = written.endsWith(')') && !written.includes('(') ? written.slice(0, -1) : written;
  if (!ENCODED.has(name) && !isArgument) return value;
  if (value.length < 2 || value.length % 2 !== 0 || !/^[0-9A-F]+$/.test(value)) return value;
  return Buffer.from(value, 'hex').toString('utf8').replaceAll('\0', ' ').trimEnd();
}

/** The first value of a name in a record, or ''. */
export function fieldOf(record: AuditRecord, name: string): string {
  for (let i = 0; i + 1 < record.fields.length; i += 2) if (record.fields[i] === name) return record.fields[i + 1]!;
  return '';
}

/** `seconds.ms:serial` of a record, or ''. */
export function readAuditStamp(text: string): string {
  const at = text.indexOf('audit(');
  const close = at < 0 ? -1 : text.indexOf(')', at);
  return close < 0 || close - at > 60 ? '' : text.slice(at + 6, close);
}
