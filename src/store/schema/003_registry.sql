-- The registry: every version ever recorded, a row for each of its entries over valid time, for auditors' queries. A version
-- that took a name out has one row with an empty entry. What was known at a moment is, for each list and name, the rows of
-- the last version recorded before it: registry_latest does so for now.
CREATE TABLE registry
(
    list LowCardinality(String),
    id String,
    recorded_at DateTime64(3, 'UTC'),
    change_set UUID,
    part UInt32,
    change Enum8('added' = 1, 'corrected' = 2, 'ended' = 3, 'removed' = 4),
    origin LowCardinality(String),
    recorded_by LowCardinality(String),
    valid_from Nullable(DateTime64(3, 'UTC')),
    valid_to Nullable(DateTime64(3, 'UTC')),
    -- As people wrote it, as JSON.
    entry String CODEC(ZSTD(1))
)
ENGINE = ReplacingMergeTree
ORDER BY (list, id, recorded_at, change_set, part)
SETTINGS non_replicated_deduplication_window = 0, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE VIEW registry_latest AS
SELECT * FROM registry FINAL
WHERE entry != '' AND (list, id, recorded_at, change_set) IN
(
    SELECT list, id, max((recorded_at, change_set)).1, max((recorded_at, change_set)).2
    FROM registry GROUP BY list, id
);
