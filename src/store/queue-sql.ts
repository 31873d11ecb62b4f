import { ANY, NAMED, NONE, wordsOf, type FindingFilter, type Grouping, type Named } from '../finding/finding-filter.ts';
import type { LifeState } from '../finding/lifecycle.ts';

/** What a query needs beyond what its filter does. */
export interface Needs {
  severity?: boolean;
  status?: boolean;
  group?: Grouping;
}

export interface QueueSql {
  /** One row a finding: id, raised_at, and as far as they are needed latest_severity, status, latest_<field>, incident. */
  from: string;
  /** Conditions on those rows. */
  where: string;
  /** What is grouped by, and its titles as aggregates; '' when nothing is. */
  group: string;
  titles: { zh: string; en: string };
  values: Record<string, unknown>;
}

const ALL = '4294967295';
const TEXT =
  "concatWithSeparator('\\n', title_zh, title_en, explanation_zh, explanation_en, actor, asset, client_address, person, " +
  'department, vendor, system, source, detector, toString(id))';
const OF_INCIDENT = 'SELECT arrayJoin(findings) FROM incidents_latest';

/**
 * The findings that pass a filter, as SQL. Only columns that are asked about are read, each of the latest revision. A finding
 * is closed, or reopened by what detection said after, by the same rules as in src/finding/lifecycle.ts.
 */
export function queueSql(filter: FindingFilter, unsettled: ReadonlyMap<string, LifeState>, needs: Needs): QueueSql {
  const values: Record<string, unknown> = { ...filter };
  const before: string[] = [];
  const where = ['1'];
  const columns = new Set<string>(needs.severity ? ['severity'] : []);
  const latest = (column: string): string => {
    columns.add(column);
    return `latest_${column}`;
  };
  // A finding that was raised since has the revision which raised it, and the latest one, among those caused since.
  if (filter.from !== undefined) before.push('caused_at >= fromUnixTimestamp64Milli({from:Int64})');
  if (filter.from !== undefined) where.push('raised_at >= fromUnixTimestamp64Milli({from:Int64})');
  if (filter.to !== undefined) where.push('raised_at < fromUnixTimestamp64Milli({to:Int64})');
  if (filter.ids !== undefined) before.push('id IN {ids:Array(UUID)}');
  if (filter.incident === NONE) before.push(`id NOT IN (${OF_INCIDENT})`);
  else if (filter.incident !== undefined) before.push(`id IN (${OF_INCIDENT} WHERE id = {incident:UUID})`);
  if (filter.severity !== undefined) where.push(`has({severity:Array(String)}, toString(${latest('severity')}))`);
  if (filter.suppressed !== undefined) where.push(`(${latest('suppression')} = '') = ({suppressed:String} = 'no')`);
  for (const field of NAMED) if (filter[field] !== undefined) where.push(named(latest(field), field, filter[field]));
  const words = wordsOf(filter.text ?? '');
  for (const [n, word] of words.entries()) {
    values[`word${n}`] = word;
    where.push(`position(content, {word${n}:String}) > 0`);
  }
  const group = needs.group === undefined || needs.group === 'incident' ? '' : latest(needs.group);
  if (needs.group === 'detector') ['title_zh', 'title_en'].forEach(latest);

  const { status, disposition, assignee } = filter;
  const hasLife = needs.status === true || [status, disposition, assignee].some((one) => one !== undefined);
  if (status !== undefined) where.push('has({status:Array(String)}, status)');
  if (disposition !== undefined) where.push('has({disposition:Array(String)}, disposition)');
  if (assignee !== undefined) where.push(named('assignee', 'assignee', assignee));

  const findings = `SELECT id, maxIf(caused_at, alert OR revision = 1) AS raised_at,
      maxIf(revision, alert) AS told_revision
      ${[...columns].map((column) => `, argMax(${column}, revision) AS latest_${column}`).join('')}
      ${words.length > 0 ? `, lowerUTF8(argMax(${TEXT}, revision)) AS content` : ''}
    FROM findings ${before.length > 0 ? `WHERE ${before.join(' AND ')}` : ''} GROUP BY id`;
  const parts = [`SELECT latest.* ${hasLife ? `, lives.assignee, lives.disposition, ${STATUS} AS status` : ''}`];
  const isByIncident = needs.group === 'incident';
  if (isByIncident) parts.push(', incidents.key AS incident, incidents.zh AS incident_zh, incidents.en AS incident_en');
  parts.push(`FROM (${findings}) AS latest`);
  if (hasLife) parts.push(`LEFT ANY JOIN (${lives(unsettled, values)}) AS lives ON latest.id = lives.id`);
  if (isByIncident) parts.push(`LEFT JOIN (${INCIDENTS}) AS incidents ON latest.id = incidents.id`);
  return {
    from: `(${parts.join('\n')}) AS queue`,
    where: where.join(' AND '),
    group: isByIncident ? 'incident' : group,
    titles: titlesOf(needs.group),
    values,
  };
}

