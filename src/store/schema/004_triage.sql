-- The history of findings: raised, grew, acknowledged, assigned, note, closed, reopened. Entries are added, never changed;
-- one that is written twice has the same sort key.
CREATE TABLE triage
(
    id UUID,
    finding UUID,
    act LowCardinality(String),
    at DateTime64(3, 'UTC'),
    by String,
    revision UInt32,
    alert Bool,
    score Float64,
    asset_level LowCardinality(String),
    assignee String,
    disposition LowCardinality(String),
    text String CODEC(ZSTD(1)),

    INDEX by_at at TYPE minmax GRANULARITY 1
)
ENGINE = ReplacingMergeTree
ORDER BY (finding, at, id)
SETTINGS non_replicated_deduplication_window = 0, fsync_after_insert = 1, fsync_part_directory = 1;
