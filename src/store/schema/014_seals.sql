-- Seals: the chain that says what was stored when. The text is kept as it was signed. They outlive what they are about.
CREATE TABLE seals
(
    number UInt64,
    time DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    hash String CODEC(ZSTD(1)),
    sealed String CODEC(ZSTD(3)),
    signature String CODEC(ZSTD(1))
)
ENGINE = ReplacingMergeTree
ORDER BY number
SETTINGS non_replicated_deduplication_window = 0, fsync_after_insert = 1, fsync_part_directory = 1;

-- The blocks of each seal, to find the one of a record, and four bytes of each record's leaf (`marks`, base64, in the order
-- of the records): by them a verifier says which record was changed.
CREATE TABLE sealed_blocks
(
    stream LowCardinality(String),
    seal UInt64,
    block UInt32,
    from_place UInt64,
    to_place UInt64,
    records UInt32,
    first_time DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    last_time DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    marks String CODEC(ZSTD(1))
)
ENGINE = ReplacingMergeTree
ORDER BY (stream, from_place, seal, block)
SETTINGS non_replicated_deduplication_window = 0, fsync_after_insert = 1, fsync_part_directory = 1;

-- What is sealed and no event, as the log had it: revisions of findings and incidents, entries of triage, of the audit
-- trail, of incident reports, changes of the registry. The tables of the same names are for queries, these rows are evidence.
CREATE TABLE sealed_records
(
    stream LowCardinality(String),
    place UInt64,
    key String CODEC(ZSTD(1)),
    at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    record String CODEC(ZSTD(3)),

    INDEX by_key key TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = ReplacingMergeTree
ORDER BY (stream, place)
SETTINGS non_replicated_deduplication_window = 0, fsync_after_insert = 1, fsync_part_directory = 1;

-- Blocks are read back by their place in the log. Places grow with ingest time, so the least and the most of a granule tell.
ALTER TABLE events ADD INDEX IF NOT EXISTS by_offset offset TYPE minmax GRANULARITY 1;
