import { REFUSED } from '../../src/sql/refused-functions.ts';

/** Queries that mean harm, or reach what is not theirs. None may be run. Written for these tests. */

const HAND_WRITTEN = `
SELECT * FROM system.one
SELECT * FROM system.processes
SELECT * FROM \`system\`.\`users\`
SELECT * FROM "system"."tables"
SELECT * FROM SYSTEM.ONE
SELECT * FROM \`system.one\`
SELECT * FROM INFORMATION_SCHEMA.TABLES
SELECT * FROM information_schema.columns
SELECT * FROM wanglou.events
SELECT * FROM wanglou.migrations
SELECT * FROM wanglou.audit
SELECT * FROM secret.canary
SELECT * FROM migrations
SELECT * FROM audit
SELECT * FROM audit_once
SELECT * FROM masked_events
SELECT * FROM masked_events(wanglou_key = 'x')
SELECT * FROM wanglou_hunting.masked_events(wanglou_key = 'x')
SELECT * FROM events JOIN wanglou.events AS raw ON raw.id = events.id
SELECT * FROM events, secret.canary
SELECT (SELECT text FROM secret.canary)
SELECT count() FROM events WHERE id IN (SELECT id FROM wanglou.events WHERE raw LIKE '%x%')
SELECT 'a' IN secret.canary
SELECT 'a' NOT IN secret.canary
SELECT 'a' GLOBAL IN secret.canary
SELECT in('a', secret.canary)
SELECT notIn('a', secret.canary)
SELECT globalIn('a', secret.canary)
SELECT nullIn('a', secret.canary)
SELECT 'a' IN (secret.canary)
SELECT ('a') IN system.one
SELECT 1 FROM events AS secret WHERE 'a' IN secret.canary
WITH secret AS (SELECT 1) SELECT 'a' IN secret.canary
WITH canary AS (SELECT * FROM secret.canary) SELECT * FROM canary
WITH events AS (SELECT * FROM wanglou.events) SELECT * FROM events
WITH RECURSIVE r AS (SELECT text FROM secret.canary UNION ALL SELECT text FROM r) SELECT * FROM r
WITH \`/etc/passwd\` AS (SELECT 1) SELECT * FROM \`/etc/passwd\`
SELECT * FROM \`/etc/passwd\`
SELECT * FROM '/etc/passwd'
SELECT * FROM "file:///etc/passwd"
SELECT 1 IN \`/etc/passwd\`
SELECT * FROM view(SELECT * FROM system.one)
SELECT * FROM merge('secret', '.*')
SELECT * FROM merge('.*')
SELECT * FROM cluster('default', system.one)
SELECT * FROM remote('127.0.0.1', system.one)
SELECT * FROM dictionary('d')
SELECT * FROM executable('id', 'TSV', 'x String')
SELECT * FROM input('x String')
SELECT * FROM loop(secret.canary)
SELECT * FROM eval('SELECT 1')
SELECT * FROM generateRandom('x UInt8')
SELECT * FROM fuzzQuery('SELECT 1')
SELECT * FROM (EXPLAIN SELECT 1)
SELECT * FROM (SHOW TABLES)
SELECT * FROM (DESCRIBE events)
EXPLAIN SELECT * FROM events
EXPLAIN AST SELECT 1
EXPLAIN ESTIMATE SELECT * FROM events
SHOW TABLES
SHOW DATABASES
SHOW GRANTS
SHOW CREATE TABLE events
SHOW PROCESSLIST
DESCRIBE TABLE events
DESC events
EXISTS TABLE events
CHECK TABLE events
SET max_threads = 1
SET param_x = 1
USE system
INSERT INTO events VALUES (1)
INSERT INTO FUNCTION file('/tmp/canary') SELECT 1
INSERT INTO events SELECT * FROM events
CREATE TABLE x (a UInt8) ENGINE = Memory
CREATE VIEW v AS SELECT 1
CREATE TEMPORARY TABLE x (a UInt8)
CREATE FUNCTION f AS x -> x
CREATE USER intruder
CREATE DICTIONARY d (a UInt8) PRIMARY KEY a SOURCE(FILE(path '/etc/passwd' format 'TSV')) LAYOUT(FLAT()) LIFETIME(1)
CREATE NAMED COLLECTION c AS a = 1
ALTER TABLE events DELETE WHERE 1
ALTER USER default IDENTIFIED BY 'x'
DROP TABLE events
DROP DATABASE wanglou
TRUNCATE TABLE events
RENAME TABLE events TO e
DETACH TABLE events
ATTACH TABLE events
OPTIMIZE TABLE events
DELETE FROM events WHERE 1
UPDATE events SET rows = 1 WHERE 1
GRANT ALL ON *.* TO default
REVOKE ALL ON *.* FROM default
KILL QUERY WHERE 1
SYSTEM SHUTDOWN
SYSTEM FLUSH LOGS
BACKUP TABLE events TO File('/tmp/b')
RESTORE TABLE events FROM File('/tmp/b')
EXCHANGE TABLES a AND b
BEGIN TRANSACTION
WATCH events
SELECT 1; SELECT 2
SELECT 1; DROP TABLE events
SELECT 1;;SELECT 2
; SELECT 1; SELECT 2
SELECT 1 FORMAT JSON
SELECT 1 FORMAT Null
SELECT 1 INTO OUTFILE '/tmp/canary'
SELECT 1 INTO OUTFILE '/tmp/canary' TRUNCATE FORMAT CSV
SELECT 1 SETTINGS max_threads = 1
SELECT * FROM events SETTINGS additional_table_filters = {}
SELECT * FROM (SELECT 1 SETTINGS readonly = 0)
SELECT * FROM (SELECT * FROM events SETTINGS max_execution_time = 0)
WITH x AS (SELECT 1 SETTINGS max_memory_usage = 0) SELECT * FROM x
SELECT 1 UNION ALL SELECT 2 SETTINGS max_threads = 1
SELECT 1) ; SELECT (2
SELECT 1) LIMIT 1 UNION ALL SELECT * FROM system.one --
SELECT 1) UNION ALL (SELECT * FROM secret.canary
SELECT * FROM events) AS x, (SELECT * FROM secret.canary
SELECT * APPLY(sum) FROM events
SELECT * APPLY(file) FROM events
SELECT * APPLY(x -> file(x)) FROM events
SELECT COLUMNS('message') APPLY(toString) FROM events
SELECT events.* APPLY(length) FROM events
SELECT * EXCEPT (id) APPLY(max) FROM events
SELECT COLUMNS(message) APPLY quantiles(0.5) FROM events
SELECT _part FROM events
SELECT _table, _database FROM events
SELECT e._part_offset FROM events AS e
SELECT \`_path\` FROM events
SELECT _partition_id, _file FROM events
SELECT {wanglou_key:String}
SELECT {WANGLOU_KEY:String}
SELECT * FROM {t:Identifier}
SELECT {c:Identifier} FROM events
SELECT {unset:String}
SELECT {s:AggregateFunction(sum, UInt8)}
SELECT 1 AS \`a\\n Function file (children 1)\`
SELECT 1 AS \`x (children 5)\`
SELECT 1 AS \`x (alias y)\`
SELECT 1 AS \`back\\\\slash\`
SELECT 1 AS "a\u0000b"
SELECT \`weird name\`(1)
SELECT \`file\`('/etc/passwd')
SELECT "file"('/etc/passwd')
SELECT FiLe('/etc/passwd')
SELECT /* x */ file /* y */ ('/etc/passwd')
SELECT file\u00a0('/etc/passwd')
SELECT arrayMap(x -> file(x), ['/etc/passwd'])
SELECT arrayMap(file -> file('/etc/passwd'), [1])
SELECT if(1, file('/etc/passwd'), '')
SELECT arrayMap(file, ['/etc/passwd'])
SELECT arrayMap(\`file\`, ['/etc/passwd'])
SELECT arrayMap(FILE, ['/etc/passwd'])
SELECT arrayFilter(hostName, [1])
SELECT arrayMap(dictGetString, ['d'], ['a'], [1])
SELECT arrayMap(joinGet, ['secret.canary'], ['text'], [1])
SELECT arrayMap(hasColumnInTable, ['secret'], ['canary'], ['text'])
SELECT arrayExists(throwIf, [1])
SELECT arraySort(file, ['/etc/passwd', 'x'])
SELECT arrayFold(getSetting, ['a'], 'x')
SELECT mapApply(hostName, map('a', 'b'))
SELECT mapFilter(sleep, map(1, 2))
SELECT arrayCount(some_udf, [1])
SELECT arraySum(currentUser, [1])
SELECT arrayMap(x -> arrayMap(file, [x]), ['/etc/passwd'])
SELECT arrayMap(file, ['/etc/passwd']), (WITH (x -> x) AS file SELECT 1)
SELECT arrayMap(joinGet, ['t'], ['a'], [1]), (WITH (x -> x) AS joinGet SELECT 1)
WITH file AS f SELECT arrayMap(f, ['/etc/passwd'])
SELECT count() FROM events WHERE file('/etc/passwd') = ''
SELECT count() FROM events HAVING sleep(3) = 0
SELECT 1 ORDER BY sleep(3)
SELECT 1 LIMIT sleep(1)
SELECT count() FROM events GROUP BY dictGet('d', 'a', 1)
SELECT sum(sleepEachRow(1)) OVER () FROM events
SELECT row_number() OVER (ORDER BY hostName()) FROM events
SELECT * FROM numbers(sleep(3))
SELECT * FROM numbers((SELECT count() FROM system.one))
SELECT * FROM values('a String', (SELECT hostName()))
SELECT * FROM values(concat('a Aggregate', 'Function(sum, UInt8)'), 'x')
SELECT * FROM events ARRAY JOIN [hostName()] AS h
SELECT * FROM events AS e JOIN findings AS f ON e.actor = currentUser()
SELECT * REPLACE (hostName() AS account) FROM events
SELECT 1 WITH FILL
SELECT n FROM (SELECT 1 AS n) ORDER BY n WITH FILL FROM 1 TO sleep(1)
SELECT @@version
SELECT @@hostname
SELECT CAST('x', concat('Str', 'ing'))
SELECT accurateCast(1, concat('UInt', '8'))
SELECT unhex('00')::AggregateFunction(sum, UInt8)
SELECT CAST(unhex('00') AS AggregateFunction(groupArray, String))
SELECT finalizeAggregation(CAST('x', 'AggregateFunction(uniq, String)'))
SELECT arrayReduce('aggThrow(1)', [1])
SELECT arrayReduce(concat('su', 'm'), [1])
SELECT arrayReduce('flameGraph', [1])
SELECT arrayReduceInRanges('nosuch', [(1, 1)], [1])
SELECT initializeAggregation('sum', 1)
SELECT aggThrow(0.5)(1)
SELECT flameGraph([1])
SELECT nosuchfunction(1)
SELECT sumNoSuch(rows) FROM events
SELECT fileIf('/etc/passwd', 1)
SELECT user()
SELECT version()
SELECT DATABASE()
SELECT encrypt('aes-256-ofb', 'x', '12345678901234567890123456789012')
SELECT HMAC('sha256', 'x', 'y')
SELECT formatRow('CSV', 1)
SELECT timeSeriesStoreTags(1, [], 'a', 'b')
SELECT * FROM events WHERE rows IN (SELECT * FROM url('http://127.0.0.1/', CSV))
SELECT getSetting('max_threads')
selec 1
SELECT
SELECT (
'
$$
`;

