import { ACTIONS, attributeOf, type Event } from '../event.ts';
import { addressOrName, shortestAddress } from './address.ts';
import { fill, type TextField } from './field-names.ts';
import { flatten, scalarText, valueIn, type Flat } from './flatten.ts';
import { state } from './format.ts';
import type { JsonShape } from './json.ts';
import { CLASS } from './outcome.ts';
import { wholeNumber } from './scan.ts';
import { setTime } from './named-values.ts';

/** OCSF attribute paths and the field they fill; for one field the first that is there counts. */
const PATHS: readonly (readonly [path: string, field: TextField])[] = [
  ['actor.user.name', 'account'],
  ['actor.user.email_addr', 'account'],
  ['actor.user.uid', 'account'],
  ['actor.user.full_name', 'person'],
  ['actor.user.org.ou_name', 'department'],
  ['actor.session.uid', 'session'],
  ['session.uid', 'session'],
  ['src_endpoint.name', 'device'],
  ['src_endpoint.hostname', 'device'],
  ['dst_endpoint.hostname', 'host'],
  ['device.hostname', 'host'],
  ['dst_endpoint.svc_name', 'service'],
  ['service.name', 'service'],
  ['api.service.name', 'service'],
  ['actor.app_name', 'service'],
  ['database.name', 'system'],
  ['dst_endpoint.name', 'system'],
  ['table.name', 'asset'],
  ['table.uid', 'asset'],
  ['resources.0.name', 'asset'],
  ['databucket.name', 'asset'],
  ['http_request.url.hostname', 'system'],
  ['http_request.url.path', 'asset'],
  ['api.operation', 'asset'],
  ['message', 'message'],
];

/** OCSF attribute paths and the attribute of ours that says the same, as the other formats state it and ocsf.ts writes it back. */
const ATTRIBUTES = new Map([
  ['http_request.http_method', 'method'],
  ['http_request.url.query_string', 'query'],
  ['http_request.user_agent', 'userAgent'],
  ['http_request.referrer', 'referrer'],
  ['http_response.code', 'status'],
  ['query_info.query_string', 'statement'],
  ['database.name', 'database'],
  ['process.cmd_line', 'command'],
  ['src_endpoint.port', 'port'],
]);

const FREE = 'unmapped.attributes.';

/** Events of the Open Cybersecurity Schema Framework, ours (ocsf.ts writes them, extension under `unmapped`) and others'. */
export const ocsfJson: JsonShape = {
  name: 'ocsf',

  fits(record) {
    return /^\d{1,9}$/.test(scalarText(record['class_uid']));
  },

  read(record, event, context) {
    const flat = flatten(record);
    event.classUid = wholeNumber(valueIn(flat, 'class_uid'));
    event.activityId = wholeNumber(valueIn(flat, 'activity_id'));
    const severity = wholeNumber(valueIn(flat, 'severity_id'));
    event.severity = severity <= 6 ? severity : 0;
    event.outcome = outcomeOf(flat);
    readExtension(flat, event);
    readUser(flat, event);
    for (const [path, field] of PATHS) {
      const value = valueIn(flat, path);
      if (value !== '') fill(event, field, value);
    }
    readClient(flat, event);
    event.bytes ||= wholeNumber(valueIn(flat, 'http_response.length'));
    event.action ||= actionOf(event);
    keepRest(flat, event);
    const time = valueIn(flat, 'time');
    return time === '' ? '' : setTime(time, event, context);
  },
};

function outcomeOf(flat: Flat): Event['outcome'] {
  const status = valueIn(flat, 'status_id') || valueIn(flat, 'status').toLowerCase();
  if (status === '1' || status === 'success') return 'success';
  if (status === '2' || status === 'failure') return 'failure';
  const code = wholeNumber(valueIn(flat, 'http_response.code'));
  return code < 100 || code > 599 ? '' : code < 400 ? 'success' : 'failure';
}

function readClient(flat: Flat, event: Event): void {
  const ip = valueIn(flat, 'src_endpoint.ip');
  event.clientAddress = shortestAddress(ip) || addressOrName(valueIn(flat, 'src_endpoint.hostname'));
}

/** Attributes under our names for them; those that ocsf.ts wrote come back under their own. */
function keepRest(flat: Flat, event: Event): void {
  for (let i = 0; i < flat.length; i += 2) {
    const path = flat[i]!;
    const name = ATTRIBUTES.get(path);
    if (name !== undefined) state(event, name, flat[i + 1]!);
    else if (path.startsWith(FREE)) stateOnce(path.slice(FREE.length), flat[i + 1]!, event);
    else if (!isTaken(path) && !isDerived(path, flat)) state(event, path, flat[i + 1]!);
  }
}

