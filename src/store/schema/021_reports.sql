-- Contents of reports, a row a version, compressed; they are added, never changed, and never expire by themselves. The event
-- log's table `report-steps` says which digest a version has: a content with another one is not shown.
CREATE TABLE reports
(
    id UUID,
    version UInt32,
    digest String,
    made_at DateTime64(3, 'UTC'),
    content String CODEC(ZSTD(3))
)
ENGINE = ReplacingMergeTree
ORDER BY (id, version, digest)
SETTINGS non_replicated_deduplication_window = 0, fsync_after_insert = 1, fsync_part_directory = 1;
