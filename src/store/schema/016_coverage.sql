-- The coverage ledger, kept as long as seals are: what came in, by source and minute of arrival, and what became of it.

-- What collect programs say that came to their doors: totals of a minute, said again whenever they change, so that the
-- statement with the highest number of an epoch (a start of a program) counts.
CREATE TABLE coverage_doors
(
    minute DateTime('UTC') CODEC(DoubleDelta, ZSTD(1)),
    source LowCardinality(String),
    epoch LowCardinality(String),
    number UInt64 CODEC(Delta, ZSTD(1)),
    received UInt64 CODEC(ZSTD(1)),
    refused Map(String, UInt64) CODEC(ZSTD(1)),
    lost UInt64 CODEC(ZSTD(1)),
    appended UInt64 CODEC(ZSTD(1))
)
ENGINE = ReplacingMergeTree(number)
PARTITION BY toYYYYMM(minute)
ORDER BY (minute, source, epoch)
TTL minute + INTERVAL 5 YEAR DELETE
SETTINGS non_replicated_deduplication_window = 0, fsync_after_insert = 1, fsync_part_directory = 1, ttl_only_drop_parts = 1;

-- From when to when each epoch is known to have counted; one that was killed has not ended.
CREATE TABLE coverage_epochs
(
    epoch String CODEC(ZSTD(1)),
    number UInt64 CODEC(ZSTD(1)),
    instance LowCardinality(String),
    started_at DateTime64(3, 'UTC') CODEC(ZSTD(1)),
    stated_at DateTime64(3, 'UTC') CODEC(ZSTD(1)),
    ended Bool
)
ENGINE = ReplacingMergeTree(number)
ORDER BY epoch
TTL toDateTime(stated_at) + INTERVAL 5 YEAR DELETE
SETTINGS non_replicated_deduplication_window = 0, fsync_after_insert = 1, fsync_part_directory = 1;

-- What detect read in segments of offsets, and what became of it; the longest of those that begin alike counts.
CREATE TABLE coverage_segments
(
    minute DateTime('UTC') CODEC(DoubleDelta, ZSTD(1)),
    source LowCardinality(String),
    partition UInt16,
    from_offset UInt64 CODEC(Delta, ZSTD(1)),
    to_offset UInt64 CODEC(Delta, ZSTD(1)),
    appended UInt64 CODEC(ZSTD(1)),
    parsed UInt64 CODEC(ZSTD(1)),
    unparsed Map(String, UInt64) CODEC(ZSTD(1)),
    repeated UInt64 CODEC(ZSTD(1)),
    stored UInt64 CODEC(ZSTD(1)),
    evaluated UInt64 CODEC(ZSTD(1)),
    missed Map(String, UInt64) CODEC(ZSTD(1)),
    late UInt64 CODEC(ZSTD(1))
)
ENGINE = ReplacingMergeTree(to_offset)
PARTITION BY toYYYYMM(minute)
ORDER BY (minute, source, partition, from_offset)
TTL minute + INTERVAL 5 YEAR DELETE
SETTINGS non_replicated_deduplication_window = 0, fsync_after_insert = 1, fsync_part_directory = 1, ttl_only_drop_parts = 1;

-- The same segments as a whole: up to which time their records have come, and who judged them.
CREATE TABLE coverage_ranges
(
    partition UInt16,
    from_offset UInt64 CODEC(Delta, ZSTD(1)),
    to_offset UInt64 CODEC(Delta, ZSTD(1)),
    since DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    until DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    judges Array(LowCardinality(String)) CODEC(ZSTD(1)),
    -- Records that could not be read as events: kind, first offset, offset after the last.
    unread Array(Tuple(String, UInt64, UInt64)) CODEC(ZSTD(1))
)
ENGINE = ReplacingMergeTree(to_offset)
ORDER BY (partition, from_offset)
TTL toDateTime(until) + INTERVAL 5 YEAR DELETE
SETTINGS non_replicated_deduplication_window = 0, fsync_after_insert = 1, fsync_part_directory = 1;

-- Settled minutes: the two accounts above, and what the store has, held against each other; the last check counts.
CREATE TABLE coverage
(
    minute DateTime('UTC') CODEC(DoubleDelta, ZSTD(1)),
    source LowCardinality(String),
    received UInt64 CODEC(ZSTD(1)),
    refused Map(String, UInt64) CODEC(ZSTD(1)),
    lost UInt64 CODEC(ZSTD(1)),
    appended UInt64 CODEC(ZSTD(1)),
    parsed UInt64 CODEC(ZSTD(1)),
    unparsed Map(String, UInt64) CODEC(ZSTD(1)),
    repeated UInt64 CODEC(ZSTD(1)),
    stored UInt64 CODEC(ZSTD(1)),
    evaluated UInt64 CODEC(ZSTD(1)),
    missed Map(String, UInt64) CODEC(ZSTD(1)),
    late UInt64 CODEC(ZSTD(1)),
    -- Known from the log alone, because the collector that took them was killed before it could say so.
    rebuilt UInt64 CODEC(ZSTD(1)),
    -- Received by a collector that was killed before they were durable: nobody was told that they were.
    given_up UInt64 CODEC(ZSTD(1)),
    -- What is missing (below 0) or too much of each step.
    off_received Int64 CODEC(ZSTD(1)),
    off_appended Int64 CODEC(ZSTD(1)),
    off_parsed Int64 CODEC(ZSTD(1)),
    off_stored Int64 CODEC(ZSTD(1)),
    off_evaluated Int64 CODEC(ZSTD(1)),
    -- Partition, first offset, offset after the last: where its events are.
    ranges Array(Tuple(UInt16, UInt64, UInt64)) CODEC(ZSTD(1)),
    checked_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1))
)
ENGINE = ReplacingMergeTree(checked_at)
PARTITION BY toYYYYMM(minute)
ORDER BY (minute, source)
TTL minute + INTERVAL 5 YEAR DELETE
SETTINGS non_replicated_deduplication_window = 0, fsync_after_insert = 1, fsync_part_directory = 1, ttl_only_drop_parts = 1;

-- Gaps that somebody had replayed, and what came of it; the last word about each counts.
CREATE TABLE coverage_replays
(
    id String CODEC(ZSTD(1)),
    gap String CODEC(ZSTD(1)),
    kind LowCardinality(String),
    detector LowCardinality(String),
    partition UInt16,
    from_offset UInt64,
    to_offset UInt64,
    since DateTime64(3, 'UTC'),
    until DateTime64(3, 'UTC'),
    asked_by String CODEC(ZSTD(1)),
    asked_at DateTime64(3, 'UTC'),
    state LowCardinality(String),
    done UInt64,
    total UInt64,
    stored UInt64,
    evaluated UInt64,
    findings UInt64,
    unreadable UInt64,
    reason String CODEC(ZSTD(1)),
    at DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(at)
ORDER BY id
TTL toDateTime(at) + INTERVAL 5 YEAR DELETE
SETTINGS non_replicated_deduplication_window = 0, fsync_after_insert = 1, fsync_part_directory = 1;
