import { hostname } from 'node:os';
import { join } from 'node:path';
import type { AuditTrail } from './access/audit/trail.ts';
import { readSubjectKey } from './access/subject-key.ts';
import type { Masks } from './api/mask-answers.ts';
import type { Config } from './config.ts';
import { WanglouError } from './errors.ts';
import { engineParser } from './sql/engine-parser.ts';
import { SqlGate } from './sql/gate.ts';
import { SqlDesk } from './sql/sql-desk.ts';
import { SqlRuns } from './sql/sql-runs.ts';
import { TABLE_NAMES } from './sql/tables.ts';
import { makeViews, viewDatabase } from './sql/views.ts';
import type { StoreAddress } from './store/client.ts';
import { RunningQueries } from './store/running-queries.ts';

export interface SqlOfServe {
  desk: SqlDesk;
  stop(): Promise<void>;
}

export type SqlConfig = Pick<Config, 'clickhouseUrl' | 'clickhouseSqlUser' | 'clickhouseSqlPassword'>;

/** Where people's queries are asked: the masked views, as a user of its own where a ClickHouse server has one. */
export function sqlAddress(
  { clickhouseUrl, clickhouseSqlUser: user, clickhouseSqlPassword: password }: SqlConfig,
  address: StoreAddress,
): StoreAddress {
  const own = clickhouseUrl === '' || user === '' ? {} : { user, password };
  return { ...address, ...own, database: viewDatabase(address.database) };
}

/** What answers people's SQL: the gate before the store, queries on connections of their own, results in files. */
export async function keepSql(
  config: Pick<Config, 'dataDir'> & SqlConfig,
  address: StoreAddress,
  { trail, masks }: { trail: Pick<AuditTrail, 'done'>; masks: Masks },
): Promise<SqlOfServe> {
  const before = sqlAddress(config, address);
  const parser = engineParser(before);
  const queries = new RunningQueries(before);
  const runs = new SqlRuns({
    queries,
    folder: join(config.dataDir, 'sql-results', hostname()),
    record: async (account, run, rows) => {
      const said = { request: '', roles: [], session: '', address: '', code: '', reason: '', asked: '', digest: '' };
      const what = { account, action: 'sql.result', object: `run ${run}`, outcome: 'success', rows, count: 1 } as const;
      await trail.done({ ...said, ...what, at: Date.now() });
    },
  });
  const desk = new SqlDesk({
    ...{ queries, runs, masks, key: await readSubjectKey(config.dataDir), database: address.database },
    gate: new SqlGate(parser, TABLE_NAMES),
    ready: onceMade(() => makeViews(address)),
  });
  return {
    desk,
    stop: async () => {
      await runs.stop();
      parser.close();
      await queries.stop();
    },
  };
}

/** Makes them with the first query, and again with the next one when that failed: the store may not have its tables yet. */
function onceMade(make: () => Promise<void>): () => Promise<void> {
  let made: Promise<void> | undefined;
  return async () => {
    made ??= make();
    await made.catch((cause: unknown) => {
      made = undefined;
      throw new WanglouError('WL_STORE_AWAY', 'The store has no tables to ask yet', { cause });
    });
  };
}
