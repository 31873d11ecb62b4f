import { userInfo } from 'node:os';
import pino from 'pino';
import { auditEntry } from './access/audit/entry.ts';
import { AuditTrail } from './access/audit/trail.ts';
import type { Config } from './config.ts';
import { WanglouError } from './errors.ts';
import { logMasker } from './masking.ts';
import { takeOver } from './registry/catalogue.ts';
import { importTables } from './registry/import/import.ts';
import { reportOf } from './registry/import/report.ts';
import { PostgresqlCatalogue } from './registry/postgresql-catalogue.ts';
import { RecordedRegistry } from './registry/recorded-registry.ts';
import { startEventLog } from './wire-common.ts';

const PROGRESS_MS = 500;

/**
 * `wanglou registry import`: also while the programs run, which follow what it records.
 * @throws ImportRefusal, WanglouError
 */
export async function importIntoRegistry(
  config: Config,
  path: string,
  options: { list?: string; complete?: boolean; dryRun?: boolean },
): Promise<void> {
  const what = `registry import ${path}${options.dryRun === true ? ' --dry-run' : ''}`;
  await withRegistry(config, what, async (registry) => {
    let saidAt = Date.now();
    const differences = await importTables(registry, {
      ...options,
      path,
      by: userInfo().username,
      now: Date.now(),
      onProgress: (file, progress, rows) => {
        if (Date.now() - saidAt < PROGRESS_MS) return;
        saidAt = Date.now();
        process.stderr.write(`${file}: ${Math.floor(progress * 100)} %, ${rows} rows\n`);
      },
    });
    print(reportOf(differences, options.dryRun === true));
  });
}

/** `wanglou registry catalogue`. @throws WanglouError WL_NOT_FOUND, RegistryRefusal, the error of the database */
export async function takeCataloguesOver(config: Config, name: string | undefined, dryRun: boolean): Promise<void> {
  const chosen = config.catalogues.filter((catalogue) => name === undefined || catalogue.name === name);
  if (chosen.length === 0)
    throw new WanglouError(
      'WL_NOT_FOUND',
      name === undefined ? 'no catalogue is configured' : `${name} is no catalogue`,
      {
        remedy: 'Name one under `catalogues` in the configuration file.',
      },
    );
  const what = `registry catalogue ${chosen.map(({ name: one }) => one).join(' ')}${dryRun ? ' --dry-run' : ''}`;
  await withRegistry(config, what, async (registry) => {
    for (const options of chosen) {
      const differences = await takeOver(registry, new PostgresqlCatalogue(options), dryRun).catch((error: unknown) => {
        if (error instanceof WanglouError) throw error;
        throw new WanglouError('WL_NOT_FOUND', `catalogue ${options.name}: ${(error as Error).message}`, {
          remedy: 'Check its address and view.',
          cause: error,
        });
      });
      print([`${options.name}:`, ...reportOf(differences, dryRun)]);
    }
  });
}

/** @param what the command, for the audit trail. */
async function withRegistry(
  config: Config,
  what: string,
  use: (registry: RecordedRegistry) => Promise<void>,
): Promise<void> {
  const eventLog = await startEventLog(
    config,
    pino({ level: 'warn', hooks: { streamWrite: logMasker() } }, pino.destination(2)),
  );
  const registry = new RecordedRegistry({ table: eventLog.table('registry'), timeZone: config.timeZone });
  const trail = new AuditTrail({ log: eventLog });
  const said = { action: 'registry.import', account: userInfo().username, object: what } as const;
  try {
    await registry.refresh();
    const begun = await trail.begin(auditEntry({ ...said, id: '', at: Date.now() }));
    try {
      await use(registry);
      await trail.end(begun, { outcome: 'success' });
    } catch (error) {
      const code = error instanceof WanglouError ? error.code : 'WL_INTERNAL';
      await trail.end(begun, { outcome: 'failed', code });
      throw error;
    }
  } finally {
    await registry.stop();
    await eventLog.stop();
  }
}

function print(lines: readonly string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`);
}
