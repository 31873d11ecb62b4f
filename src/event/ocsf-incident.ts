import type { Severity } from '../finding/finding.ts';
import type { Incident } from '../finding/incident.ts';
import { classification, compact, metadataOf, type OcsfObject } from './ocsf.ts';

const SEVERITY_IDS: Readonly<Record<Severity, number>> = { low: 2, medium: 3, high: 4, critical: 5 };

/** The class wants to know who has it. */
const UNASSIGNED = 'unassigned';

/** An incident as OCSF 1.9 sees it: Incident Finding (2005) with a finding_info for each step. */
export function incidentToOcsf(incident: Incident): OcsfObject {
  return compact({
    ...classification(2005, incident.revision > 1 ? 2 : 1, SEVERITY_IDS[incident.severity]),
    ...{ time: incident.causedAt, start_time: incident.firstTime, end_time: incident.lastTime },
    ...{ count: incident.steps.length, message: incident.explanation.en, desc: incident.explanation.en },
    metadata: metadataOf(incident.id, incident.causedAt, { sequence: incident.revision }),
    ...{ status_id: 1, status: 'New', assignee_group: { name: UNASSIGNED } },
    finding_info_list: incident.steps.map((step) => ({
      ...{ uid: step.finding, title: step.title.en, desc: step.explanation.en },
      ...{ first_seen_time: step.firstTime, last_seen_time: step.lastTime, created_time: step.causedAt },
      analytic: { name: step.detector, uid: step.detector, type_id: 1 },
    })),
    unmapped: {
      wanglou: compact({
        ...{ correlation: incident.correlation, title_zh: incident.title.zh, explanation_zh: incident.explanation.zh },
        ...{ link: incident.link, linked_by: incident.linkedBy, actor: incident.actor, vendor: incident.vendor },
        ...{ department: incident.department, asset: incident.asset, system: incident.system },
        ...{
          asset_level: incident.assetLevel,
          revision: incident.revision,
          alert: incident.alert,
          score: incident.score,
        },
      }),
    },
  })!;
}
