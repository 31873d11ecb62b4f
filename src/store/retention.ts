import { WanglouError } from '../errors.ts';
import type { StoreClient } from './client.ts';

/** Logs must be kept for six months by law. */
export const MIN_RETENTION_DAYS = 183;
/** Records of sharing, and of what was found and done, for three years. */
export const MIN_RECORD_DAYS = 1_096;

/** How long each class is kept, days. */
export interface RetentionSettings {
  /** Events. */
  retentionDays: number;
  /** The audit trail of the platform itself; default five years. */
  auditRetentionDays?: number;
  /** The ledger of what was passed on to whom; default three years and 30 days. */
  sharingRetentionDays?: number;
  /** Findings, what people decided about them, incidents, sealed records; default five years. */
  recordRetentionDays?: number;
}

const DEFAULTS = { auditRetentionDays: 1_826, sharingRetentionDays: 1_125, recordRetentionDays: 1_826 };
/** Seals outlive what they are about. */
const SEALS_LONGER_DAYS = 31;

/** @throws WanglouError WL_CONFIG_INVALID for a time that is shorter than the law wants. */
export function checkRetention(settings: RetentionSettings): Required<RetentionSettings> {
  const days = { ...DEFAULTS, ...definedOf(settings) };
  const floors = { retentionDays: MIN_RETENTION_DAYS, auditRetentionDays: MIN_RETENTION_DAYS, sharingRetentionDays: MIN_RECORD_DAYS, recordRetentionDays: MIN_RECORD_DAYS }; // prettier-ignore
  for (const [setting, floor] of Object.entries(floors) as [keyof RetentionSettings, number][])
    if (!(days[setting] >= floor))
      throw new WanglouError('WL_CONFIG_INVALID', `${setting} is ${days[setting]}; they must be kept for at least ${floor} days`); // prettier-ignore
  return days;
}

function definedOf({
  retentionDays,
  auditRetentionDays,
  sharingRetentionDays,
  recordRetentionDays,
}: RetentionSettings) {
  return {
    retentionDays,
    ...(auditRetentionDays !== undefined && { auditRetentionDays }),
    ...(sharingRetentionDays !== undefined && { sharingRetentionDays }),
    ...(recordRetentionDays !== undefined && { recordRetentionDays }),
  };
}

/** How long seals are kept: longer than anything that they are about. */
export function sealsKeptDays(settings: RetentionSettings): number {
  const { retentionDays, auditRetentionDays, sharingRetentionDays, recordRetentionDays } = checkRetention(settings);
  const longest = Math.max(retentionDays, auditRetentionDays, sharingRetentionDays, recordRetentionDays);
  return longest + SEALS_LONGER_DAYS;
}

/** For each table that something expires from: by which of its times, and after how many days. */
function expiries(
  days: Required<RetentionSettings>,
): readonly (readonly [table: string, time: string, days: number])[] {
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
