/** Queries as people who hunt write them, over all tables and constructs; written for these tests. */

const HAND_WRITTEN = `
SELECT count() FROM events
SELECT count() FROM events FINAL WHERE action = 'export'
SELECT e.account, f.detector FROM events AS e FINAL JOIN findings AS f FINAL ON f.actor = e.actor
SELECT account FROM events PREWHERE action = 'export' ORDER BY time LIMIT 5
SELECT rowNumberInAllBlocks() AS place, account FROM events LIMIT 3
SELECT count(*) AS n, min(time), max(time) FROM events
SELECT source, count() AS n FROM events GROUP BY source ORDER BY n DESC LIMIT 20
SELECT * FROM events WHERE time >= now() - INTERVAL 1 DAY ORDER BY time DESC LIMIT 100
SELECT id, time, account, action, asset, rows FROM events WHERE action = 'export' AND rows > 1000
SELECT account, uniq(asset) AS assets FROM events WHERE outcome = 'success' GROUP BY account HAVING assets > 10
SELECT account, countIf(outcome = 'failure') AS failed, countIf(outcome = 'success') AS ok FROM events GROUP BY account HAVING failed > 5 AND ok > 0
SELECT toStartOfHour(time) AS hour, count() FROM events GROUP BY hour ORDER BY hour WITH FILL STEP toIntervalHour(1)
SELECT toStartOfInterval(time, INTERVAL 15 MINUTE) AS slot, uniqExact(client_address) FROM events GROUP BY slot ORDER BY slot
SELECT toHour(toTimeZone(time, 'Asia/Shanghai')) AS h, count() FROM events WHERE toDayOfWeek(time) > 5 GROUP BY h ORDER BY h
SELECT account, groupUniqArray(5)(client_address) AS addresses FROM events GROUP BY account HAVING length(addresses) > 1
SELECT account, client_address, min(time) AS first_seen FROM events GROUP BY account, client_address HAVING first_seen > now() - INTERVAL 7 DAY
SELECT * FROM (SELECT account, time, lagInFrame(client_address) OVER (PARTITION BY account ORDER BY time) AS before, client_address FROM events) WHERE before != '' AND before != client_address
SELECT account, time, rows, sum(rows) OVER (PARTITION BY account ORDER BY time ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS total FROM events
SELECT account, time, rows, avg(rows) OVER w AS usual FROM events WINDOW w AS (PARTITION BY account ORDER BY time ROWS BETWEEN 10 PRECEDING AND 1 PRECEDING)
SELECT account, row_number() OVER (PARTITION BY account ORDER BY time DESC) AS place FROM events QUALIFY place <= 3
SELECT account, rank() OVER (ORDER BY sum(rows) DESC) AS place, sum(rows) AS total FROM events GROUP BY account
SELECT account, dense_rank() OVER (PARTITION BY department ORDER BY sum(bytes) DESC) FROM events GROUP BY account, department
SELECT account, first_value(asset) OVER (PARTITION BY account ORDER BY time), last_value(asset) OVER (PARTITION BY account ORDER BY time) FROM events
SELECT account, ntile(4) OVER (ORDER BY sum(rows)) FROM events GROUP BY account
WITH daily AS (SELECT account, toDate(time) AS day, sum(rows) AS n FROM events GROUP BY account, day) SELECT account, avg(n), stddevPop(n), max(n) FROM daily GROUP BY account
WITH daily AS (SELECT account, toDate(time) AS day, sum(rows) AS n FROM events GROUP BY account, day), usual AS (SELECT account, quantile(0.95)(n) AS p95 FROM daily GROUP BY account) SELECT d.account, d.day, d.n, u.p95 FROM daily AS d JOIN usual AS u USING (account) WHERE d.n > 3 * u.p95
WITH 'export' AS wanted SELECT count() FROM events WHERE action = wanted
WITH ('export', 'download') AS wanted SELECT account, count() FROM events WHERE action IN wanted GROUP BY account
WITH (SELECT max(time) FROM events) AS latest SELECT count() FROM events WHERE time > latest - INTERVAL 1 HOUR
WITH RECURSIVE days AS (SELECT toDate('2026-01-01') AS d UNION ALL SELECT d + 1 FROM days WHERE d < toDate('2026-01-10')) SELECT d FROM days
WITH RECURSIVE chain AS (SELECT recipient AS node, 1 AS depth FROM diffusion WHERE asset = 'residents' UNION ALL SELECT d.recipient, c.depth + 1 FROM diffusion AS d JOIN chain AS c ON d.department = c.node WHERE c.depth < 4) SELECT * FROM chain
WITH events AS (SELECT * FROM events WHERE source = 'hr') SELECT action, count() FROM events GROUP BY action
SELECT e.account, f.detector, f.severity FROM events AS e INNER JOIN findings AS f ON e.actor = f.actor
SELECT f.id, f.detector, t.act, t.at, t.by FROM findings f LEFT JOIN triage t ON t.finding = f.id ORDER BY t.at
SELECT f.id FROM findings f LEFT ANTI JOIN triage t ON t.finding = f.id
SELECT f.id FROM findings f LEFT SEMI JOIN triage t ON t.finding = f.id
SELECT e.id, p.score FROM events e ASOF LEFT JOIN (SELECT id AS department, minute, score FROM posture WHERE scope = 'department') p ON e.department = p.department AND e.time >= p.minute
SELECT a.asset, a.day, u.n FROM asset_use AS a FULL OUTER JOIN (SELECT asset, count() AS n FROM diffusion GROUP BY asset) AS u USING asset
SELECT e.id, f.id FROM events e CROSS JOIN findings f LIMIT 10
SELECT e.id FROM events e, findings f WHERE e.actor = f.actor
SELECT e.account FROM events e ANY LEFT JOIN findings f ON f.actor = e.actor
SELECT f.id, e FROM findings AS f ARRAY JOIN event_ids AS e
SELECT f.id, e.message FROM (SELECT id, arrayJoin(event_ids) AS event FROM findings) AS f JOIN events AS e ON e.id = f.event
SELECT id, k, v FROM events ARRAY JOIN mapKeys(attributes) AS k, mapValues(attributes) AS v
SELECT id, x FROM events LEFT ARRAY JOIN fields AS x
SELECT attributes['user_agent'] AS agent, count() FROM events GROUP BY agent ORDER BY 2 DESC
SELECT count() FROM events WHERE mapContains(attributes, 'referer')
SELECT arrayJoin(fields) AS field, count() FROM events GROUP BY field ORDER BY count() DESC LIMIT 10
SELECT account, arrayDistinct(arrayFlatten(groupArray(fields))) FROM events GROUP BY account
SELECT account, arraySort(x -> -x, groupArray(rows)) AS sizes FROM events GROUP BY account
SELECT account, arrayMap(x -> x / 1000, groupArray(rows)) FROM events GROUP BY account
SELECT account, arrayFilter((x, y) -> y > 10, groupArray(asset), groupArray(rows)) FROM events GROUP BY account
SELECT account, arrayReduce('quantile(0.9)', groupArray(rows)) FROM events GROUP BY account
SELECT arrayMap(lower, groupArray(action)), arrayFilter(notEmpty, groupArray(asset)) FROM events
WITH (x -> x * 2) AS doubled SELECT arrayMap(doubled, [1, 2])
SELECT arraySum(sizes), arrayMax(sizes), arraySort(sizes) FROM (SELECT groupArray(rows) AS sizes FROM events)
SELECT arrayFold((acc, x) -> acc + x, [1, 2, 3], toInt64(0))
SELECT account, arrayZip(groupArray(time), groupArray(rows)) FROM events GROUP BY account
SELECT account, arrayExists(x -> x LIKE '%export%', groupArray(action)) AS exported FROM events GROUP BY account
SELECT account, sequenceMatch('(?1).*(?2)')(toDateTime(time), action = 'login' AND outcome = 'failure', action = 'login' AND outcome = 'success') FROM events GROUP BY account
SELECT account, sequenceCount('(?1)(?t<=60)(?2)')(toDateTime(time), action = 'query', action = 'export') AS n FROM events GROUP BY account HAVING n > 0
SELECT account, windowFunnel(3600)(toDateTime(time), action = 'login', action = 'query', action = 'export') AS level FROM events GROUP BY account
SELECT account, retention(toDate(time) = today(), toDate(time) = today() - 1) FROM events GROUP BY account
SELECT quantiles(0.5, 0.9, 0.99)(rows) FROM events
SELECT quantileExactWeighted(0.5)(rows, 1), quantileTDigest(0.9)(bytes), median(rows) FROM events
SELECT topK(10)(account), topKWeighted(5)(asset, rows) FROM events
SELECT uniqCombined(account), uniqHLL12(asset), uniqExactIf(account, privileged) FROM events
SELECT argMax(asset, rows), argMin(time, rows), argMaxIf(asset, rows, action = 'export') FROM events
SELECT sumMap(map(action, rows)) FROM events
SELECT corr(rows, bytes), covarSamp(rows, bytes), skewPop(rows), kurtPop(rows) FROM events
SELECT groupBitOr(activity_id), groupBitmap(class_uid) FROM events
SELECT histogram(5)(rows) FROM events
SELECT entropy(account) FROM events
SELECT source, count() FROM events GROUP BY ROLLUP(source, action)
SELECT department, action, count() FROM events GROUP BY CUBE(department, action)
SELECT department, action, count(), grouping(department) FROM events GROUP BY GROUPING SETS ((department), (action), ())
SELECT department, count() FROM events GROUP BY department WITH TOTALS
SELECT source, action, sum(rows) FROM events GROUP BY ALL ORDER BY ALL
SELECT account, time FROM events ORDER BY time DESC LIMIT 2 BY account
SELECT account, time FROM events ORDER BY time DESC LIMIT 1 OFFSET 1 BY account LIMIT 10
SELECT DISTINCT account, client_address FROM events
SELECT DISTINCT ON (account) account, time FROM events ORDER BY account, time DESC
SELECT TOP 5 account FROM events ORDER BY time
SELECT account FROM events ORDER BY rows DESC LIMIT 5 WITH TIES
SELECT account FROM events ORDER BY rows DESC, time ASC NULLS LAST LIMIT 10 OFFSET 5
SELECT account FROM events ORDER BY time OFFSET 5 ROWS FETCH NEXT 10 ROWS ONLY
FROM events SELECT account, count() GROUP BY account
SELECT account FROM events WHERE action = 'export' UNION ALL SELECT actor FROM findings
SELECT account FROM events UNION DISTINCT SELECT actor FROM diffusion
SELECT actor FROM events INTERSECT SELECT actor FROM findings
SELECT actor FROM events EXCEPT SELECT actor FROM findings
SELECT x FROM ((SELECT 1 AS x) UNION ALL (SELECT 2)) ORDER BY x
SELECT count() FROM events WHERE actor IN (SELECT actor FROM findings WHERE severity = 'critical')
SELECT count() FROM events WHERE (actor, asset) IN (SELECT actor, asset FROM findings)
SELECT count() FROM events WHERE (source, action) IN (('hr', 'export'), ('tax', 'query'))
SELECT count() FROM events WHERE actor NOT IN (SELECT by FROM triage)
SELECT count() FROM events WHERE actor GLOBAL IN (SELECT actor FROM findings)
SELECT count() FROM events WHERE EXISTS (SELECT 1 FROM findings)
SELECT count() FROM findings WHERE severity >= 'high'
SELECT count() FROM events WHERE rows BETWEEN 10 AND 100 AND outcome IS NOT NULL
SELECT count() FROM events WHERE message LIKE '%拒绝%' OR message ILIKE '%denied%'
SELECT count() FROM events WHERE match(message, '(?i)error|fail(ed|ure)') AND NOT match(target, '^/health')
SELECT count() FROM events WHERE multiSearchAny(lower(target), ['union select', 'or 1=1', '../', 'xp_cmdshell'])
SELECT count() FROM events WHERE multiMatchAny(target, ['select.+from', 'sleep\\\\(\\\\d+\\\\)'])
SELECT count() FROM events WHERE hasToken(message, 'denied') OR positionCaseInsensitive(message, 'refused') > 0
SELECT extract(target, 'id=(\\\\d+)') AS id, count() FROM events GROUP BY id
SELECT extractAll(message, '[a-z]+') FROM events LIMIT 3
SELECT extractAllGroups(message, '(\\\\w+)=(\\\\w+)') FROM events LIMIT 3
SELECT replaceRegexpAll(target, '\\\\d+', 'N') AS shape, count() FROM events GROUP BY shape ORDER BY count() DESC
SELECT splitByChar('/', target)[2] AS part, count() FROM events GROUP BY part
SELECT domain(target), path(target), cutQueryString(target), extractURLParameter(target, 'q') FROM events LIMIT 5
SELECT decodeURLComponent(target) FROM events LIMIT 5
SELECT JSONExtractString(raw, 'user') AS u, JSONExtractInt(raw, 'rows'), JSONHas(raw, 'x'), JSONLength(raw) FROM events LIMIT 5
SELECT JSON_VALUE(raw, '$.user.name') FROM events LIMIT 5
SELECT JSONExtract(raw, 'tags', 'Array(String)') FROM events LIMIT 5
SELECT JSONExtractKeysAndValues(attributes['json'], 'String') FROM events LIMIT 5
SELECT list, id, JSONExtractString(entry, 'department') AS department FROM registry WHERE list = 'assets'
SELECT id, argMax(entry, recorded_at) AS entry FROM registry WHERE list = 'grants' GROUP BY id
SELECT id, recorded_at, change FROM registry WHERE list = 'grants' ORDER BY id, recorded_at
SELECT techniques, count() FROM findings GROUP BY techniques
SELECT arrayJoin(JSONExtractArrayRaw(steps)) AS step FROM incidents
SELECT JSONExtractString(arrayJoin(JSONExtractArrayRaw(steps)), 'detector') AS detector, count() FROM incidents GROUP BY detector
SELECT scope, id, min(score) FROM posture WHERE minute > now() - INTERVAL 7 DAY GROUP BY scope, id ORDER BY min(score)
SELECT id, minute, score, score - lagInFrame(score) OVER (PARTITION BY id ORDER BY minute) AS change FROM posture WHERE scope = 'department'
SELECT id, exponentialMovingAverage(3600)(score, toUnixTimestamp(minute)) FROM posture GROUP BY id
SELECT asset, uniq(person) FROM asset_use WHERE day >= today() - 90 GROUP BY asset
SELECT asset, recipient, sum(rows), max(time) FROM diffusion GROUP BY asset, recipient ORDER BY sum(rows) DESC
SELECT asset FROM asset_use WHERE asset NOT IN (SELECT asset FROM diffusion)
SELECT detector, severity, count() FROM findings GROUP BY detector, severity ORDER BY count() DESC
SELECT detector, avg(score), quantile(0.9)(score) FROM findings WHERE alert GROUP BY detector
SELECT by, act, count() FROM triage GROUP BY by, act
SELECT finding, min(at) AS raised, maxIf(at, act = 'closed') AS closed, dateDiff('minute', raised, closed) AS minutes FROM triage GROUP BY finding
SELECT correlation, count(), sum(length(findings)) FROM incidents GROUP BY correlation
SELECT if(rows > 1000, 'many', 'few') AS size, count() FROM events GROUP BY size
SELECT multiIf(rows > 1000, 'many', rows > 10, 'some', 'few') AS size, count() FROM events GROUP BY size
SELECT CASE WHEN outcome = 'failure' THEN 'bad' ELSE 'good' END AS verdict, count() FROM events GROUP BY verdict
SELECT CASE action WHEN 'export' THEN 1 WHEN 'login' THEN 2 ELSE 0 END FROM events LIMIT 5
SELECT rows > 10 ? 'many' : 'few' FROM events LIMIT 5
SELECT coalesce(nullIf(person, ''), account) AS who, count() FROM events GROUP BY who
SELECT ifNull(valid_to, now64(3)) FROM registry LIMIT 5
SELECT toDate(time) AS day, formatReadableSize(sum(bytes)) FROM events GROUP BY day
SELECT formatDateTime(time, '%Y-%m-%d %H:%i', 'Asia/Shanghai') FROM events LIMIT 3
SELECT EXTRACT(YEAR FROM time) AS y, toMonth(time) AS m, count() FROM events GROUP BY y, m
SELECT date_trunc('month', time) AS month, count() FROM events GROUP BY month
SELECT dateDiff('day', min(time), max(time)) FROM events
SELECT toUnixTimestamp64Milli(time), fromUnixTimestamp64Milli(1700000000000) FROM events LIMIT 1
SELECT parseDateTimeBestEffort('2026-03-01 10:00:00'), parseDateTimeBestEffortOrNull('nonsense')
SELECT CAST(rows AS String), rows::Float64, CAST('2026-01-01', 'Date'), toDecimal64(1.5, 2) FROM events
SELECT INTERVAL 3 DAY, INTERVAL '1' HOUR, DATE '2026-01-01', TIMESTAMP '2026-01-01 00:00:00'
SELECT IPv4NumToString(toUInt32(IPv4StringToNumOrDefault(client_address))) FROM events LIMIT 3
SELECT count() FROM events WHERE isIPAddressInRange(if(isIPv4String(client_address), client_address, '0.0.0.0'), '10.0.0.0/8')
SELECT cityHash64(account) % 10 AS bucket, count() FROM events GROUP BY bucket
SELECT hex(SHA256(account)), lower(hex(MD5(account))) FROM events LIMIT 1
SELECT substring(message, 1, 20), length(message), lengthUTF8(message), upper(action) FROM events LIMIT 3
SELECT concat(account, '@', client_address), account || '/' || asset FROM events LIMIT 3
SELECT format('{} did {}', account, action) FROM events LIMIT 3
SELECT trim(BOTH ' ' FROM message), trimLeft(message) FROM events LIMIT 3
SELECT tuple(account, action).1, (account, action) AS pair, untuple((1, 2)) FROM events LIMIT 3
SELECT map('a', 1, 'b', 2)['a'], mapFilter((k, v) -> v > 1, map('a', 1, 'b', 2))
SELECT [1, 2, 3][1], range(5), arraySum([1, 2]), has([1, 2], 2), indexOf(['a'], 'a'), arrayStringConcat(['a', 'b'], ',')
SELECT arrayCumSum([1, 2, 3]), arrayDifference([1, 5, 9]), arrayUniq([1, 1]), arrayEnumerate(['x', 'y'])
SELECT number, number % 3 FROM numbers(10)
SELECT toDate('2026-01-01') + number AS day FROM numbers(31)
SELECT * FROM values('department String, size UInt32', ('civil', 10), ('tax', 20))
SELECT generate_series FROM generate_series(1, 5)
SELECT COLUMNS('^asset') FROM events LIMIT 2
SELECT * EXCEPT (raw, message) FROM events LIMIT 2
SELECT * EXCEPT raw REPLACE (upper(action) AS action) FROM events LIMIT 2
SELECT e.* FROM events AS e LIMIT 2
SELECT count() AS \`how many\` FROM events
SELECT "account" AS "who" FROM events LIMIT 1
SELECT count() AS \`次数\`, action AS \`动作\` FROM events GROUP BY \`动作\` ORDER BY \`次数\` DESC
SELECT -- of the last day\\n count() /* all of them */ FROM events
SELECT {days:UInt8} AS days, count() FROM events WHERE time > now() - toIntervalDay({days:UInt8})
SELECT count() FROM events WHERE account IN {accounts:Array(String)}
SELECT count() FROM events WHERE account = {account:String}
SELECT sum(rows) FILTER (WHERE action = 'export') AS exported FROM events
SELECT count(DISTINCT account), uniqExact(account, asset) FROM events
SELECT any(account), anyLast(account), any_value(asset) FROM events
SELECT min2(rows, bytes), greatest(rows, bytes), least(1, 2), abs(-1), round(1.5), floor(2.7), intDiv(7, 2), 7 DIV 2, 7 MOD 2 FROM events LIMIT 1
SELECT bitAnd(5, 3), bitOr(1, 2), bitShiftLeft(1, 4), bitCount(7)
SELECT log(10), exp(1), sqrt(2), pow(2, 10), pi(), e()
SELECT levenshteinDistance('admin', 'adm1n'), ngramDistance('alpha', 'alfa'), soundex('robert')
SELECT base64Encode('x'), tryBase64Decode('eA=='), hex('a'), unhex('61'), bin(5), char(65)
SELECT account, deltaSum(rows) FROM events GROUP BY account
SELECT account, groupArrayMovingSum(3)(rows) FROM events GROUP BY account
SELECT toStartOfHour(time) AS h, sumMerge(s) FROM (SELECT time, sumState(rows) AS s FROM events GROUP BY time) GROUP BY h
SELECT uniqMerge(u) FROM (SELECT uniqState(account) AS u FROM events GROUP BY source)
SELECT transform(action, ['export', 'login'], ['导出', '登录'], '其他') AS what, count() FROM events GROUP BY what
SELECT geoDistance(116.4, 39.9, 121.5, 31.2), greatCircleDistance(116.4, 39.9, 121.5, 31.2)
SELECT account, simpleLinearRegression(toUnixTimestamp(time), rows) FROM events GROUP BY account
SELECT studentTTest(rows, privileged), welchTTest(rows, privileged) FROM events
SELECT seriesOutliersDetectTukey([1, 2, 3, 2, 1, 2, 3, 100, 2, 1]) AS odd
SELECT tumbleStart(toDateTime(time), toIntervalHour(1)) AS w, count() FROM events GROUP BY w
SELECT WITH_TIES FROM (SELECT 1 AS WITH_TIES)
SELECT account FROM events AS a WHERE rows = (SELECT max(rows) FROM events)
SELECT dept.name, e.n FROM (SELECT JSONExtractString(entry, 'name') AS name, id FROM registry WHERE list = 'departments') AS dept RIGHT JOIN (SELECT department, count() AS n FROM events GROUP BY department) AS e ON e.department = dept.id
SELECT * FROM (SELECT account, action, count() AS n FROM events GROUP BY account, action) PASTE JOIN (SELECT number FROM numbers(3))
SELECT account, sum(rows) AS s, s / sum(s) OVER () AS share FROM events GROUP BY account
SELECT account, count() OVER (PARTITION BY account ORDER BY toUnixTimestamp(time) RANGE BETWEEN 3600 PRECEDING AND CURRENT ROW) FROM events
SELECT percent_rank() OVER (ORDER BY rows), cume_dist() OVER (ORDER BY rows) FROM events
SELECT nth_value(account, 2) OVER (ORDER BY time), lead(account, 1, 'none') OVER (ORDER BY time), lag(account) OVER (ORDER BY time) FROM events
`;

