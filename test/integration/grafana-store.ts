import type { StoreClient } from '../../src/store/client.ts';
import { storeClient, type StoreAddress } from '../../src/store/client.ts';
import { FINDINGS, LIVES } from '../../src/store/tables.ts';
import { grants } from '../dashboards/grafana-files.ts';
import { aFinding } from '../store/a-finding.ts';

/** Scores, findings and what became of them, beside the events that are there. */
export async function seedGrafana(client: StoreClient, at: number): Promise<void> {
  for (const [scope, id] of [
    ['overall', ''],
    ['department', 'dep07'],
    ['vendor', 'vendor3'],
    ['system', 'sys01'],
  ])
    await client.command({
      query: `INSERT INTO posture SELECT {scope:String}, {id:String}, toDateTime({at:UInt32} + 60 * number), 80 + number % 9, 3, 97, now64(3)
        FROM numbers(120)`,
      query_params: { scope, id, at: at / 1_000 },
    });
  const ids = ['4b3f0f6e-2f58-4f43-9a53-0c3d6a0f0001', '4b3f0f6e-2f58-4f43-9a53-0c3d6a0f0002'];
  const findings = ids.map((id, n) => aFinding({ id, causedAt: at + n * 60_000, lastTime: at + n * 60_000 }));
  await client.insert({ table: FINDINGS.table, values: findings.map(FINDINGS.rowOf), format: 'JSONEachRow' });
  const closed = { id: ids[0]!, finding: ids[0]!, act: 'closed', at, by: 'wang', disposition: 'true-positive' };
  const life = LIVES.rowOf({ ...closed, text: '' } as Parameters<typeof LIVES.rowOf>[0]);
  await client.insert({ table: LIVES.table, values: [life], format: 'JSONEachRow' });
}

/**
 * A copy of the store in which there is nothing but what the account of Grafana may read: a query that takes anything else
 * fails there, as it would on a server.
 */
export async function asGrafanaSees(client: StoreClient, address: StoreAddress): Promise<StoreClient> {
  await client.command({ query: 'CREATE DATABASE grafana' });
  const made = new Map(
    (
      await ask<{ name: string; key: string; partition: string; made: string }>(
        client,
        `SELECT name, sorting_key AS key, partition_key AS partition, create_table_query AS made FROM system.tables
         WHERE database = 'wanglou'`,
      )
    ).map((table) => [table.name, table]),
  );
  for (const [table, columns] of grants()) {
    if (table.startsWith('system.')) continue;
    const { key, partition, made: statement } = made.get(table)!;
    const names = columns?.map((name) => `\`${name}\``).join(', ');
    const query =
      names === undefined
        ? statement.replaceAll('wanglou.', 'grafana.')
        : `CREATE TABLE grafana.${table} ENGINE = ReplacingMergeTree ${partition === '' ? '' : `PARTITION BY ${partition}`}
           ORDER BY (${key}) AS SELECT ${names} FROM wanglou.${table}`;
    await client.command({ query });
  }
  return storeClient({ ...address, database: 'grafana' });
}

async function ask<T>(client: StoreClient, query: string): Promise<T[]> {
  return (await client.query({ query, format: 'JSONEachRow' })).json<T>();
}
