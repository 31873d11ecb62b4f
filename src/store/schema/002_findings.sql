-- Findings: every revision is kept for the record, findings_latest shows the newest of each.
CREATE TABLE findings
(
    id UUID,
    revision UInt32,
    alert Bool,
    detector LowCardinality(String),
    title_zh String,
    title_en String,
    severity Enum8('low' = 1, 'medium' = 2, 'high' = 3, 'critical' = 4),
    score Float64,
    actor String,
    asset String,
    client_address String,
    observed Float64,
    expected Float64,
    threshold Float64,
    unit LowCardinality(String),
    window_ms UInt64,
    sample_size UInt64,
    baseline LowCardinality(String),
    explanation_zh String CODEC(ZSTD(1)),
    explanation_en String CODEC(ZSTD(1)),
    event_ids Array(UUID),
    first_time DateTime64(3, 'UTC'),
    last_time DateTime64(3, 'UTC'),
    caused_at DateTime64(3, 'UTC'),
    count UInt64,
    group_key String,
    person String,
    department LowCardinality(String),
    vendor LowCardinality(String),
    system LowCardinality(String),
    source LowCardinality(String),
    asset_level LowCardinality(String),
    -- Arrays of objects, as JSON.
    techniques String CODEC(ZSTD(1)),
    cites String CODEC(ZSTD(1)),
    known_gaps String CODEC(ZSTD(1)),

    INDEX by_last_time last_time TYPE minmax GRANULARITY 1
)
ENGINE = ReplacingMergeTree
ORDER BY (id, revision)
SETTINGS non_replicated_deduplication_window = 0, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE VIEW findings_latest AS SELECT * FROM findings ORDER BY id, revision DESC LIMIT 1 BY id;