const AGGREGATES =
  'count() sum(rows) avg(rows) min(time) max(time) any(action) uniq(account) uniqExact(account) uniqHLL12(account) uniqCombined64(account) median(rows) quantile(0.9)(rows) quantileExact(0.9)(rows) quantileTiming(0.5)(rows) quantiles(0.1,0.9)(bytes) stddevSamp(rows) varPop(rows) groupArray(3)(action) groupUniqArray(action) topK(3)(action) argMax(action,time) argMin(action,time) sumIf(rows,privileged) countIf(privileged) avgIf(rows,outcome=\'success\') uniqIf(account,privileged) anyLast(asset) sumOrNull(rows) avgOrDefault(rows) groupBitXor(activity_id) sumWithOverflow(rows) sumKahan(rows) maxIf(time,privileged) groupArraySorted(3)(rows) groupConcat(action) sumDistinct(rows) uniqArray(fields) groupArrayArray(fields) maxMap(map(action,rows)) countEqual([1],1) approx_top_k(3)(action) anyHeavy(action) largestTriangleThreeBuckets(4)(toUnixTimestamp(time),rows) sparkbar(5)(toUnixTimestamp(time),rows) boundingRatio(rows,bytes) quantileGK(100,0.5)(rows) quantileDD(0.01,0.5)(rows) exponentialTimeDecayedAvg(60)(rows,toUnixTimestamp(time)) skewSamp(rows) kurtSamp(rows)'.split(' '); // prettier-ignore
