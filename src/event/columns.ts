import type { AssetLevel, Event, Outcome } from './event.ts';

/**
 * How events lie in ClickHouse Native blocks: in the records of the `events` topic and in the inserts of the store. The
 * table `events` has these columns, by these names and with types that take these.
 */
export interface ColumnOf<Kind extends ColumnKind> {
  field: keyof Event;
  /** snake_case of the field. */
  name: string;
  kind: Kind;
  /** ClickHouse type as written into the block. */
  type: string;
  /** `event[field]` and its assignment, as code of its own per field: 8 ns a cell instead of 25 by computed name. */
  get: (event: Event) => ValueOf[Kind];
  set: (event: Event, value: ValueOf[Kind]) => void;
}

/** The encodings that occur, by ClickHouse type. `strings` and `pairs` are string arrays in an event. */
export const COLUMN_TYPES = {
  uuid: 'UUID',
  time: "DateTime64(3, 'UTC')",
  count: 'UInt64',
  code: 'UInt32',
  small: 'UInt8',
  flag: 'Bool',
  string: 'String',
  strings: 'Array(String)',
  pairs: 'Map(String, String)',
} as const;

export type ColumnKind = keyof typeof COLUMN_TYPES;

interface ValueOf {
  uuid: string;
  time: number;
  count: number;
  code: number;
  small: number;
  flag: boolean;
  string: string;
  strings: readonly string[];
  pairs: readonly string[];
}

export type Column = { [Kind in ColumnKind]: ColumnOf<Kind> }[ColumnKind];

/** Fixed when an event is appended; the store takes their bytes over as they are. */
export const BASE: readonly Column[] = [
  column(
    'id',
    'uuid',
    (e) => e.id,
    (e, v) => (e.id = v),
  ),
  column(
    'time',
    'time',
    (e) => e.time,
    (e, v) => (e.time = v),
  ),
  column(
    'ingestTime',
    'time',
    (e) => e.ingestTime,
    (e, v) => (e.ingestTime = v),
  ),
  column(
    'sequence',
    'count',
    (e) => e.sequence,
    (e, v) => (e.sequence = v),
  ),
  column(
    'source',
    'string',
    (e) => e.source,
    (e, v) => (e.source = v),
  ),
  column(
    'authenticated',
    'flag',
    (e) => e.authenticated,
    (e, v) => (e.authenticated = v),
  ),
  column(
    'format',
    'string',
    (e) => e.format,
    (e, v) => (e.format = v),
  ),
  column(
    'fault',
    'string',
    (e) => e.fault,
    (e, v) => (e.fault = v),
  ),
  column(
    'classUid',
    'code',
    (e) => e.classUid,
    (e, v) => (e.classUid = v),
  ),
  column(
    'activityId',
    'small',
    (e) => e.activityId,
    (e, v) => (e.activityId = v),
  ),
  column(
    'severity',
    'small',
    (e) => e.severity,
    (e, v) => (e.severity = v),
  ),
  column(
    'action',
    'string',
    (e) => e.action,
    (e, v) => (e.action = v),
  ),
  column(
    'outcome',
    'string',
    (e) => e.outcome,
    (e, v) => (e.outcome = v as Outcome),
  ),
  column(
    'account',
    'string',
    (e) => e.account,
    (e, v) => (e.account = v),
  ),
  column(
    'clientAddress',
    'string',
    (e) => e.clientAddress,
    (e, v) => (e.clientAddress = v),
  ),
  column(
    'device',
    'string',
    (e) => e.device,
    (e, v) => (e.device = v),
  ),
  column(
    'session',
    'string',
    (e) => e.session,
    (e, v) => (e.session = v),
  ),
  column(
    'host',
    'string',
    (e) => e.host,
    (e, v) => (e.host = v),
  ),
  column(
    'service',
    'string',
    (e) => e.service,
    (e, v) => (e.service = v),
  ),
  column(
    'fields',
    'strings',
    (e) => e.fields,
    (e, v) => (e.fields = v),
  ),
  column(
    'rows',
    'count',
    (e) => e.rows,
    (e, v) => (e.rows = v),
  ),
  column(
    'bytes',
    'count',
    (e) => e.bytes,
    (e, v) => (e.bytes = v),
  ),
  column(
    'dataSubjects',
    'strings',
    (e) => e.dataSubjects,
    (e, v) => (e.dataSubjects = v),
  ),
  column(
    'purpose',
    'string',
    (e) => e.purpose,
    (e, v) => (e.purpose = v),
  ),
  column(
    'caseNumber',
    'string',
    (e) => e.caseNumber,
    (e, v) => (e.caseNumber = v),
  ),
  column(
    'grant',
    'string',
    (e) => e.grant,
    (e, v) => (e.grant = v),
  ),
  column(
    'recipient',
    'string',
    (e) => e.recipient,
    (e, v) => (e.recipient = v),
  ),
  column(
    'workOrder',
    'string',
    (e) => e.workOrder,
    (e, v) => (e.workOrder = v),
  ),
  column(
    'target',
    'string',
    (e) => e.target,
    (e, v) => (e.target = v),
  ),
  column(
    'message',
    'string',
    (e) => e.message,
    (e, v) => (e.message = v),
  ),
  column(
    'attributes',
    'pairs',
    (e) => e.attributes,
    (e, v) => (e.attributes = v),
  ),
  column(
    'raw',
    'string',
    (e) => e.raw,
    (e, v) => (e.raw = v),
  ),
];

/** What detection may rewrite by enrichment: they come last in a block, so that only they are encoded again. */
export const ENRICHED: readonly Column[] = [
  column(
    'actor',
    'string',
    (e) => e.actor,
    (e, v) => (e.actor = v),
  ),
  column(
    'person',
    'string',
    (e) => e.person,
    (e, v) => (e.person = v),
  ),
  column(
    'department',
    'string',
    (e) => e.department,
    (e, v) => (e.department = v),
  ),
  column(
    'vendor',
    'string',
    (e) => e.vendor,
    (e, v) => (e.vendor = v),
  ),
  column(
    'contract',
    'string',
    (e) => e.contract,
    (e, v) => (e.contract = v),
  ),
  column(
    'role',
    'string',
    (e) => e.role,
    (e, v) => (e.role = v),
  ),
  column(
    'privileged',
    'flag',
    (e) => e.privileged,
    (e, v) => (e.privileged = v),
  ),
  column(
    'system',
    'string',
    (e) => e.system,
    (e, v) => (e.system = v),
  ),
  column(
    'plane',
    'string',
    (e) => e.plane,
    (e, v) => (e.plane = v),
  ),
  column(
    'asset',
    'string',
    (e) => e.asset,
    (e, v) => (e.asset = v),
  ),
  column(
    'assetLevel',
    'string',
    (e) => e.assetLevel,
    (e, v) => (e.assetLevel = v as AssetLevel),
  ),
];

export const COLUMNS: readonly Column[] = [...BASE, ...ENRICHED];

/** Where an event lies in the event log; only the store has these, after the columns of the event. */
export const PLACE = [
  { name: 'partition', type: 'UInt16' },
  { name: 'offset', type: 'UInt64' },
  { name: 'index', type: 'UInt32' },
] as const;

function column<Kind extends ColumnKind>(
  field: keyof Event,
  kind: Kind,
  get: ColumnOf<Kind>['get'],
  set: ColumnOf<Kind>['set'],
): ColumnOf<Kind> {
  const name = field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return { field, name, kind, type: COLUMN_TYPES[kind], get, set };
}