function stateOnce(name: string, value: string, event: Event): void {
  if (attributeOf(event, name) === undefined) state(event, name, value);
}

/** Captions and sums of what the ids say; for 99 (Other) the caption says more. */
const DERIVED: Readonly<Record<string, string>> = {
  ...{ activity_name: 'activity_id', type_name: 'activity_id', type_uid: 'class_uid', class_name: 'class_uid' },
  ...{ category_uid: 'class_uid', category_name: 'class_uid', severity: 'severity_id', status: 'status_id' },
  status_id: 'status_id',
};

function isDerived(path: string, flat: Flat): boolean {
  return Object.hasOwn(DERIVED, path) && valueIn(flat, DERIVED[path]!) !== '99';
}

/** In Authentication and Authorize Session the `user` is who signs in; in the management classes it is the target. */
function readUser(flat: Flat, event: Event): void {
  const user = valueIn(flat, 'user.name') || valueIn(flat, 'user.uid');
  const isActor = event.classUid === CLASS.authentication || event.classUid === CLASS.authorizeSession;
  if (isActor) event.account = user;
  else if (event.classUid >= 3000 && event.classUid < 4000)
    event.target ||= user || valueIn(flat, 'group.name') || valueIn(flat, 'iam_role.name');
}

const EXTENSION = 'unmapped.wanglou.';

/** What OCSF has no attribute for: written by ocsf.ts, read back here. */
function readExtension(flat: Flat, event: Event): void {
  for (let i = 0; i < flat.length; i += 2) {
    if (!flat[i]!.startsWith(EXTENSION)) continue;
    const name = flat[i]!.slice(EXTENSION.length);
    const value = flat[i + 1]!;
    if (name === 'rows' || name === 'bytes') event[name] = wholeNumber(value);
    else if (name === 'data_subjects') event.dataSubjects = value.split(', ');
    else if (name === 'fields') event.fields = value.split(', ');
    else if (name === 'privileged') event.privileged = value === 'true';
    else if (name === 'case_number') event.caseNumber = value;
    else if (name === 'work_order') event.workOrder = value;
    else if (name === 'action' && (ACTIONS as readonly string[]).includes(value)) event.action = value;
    else if (isTextField(name)) fill(event, name, value);
  }
}

const TEXT_FIELDS = [
  'vendor',
  'contract',
  'purpose',
  'grant',
  'recipient',
  'target',
  'asset',
  'role',
  'system',
  'person',
  'department',
] as const;

function isTextField(name: string): name is (typeof TEXT_FIELDS)[number] {
  return (TEXT_FIELDS as readonly string[]).includes(name);
}

const TAKEN = new Set([
  ...PATHS.map(([path]) => path),
  'time',
  'class_uid',
  'activity_id',
  'severity_id',
  'src_endpoint.ip',
]);

function isTaken(path: string): boolean {
  return TAKEN.has(path) || path.startsWith(EXTENSION);
}

const ACTIONS_OF: Readonly<Record<number, readonly string[]>> = {
  [CLASS.datastore]: ['', 'read', 'update', 'connect', 'query', 'update', 'create', 'delete', 'query'],
  [CLASS.api]: ['', 'create', 'read', 'update', 'delete'],
  [CLASS.authentication]: ['', 'sign-in', 'sign-out'],
  [CLASS.process]: ['', 'command'],
  [CLASS.accountChange]: ['', 'account-create', ...Array<string>(4).fill('account-change'), 'account-delete'],
  [CLASS.userManagement]: [
    ...['', 'account-create', 'account-change', 'account-delete', ...Array<string>(10).fill('account-change')],
    ...['grant', 'revoke', 'grant', 'revoke'],
  ],
  [CLASS.groupManagement]: ['', 'grant', 'revoke', 'grant', 'revoke', 'account-delete', 'account-create'],
  [CLASS.roleManagement]: [
    '',
    'account-create',
    'account-change',
    'account-delete',
    'grant',
    'revoke',
    'grant',
    'revoke',
  ],
};

function actionOf(event: Event): string {
  const fallback = event.classUid === CLASS.api ? 'call' : '';
  return ACTIONS_OF[event.classUid]?.[event.activityId] ?? fallback;
}
