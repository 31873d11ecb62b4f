import { isIP } from 'node:net';
import { attributeOf, type Event } from './event.ts';
import { OCSF_CLASSES, OCSF_SEVERITIES, OCSF_VERSION } from './ocsf-classes.ts';

/** An OCSF object: what is not stated is not there. */
export type OcsfObject = Record<string, unknown>;

/** The object without the members that say nothing: undefined, '', empty lists and empty objects. */
export function compact(members: OcsfObject): OcsfObject | undefined {
  const kept: OcsfObject = {};
  for (const [name, value] of Object.entries(members)) {
    if (value === undefined || value === '' || (Array.isArray(value) && value.length === 0)) continue;
    kept[name] = value;
  }
  return Object.keys(kept).length === 0 ? undefined : kept;
}

/** Members that every OCSF record has: class, category, activity, type, severity, time. An unknown class is a base event. */
export function classification(classUid: number, activityId: number, severity: number): OcsfObject {
  const known = OCSF_CLASSES[classUid] ?? OCSF_CLASSES[0]!;
  const activity =
    known.activities[activityId] !== undefined || activityId === 0 || activityId === 99 ? activityId : 99;
  const activityName = known.activities[activity] ?? (activity === 0 ? 'Unknown' : 'Other');
  const severityId = OCSF_SEVERITIES[severity] === undefined ? 0 : severity;
  return {
    ...{ class_uid: known.uid, class_name: known.caption },
    ...{ category_uid: known.categoryUid, category_name: known.categoryName },
    ...{ activity_id: activity, activity_name: activityName },
    ...{ type_uid: known.uid * 100 + activity, type_name: `${known.caption}: ${activityName}` },
    ...{ severity_id: severityId, severity: OCSF_SEVERITIES[severityId] },
  };
}

/** `metadata` of a record of ours. */
export function metadataOf(uid: string, loggedTime: number, rest: OcsfObject = {}): OcsfObject {
  const product = { name: 'Wanglou', vendor_name: 'Wanglou' };
  return compact({ version: OCSF_VERSION, product, uid, logged_time: loggedTime, ...rest })!;
}

/**
 * An event as OCSF 1.9 sees it. What OCSF has no attribute for (rows, data subjects, purpose, grant, …) is our extension,
 * `unmapped.wanglou`; free attributes are `unmapped.attributes`. formats/ocsf-json.ts reads it back.
 */
export function toOcsf(event: Event): OcsfObject {
  const status = event.outcome === 'success' ? 1 : event.outcome === 'failure' ? 2 : 0;
  const record: OcsfObject = {
    ...classification(event.classUid, event.activityId, event.severity),
    time: event.time,
    ...{ status_id: status, status: ['Unknown', 'Success', 'Failure'][status], status_detail: event.fault },
    message: event.message,
    metadata: metadataOf(event.id, event.ingestTime, {
      ...{ log_name: event.source, log_provider: event.service, sequence: event.sequence },
    }),
    ...membersOf(event),
    raw_data: event.raw,
    unmapped: compact({ wanglou: extensionOf(event), attributes: attributesOf(event) }),
  };
  return compact(record)!;
}

/** What OCSF 1.9 has no attribute for; names in its style. Documented in formats/README.md. */
function extensionOf(event: Event): OcsfObject | undefined {
  return compact({
    ...{ action: event.action, rows: event.rows || undefined, bytes: event.bytes || undefined },
    ...{ asset: event.asset, asset_level: event.assetLevel, fields: event.fields, data_subjects: event.dataSubjects },
    ...{ system: event.system, plane: event.plane, actor: event.actor, person: event.person },
    ...{ department: event.department, vendor: event.vendor, contract: event.contract, role: event.role },
    ...{ privileged: event.privileged || undefined, purpose: event.purpose, case_number: event.caseNumber },
    ...{ grant: event.grant, recipient: event.recipient, work_order: event.workOrder, target: event.target },
    ...{ authenticated_source: event.authenticated || undefined, format: event.format },
  });
}

/** Free attributes as an object; the first of a name counts. No prototype, since names come from outside. */
function attributesOf(event: Event): OcsfObject | undefined {
  if (event.attributes.length === 0) return undefined;
  const attributes = Object.create(null) as OcsfObject;
  for (let i = event.attributes.length - 2; i >= 0; i -= 2) attributes[event.attributes[i]!] = event.attributes[i + 1];
  return attributes;
}

