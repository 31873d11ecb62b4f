import { join } from 'node:path';
import type { AuditTrail } from '../../src/access/audit/trail.ts';
import { auditEntry } from '../../src/access/audit/entry.ts';
import type { Masks } from '../../src/api/mask-answers.ts';
import { SqlRefusal } from '../../src/sql/refusal.ts';
import { RULES } from '../../src/sql/rules.ts';
import { SqlDesk } from '../../src/sql/sql-desk.ts';
import { SqlRuns } from '../../src/sql/sql-runs.ts';
import type { QueryWork, RowTaker, RunningQuery } from '../../src/store/running-queries.ts';

const PROGRESS = { elapsedMs: 5, rowsRead: 2, bytesRead: 20, rowsToRead: 4, memoryBytes: 100 };

/** A store that answers every query with the same rows, runs `SELECT endless` until it is cancelled and `SELECT later` until it is told, and refuses `SELECT file`. */
export class FakeSql {
  readonly works: QueryWork[] = [];
  readonly desk: SqlDesk;
  /** Lets `SELECT later` come to its end. */
  finish = (): void => undefined;
  rows: unknown[][] = [['13912345678 called', '7']];

  constructor(dataDir: string, trail: Pick<AuditTrail, 'done'>, masks: Masks) {
    const runs = new SqlRuns({
      queries: { start: (work, taker) => this.#start(work, taker) },
      folder: join(dataDir, 'sql-results'),
      record: async (account, run, rows) => {
        const said = { account, action: 'sql.result', object: `run ${run}`, outcome: 'success', rows } as const;
        await trail.done(auditEntry({ ...said, id: '', at: 0 }));
      },
    });
    this.desk = new SqlDesk({
      ...{ runs, masks, key: 'k', database: 'wanglou', ready: async () => undefined },
      gate: {
        check: async (sql) => {
          if (sql.includes('file')) throw new SqlRefusal('file', RULES.tableFunction, { line: 1, column: 8 });
          return { sql, tables: ['events'], parameters: [] };
        },
      },
      queries: {
        columnsOf: async () => [{ name: 'message', type: 'String' }],
        costOf: async () => ({ tables: [], rows: 0, sentence: { zh: '无', en: 'none' } }),
      },
    });
  }

  #start(work: QueryWork, taker: RowTaker): RunningQuery {
    this.works.push(work);
    const end = { rows: this.rows.length, bytes: 10, truncated: false, elapsedMs: 5 };
    let cancel = (_error: Error): void => undefined;
    const ended = /endless|later/.test(work.sql)
      ? new Promise<typeof end>((done, fail) => {
          this.finish = () => done(end);
          cancel = fail;
        })
      : Promise.resolve(end);
    ended.catch(() => undefined);
    taker.columns([
      { name: 'message', type: 'String' },
      { name: 'n', type: 'UInt64' },
    ]);
    for (const row of this.rows) taker.row(JSON.stringify(row));
    const gone = Object.assign(new Error('cancelled'), { code: 'WL_QUERY_CANCELLED', remedy: 'Again.', details: {} });
    return {
      id: 'q',
      ended,
      wanted: () => undefined,
      progress: async () => PROGRESS,
      cancel: async () => cancel(gone),
    };
  }
}