const GROUPS = ['source', 'department', 'action', 'toDate(time)', 'asset'];
const SCALARS =
  'lower(message) upper(action) length(raw) reverse(action) substring(target,1,5) left(target,3) right(target,3) empty(message) notEmpty(message) startsWith(target,\'/\') endsWith(target,\'x\') position(message,\'a\') countSubstrings(message,\'a\') concat(source,action) leftPad(action,10,\'.\') repeat(\'x\',3) replaceAll(target,\'/\',\'.\') replaceOne(target,\'/\',\'.\') translate(action,\'a\',\'b\') toValidUTF8(message) splitByString(\'/\',target) splitByNonAlpha(message) alphaTokens(message) ngrams(action,2) tokens(message) arrayElement(fields,1) length(fields) arrayReverse(fields) arrayConcat(fields,[\'x\']) arrayPushBack(fields,\'x\') arraySlice(fields,1,2) arrayCount(x->x!=\'\',fields) hasAny(fields,[\'a\']) hasAll(fields,[\'a\']) mapKeys(attributes) mapValues(attributes) mapContains(attributes,\'a\') mapSort(attributes) toYear(time) toQuarter(time) toMonth(time) toDayOfYear(time) toDayOfWeek(time) toHour(time) toMinute(time) toYYYYMM(time) toYYYYMMDD(time) toISOWeek(time) toStartOfDay(time) toStartOfWeek(time) toStartOfMonth(time) toStartOfMinute(time) toStartOfFiveMinutes(time) toRelativeDayNum(time) addDays(time,1) subtractHours(time,2) dateDiff(\'hour\',time,now()) timeSlot(toDateTime(time)) monthName(time) age(\'day\',time,now()) toString(rows) toInt64(rows) toFloat64(rows) toUInt8OrZero(action) toDateOrNull(action) toTypeName(rows) bar(rows,0,100,10) formatReadableQuantity(rows) sipHash64(account) xxHash64(account) murmurHash3_64(account) farmHash64(account) MD5(account) hex(account) base64Encode(action) JSONType(raw) isValidJSON(raw) JSONExtractRaw(raw,\'a\') simpleJSONExtractString(raw,\'a\') visitParamExtractInt(raw,\'a\') protocol(target) port(target) queryString(target) topLevelDomain(target) isIPv4String(client_address) toIPv4OrDefault(client_address) cutIPv6(toIPv6OrDefault(client_address),8,1) toUUIDOrZero(account) UUIDStringToNum(toString(id)) nullIf(rows,0) isNull(rows) toNullable(rows) intDivOrZero(rows,0) modulo(rows,7) bitXor(activity_id,1) roundDown(rows,[1,10,100]) sign(rows) isNaN(toFloat64(rows)) cosineDistance([1,2],[2,3]) L2Norm([3,4]) tupleElement((1,\'a\'),2) h3IsValid(toUInt64(1)) geohashEncode(116.4,39.9,5) stringJaccardIndex(account,action) editDistance(source,action) normalizeUTF8NFKC(message) idnaEncode(\'x\') initcap(action) firstLine(message) rand() generateUUIDv4() randUniform(0,1) toTimeZone(time,\'UTC\') width_bucket(1,0,10,5) tumble(toDateTime(time),toIntervalDay(1))'.split(' '); // prettier-ignore
