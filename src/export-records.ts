import type { RecordOf } from './exports/columns.ts';
import type { RecordKind, RecordQuery } from './exports/export-job.ts';
import type { AuditAction, AuditEntry } from './access/audit/entry.ts';
import type { QueuedFinding } from './finding/finding-filter.ts';
import { stateOf } from './finding/lifecycle.ts';
import { AuditQueries } from './store/audit-queries.ts';
import { ExportQueries } from './store/export-queries.ts';
import { StoreQueries } from './store/queries.ts';
import { QueueQueries } from './store/queue-queries.ts';
import type { StoreReader } from './store/reader.ts';

const PAGE = 1_000;
const AUDIT_PAGE = 5_000;

/** Records of any query as they are stored, some thousand at a time: events and what was passed on the oldest first, the others the newest. */
export function recordsOf<Kind extends RecordKind>(
  reader: StoreReader,
  query: Extract<RecordQuery, { of: Kind }>,
): AsyncIterable<readonly RecordOf[Kind][]> {
  return batchesOf(reader, query) as AsyncIterable<readonly RecordOf[Kind][]>;
}

/** How many a query has. */
export function countOf(reader: StoreReader, query: RecordQuery): Promise<number> {
  const queries = new ExportQueries(reader);
  if (query.of === 'events') return queries.countEvents(query.filter);
  if (query.of === 'sharing') return queries.countSharing({ ...query.range, asOf: query.asOf });
  if (query.of === 'audit') return queries.countAudit(untilAsOf(query.search, query.asOf));
  const filter = untilAsOf(query.filter, query.asOf);
  return new QueueQueries(reader).counts(filter, new Map()).then(({ total }) => total);
}

function batchesOf(reader: StoreReader, query: RecordQuery): AsyncIterable<readonly unknown[]> {
  if (query.of === 'events') return new ExportQueries(reader).events(query.filter);
  if (query.of === 'sharing') return new ExportQueries(reader).sharing({ ...query.range, asOf: query.asOf });
  return query.of === 'audit' ? auditOf(reader, query) : findingsOf(reader, query);
}

async function* auditOf(
  reader: StoreReader,
  { search, asOf }: Extract<RecordQuery, { of: 'audit' }>,
): AsyncGenerator<readonly AuditEntry[]> {
  const queries = new AuditQueries(reader);
  const { action, ...stated } = untilAsOf(search, asOf);
  const asked = { ...stated, action: action as AuditAction | undefined, limit: AUDIT_PAGE };
  for (let cursor: string | undefined; cursor !== '';) {
    const { entries, next } = await queries.search({ ...asked, cursor });
    if (entries.length > 0) yield entries;
    cursor = next;
  }
}

async function* findingsOf(
  reader: StoreReader,
  { filter, asOf }: Extract<RecordQuery, { of: 'findings' }>,
): AsyncGenerator<readonly QueuedFinding[]> {
  const [queue, queries] = [new QueueQueries(reader), new StoreQueries(reader)];
  const asked = { limit: PAGE, unsettled: new Map<string, never>() };
  for (let cursor: string | undefined; cursor !== '';) {
    const page = await queue.page(untilAsOf(filter, asOf), { ...asked, ...(cursor !== undefined && { cursor }) });
    const lives = Map.groupBy(
      (await queries.lifeEvents(page.findings.map(({ id }) => id))).filter(({ at }) => at <= asOf),
      ({ finding }) => finding,
    );
    if (page.findings.length > 0)
      yield page.findings.map((finding) => ({ ...finding, life: stateOf(lives.get(finding.id) ?? []) }));
    cursor = page.next;
  }
}

/** What happened after the time that an export is as of is not of it. */
function untilAsOf<Range extends { to?: number | undefined }>(range: Range, asOf: number): Range {
  return { ...range, to: Math.min(range.to ?? Infinity, asOf + 1) };
}
