-- The score of each scope (overall, department, system, level, vendor), a row a minute, kept for three years. A minute that
-- is written again, by another program or because findings came late, replaces what was there.
CREATE TABLE posture
(
    scope LowCardinality(String),
    id LowCardinality(String),
    minute DateTime('UTC') CODEC(DoubleDelta, ZSTD(1)),
    score Decimal(4, 1) CODEC(Delta, ZSTD(1)),
    points Decimal(12, 2) CODEC(Delta, ZSTD(1)),
    -- Null where nobody watched the sources in that minute.
    trust Nullable(Decimal(4, 1)) CODEC(ZSTD(1)),
    written_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1))
)
ENGINE = ReplacingMergeTree(written_at)
PARTITION BY toYYYYMM(minute)
ORDER BY (scope, id, minute)
TTL minute + INTERVAL 3 YEAR DELETE
SETTINGS non_replicated_deduplication_window = 0, fsync_after_insert = 1, fsync_part_directory = 1, ttl_only_drop_parts = 1;

-- Who used which asset on which day (UTC, of ingest time), one row each: whether a grant is used can be told without reading
-- months of events. A day without any use has one row with an empty asset.
CREATE TABLE asset_use
(
    day Date,
    asset String CODEC(ZSTD(1)),
    department LowCardinality(String),
    system LowCardinality(String),
    person String CODEC(ZSTD(1)),
    role LowCardinality(String)
)
ENGINE = ReplacingMergeTree
ORDER BY (day, asset, department, system, person, role)
TTL day + INTERVAL 3 YEAR DELETE
SETTINGS non_replicated_deduplication_window = 0, fsync_after_insert = 1, fsync_part_directory = 1;
