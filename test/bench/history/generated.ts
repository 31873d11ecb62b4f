/**
 * A year of events as the engine itself makes them: every value is a function of the seed and of the row's number, so that
 * the same SELECT, without the table, says what the table must hold.
 *
 * 8,000 actors, of whom the busiest does 5 % of everything, 400 assets of 80 systems, 40 departments, 20 vendors, 60 sources
 * that each write one of five formats, working days and working hours, messages in Chinese and English. One of 1,000 events
 * comes twice, one of 100 comes hours late, one of 2,000 up to 20 days, one of 1,000 could not be read.
 */
export interface Year {
  seed: number;
  /** Beginning of the first day, UTC, ms since the Unix epoch. */
  from: number;
  events: number;
}

const WHOLE_YEAR = 10_000_000;

/** How many days so many events are spread over: a year, or 40 days for a trial. */
export function lengthOf({ events }: Pick<Year, 'events'>): number {
  return events < WHOLE_YEAR ? 40 : 365;
}
const DAY_MS = 86_400_000;
const ACTORS = 8_000;
const ASSETS = 400;

/** One day of arrival: its events are numbered from `first`. */
export interface Day {
  at: number;
  first: number;
  events: number;
}

/** Words that the generator puts into messages, one of so many events each. */
export const WORDS = [
  { text: '玄武演练', each: 2_000_003, kind: 'rare' },
  { text: 'zephyr-9f27', each: 1_000_003, kind: 'rare' },
  { text: '跨省核验', each: 20_011, kind: 'seldom' },
  { text: 'Reconciliation', each: 30_011, kind: 'seldom' },
  { text: '批量导出审批', each: 211, kind: 'common' },
  { text: 'scheduled task', each: 199, kind: 'common' },
] as const;
/** Which events have the word with that place in the list, by their number. */
export const hasWord = (place: number): string => `k % ${WORDS[place]!.each} = ${3 + place}`;
/** In every third event or so: what a format writes. */
export const FREQUENT_TEXTS = ['查询', 'SELECT', 'accepted'] as const;

/** The days of the year, with twice as many events on working days as on others. */
export function daysOf(year: Year): Day[] {
  const weights = Array.from({ length: lengthOf(year) }, (_, n) => weightOf(year.from + n * DAY_MS));
  const sum = weights.reduce((all, weight) => all + weight, 0);
  let [seen, first] = [0, 0];
  return weights.map((weight, n) => {
    seen += weight;
    const next = Math.round((year.events * seen) / sum);
    const day = { at: year.from + n * DAY_MS, first, events: next - first };
    first = next;
    return day;
  });
}

function weightOf(day: number): number {
  return [0, 6].includes(new Date(day).getUTCDay()) ? 0.5 : 1.2;
}

/** The actor and the asset with that rank: 0 is the busiest. */
export const actorName = (rank: number): string => `u${String(rank).padStart(5, '0')}`;
export const assetName = (number: number): string => `asset_${String(number).padStart(3, '0')}`;
export { ACTORS, ASSETS };

/** Events that come twice, as a condition on their number `k`. */
const REPEATED = 'k % 1000 = 7';

/** Inserts a day's events; `again`: those that come twice, for the second time. */
export function insertOf(year: Year, day: Day, again: boolean): string {
  const names = COLUMNS.map(([name]) => `\`${name}\``).join(', ');
  return `INSERT INTO events (${names}) ${selectOf(
    year,
    [day],
    COLUMNS.map(([name]) => name),
    again ? REPEATED : '1',
  )}`;
}

/** The events of consecutive days, each once: these columns. `condition` may name any column that `numbers` make. */
export function selectOf(year: Year, days: readonly Day[], columns: readonly string[], condition = '1'): string {
  const values = columns.map((name) => `${COLUMNS.find(([known]) => known === name)![1]} AS \`${name}\``);
  const perDay = days.map((day) => {
    const numbers = `SELECT number AS n, n + ${day.first} AS k, n / ${day.events} AS u,
      toInt64(${day.at}) + toInt64(if(u < 0.85, u / 0.85 * 36000000, 36000000 + (u - 0.85) / 0.15 * 50399000)) AS at
      FROM numbers_mt(${day.events}) WHERE ${condition}`;
    return `SELECT ${values.join(', ')} FROM (SELECT *, ${DRAWN(year.seed)} FROM (${numbers}))`;
  });
  return perDay.join(' UNION ALL ');
}

