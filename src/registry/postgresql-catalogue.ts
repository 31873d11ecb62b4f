import pg from 'pg';
import type { CatalogueConnector } from './catalogue.ts';
import type { EntryInput } from './change-set.ts';
import { valueOfCell, type Cell } from './import/cells.ts';
import { fieldOfHeader } from './import/headers.ts';
import { placeField, withoutEmpty } from './import/place-field.ts';
import type { ListName } from './schema.ts';

export interface PostgresqlCatalogueOptions {
  name: string;
  /** `postgresql://user:password@host:5432/database`. */
  url: string;
  /** View or table, with or without its schema: `catalogue.datasets`. */
  view: string;
  list: ListName;
  /** Field of the entry by column; columns that are not named here are found by their name, as in imports. */
  columns?: Readonly<Record<string, string>>;
}

const CONNECT_TIMEOUT_MS = 10_000;
const QUERY_TIMEOUT_MS = 120_000;

/** A catalogue in a view of a PostgreSQL database, which is only read. */
export class PostgresqlCatalogue implements CatalogueConnector {
  readonly name: string;
  readonly list: ListName;
  readonly #options: PostgresqlCatalogueOptions;

  constructor(options: PostgresqlCatalogueOptions) {
    this.name = options.name;
    this.list = options.list;
    this.#options = options;
  }

  /** Columns that mean no field of the list are left alone. @throws when the view can not be read. */
  async read(): Promise<readonly EntryInput[]> {
    const { url, view } = this.#options;
    const client = new pg.Client({
      connectionString: url,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      query_timeout: QUERY_TIMEOUT_MS,
      application_name: 'wanglou',
      // Dates stay text: what a zone makes of them is the registry's affair.
      types: { getTypeParser: parserOf as typeof pg.types.getTypeParser },
    });
    client.on('error', () => undefined);
    await client.connect();
    try {
      await client.query('BEGIN READ ONLY');
      const name = view.split('.').map((part) => pg.escapeIdentifier(part));
      const { rows } = await client.query<Record<string, unknown>>(`SELECT * FROM ${name.join('.')}`);
      return rows.map((row) => this.#entryOf(row));
    } finally {
      await client.end();
    }
  }

  #entryOf(row: Readonly<Record<string, unknown>>): EntryInput {
    const entry: Record<string, unknown> = {};
    for (const [column, value] of Object.entries(row)) {
      const field = this.#options.columns?.[column] ?? fieldOfHeader(this.list, column);
      if (field === undefined) continue;
      placeField(entry, field, Array.isArray(value) ? value : valueOfCell(this.list, field, value as Cell));
    }
    return withoutEmpty(entry);
  }
}

const usualParser = pg.types.getTypeParser as (oid: number, format?: string) => unknown;

function parserOf(oid: number, format?: 'text' | 'binary'): unknown {
  return DATES.has(oid) ? String : usualParser(oid, format);
}

/** date, timestamp, timestamptz. */
const DATES = new Set<number>([1082, 1114, 1184]);