const INCIDENTS =
  'SELECT arrayJoin(findings) AS id, toString(incidents_latest.id) AS key, title_zh AS zh, title_en AS en FROM incidents_latest';

const STATUS = `multiIf(lives.act = '', 'new', lives.act = 'closed' AND latest.told_revision > lives.closed_revision, 'reopened', lives.act)`;

/** What people's decisions came to, one row a finding that they touched; `act` is that of the last change of status. */
function lives(unsettled: ReadonlyMap<string, LifeState>, values: Record<string, unknown>): string {
  const stored = `SELECT finding AS id,
      argMaxIf(did, (at, entry), did IN ('acknowledged', 'closed', 'reopened')) AS act,
      argMaxIf(seen, (at, entry), did = 'closed') AS closed_revision,
      argMaxIf(closed_as, (at, entry), did = 'closed') AS disposition,
      argMaxIf(given_to, (at, entry), did = 'assigned') AS assignee
    FROM (
      SELECT finding, id AS entry, at, toString(act) AS did, revision AS seen, toString(disposition) AS closed_as,
        assignee AS given_to
      FROM triage
      WHERE act IN ('acknowledged', 'assigned', 'closed', 'reopened')
        AND toString(id) NOT IN (SELECT undoes FROM triage WHERE act = 'undone')
        ${unsettled.size > 0 ? 'AND finding NOT IN {unsettled:Array(UUID)}' : ''}
    ) GROUP BY finding`;
  if (unsettled.size === 0) return stored;
  const states = [...unsettled.values()];
  values['unsettled'] = [...unsettled.keys()];
  values['unsettledAct'] = states.map(({ status }) => (status === 'new' ? '' : status));
  values['unsettledDisposition'] = states.map(({ disposition }) => disposition);
  values['unsettledAssignee'] = states.map(({ assignee }) => assignee);
  return `${stored} UNION ALL
    SELECT state.1 AS id, state.2 AS act, ${ALL} AS closed_revision, state.3 AS disposition, state.4 AS assignee
    FROM (SELECT arrayJoin(arrayZip({unsettled:Array(UUID)}, {unsettledAct:Array(String)},
      {unsettledDisposition:Array(String)}, {unsettledAssignee:Array(String)})) AS state)`;
}

function named(column: string, field: Named | 'assignee', wanted: string): string {
  if (wanted === NONE) return `${column} = ''`;
  return wanted === ANY ? `${column} != ''` : `${column} = {${field}:String}`;
}

function titlesOf(group: Grouping | undefined): QueueSql['titles'] {
  if (group === 'incident') return { zh: 'any(incident_zh)', en: 'any(incident_en)' };
  if (group === 'detector') return { zh: 'any(latest_title_zh)', en: 'any(latest_title_en)' };
  return { zh: "''", en: "''" };
}
