import { z } from 'zod';
import { WanglouError } from '../errors.ts';
import { AUDIT_ACTIONS, AUDIT_OUTCOMES, type AuditAction } from '../access/audit/entry.ts';
import { columnNames } from '../exports/columns.ts';
import {
  EXPORT_FORMATS,
  EXPORT_KINDS,
  type ExportWish,
  type RecordKind,
  type RecordQuery,
} from '../exports/export-job.ts';
import { checked, time } from './answers.ts';
import { filterOf, SEARCHES } from './finding-search.ts';
import { eventFilterOf, HUNTING_SEARCHES, type Knows } from './hunting-search.ts';
import { SQL_REQUESTS } from './routes/sql.ts';

const DEFAULT_ZONE = 'Asia/Shanghai';
const DAY_MS = 86_400_000;
/** A range that names no beginning. */
const DEFAULT_SPAN_MS: Readonly<Record<'audit' | 'sharing', number>> = { audit: 7 * DAY_MS, sharing: 1_125 * DAY_MS };

const name = z.string().min(1).max(500).optional();
const asOf = time.optional().describe('Only what had been taken in by then; now when absent.');
const range = { from: time.optional(), to: time.optional(), asOf };
const actions = Object.keys(AUDIT_ACTIONS) as [AuditAction, ...AuditAction[]];

const queries = {
  events: HUNTING_SEARCHES.filter.omit({ run: true }),
  findings: SEARCHES.counts.extend({ asOf }),
  audit: z.strictObject({
    ...range,
    actor: name,
    action: z.enum(actions).optional(),
    outcome: z.enum(AUDIT_OUTCOMES).optional(),
  }),
  sharing: z.strictObject({ ...range, asset: name, recipient: name }),
};

/** What a person states. */
export const exportRequest = z.strictObject({
  of: z
    .enum(EXPORT_KINDS, { error: `must be one of ${EXPORT_KINDS.join(', ')}` })
    .describe('`sharing` is the ledger of what was passed on to whom.'),
  query: z
    .record(z.string(), z.union([z.string(), z.record(z.string(), z.unknown())]))
    .default({})
    .describe(
      'The same as in the address of a search of that kind: a filter of hunting, of the queue, a range; of SQL the same as of a run: sql, parameters.',
    ),
  format: z.enum(EXPORT_FORMATS, { error: `must be one of ${EXPORT_FORMATS.join(', ')}` }),
  columns: z
    .array(z.string().max(100))
    .min(1)
    .max(100)
    .optional()
    .describe('In the order of the file; all when absent. NDJSON has whole OCSF records.'),
  zone: z.string().max(60).optional().describe('IANA name of the zone in which times are written.'),
  bom: z.boolean().default(false).describe('A byte order mark before CSV, for spreadsheets that need one.'),
});

/** @throws WanglouError WL_BODY_INVALID, WL_QUERY_INVALID that names what is wrong */
export function exportWishOf(body: unknown, account: string, knows: Knows): ExportWish {
  const { of, query, format, columns, bom, zone } = checked(exportRequest, body, 'WL_BODY_INVALID');
  const choice = of === 'sql' ? [] : columnNames(of);
  const wrong = columns?.find((column, at) => !choice.includes(column) || columns.indexOf(column) < at);
  if (wrong !== undefined)
    throw new WanglouError(
      'WL_BODY_INVALID',
      `columns names ${JSON.stringify(wrong)}, which is none of ${of}, or twice`,
      {
        remedy: of === 'sql' ? 'Name the columns in the query.' : `Use each once of ${choice.join(', ')}.`,
      },
    );
  return {
    query:
      of === 'sql'
        ? { of, ...checked(SQL_REQUESTS.query, query, 'WL_BODY_INVALID') }
        : queryOf(of, query, account, knows),
    ...{ asked: query, format, bom },
    zone: zoneOf(zone ?? (typeof query['zone'] === 'string' ? query['zone'] : DEFAULT_ZONE)),
    ...(columns && { columns }),
  };
}

function queryOf(of: RecordKind, given: object, account: string, knows: Knows): RecordQuery {
  const now = Date.now();
  if (of === 'events') {
    const filter = eventFilterOf(checked(queries.events, given, 'WL_QUERY_INVALID'), knows, now);
    return { of, filter: { ...filter, asOf: Math.min(filter.asOf, now) } };
  }
  if (of === 'findings') {
    const { asOf: until = now, ...stated } = checked(queries.findings, given, 'WL_QUERY_INVALID');
    return { of, filter: filterOf(stated, account), asOf: Math.min(until, now) };
  }
  if (of === 'audit') {
    const { actor, asOf: until = now, ...stated } = checked(queries.audit, given, 'WL_QUERY_INVALID');
    return { of, search: { ...stated, account: actor, ...rangeOf(of, stated, now) }, asOf: Math.min(until, now) };
  }
  const { asOf: until = now, ...stated } = checked(queries.sharing, given, 'WL_QUERY_INVALID');
  return { of, range: { ...stated, ...rangeOf(of, stated, now) }, asOf: Math.min(until, now) };
}

function rangeOf(
  of: 'audit' | 'sharing',
  { from, to = Date.now() }: { from?: number | undefined; to?: number | undefined },
  now: number,
): { from: number; to: number } {
  const begin = from ?? Math.min(to, now) - DEFAULT_SPAN_MS[of];
  if (begin < to) return { from: begin, to };
  throw new WanglouError('WL_QUERY_INVALID', `from (${begin}) is not before to (${to})`, {
    remedy: 'Give a from that lies before to.',
  });
}

function zoneOf(zone: string): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone;
  } catch {
    throw new WanglouError('WL_BODY_INVALID', `zone is ${JSON.stringify(zone)}, which is no time zone`, {
      remedy: 'Use an IANA name such as Asia/Shanghai.',
    });
  }
}