/** What columns have in common, from the number of the event. */
const DRAWN = (seed: number): string => `
  intHash64(k + ${seed} * 1000003) AS h0, intHash64(h0) AS h1, intHash64(h1) AS h2, intHash64(h2) AS h3,
  toUInt32(${ACTORS} * pow((h0 % 1000000) / 1000000, 3)) AS who, intHash64(who) AS wh,
  toUInt32(wh % 40) AS dep, if(who % 10 = 7, toUInt32(wh % 20) + 1, 0) AS ven,
  intDiv(h0, 1000000) % 100 < 15 AS signIn,
  toUInt32((wh + toUInt32(12 * pow((h1 % 10000) / 10000, 2)) * 37) % ${ASSETS}) AS ass,
  ass % 80 AS sys, sys % 60 AS src, src % 20 AS form20,
  multiIf(form20 < 9, 'json', form20 < 13, 'postgres', form20 < 16, 'nginx', form20 < 18, 'sshd', 'auditd') AS form,
  toUInt64(if(signIn, 0, 1 + 5 * pow((h1 % 1000) / 1000, 8) * 2000)) AS touched,
  '10.' || toString(wh % 64) || '.' || toString(intDiv(wh, 64) % 200) || '.' || toString(1 + (intDiv(wh, 12800) + h2 % 2) % 250) AS addr,
  'u' || leftPad(toString(who), 5, '0') AS account_, if(signIn, '', 'asset_' || leftPad(toString(ass), 3, '0')) AS asset_,
  'sys' || leftPad(toString(sys), 2, '0') AS host_,
  ['查询','更新','导出','下载','共享','核对'][1 + least(toUInt32(h2 % 20), 5)] AS verb,
  multiIf(signIn, 'sign-in', ['query','update','export','download','share','read'][1 + least(toUInt32(h2 % 20), 5)]) AS action_,
  ['人口综合库','法人综合库','电子证照库','不动产登记簿','参保人员信息','学生学籍','医疗机构目录','机动车登记','婚姻登记信息','企业登记信息'][1 + ass % 10] AS dataset,
  ['社保待遇核定','户籍业务办理','企业开办一窗通办','不动产转移登记','入学资格审核','低保复核','税务稽查','证照核发','信访办理','数据质量核对','统计分析','应急处置'][1 + h3 % 12] AS aim,
  (intDiv(h2, 100) % 100 < 30) AS hasAim, if(hasAim AND h3 % 3 > 0, '2026-' || ['社','户','企','不','教'][1 + h3 % 5] || '-' || leftPad(toString(h3 % 200000), 6, '0'), '') AS case_,
  multiIf(${WORDS.map(({ text }, n) => `${hasWord(n)}, ' ${text}'`).join(', ')}, '') AS word,
  fromUnixTimestamp64Milli(at, 'Asia/Shanghai') AS local,
  k % 1000 = 3 AS bad,
  multiIf(
    form = 'json' AND src % 2 = 0, verb || dataset || ',返回' || toString(touched) || '条记录,经办人已确认' || word,
    form = 'json', 'Operator ' || action_ || ' on ' || asset_ || ' returned ' || toString(touched) || ' records from cache node ' || toString(h3 % 12) || word,
    form = 'postgres', 'AUDIT: SESSION,' || toString(h3 % 900) || ',1,READ,SELECT,TABLE,public.' || asset_ || ',"SELECT id, name, region FROM ' || asset_ || ' WHERE region = ''' || toString(h3 % 3000) || '''",<none>,' || toString(touched) || word,
    form = 'nginx', addr || ' - ' || account_ || ' "GET /api/' || asset_ || '/' || toString(h3 % 500000) || ' HTTP/1.1" 200 ' || toString(touched * 212) || ' "-" "Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/140.0"' || word,
    form = 'sshd', 'Accepted publickey for ' || account_ || ' from ' || addr || ' port ' || toString(30000 + h3 % 20000) || ' ssh2: ED25519 SHA256:' || hex(wh) || word,
    'type=USER_CMD msg=audit(' || toString(intDiv(at, 1000)) || '.' || toString(h3 % 1000) || ':' || toString(k % 100000) || '): pid=' || toString(h3 % 32768) || ' uid=0 auid=' || toString(1000 + who) || ' cmd="systemctl status app-' || toString(h3 % 40) || '"' || word
  ) AS message_`;

const STAMP = "toString(local) || '+08:00'";
const HEX = "'0123456789abcdef'";

