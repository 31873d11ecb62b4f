import type { AuditEntry } from '../access/audit/entry.ts';
import { emptyEvent } from '../event/event.ts';
import { findingToOcsf } from '../event/ocsf-finding.ts';
import { classification, compact, metadataOf, toOcsf, type OcsfObject } from '../event/ocsf.ts';
import type { Passing, RecordOf } from './columns.ts';
import type { RecordKind } from './export-job.ts';

/** OCSF 1.9 of a record of each kind. */
export const OCSF_OF: { [Kind in RecordKind]: (record: RecordOf[Kind]) => OcsfObject } = {
  events: toOcsf,
  findings: ({ life, ...finding }) => {
    const record = findingToOcsf(finding);
    return life === undefined ? record : { ...record, unmapped: { ...(record['unmapped'] as object), life } };
  },
  audit: auditToOcsf,
  sharing: sharingToOcsf,
};

/** API activity of whoever did it; the whole record is our extension. */
function auditToOcsf(entry: AuditEntry): OcsfObject {
  const status = entry.outcome === 'success' ? 1 : entry.outcome === 'unknown' ? 0 : 2;
  return compact({
    ...classification(6003, 99, 1),
    ...{ time: entry.at, status_id: status, status: ['Unknown', 'Success', 'Failure'][status] },
    ...{ status_code: entry.code, message: `${entry.action} ${entry.object}` },
    metadata: metadataOf(entry.id, entry.recordedAt),
    actor: { user: { name: entry.account || 'unknown' } },
    api: { operation: entry.action, service: { name: 'wanglou' } },
    src_endpoint: compact({ ip: entry.address }),
    unmapped: { audit: entry },
  })!;
}

/** Datastore activity, as the event that it follows from. */
function sharingToOcsf(passing: Passing): OcsfObject {
  return toOcsf({ ...emptyEvent(), ...passing, classUid: 6005, activityId: 99, severity: 1, outcome: 'success' });
}