/** The members that depend on the class. */
function membersOf(event: Event): OcsfObject {
  switch (event.classUid) {
    case 6005:
      return { ...accessMembers(event), ...datastoreMembers(event) };
    case 6003:
      return { ...accessMembers(event), ...apiMembers(event) };
    case 3002:
      return { user: userOf(event), ...authenticationMembers(event) };
    case 3003:
      return {
        user: userOf(event),
        session: sessionOf(event),
        src_endpoint: sourceOf(event),
        dst_endpoint: hostOf(event),
      };
    case 3001:
    case 3007:
      return { ...managementMembers(event), user: compact({ name: event.target }) ?? { name: 'unknown' } };
    case 3006:
      return { ...managementMembers(event), ...groupMembers(event) };
    case 3008:
      return { ...managementMembers(event), iam_role: compact({ name: event.target }) };
    case 1007:
      return { actor: actorOf(event), device: deviceOf(event), process: processOf(event) };
    default:
      return {};
  }
}

function accessMembers(event: Event): OcsfObject {
  return { actor: actorOf(event), src_endpoint: sourceOf(event), dst_endpoint: hostOf(event) };
}

function datastoreMembers(event: Event): OcsfObject {
  const query = attributeOf(event, 'statement');
  const database = attributeOf(event, 'database') ?? event.system;
  return {
    database: compact({ name: database || event.asset }),
    ...{ table: compact({ name: event.asset, uid: event.asset }), type_id: event.asset === '' ? 1 : 3 },
    query_info: query === undefined ? undefined : compact({ query_string: query, bytes: event.bytes || undefined }),
  };
}

function apiMembers(event: Event): OcsfObject {
  const status = attributeOf(event, 'status');
  const method = attributeOf(event, 'method');
  return {
    api: { operation: method ?? (event.action || 'call'), service: compact({ name: event.system || event.service }) },
    http_request: compact({
      http_method: method,
      url: compact({ path: event.asset, query_string: attributeOf(event, 'query'), hostname: event.system }),
      user_agent: attributeOf(event, 'userAgent'),
      referrer: attributeOf(event, 'referrer'),
    }),
    http_response:
      status !== undefined && /^[1-5]\d\d$/.test(status) ? { code: Number(status), length: event.bytes } : undefined,
    resources: event.asset === '' ? undefined : [{ name: event.asset }],
  };
}

function authenticationMembers(event: Event): OcsfObject {
  return {
    src_endpoint: sourceOf(event),
    dst_endpoint: hostOf(event),
    service: compact({ name: event.service }),
    session: sessionOf(event),
    is_remote: event.clientAddress === '' ? undefined : true,
  };
}

function managementMembers(event: Event): OcsfObject {
  return { actor: actorOf(event), src_endpoint: sourceOf(event) };
}

/** Where a group is named beside the target, the target is its member. */
function groupMembers(event: Event): OcsfObject {
  const group = attributeOf(event, 'group') ?? event.role;
  if (group === '') return { group: compact({ name: event.target }) ?? { name: 'unknown' } };
  return { group: { name: group }, user: compact({ name: event.target }) };
}

function userOf(event: Event): OcsfObject {
  return compact({ name: event.account, full_name: event.person, uid: event.actor }) ?? { name: 'unknown' };
}

function actorOf(event: Event): OcsfObject {
  return compact({ user: userOf(event), session: sessionOf(event) })!;
}

function sessionOf(event: Event): OcsfObject | undefined {
  return compact({ uid: event.session });
}

function sourceOf(event: Event): OcsfObject | undefined {
  const isAddress = isIP(event.clientAddress) !== 0;
  const hostname = isAddress ? undefined : event.clientAddress;
  return compact({ ip: isAddress ? event.clientAddress : undefined, hostname, name: event.device });
}

function hostOf(event: Event): OcsfObject | undefined {
  return compact({ hostname: event.host, name: event.system, svc_name: event.service });
}

function deviceOf(event: Event): OcsfObject {
  return compact({ hostname: event.host, type_id: 0 })!;
}

function processOf(event: Event): OcsfObject {
  const line = attributeOf(event, 'command') ?? event.message;
  return compact({ cmd_line: line, name: line.split(' ', 1)[0] }) ?? { name: 'unknown' };
}