/** Each column of an event, from what was drawn. */
const COLUMNS: readonly (readonly [name: string, value: string])[] = [
  [
    'id',
    `toUUID(if(src % 3 = 0, lower(leftPad(hex(h3), 16, '0')) || '8' || substring(lower(leftPad(hex(h2), 16, '0')), 2), '0190a1b2c3d4' || '8' || '123' || '9' || substring(${HEX}, 1 + src % 16, 1) || substring(${HEX}, 1 + intDiv(src, 16), 1) || '0' || lower(leftPad(hex(toUInt64(k)), 12, '0'))))`,
  ],
  [
    'time',
    `fromUnixTimestamp64Milli(at - toInt64(multiIf(k % 2000 = 11, h3 % 1728000000, k % 100 = 5, h3 % 21600000, h3 % 2000)), 'UTC')`,
  ],
  ['ingest_time', `fromUnixTimestamp64Milli(at, 'UTC')`],
  ['sequence', 'toUInt64(k)'],
  ['source', `'source-' || leftPad(toString(src), 2, '0')`],
  ['authenticated', 'src % 5 != 0'],
  ['format', `if(bad, '', form)`],
  ['fault', `if(bad, 'no time at ' || toString(h3 % 90), '')`],
  ['class_uid', `toUInt32(if(bad, 0, if(signIn, 3002, 6005)))`],
  ['activity_id', `toUInt8(1 + h2 % 3)`],
  ['severity', `toUInt8(1)`],
  ['action', `if(bad, '', action_)`],
  ['outcome', `multiIf(bad, '', h3 % 50 = 0, 'failure', 'success')`],
  ['account', `if(bad, '', account_)`],
  ['client_address', 'addr'],
  ['device', `if(h3 % 4 = 0, 'PC-' || leftPad(toString(wh % 20000), 5, '0'), '')`],
  ['session', `if(h3 % 3 = 0, lower(hex(intHash64(wh + intDiv(at, 3600000)))), '')`],
  ['host', 'host_'],
  ['service', 'form'],
  ['fields', `if(signIn OR h3 % 2 = 0, [], ['name', 'id_card', 'region'])`],
  ['rows', 'if(bad, 0, touched)'],
  ['bytes', 'if(bad, 0, touched * 212)'],
  [
    'data_subjects',
    `if(touched = 1 AND h3 % 4 = 0, ['ds_' || substring(base64URLEncode(toString(intHash64(h3 % 3000000)) || toString(h3 % 3000000)), 1, 22)], [])`,
  ],
  ['purpose', `if(hasAim, aim, '')`],
  ['case_number', 'case_'],
  ['grant', `if(hasAim, 'G-' || leftPad(toString((wh + ass) % 3000), 4, '0'), '')`],
  ['recipient', `if(action_ = 'share', 'dep' || leftPad(toString(h3 % 40), 2, '0'), '')`],
  ['work_order', `if(ven > 0 AND h3 % 3 = 0, 'WO-' || toString(h3 % 900), '')`],
  ['target', `''`],
  ['message', 'message_'],
  [
    'attributes',
    `multiIf(form = 'nginx', map('method', 'GET', 'status', '200', 'path', '/api/' || asset_), form = 'json' AND h3 % 5 = 0, map('query', '姓名=* 区划=' || toString(h3 % 3000)), map())`,
  ],
  [
    'raw',
    `if(form = 'json', '{"kind":"dataset-access","time":"' || ${STAMP} || '","action":"' || action_ || '","account":"' || account_ || '","clientAddress":"' || addr || '","system":"' || host_ || '","asset":"' || asset_ || '","rows":' || toString(touched) || if(hasAim, ',"purpose":"' || aim || '","caseNumber":"' || case_ || '"', '') || ',"message":"' || message_ || '","outcome":"success"}', '<134>1 ' || ${STAMP} || ' ' || host_ || ' ' || form || ' ' || toString(h3 % 32768) || ' - - ' || message_)`,
  ],
  ['actor', `if(bad, '', account_)`],
  ['person', `if(bad, '', 'p' || leftPad(toString(intDiv(who, 2)), 5, '0'))`],
  ['department', `if(bad, '', 'dep' || leftPad(toString(dep), 2, '0'))`],
  ['vendor', `if(bad OR ven = 0, '', 'vendor' || toString(ven))`],
  ['contract', `if(bad OR ven = 0, '', 'C-' || toString(ven))`],
  ['role', `if(who % 40 = 0, 'administrator', 'clerk')`],
  ['privileged', 'who % 40 = 0'],
  ['system', 'host_'],
  ['plane', `if(ven > 0, 'operations', 'business')`],
  ['asset', `if(bad, '', asset_)`],
  [
    'asset_level',
    `if(bad OR signIn, '', ['core','important','important','general-1','general-2','general-3','general-4','general-4'][1 + ass % 8])`,
  ],
  ['partition', 'toUInt16(wh % 4)'],
  ['offset', 'toUInt64(intDiv(k, 1200))'],
  ['index', 'toUInt32(k % 1200)'],
];
