import type { Finding, Severity } from '../finding/finding.ts';
import { classification, compact, metadataOf, type OcsfObject } from './ocsf.ts';

const SEVERITY_IDS: Readonly<Record<Severity, number>> = { low: 2, medium: 3, high: 4, critical: 5 };

/** Whether the finding is about data: then it is a Data Security Finding (2006), else a Detection Finding (2004). */
function isAboutData(finding: Finding): boolean {
  return finding.asset !== '';
}

/**
 * A finding as OCSF 1.9 sees it. The numbers behind it, the legal articles and the Chinese texts are our extension,
 * `unmapped.wanglou`.
 */
export function findingToOcsf(finding: Finding): OcsfObject {
  const classUid = isAboutData(finding) ? 2006 : 2004;
  const record: OcsfObject = {
    ...classification(classUid, finding.revision > 1 ? 2 : 1, SEVERITY_IDS[finding.severity]),
    ...{ time: finding.causedAt, start_time: finding.firstTime, end_time: finding.lastTime, count: finding.count },
    message: finding.explanation.en,
    metadata: metadataOf(finding.id, finding.causedAt, { sequence: finding.revision }),
    ...{ is_alert: finding.alert, risk_score: Math.round(finding.score), status_id: 1, status: 'New' },
    finding_info: informationOf(finding),
    resources:
      finding.asset === '' ? undefined : [{ name: finding.asset, criticality: finding.assetLevel || undefined }],
    ...(isAboutData(finding) ? dataMembers(finding) : evidenceMembers(finding)),
    unmapped: { wanglou: extensionOf(finding) },
  };
  return compact(record)!;
}

function informationOf(finding: Finding): OcsfObject {
  return {
    ...{ uid: finding.id, title: finding.title.en, desc: finding.explanation.en, created_time: finding.causedAt },
    ...{ first_seen_time: finding.firstTime, last_seen_time: finding.lastTime },
    analytic: { name: finding.detector, uid: finding.detector, type_id: finding.baseline === 'none' ? 1 : 2 },
    attacks: finding.techniques.map(({ id, name, version }) => ({ technique: { uid: id, name }, version })),
    related_events: finding.eventIds.map((uid) => ({ uid })),
  };
}

function dataMembers(finding: Finding): OcsfObject {
  return {
    actor: finding.actor === '' ? undefined : { user: { name: finding.actor } },
    src_endpoint: compact({ ip: finding.clientAddress }),
    table: { name: finding.asset },
  };
}

function evidenceMembers(finding: Finding): OcsfObject {
  const evidence = compact({
    actor: finding.actor === '' ? undefined : { user: { name: finding.actor } },
    src_endpoint: compact({ ip: finding.clientAddress }),
  });
  return { evidences: evidence === undefined ? [] : [evidence] };
}

function extensionOf(finding: Finding): OcsfObject {
  return compact({
    ...{ observed: finding.observed, expected: finding.expected, threshold: finding.threshold, unit: finding.unit },
    ...{ window_ms: finding.windowMs, sample_size: finding.sampleSize, baseline: finding.baseline },
    ...{ group_key: finding.groupKey, revision: finding.revision, title_zh: finding.title.zh },
    ...{ explanation_zh: finding.explanation.zh, cites: finding.cites, known_gaps: finding.knownGaps },
    ...{ person: finding.person, department: finding.department, vendor: finding.vendor, system: finding.system },
    ...{ asset_level: finding.assetLevel, source: finding.source },
  })!;
}