const TABLE_FUNCTIONS =
  'ytsaurus hudiCluster deltaLakeCluster paimon iceberg icebergS3 icebergLocal s3Cluster hdfs hdfsCluster oss gcs hudi cosn s3 azureBlobStorage prometheusQuery timeSeriesData timeSeriesTags mergeTreeProjection format loop postgresql clusterAllReplicas viewIfPermitted view jdbc mergeTreeTextIndex numbers_mt filesystem mergeTreeIndex generateRandom dictionary merge url executable fuzzJSON deltaLake urlCluster eval fileCluster file redis arrowstream input mysql viewExplain null odbc mongodb zeros_mt sqlite cluster primes remoteSecure remote'.split(' '); // prettier-ignore

export const HOSTILE: readonly string[] = [
  ...HAND_WRITTEN.trim().split('\n'),
  'SELECT 1 -- x\n; DROP TABLE events',
  'SELECT 1 /* /* */ ; DROP TABLE events /* */',
  'SELECT $$ $$; DROP TABLE events',
  `SELECT ${'('.repeat(3_000)}1${')'.repeat(3_000)}`,
  `SELECT '${'x'.repeat(60_000)}'`,
  ...TABLE_FUNCTIONS.map((name) => `SELECT * FROM ${name}('127.0.0.1', 'x', 'y')`),
  ...TABLE_FUNCTIONS.map((name) => `SELECT count() FROM events WHERE rows IN (SELECT 1 FROM ${name}())`),
  ...Object.values(REFUSED)
    .flat()
    .map((name) => `SELECT ${name}('x')`),
];