const PREDICATES =
  "source='hr' action~IN('export','download') rows>100 time>now()-toIntervalDay(7) privileged NOT(privileged) account!='' message!='' asset_level='core' fields=[] class_uid=3005 toHour(time)>=22 toDayOfWeek(time)IN(6,7) length(data_subjects)>0 has(fields,'id_card') attributes['a']='b' severity>=3 client_address~LIKE'10.%' (rows,bytes)>(1,2) outcome='failure' vendor!='' contract='' plane='operations'".split(' '); // prettier-ignore

/** Values for the parameters that some of them have. */
export const PARAMETERS = { days: 7, accounts: ['a', 'b'], account: 'li.wei' };

export const BENIGN: readonly string[] = [
  ...HAND_WRITTEN.trim()
    .split('\n')
    .map((query) => query.replaceAll('\\n', '\n')),
  ...AGGREGATES.flatMap((aggregate, at) =>
    [0, 1, 2].map((n) => {
      const group = GROUPS[(at + n) % GROUPS.length]!;
      return `SELECT ${group} AS g, ${aggregate} AS x FROM events GROUP BY g ORDER BY g LIMIT 10`;
    }),
  ),
  ...SCALARS.filter((one) => !one.startsWith('idna')).map(
    (scalar) => `SELECT ${scalar} AS x, time FROM events WHERE rows >= 0 LIMIT 5`,
  ),
  ...PREDICATES.flatMap((predicate) => [
    `SELECT count() FROM events WHERE ${predicate.replaceAll('~', ' ')}`,
    `SELECT account, countIf(${predicate.replaceAll('~', ' ')}) AS n FROM events GROUP BY account HAVING n >= 0`,
    `SELECT e.id FROM events AS e LEFT JOIN diffusion AS d ON d.id = e.id WHERE ${/[(~]/.test(predicate) ? 'e.rows > 0' : `e.${predicate}`} AND d.asset = '${predicate.length}' LIMIT 3`,
  ]),
];
