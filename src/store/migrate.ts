import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { WanglouError } from '../errors.ts';
import { checkRetention, type RetentionSettings } from '../retention.ts';
import { storeClient, type StoreAddress, type StoreClient } from './client.ts';
import { splitStatements } from './split-statements.ts';

const FOLDER = new URL('./schema/', import.meta.url);

export interface Migration {
  number: number;
  name: string;
  sql: string;
}

/** The numbered files of schema/, in order. */
export function readMigrations(folder: URL = FOLDER): Migration[] {
  return readdirSync(folder)
    .filter((name) => /^\d{3}_\w+\.sql$/.test(name))
    .sort()
    .map((name) => ({
      number: Number(name.slice(0, 3)),
      name: name.slice(0, -4),
      sql: readFileSync(new URL(name, folder), 'utf8'),
    }));
}

/**
 * Brings the database to the schema of this version: makes it, applies each numbered file once. How long events are kept is
 * stated when their table is made; from then on it is for `serve` to change (retention.ts).
 * @throws WanglouError WL_CONFIG_INVALID when an applied file was changed, or for a retention that is too short.
 */
export async function migrate(
  address: StoreAddress,
  options: RetentionSettings & { migrations?: readonly Migration[] },
): Promise<void> {
  const { retentionDays } = checkRetention(options);
  await createDatabase(address);
  const client = storeClient(address);
  try {
    await client.command({ query: HISTORY });
    const applied = await appliedMigrations(client);
    for (const migration of options.migrations ?? readMigrations()) {
      const checksum = createHash('sha256').update(migration.sql).digest('hex');
      const known = applied.get(migration.number);
      if (known === undefined) await apply(client, migration, checksum, retentionDays);
      else if (known !== checksum) throw changed(migration);
    }
  } finally {
    await client.close();
  }
}

const HISTORY = `CREATE TABLE IF NOT EXISTS migrations
(number UInt32, name String, checksum String, applied_at DateTime64(3, 'UTC') DEFAULT now64(3))
ENGINE = ReplacingMergeTree ORDER BY number SETTINGS fsync_after_insert = 1, fsync_part_directory = 1`;

async function createDatabase(address: StoreAddress): Promise<void> {
  const client = storeClient({ ...address, database: 'default' });
  try {
    await client.command({
      query: 'CREATE DATABASE IF NOT EXISTS {database:Identifier}',
      query_params: { database: address.database },
    });
  } finally {
    await client.close();
  }
}

async function appliedMigrations(client: StoreClient): Promise<Map<number, string>> {
  const result = await client.query({ query: 'SELECT number, checksum FROM migrations FINAL', format: 'JSONEachRow' });
  const rows = await result.json<{ number: number; checksum: string }>();
  return new Map(rows.map((row) => [row.number, row.checksum]));
}

/**
 * Statements of a file that was cut short are run again: each first meets what it made before, and goes on. (ClickHouse has
 * no transaction over CREATE statements.)
 */
async function apply(
  client: StoreClient,
  migration: Migration,
  checksum: string,
  retentionDays: number,
): Promise<void> {
  for (const statement of splitStatements(migration.sql)) {
    const query = statement.replaceAll('{retentionDays:UInt32}', String(retentionDays));
    await client.command({ query }).catch((error: unknown) => {
      if ((error as { type?: string }).type !== 'TABLE_ALREADY_EXISTS') throw error;
    });
  }
  const { number, name } = migration;
  await client.insert({ table: 'migrations', values: [{ number, name, checksum }], columns: ['number', 'name', 'checksum'], format: 'JSONEachRow' }); // prettier-ignore
}

function changed(migration: Migration): WanglouError {
  return new WanglouError('WL_CONFIG_INVALID', `schema/${migration.name}.sql was changed after it was applied`, {
    remedy: 'Restore the file as it was, and put the change into a new file with the next number.',
  });
}
