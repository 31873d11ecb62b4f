-- The audit trail of this platform itself: records are added, never changed, and kept for five years. A change has two, before
-- it and after it; audit_once shows the later of both. One that is written twice has the same sort key.
CREATE TABLE audit
(
    id UUID,
    phase Enum8('begun' = 0, 'done' = 1),
    at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    recorded_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    request String CODEC(ZSTD(1)),
    account String CODEC(ZSTD(1)),
    roles Array(LowCardinality(String)),
    session String CODEC(ZSTD(1)),
    address String CODEC(ZSTD(1)),
    action LowCardinality(String),
    object String CODEC(ZSTD(1)),
    outcome LowCardinality(String),
    code LowCardinality(String),
    reason String CODEC(ZSTD(1)),
    asked String CODEC(ZSTD(1)),
    digest String CODEC(ZSTD(1)),
    rows UInt64 CODEC(ZSTD(1)),
    count UInt64 CODEC(ZSTD(1))
)
ENGINE = ReplacingMergeTree
PARTITION BY toYYYYMM(at)
ORDER BY (at, id, phase)
TTL toDateTime(at) + INTERVAL 5 YEAR DELETE
SETTINGS non_replicated_deduplication_window = 0, fsync_after_insert = 1, fsync_part_directory = 1, ttl_only_drop_parts = 1;

CREATE VIEW audit_once AS SELECT * FROM audit ORDER BY at, id, phase DESC LIMIT 1 BY at, id;
