-- The account that Grafana reads with. It may read these columns and no other, so that no dashboard, and nobody who can
-- write a query in Grafana, sees who a person is or what a line said. Run it once as an administrator of ClickHouse:
--   clickhouse-client --param_password='…' --queries-file user.sql
CREATE USER IF NOT EXISTS wanglou_grafana IDENTIFIED BY {password:String}
SETTINGS readonly = 1, max_execution_time = 60 CHANGEABLE_IN_READONLY, max_memory_usage = 4000000000,
    max_rows_to_read = 10000000000, max_result_rows = 1000000;

GRANT SELECT(scope, id, minute, score, points, trust, written_at) ON wanglou.posture TO wanglou_grafana;
GRANT SELECT(arrived, kept_at, slot, source, system, department, vendor, asset, asset_level, events, rows, bytes, failures, outward, privileged, unparsed, late) ON wanglou.event_slots TO wanglou_grafana;
GRANT SELECT(arrived, kept_at, rows, block) ON wanglou.kept_days TO wanglou_grafana;
GRANT SELECT ON wanglou.kept_days_valid TO wanglou_grafana;
GRANT SELECT ON wanglou.event_slots_once TO wanglou_grafana;
-- Days that are not summed up yet are counted from their events: what sums are made of, and what tells repeats apart.
GRANT SELECT(id, time, ingest_time, source, system, department, vendor, asset, asset_level, rows, bytes, action, outcome, privileged, fault) ON wanglou.events TO wanglou_grafana;
GRANT SELECT(id, revision, detector, severity, department, suppression, caused_at) ON wanglou.findings TO wanglou_grafana;
GRANT SELECT(id, finding, act, at, disposition) ON wanglou.triage TO wanglou_grafana;
GRANT SELECT(database, table, partition, active, rows, max_block_number) ON system.parts TO wanglou_grafana;
