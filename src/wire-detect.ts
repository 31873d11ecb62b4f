import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import { detectors } from '../detectors/index.ts';
import { storeAddress } from './ask.ts';
import type { Config } from './config.ts';
import { BaselineBook } from './detection/baseline.ts';
import { Engine } from './detection/engine.ts';
import { IncidentStream } from './detection/incident-stream.ts';
import { SettingsBook } from './detection/scoped-contexts.ts';
import type { SettingsVersion } from './detection/settings-versions.ts';
import { decodeBatch, encodeRows, storeBlock } from './event/batch.ts';
import { isOutward } from './detection/sharing.ts';
import type { EventLog } from './event-log/event-log.ts';
import { TableFollower } from './event-log/table-follower.ts';
import { SuppressionBook, type Suppression } from './finding/suppression.ts';
import { storeTopic } from './live.ts';
import { PulseSender, pulseOfDetect } from './pulse-sender.ts';
import { CatalogueSchedule } from './registry/catalogue-schedule.ts';
import type { RecordedRegistry } from './registry/recorded-registry.ts';
import { keepTrying } from './keep-trying.ts';
import { storeCoverage } from './store-coverage.ts';
import { storeRegistry } from './store-registry.ts';
import { storeClient } from './store/client.ts';
import { migrate } from './store/migrate.ts';
import { LedgerWriter } from './store/ledger-writer.ts';
import { RegistryWriter } from './store/registry-writer.ts';
import { AUDIT, FINDINGS, INCIDENTS, LIVES } from './store/tables.ts';
import { TableWriter } from './store/table-writer.ts';
import { StoreWriter } from './store/writer.ts';
import { PostgresqlCatalogue } from './registry/postgresql-catalogue.ts';
import { type Part, endAtOnce, inOrder, instanceOf, note } from './wire-common.ts';

/** What people are told to ask is there when they are told; but a store that stays away must not hold up the rest. */
const SCHEMA_WITHIN_MS = 5_000;

/** Events → findings; events and findings → the store. */
export async function detect(
  config: Config,
  log: Logger,
  eventLog: EventLog,
  registry: RecordedRegistry,
): Promise<Part & { schema: Promise<void> }> {
  const address = await storeAddress(config);
  const client = storeClient(address);
  const problems = new Map<string, string>();
  const into = (table: string) =>
    new StoreWriter({ client, table, onProblem: (problem) => note(problems, table, problem) });
  const writer = new LedgerWriter(into('events'), into('diffusion'), isOutward, encodeRows);
  const suppressions = new SuppressionBook();
  const followed = new TableFollower<Suppression>(eventLog.table('suppressions'), {
    onEntries: (entries) => suppressions.replace(entries),
    onProblem: (problem) => note(problems, 'suppressions', problem && `suppressions can not be read: ${problem}`),
  });
  await keepTrying('suppressions', () => followed.start(), log);
  const versions = new SettingsBook();
  const settings = new TableFollower<SettingsVersion>(eventLog.table('settings'), {
    onEntries: (entries) => versions.replace(entries),
    onProblem: (problem) => note(problems, 'settings', problem && `settings can not be read: ${problem}`),
  });
  await keepTrying('settings', () => settings.start(), log);
  const engine = new Engine({
    log: eventLog,
    codec: { decodeBatch, storeBlock, encodeRows },
    sink: writer,
    detectors,
    settings: config.detectors,
    registry,
    versions,
    suppressing: suppressions.suppressing,
    makeBaseline: (current) => new BaselineBook(current),
    checkpointMs: config.checkpointMs,
    coverageMs: config.coverageMs,
    isContiguous: config.kafkaBrokers === '',
    forgetDuplicatesAfter: config.forgetDuplicatesAfter,
    onProblem: (problem, error) => log.warn({ err: error }, problem),
    onFault: (error) => endAtOnce(log, error),
  });
  // The store may come later than we do: events wait in the log, findings are told without it.
  const noStore = (problem: string): void =>
    note(problems, 'store', problem && `events wait for the store: ${problem}`);
  const migrated = keepTrying('store', () => migrate(address, config), log, noStore).then(() => writer.start());
  await engine.start();
  const catalogues = new CatalogueSchedule(registry, cataloguesOf(config));
  catalogues.start();
  const registryStore = storeRegistry(registry, new RegistryWriter(client, config.timeZone), migrated, log);
  const incidents = new IncidentStream({ log: eventLog, registry, onFault: (error) => endAtOnce(log, error) });
  await incidents.start();
  const topicsStored = await Promise.all([
    storeTopic(eventLog, 'findings', new TableWriter(client, FINDINGS), migrated, log),
    storeTopic(eventLog, 'triage', new TableWriter(client, LIVES), migrated, log),
    storeTopic(eventLog, 'incidents', new TableWriter(client, INCIDENTS), migrated, log),
    storeTopic(eventLog, 'audit', new TableWriter(client, AUDIT), migrated, log),
    storeCoverage(eventLog, client, migrated, log),
  ]);
  const health = () => ({
    ready: engine.status().ready,
    problems: [engine.status().problem, ...problems.values(), ...registry.problems(), ...catalogues.problems()].filter(
      Boolean,
    ),
  });
  const says = pulseOfDetect(engine, () => writer.stored, health);
  const pulse = new PulseSender(eventLog, instanceOf('detect', config), says, log);
  pulse.start();
  return {
    where: '',
    health,
    schema: Promise.race([migrated, pause(SCHEMA_WITHIN_MS, undefined, { ref: false })]),
    stop: () =>
      inOrder(
        () => engine.stop(),
        () => catalogues.stop(),
        () => registryStore.stop(),
        () => followed.stop(),
        () => settings.stop(),
        () => incidents.stop(),
        () => Promise.all(topicsStored.map((each) => each.stop())),
        () => pulse.stop(),
        () => writer.stop(),
        () => client.close(),
      ),
  };
}

function cataloguesOf(config: Config): { connector: PostgresqlCatalogue; everyMs: number }[] {
  return config.catalogues.map(({ everyMinutes, ...options }) => ({
    connector: new PostgresqlCatalogue(options),
    everyMs: everyMinutes * 60_000,
  }));
}
