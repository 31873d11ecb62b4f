-- What the events of a day of arrival (UTC) sum up to, by slots of eight hours of event time: days begin at one of them both
-- in UTC and in UTC+8, all of China. No person, account or address. A day is summed up when it is over, and again when
-- events of it come late: each sum has a number of its own, kept_at, and only the latest that kept_days names counts.
-- (100 million events of a year become 7 million rows: a sum over the year by department reads 150 MB instead of 2 GB.)
CREATE TABLE event_slots
(
    arrived Date,
    kept_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    slot DateTime('UTC') CODEC(Delta, ZSTD(1)),
    source LowCardinality(String),
    system LowCardinality(String),
    department LowCardinality(String),
    vendor LowCardinality(String),
    asset LowCardinality(String),
    asset_level LowCardinality(String),
    events UInt64 CODEC(T64, ZSTD(1)),
    rows UInt64 CODEC(T64, ZSTD(1)),
    bytes UInt64 CODEC(T64, ZSTD(1)),
    failures UInt64 CODEC(T64, ZSTD(1)),
    -- Shared, exported, downloaded, printed.
    outward UInt64 CODEC(T64, ZSTD(1)),
    privileged UInt64 CODEC(T64, ZSTD(1)),
    unparsed UInt64 CODEC(T64, ZSTD(1)),
    -- Arrived more than an hour after their time.
    late UInt64 CODEC(T64, ZSTD(1))
)
ENGINE = ReplacingMergeTree
PARTITION BY toYYYYMM(arrived)
ORDER BY (arrived, kept_at, slot, source, system, department, vendor, asset, asset_level)
TTL arrived + INTERVAL 3 YEAR DELETE
SETTINGS non_replicated_deduplication_window = 0, fsync_after_insert = 1, fsync_part_directory = 1, ttl_only_drop_parts = 1;

-- Days that are summed up, and how many rows of the table they had then, in parts with numbers up to `block`: with any
-- other number of either, events have come since, and the sum counts no longer.
CREATE TABLE kept_days
(
    arrived Date,
    kept_at DateTime64(3, 'UTC'),
    rows UInt64,
    block Int64
)
ENGINE = ReplacingMergeTree(kept_at)
ORDER BY arrived
TTL arrived + INTERVAL 3 YEAR DELETE
SETTINGS non_replicated_deduplication_window = 0, fsync_after_insert = 1, fsync_part_directory = 1;

-- A day counts by its sum while that holds, or when its events are no longer kept.
CREATE VIEW kept_days_valid AS
SELECT arrived, kept_at FROM kept_days FINAL
WHERE (arrived, rows, block) IN
(
    SELECT toDate(parseDateTime(partition, '%Y%m%d', 'UTC')), sum(rows), max(max_block_number) FROM system.parts
    WHERE database = currentDatabase() AND table = 'events' AND active GROUP BY partition
) OR toString(toYYYYMMDD(arrived)) NOT IN
(
    SELECT partition FROM system.parts WHERE database = currentDatabase() AND table = 'events' AND active
);

-- Exact at any time: days that are not summed up, today among them, are counted from their events, each once.
CREATE VIEW event_slots_once AS
SELECT slot, source, system, department, vendor, asset, asset_level,
    events, rows, bytes, failures, outward, privileged, unparsed, late
FROM event_slots FINAL WHERE (arrived, kept_at) IN (SELECT arrived, kept_at FROM kept_days_valid)
UNION ALL
SELECT toStartOfInterval(time, INTERVAL 8 HOUR) AS slot, source, system, department, vendor, asset, asset_level,
    count() AS events, sum(events.rows) AS rows, sum(events.bytes) AS bytes, countIf(outcome = 'failure') AS failures,
    countIf(action IN ('share', 'export', 'download', 'print')) AS outward, countIf(privileged) AS privileged,
    countIf(fault != '') AS unparsed, countIf(time < ingest_time - INTERVAL 1 HOUR) AS late
FROM events FINAL
WHERE _partition_id NOT IN (SELECT toString(toYYYYMMDD(arrived)) FROM kept_days_valid)
GROUP BY slot, source, system, department, vendor, asset, asset_level
SETTINGS do_not_merge_across_partitions_select_final = 1;
