-- What came from each source in each second, and how far behind it was: rates and silence over time.
CREATE TABLE coverage
(
    at DateTime('UTC') CODEC(Delta, ZSTD(1)),
    source LowCardinality(String),
    collector LowCardinality(String),
    received UInt64 CODEC(ZSTD(1)),
    unparsed UInt64 CODEC(ZSTD(1)),
    refused UInt64 CODEC(ZSTD(1)),
    lag_ms UInt64 CODEC(ZSTD(1))
)
ENGINE = ReplacingMergeTree
PARTITION BY toYYYYMM(at)
ORDER BY (source, at, collector)
TTL at + INTERVAL {retentionDays:UInt32} DAY DELETE
SETTINGS non_replicated_deduplication_window = 0, fsync_after_insert = 1, fsync_part_directory = 1;
