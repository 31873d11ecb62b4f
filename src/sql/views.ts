import { storeClient, type StoreAddress } from '../store/client.ts';
import { identifier } from '../store/request-settings.ts';
import { KEY_PARAMETER, maskedMap, maskedText, withSteps, type MaskedColumn } from './mask-sql.ts';
import { TABLES, type SqlColumn, type SqlTable } from './tables.ts';

/** The database that queries of people have before them: nothing is in it but the masked views. */
export function viewDatabase(database: string): string {
  return `${database}_hunting`;
}

const viewName = ({ name }: SqlTable): string => `masked_${name}`;
const isKeyed = ({ columns }: SqlTable): boolean => columns.some(({ masked }) => masked !== undefined);

/**
 * The statements that make the views, in order; each may be run again. What a query of somebody reads is masked inside of the view,
 * before any of its own conditions, functions or orders see it. Whoever has a right to a view needs none to its tables.
 */
export function viewStatements(database: string): string[] {
  const hunting = identifier(viewDatabase(database));
  const table = (name: string): string => `${identifier(database)}.${identifier(name)}`;
  const views = TABLES.map((one) => {
    const masked = one.columns.map(maskedOf);
    const shown = masked.map((column, at) => `${column.shown} AS ${identifier(one.columns[at]!.name)}`);
    const from = `SELECT ${shown.join(', ')} FROM ${withSteps(one.from(table), masked)}`;
    const name = `${hunting}.${identifier(viewName(one))}`;
    return `CREATE OR REPLACE VIEW ${name} DEFINER = CURRENT_USER SQL SECURITY DEFINER AS ${from}`;
  });
  return [`CREATE DATABASE IF NOT EXISTS ${hunting}`, ...views];
}

function maskedOf({ name, masked }: SqlColumn): MaskedColumn {
  if (masked === undefined) return { steps: [], shown: identifier(name) };
  return masked === 'map' ? maskedMap(name) : maskedText(name, masked === 'value');
}

/** @throws an error of the store when its tables are not there yet. */
export async function makeViews(address: StoreAddress): Promise<void> {
  const client = storeClient(address);
  try {
    for (const query of viewStatements(address.database)) await client.command({ query });
  } finally {
    await client.close();
  }
}

/**
 * The query as it is run: the tables that it names mean the masked views, and at most so many rows come out.
 * @param sql accepted by the gate. @param settings `name = value` of SQL.
 */
export function wrapped(sql: string, tables: readonly string[], maxRows: number, settings: readonly string[]): string {
  const views = TABLES.filter(({ name }) => tables.includes(name)).map((one) => {
    const from = isKeyed(one) ? `${viewName(one)}(${KEY_PARAMETER} = {${KEY_PARAMETER}:String})` : viewName(one);
    return `${one.name} AS (SELECT * FROM ${from})`;
  });
  const named = views.length === 0 ? '' : `WITH ${views.join(', ')} `;
  const limits = settings.length === 0 ? '' : ` SETTINGS ${settings.join(', ')}`;
  return `${named}SELECT * FROM (${sql}) LIMIT ${maxRows}${limits}`;
}
