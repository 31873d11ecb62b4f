-- Incidents: every revision is kept for the record, incidents_latest shows the newest of each.
CREATE TABLE incidents
(
    id UUID,
    revision UInt32,
    alert Bool,
    correlation LowCardinality(String),
    title_zh String,
    title_en String,
    explanation_zh String CODEC(ZSTD(1)),
    explanation_en String CODEC(ZSTD(1)),
    severity Enum8('low' = 1, 'medium' = 2, 'high' = 3, 'critical' = 4),
    score Float64,
    link LowCardinality(String),
    linked_by String,
    actor String,
    department LowCardinality(String),
    vendor LowCardinality(String),
    asset String,
    system LowCardinality(String),
    asset_level LowCardinality(String),
    first_time DateTime64(3, 'UTC'),
    last_time DateTime64(3, 'UTC'),
    caused_at DateTime64(3, 'UTC'),
    findings Array(UUID),
    -- The findings as they were then, as JSON.
    steps String CODEC(ZSTD(1)),

    INDEX by_last_time last_time TYPE minmax GRANULARITY 1
)
ENGINE = ReplacingMergeTree
ORDER BY (id, revision)
SETTINGS non_replicated_deduplication_window = 0, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE VIEW incidents_latest AS SELECT * FROM incidents ORDER BY id, revision DESC LIMIT 1 BY id;
