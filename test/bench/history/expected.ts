import type { StoreClient } from '../../../src/store/client.ts';
import { selectOf, type Day, type Year } from './generated.ts';

/** What the generator says of itself, without the table `events`: what answers about it are compared to. */
const TABLES = [
  `CREATE TABLE IF NOT EXISTS expected_use
     (arrived Date, month Date, asset String, department String, events UInt64, rows UInt64)
   ENGINE = MergeTree PARTITION BY toYYYYMMDD(arrived) ORDER BY (asset, department, month)`,
  `CREATE TABLE IF NOT EXISTS expected_acts (arrived Date, day Date, account String, events UInt64)
   ENGINE = MergeTree PARTITION BY toYYYYMM(arrived) ORDER BY (account, day)`,
];
const ZONE = 'Asia/Shanghai';

export async function prepareExpected(client: StoreClient): Promise<void> {
  for (const query of TABLES) await client.command({ query });
}

/** Counts a day of arrival, by local days and months of event time. */
export async function expectDay(client: StoreClient, year: Year, day: Day): Promise<void> {
  const query_params = { arrived: new Date(day.at).toISOString().slice(0, 10), zone: ZONE };
  const select = (columns: readonly string[]): string => selectOf(year, [day], columns);
  await client.command({
    query: `INSERT INTO expected_acts SELECT {arrived:Date}, toDate(time, {zone:String}) AS day, account, count()
      FROM (${select(['time', 'account'])}) WHERE account != '' GROUP BY day, account`,
    query_params,
  });
  await client.command({
    query: `INSERT INTO expected_use
      SELECT {arrived:Date}, toStartOfMonth(toDate(time, {zone:String})) AS month, asset, department, count(), sum(rows)
      FROM (${select(['time', 'asset', 'department', 'rows'])}) GROUP BY month, asset, department`,
    query_params,
  });
}

/** Events of an account on a local day. */
export async function actsOn(client: StoreClient, day: string): Promise<Map<string, number>> {
  const rows = await ask<{ account: string; events: number }>(
    client,
    'SELECT account, toUInt32(sum(events)) AS events FROM expected_acts WHERE day = {day:Date} GROUP BY account',
    { day },
  );
  return new Map(rows.map(({ account, events }) => [account, events]));
}

/** Events and rows of the year by asset, or by department. */
export async function usesBy(
  client: StoreClient,
  by: 'asset' | 'department',
): Promise<Map<string, { events: number; rows: number }>> {
  const rows = await ask<{ name: string; events: number; touched: number }>(
    client,
    `SELECT ${by} AS name, toUInt32(sum(events)) AS events, toFloat64(sum(rows)) AS touched FROM expected_use GROUP BY name`,
    {},
  );
  return new Map(rows.map(({ name, events, touched }) => [name, { events, rows: touched }]));
}

/** Events in [from, to) whose message has the word that the generator gives to one of `each`. */
export async function wordsIn(
  client: StoreClient,
  year: Year,
  days: readonly Day[],
  { text, condition }: { text: string; condition: string },
  { from, to }: { from: number; to: number },
): Promise<number> {
  const [row] = await ask<{ events: number }>(
    client,
    `SELECT toUInt32(count()) AS events FROM (${selectOf(year, days, ['time', 'message'], condition)})
     WHERE position(message, {text:String}) > 0 AND time >= fromUnixTimestamp64Milli({from:Int64})
       AND time < fromUnixTimestamp64Milli({to:Int64})`,
    { text, from, to },
  );
  return row?.events ?? 0;
}

export async function ask<T>(client: StoreClient, query: string, query_params: Record<string, unknown>): Promise<T[]> {
  return (await client.query({ query, query_params, format: 'JSONEachRow' })).json<T>();
}
