-- Legal holds: what may not expire, who said so and why. While one is open no table lets go of anything by itself; days of
-- events that no hold is about are dropped one by one. The event log's table `holds` has who did what; this is where they
-- stand.
CREATE TABLE holds
(
    id UUID,
    state Enum8('open' = 1, 'released' = 2),
    name String,
    why String CODEC(ZSTD(1)),
    placed_by String,
    placed_at DateTime64(3, 'UTC'),
    released_by String,
    released_at Nullable(DateTime64(3, 'UTC')),
    from_time DateTime64(3, 'UTC'),
    to_time DateTime64(3, 'UTC'),
    assets Array(String),
    actors Array(String),
    incident String,
    -- Of the incident's findings; [] without an incident.
    events Array(UUID),
    version UInt32
)
ENGINE = ReplacingMergeTree(version)
ORDER BY id
SETTINGS non_replicated_deduplication_window = 0, fsync_after_insert = 1, fsync_part_directory = 1;
