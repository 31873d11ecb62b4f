import { ACTIONS, type Event } from '../event.ts';
import { shortestAddress } from './address.ts';
import { fill, type TextField } from './field-names.ts';
import { flatten, valueIn, type Flat } from './flatten.ts';
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
  ['actor.app_name', 'service'],
  ['database.name', 'system'],
  ['dst_endpoint.name', 'system'],
  ['table.name', 'asset'],
  ['table.uid', 'asset'],
  ['resources.0.name', 'asset'],
  ['databucket.name', 'asset'],
  ['http_request.url.path', 'asset'],
  ['api.operation', 'asset'],
  ['message', 'message'],
];

/** Events of the Open Cybersecurity Schema Framework, ours (ocsf.ts writes them, extension under `unmapped`) and others'. */
export const ocsfJson: JsonShape = {
  name: 'ocsf',

  fits(record) {
    return typeof record['class_uid'] === 'number';
  },

  read(record, event, context) {
    const flat = flatten(record);
    event.classUid = wholeNumber(valueIn(flat, 'class_uid'));
    event.activityId = wholeNumber(valueIn(flat, 'activity_id'));
    event.severity = Math.min(6, wholeNumber(valueIn(flat, 'severity_id')));
    const status = valueIn(flat, 'status_id');
    event.outcome = status === '1' ? 'success' : status === '2' ? 'failure' : '';
    readExtension(flat, event);
    readUser(flat, event);
    for (const [path, field] of PATHS) {
      const value = valueIn(flat, path);
      if (value !== '') fill(event, field, value);
    }
    event.clientAddress = shortestAddress(valueIn(flat, 'src_endpoint.ip'));
    event.bytes ||= wholeNumber(valueIn(flat, 'http_response.length'));
    event.action ||= actionOf(event);
    for (let i = 0; i < flat.length; i += 2) if (!isTaken(flat[i]!)) state(event, flat[i]!, flat[i + 1]!);
    const time = valueIn(flat, 'time');
    return time === '' ? '' : setTime(time, event, context);
  },
};

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
