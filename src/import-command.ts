import { userInfo } from 'node:os';
import pino from 'pino';
import type { Config } from './config.ts';
import { importTables } from './registry/import/import.ts';
import { reportOf } from './registry/import/report.ts';
import { RecordedRegistry } from './registry/recorded-registry.ts';
import { startEventLog } from './wiring.ts';

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
  const eventLog = await startEventLog(config, pino({ level: 'warn' }, pino.destination(2)));
  const registry = new RecordedRegistry({ table: eventLog.table('registry'), timeZone: config.timeZone });
  try {
    await registry.refresh();
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
    process.stdout.write(`${reportOf(differences, options.dryRun === true).join('\n')}\n`);
  } finally {
    await registry.stop();
    await eventLog.stop();
  }
}
