-- Events, one row each. A repeated append or insert has the same sort key, so merges leave one, and readers see one
-- through events_once. Insert deduplication by the engine stays off: it loses acknowledged rows when the process dies
-- between its log and the rename. Partitions are days of ingest time, which never change after the append: retention
-- drops whole days, and a query for hours reads only those.
CREATE TABLE events
(
    id UUID,
    time DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    ingest_time DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    sequence UInt64 CODEC(Delta, ZSTD(1)),
    source LowCardinality(String),
    authenticated Bool,
    format LowCardinality(String),
    fault String CODEC(ZSTD(1)),
    class_uid UInt32 CODEC(ZSTD(1)),
    activity_id UInt8 CODEC(ZSTD(1)),
    severity UInt8 CODEC(ZSTD(1)),
    action LowCardinality(String),
    outcome LowCardinality(String),
    account String CODEC(ZSTD(1)),
    client_address String CODEC(ZSTD(1)),
    device String CODEC(ZSTD(1)),
    session String CODEC(ZSTD(1)),
    host LowCardinality(String),
    service LowCardinality(String),
    fields Array(String) CODEC(ZSTD(1)),
    rows UInt64 CODEC(ZSTD(1)),
    bytes UInt64 CODEC(ZSTD(1)),
    data_subjects Array(String) CODEC(ZSTD(1)),
    purpose String CODEC(ZSTD(1)),
    case_number String CODEC(ZSTD(1)),
    `grant` String CODEC(ZSTD(1)),
    recipient String CODEC(ZSTD(1)),
    work_order String CODEC(ZSTD(1)),
    target String CODEC(ZSTD(1)),
    message String CODEC(ZSTD(1)),
    attributes Map(String, String) CODEC(ZSTD(1)),
    raw String CODEC(ZSTD(3)),
    actor String CODEC(ZSTD(1)),
    person String CODEC(ZSTD(1)),
    department LowCardinality(String),
    vendor LowCardinality(String),
    contract LowCardinality(String),
    role LowCardinality(String),
    privileged Bool,
    system LowCardinality(String),
    plane LowCardinality(String),
    asset String CODEC(ZSTD(1)),
    asset_level LowCardinality(String),
    partition UInt16 CODEC(ZSTD(1)),
    offset UInt64 CODEC(Delta, ZSTD(1)),
    `index` UInt32 CODEC(Delta, ZSTD(1)),

    INDEX by_id id TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX by_time time TYPE minmax GRANULARITY 1,
    INDEX by_account account TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX by_asset asset TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX by_client_address client_address TYPE bloom_filter(0.01) GRANULARITY 1,
    -- Pairs of characters find Chinese words, which have no blanks between them, and any substring of two or more.
    INDEX words_of_message lower(message) TYPE text(tokenizer = ngrams(2)),
    INDEX words_of_raw lower(raw) TYPE text(tokenizer = ngrams(2))
)
ENGINE = ReplacingMergeTree
PARTITION BY toYYYYMMDD(ingest_time)
ORDER BY (source, ingest_time, id)
TTL toDateTime(ingest_time) + INTERVAL {retentionDays:UInt32} DAY DELETE
SETTINGS
    non_replicated_deduplication_window = 0,
    fsync_after_insert = 1,
    fsync_part_directory = 1,
    ttl_only_drop_parts = 1,
    -- A part of an insert in few files: with a file for each column, fsync costs more than the rows.
    min_bytes_for_wide_part = 268435456,
    -- Pairs of characters cost more than all the rest of a merge: they are built for days that are over.
    exclude_materialize_skip_indexes_on_merge = 'words_of_message, words_of_raw';

CREATE VIEW events_once AS SELECT * FROM events FINAL;
