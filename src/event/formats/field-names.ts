import type { Event } from '../event.ts';

/** The event fields that a named JSON value can fill. */
export type TextField =
  | ('account' | 'role' | 'department' | 'vendor' | 'person' | 'contract' | 'device' | 'session' | 'system' | 'host')
  | ('service' | 'asset' | 'purpose' | 'caseNumber' | 'grant' | 'recipient' | 'workOrder' | 'target' | 'message');

/** What a well-known name means: a text field, or one of the readings that need more than a copy. */
export type Meaning =
  | TextField
  | 'time'
  | 'address'
  | 'action'
  | 'outcome'
  | 'rows'
  | 'bytes'
  | 'method'
  | 'path'
  | 'status'
  | 'severity'
  | 'requestLine';

const NAMES_OF: Readonly<Record<Meaning, readonly string[]>> = {
  time: [
    ...[
      '@timestamp',
      'timestamp',
      'time',
      'ts',
      'datetime',
      'date',
      'event_time',
      'eventtime',
      'time_local',
      'time_iso8601',
    ],
    ...[
      'timereported',
      'logtime',
      'log_time',
      'access_time',
      'request_time_iso8601',
      'msec',
      'started_at',
      'start_time',
    ],
    ...['operation_time', 'operatetime', 'oper_time', 'created', 'create_time', 'requestreceivedtimestamp'],
  ],
  account: [
    ...[
      'user.name',
      'user',
      'username',
      'user_name',
      'account',
      'login',
      'remote_user',
      'user.id',
      'userid',
      'user_id',
    ],
    ...[
      'operator',
      'enduser.id',
      'user.email',
      'principal',
      'actor',
      'actor.name',
      'account_name',
      'auth_user',
      'userName',
    ],
    ...['user.username', 'consumer.username', 'oper_name', 'opername', 'login_name', 'loginname', 'subject.name'],
  ],
  address: [
    ...[
      'source.ip',
      'client.ip',
      'source.address',
      'client.address',
      'client_ip',
      'clientip',
      'remote_addr',
      'remote_ip',
    ],
    ...['src_ip', 'srcip', 'source_ip', 'sourceip', 'ip', 'ip_address', 'ipaddress', 'client_addr', 'remotehost'],
    ...['http.client_ip', 'net.peer.ip', 'network.peer.address', 'sourceips', 'source_ip_address', 'sourceipaddress'],
    ...['remote_host', 'client', 'host_ip', 'oper_ip', 'operip'],
  ],
  host: ['host.name', 'host.hostname', 'hostname', 'host', 'fromhost', 'server_name', 'agent.hostname', 'node'],
  service: [
    ...['service.name', 'process.name', 'service', 'program', 'app_name', 'appname', 'app', 'syslogtag', 'programname'],
    ...['log.syslog.appname', 'application', 'logger_name', 'service.type', 'event.module'],
  ],
  device: ['device', 'device.id', 'device_id', 'deviceid', 'user_agent.device.name', 'terminal'],
  session: ['session.id', 'session_id', 'sessionid', 'session', 'sid'],
  system: ['system', 'system_name', 'system_id', 'http_host', 'url.domain', 'server.address', 'vhost'],
  asset: [
    ...['asset', 'dataset', 'dataset_id', 'resource', 'object', 'table', 'table_name', 'resource_name', 'interface'],
    ...['db.collection.name', 'db.sql.table', 'http.route', 'api', 'api_name', 'service_id', 'objectref.resource'],
  ],
  path: [
    'url.path',
    'request_uri',
    'uri',
    'url',
    'path',
    'request.uri',
    'url.original',
    'url.full',
    'http.target',
    'requesturi',
  ],
  method: ['http.request.method', 'request_method', 'method', 'http.method', 'request.method', 'http_method'],
  requestLine: ['request', 'request_line', 'requestline', 'http_request'],
  status: [
    ...['http.response.status_code', 'status', 'status_code', 'statuscode', 'http_status', 'response.status'],
    ...['http.status_code', 'response_code', 'responsestatus.code', 'response_status'],
  ],
  action: [
    'event.action',
    'action',
    'operation',
    'db.operation.name',
    'db.operation',
    'operate_type',
    'oper_type',
    'event_type',
    'verb',
  ],
  outcome: ['event.outcome', 'outcome', 'result', 'success', 'auth_result', 'login_result'],
  rows: [
    ...['rows', 'row_count', 'rowcount', 'records', 'record_count', 'result_count', 'db.response.returned_rows'],
    ...['rows_affected', 'rows_returned', 'affected_rows', 'count', 'total'],
  ],
  bytes: [
    ...['http.response.body.bytes', 'http.response.bytes', 'bytes', 'body_bytes_sent', 'bytes_sent', 'response.size'],
    ...['http.response.body.size', 'response_size', 'size', 'upstream_response_length', 'response_length'],
  ],
  severity: [
    ...['log.level', 'level', 'severity', 'log_level', 'loglevel', 'log.syslog.severity.code', 'syslog.severity'],
    ...['syslog_severity', 'priority', 'severitytext', 'levelname'],
  ],
  role: ['user.roles', 'role', 'roles'],
  department: ['department', 'dept', 'organization.name', 'dept_name'],
  vendor: ['vendor', 'vendor_name'],
  person: ['user.full_name', 'person', 'real_name', 'realname'],
  contract: ['contract', 'contract_id'],
  purpose: ['purpose', 'purpose_code'],
  caseNumber: ['case_number', 'casenumber', 'case_no', 'case_id'],
  grant: ['grant', 'grant_id', 'authorization_id'],
  recipient: ['recipient', 'destination', 'destination.name', 'share_to'],
  workOrder: ['work_order', 'workorder', 'ticket', 'ticket_id', 'order_no'],
  target: ['target', 'user.target.name', 'target_user', 'targetuser', 'user.effective.name', 'group.name'],
  message: ['message', 'msg', 'log', 'body', 'text', 'event.original', 'short_message', 'description'],
};

/** Well-known names (ECS, OpenTelemetry, gateways, plain habit), in lower case, and how good a name each is for its field. */
const BY_NAME = new Map<string, { meaning: Meaning; rank: number }>();
for (const meaning of Object.keys(NAMES_OF) as Meaning[])
  NAMES_OF[meaning].forEach((name, rank) => BY_NAME.set(name.toLowerCase(), { meaning, rank }));

/** What a JSON name means and its rank (the lower, the surer), or undefined. */
export function meaningOf(name: string): { meaning: Meaning; rank: number } | undefined {
  return BY_NAME.get(name) ?? BY_NAME.get(name.toLowerCase());
}

/** Sets a text field that nothing has filled yet. @returns whether it took the value. */
export function fill(event: Event, field: TextField, value: string): boolean {
  if (event[field] !== '') return false;
  event[field] = value;
  return true;
}
