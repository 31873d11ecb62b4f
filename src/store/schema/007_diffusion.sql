-- The ledger of what was passed on to whom, one row an event, kept for three years and 30 days: longer than the events. It
-- is written beside the events; one that is inserted twice has the same sort key.
CREATE TABLE diffusion
(
    id UUID,
    time DateTime64(3, 'UTC'),
    ingest_time DateTime64(3, 'UTC'),
    asset String,
    action LowCardinality(String),
    actor String CODEC(ZSTD(1)),
    department LowCardinality(String),
    vendor LowCardinality(String),
    system LowCardinality(String),
    recipient String CODEC(ZSTD(1)),
    rows UInt64 CODEC(ZSTD(1)),
    bytes UInt64 CODEC(ZSTD(1)),
    fields Array(String) CODEC(ZSTD(1)),
    `grant` String CODEC(ZSTD(1)),
    purpose String CODEC(ZSTD(1))
)
ENGINE = ReplacingMergeTree
ORDER BY (asset, time, id)
TTL toDateTime(ingest_time) + INTERVAL 1125 DAY DELETE
SETTINGS non_replicated_deduplication_window = 0, fsync_after_insert = 1, fsync_part_directory = 1;
