import { checkRetention, sealsKeptDays, type RetentionDays, type RetentionSettings } from '../retention.ts';
import type { StoreClient } from './client.ts';

/** For each table that something expires from: by which of its times, and after how many days. */
function expiries(days: RetentionDays): readonly (readonly [table: string, time: string, days: number])[] {
  const { retentionDays, auditRetentionDays, sharingRetentionDays, recordRetentionDays } = days;
  return [
    ['events', 'ingest_time', retentionDays],
    ['audit', 'at', auditRetentionDays],
    ['diffusion', 'ingest_time', sharingRetentionDays],
    ['findings', 'last_time', recordRetentionDays],
    ['triage', 'at', recordRetentionDays],
    ['incidents', 'last_time', recordRetentionDays],
    ['sealed_records', 'at', recordRetentionDays],
    ['sealed_blocks', 'last_time', sealsKeptDays(days)],
    ['seals', 'time', sealsKeptDays(days)],
  ];
}

/** Makes the tables let go of what is older than the settings say; of nothing at all while a legal hold is open. */
export async function applyRetention(client: StoreClient, settings: RetentionSettings): Promise<void> {
  const days = checkRetention(settings);
  const isHeld = await anyHold(client);
  for (const [table, time, kept] of expiries(days)) await setExpiry(client, table, isHeld ? undefined : { time, kept });
}

async function anyHold(client: StoreClient): Promise<boolean> {
  const query = "SELECT count() AS open FROM holds FINAL WHERE state = 'open'";
  const result = await client.query({ query, format: 'JSONEachRow' });
  const [row] = await result.json<{ open: string | number }>();
  return Number(row?.open ?? 0) > 0;
}

async function setExpiry(
  client: StoreClient,
  table: string,
  expiry: { time: string; kept: number } | undefined,
): Promise<void> {
  const result = await client.query({
    query:
      'SELECT create_table_query AS made FROM system.tables WHERE database = currentDatabase() AND name = {table:String}',
    query_params: { table },
    format: 'JSONEachRow',
  });
  const [row] = await result.json<{ made: string }>();
  const made = row?.made ?? '';
  const isRight = expiry === undefined ? !/\bTTL\b/.test(made) : made.includes(`toIntervalDay(${expiry.kept})`);
  if (isRight) return;
  const change =
    expiry === undefined ? 'REMOVE TTL' : `MODIFY TTL toDateTime(${expiry.time}) + INTERVAL ${expiry.kept} DAY DELETE`;
  await client.command({
    query: `ALTER TABLE ${table} ${change}`,
    clickhouse_settings: { materialize_ttl_after_modify: 0 },
  });
}
