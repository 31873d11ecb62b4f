import type { AuditEntry } from '../access/audit/entry.ts';
import { COLUMNS, type ColumnKind } from '../event/columns.ts';
import type { Event } from '../event/event.ts';
import type { QueuedFinding } from '../finding/finding-filter.ts';
import type { RecordKind } from './export-job.ts';
import type { CellType, ColumnFrom, TableColumn } from './table.ts';

/** A row of the ledger of what was passed on. */
export interface Passing {
  id: string;
  time: number;
  ingestTime: number;
  asset: string;
  action: string;
  actor: string;
  department: string;
  vendor: string;
  system: string;
  recipient: string;
  rows: number;
  bytes: number;
  fields: readonly string[];
  grant: string;
  purpose: string;
}

/** The records that each kind is made of. */
export interface RecordOf {
  events: Event;
  findings: QueuedFinding;
  audit: AuditEntry;
  sharing: Passing;
}

const TYPES: Partial<Record<ColumnKind, CellType>> = {
  time: 'time',
  count: 'integer',
  code: 'integer',
  small: 'integer',
  flag: 'flag',
};

const events = COLUMNS.map(({ field, kind }): ColumnFrom<Event> => ({
  name: field,
  type: TYPES[kind] ?? 'text',
  of: kind === 'pairs' ? (event) => pairsOf(event[field] as readonly string[]) : (event) => event[field],
}));

/** As an object; the first of a name counts. No prototype, since names come from outside. */
function pairsOf(pairs: readonly string[]): object {
  const named = Object.create(null) as Record<string, string>;
  for (let at = pairs.length - 2; at >= 0; at -= 2) named[pairs[at]!] = pairs[at + 1]!;
  return named;
}

const findings = [
  ...named<QueuedFinding>('text', ['id', 'detector', 'severity']),
  column<QueuedFinding>('titleZh', 'text', ({ title }) => title.zh),
  column<QueuedFinding>('titleEn', 'text', ({ title }) => title.en),
  ...named<QueuedFinding>('time', ['raisedAt', 'firstTime', 'lastTime', 'causedAt']),
  ...named<QueuedFinding>('number', ['score']),
  ...named<QueuedFinding>('integer', ['revision', 'count']),
  column<QueuedFinding>('status', 'text', ({ life }) => life?.status ?? 'new'),
  column<QueuedFinding>('disposition', 'text', ({ life }) => life?.disposition),
  column<QueuedFinding>('assignee', 'text', ({ life }) => life?.assignee),
  column<QueuedFinding>('reason', 'text', ({ life }) => life?.reason),
  ...named<QueuedFinding>('text', ['actor', 'person', 'department', 'vendor', 'system', 'source', 'asset']),
  ...named<QueuedFinding>('text', ['assetLevel', 'clientAddress']),
  ...named<QueuedFinding>('number', ['observed', 'expected', 'threshold']),
  ...named<QueuedFinding>('text', ['unit', 'baseline', 'groupKey', 'suppression']),
  column<QueuedFinding>('explanationZh', 'text', ({ explanation }) => explanation.zh),
  column<QueuedFinding>('explanationEn', 'text', ({ explanation }) => explanation.en),
  ...named<QueuedFinding>('text', ['eventIds', 'techniques', 'cites']),
];

const audit = [
  ...named<AuditEntry>('text', ['id']),
  ...named<AuditEntry>('time', ['at', 'recordedAt']),
  ...named<AuditEntry>('text', [
    'account',
    'roles',
    'action',
    'object',
    'outcome',
    'code',
    'reason',
    'asked',
    'digest',
  ]),
  ...named<AuditEntry>('integer', ['rows', 'count']),
  ...named<AuditEntry>('text', ['address', 'session', 'request']),
];

const sharing = [
  ...named<Passing>('text', ['id']),
  ...named<Passing>('time', ['time', 'ingestTime']),
  ...named<Passing>('text', ['asset', 'action', 'actor', 'department', 'vendor', 'system', 'recipient']),
  ...named<Passing>('integer', ['rows', 'bytes']),
  ...named<Passing>('text', ['fields', 'grant', 'purpose']),
];

const COLUMNS_OF: { [Kind in RecordKind]: readonly ColumnFrom<RecordOf[Kind]>[] } = {
  events,
  findings,
  audit,
  sharing,
};

/** The columns of a kind, those that are named, or all. */
export function columnsOf<Kind extends RecordKind>(
  kind: Kind,
  names?: readonly string[],
): readonly ColumnFrom<RecordOf[Kind]>[] {
  const all: readonly ColumnFrom<RecordOf[Kind]>[] = COLUMNS_OF[kind];
  return names === undefined ? all : names.flatMap((name) => all.find((one) => one.name === name) ?? []);
}

export function columnNames(kind: RecordKind): string[] {
  return COLUMNS_OF[kind].map(({ name }: TableColumn) => name);
}

function named<Row>(type: CellType, names: readonly (keyof Row & string)[]): ColumnFrom<Row>[] {
  return names.map((name) => column<Row>(name, type, (row) => row[name]));
}

function column<Row>(name: string, type: CellType, of: (row: Row) => unknown): ColumnFrom<Row> {
  return { name, type, of };
}
