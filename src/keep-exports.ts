import { join } from 'node:path';
import type { Logger } from 'pino';
import type { AuditTrail } from './access/audit/trail.ts';
import type { Config } from './config.ts';
import { countOf } from './export-records.ts';
import { ExportDesk } from './exports/export-desk.ts';
import { ExportFiles } from './exports/export-files.ts';
import { startExport } from './exports/export-process.ts';
import { taggedFields } from './masking.ts';
import { sqlAddress, type SqlConfig } from './keep-sql.ts';
import type { RecordedRegistry } from './registry/recorded-registry.ts';
import { Reach } from './scope/reach.ts';
import type { Scope } from './scope/scope.ts';
import type { StoreAddress } from './store/client.ts';
import { readerOfRows, rowFilters, type StoreReader } from './store/reader.ts';

interface ExportParts {
  address: StoreAddress;
  store: StoreReader;
  registry: RecordedRegistry;
  trail: Pick<AuditTrail, 'done'>;
  log: Pick<Logger, 'warn'>;
}

/** Exports of `serve`: jobs and files of earlier runs are read, new ones are made in processes of their own. */
export function keepExports(
  config: Pick<Config, 'dataDir' | 'sealKeyFile' | 'exportQuotaGb' | 'exportKeepDays' | 'exportsPerPerson'> & SqlConfig,
  { address, store, registry, trail, log }: ExportParts,
  start = startExport,
): ExportDesk {
  const filtersOf = (scope: Scope | null) =>
    scope === null
      ? null
      : rowFilters(new Reach(scope, registry.current(), Date.now()), (table) => `${address.database}.${table}`);
  return new ExportDesk({
    files: new ExportFiles(join(config.dataDir, 'exports')),
    start: (request, onProgress) =>
      start(
        {
          ...{ ...request, address, dataDir: config.dataDir, sealKeyFile: config.sealKeyFile },
          ...{ rowFilters: filtersOf(request.job.scope), tagged: [...taggedFields(registry)] },
          sqlAddress: sqlAddress(config, address),
        },
        onProgress,
      ),
    count: (query, scope) => {
      const filters = filtersOf(scope);
      return countOf(filters === null ? store : readerOfRows(store, filters), query);
    },
    record: (entry) => trail.done(entry),
    limits: {
      quotaBytes: config.exportQuotaGb * 1e9,
      keepMs: config.exportKeepDays * 86_400_000,
      perPerson: config.exportsPerPerson,
    },
    onProblem: (problem) => log.warn(problem),
  });
}
