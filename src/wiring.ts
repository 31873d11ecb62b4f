import { hostname } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';
import { detectors } from '../detectors/index.ts';
import { serviceLimits } from '../detectors/service-degradation.ts';
import { storeAddress } from './ask.ts';
import { auditEntry } from './access/audit/entry.ts';
import { AuditTrail } from './access/audit/trail.ts';
import { LocalAccess } from './access/local-access.ts';
import { Reveals } from './access/reveals.ts';
import { readSubjectKey } from './access/subject-key.ts';
import { readTokens, TokenFile, tokenPath } from './access/tokens.ts';
import type { SenderTokensOf } from './api/parts.ts';
import { takeAuditIn } from './audit-events.ts';
import { ApiServer } from './api/server.ts';
import { backtest, type BacktestRequest } from './backtest-command.ts';
import type { BacktestReport } from './backtest-report.ts';
import type { BacktestProgress } from './backtest.ts';
import type { Collector, Identify } from './collectors/collector.ts';
import { FileTail } from './collectors/file-tail.ts';
import { HttpIntake } from './collectors/http-intake.ts';
import { EventIntake } from './collectors/intake.ts';
import { KafkaTopic } from './collectors/kafka-topic.ts';
import { PositionsFile } from './collectors/positions-file.ts';
import { SyslogTcp } from './collectors/syslog-tcp.ts';
import { SyslogUdp } from './collectors/syslog-udp.ts';
import type { Config } from './config.ts';
import {
  Connections,
  limitsWithin,
  tellingOnce,
  type ConnectionLimits,
  type ConnectionRefusal,
} from './connections.ts';
import { descriptorLimit } from './descriptor-limit.ts';
import { cardsOf, correlationCards } from './detection/cards.ts';
import { BaselineBook } from './detection/baseline.ts';
import { Engine } from './detection/engine.ts';
import { IncidentStream } from './detection/incident-stream.ts';
import { SettingsBook } from './detection/scoped-contexts.ts';
import type { SettingsVersion } from './detection/settings-versions.ts';
import { desksOver } from './desks.ts';
import { DiffusionDesk } from './diffusion-desk.ts';
import type { WanglouError } from './errors.ts';
import { decodeBatch, encodeBatch, encodeRows, storeBlock } from './event/batch.ts';
import { DataSubjects } from './event/data-subjects.ts';
import { assemblerFor } from './event/formats/assemble.ts';
import { incidentToOcsf } from './event/ocsf-incident.ts';
import { toOcsf } from './event/ocsf.ts';
import { isOutward } from './detection/sharing.ts';
import { parseRecord } from './event/parse.ts';
import { holdDirectory } from './event-log/directory-hold.ts';
import { EmbeddedEventLog } from './event-log/embedded.ts';
import { kafkaSecurity } from './event-log/kafka-security.ts';
import type { EventLog } from './event-log/event-log.ts';
import { TableFollower } from './event-log/table-follower.ts';
import { topicTable } from './event-log/topics.ts';
import { Feed } from './feed/feed.ts';
import { UnresolvedNames } from './feed/unresolved-names.ts';
import { CORRELATIONS } from './finding/correlations.ts';
import { SuppressionBook, type Suppression } from './finding/suppression.ts';
import { HealthRoute } from './health-route.ts';
import { followFindings, followIncidents, followPulses, followTriage, storeTopic } from './live.ts';
import { PulseSender, pulseOfCollect, pulseOfDetect } from './pulse-sender.ts';
import { identify } from './registry/identify.ts';
import { CatalogueSchedule } from './registry/catalogue-schedule.ts';
import { PostgresqlCatalogue } from './registry/postgresql-catalogue.ts';
import { RecordedRegistry } from './registry/recorded-registry.ts';
import { keepForecasts } from './keep-forecasts.ts';
import { keepBacktests } from './keep-backtests.ts';
import { keepPeople, signOnOf } from './keep-people.ts';
import { keepPosture } from './keep-posture.ts';
import { readMasker } from './masking.ts';
import { keepTrying } from './keep-trying.ts';
import { storeRegistry } from './store-registry.ts';
import { AuditQueries } from './store/audit-queries.ts';
import { storeClient } from './store/client.ts';
import { DiffusionQueries } from './store/diffusion-queries.ts';
import { startEmbeddedStore } from './store/embedded-server.ts';
import { migrate } from './store/migrate.ts';
import { StoreQueries } from './store/queries.ts';
import { LedgerWriter } from './store/ledger-writer.ts';
import { RegistryWriter } from './store/registry-writer.ts';
import { AUDIT, FINDINGS, INCIDENTS, LIVES } from './store/tables.ts';
import { TableWriter } from './store/table-writer.ts';
import { StoreWriter } from './store/writer.ts';
import { ReceivedMinutes } from './sources/received-minutes.ts';
import { SenderTokenCheck } from './sender-token-check.ts';
import { SenderTokenDesk } from './sender-token-desk.ts';
import { tlsOfSenders, tlsOfServer, warnOfPlain } from './tls-ports.ts';
import { TriageDesk } from './triage-desk.ts';
import { Views } from './views.ts';

/** A program that runs, until stop. */
export interface Running {
  /** Addresses, for people. */
  where: string;
  /** The one-time sign-in code, from `serve`. */
  code?: string;
  stop: () => Promise<void>;
}

/** Collect and detect in one process on one log: a batch that is durable goes on in memory. */
export async function startPipeline(config: Config, log: Logger): Promise<Running> {
  const letGo = await keepTrying('data', () => holdDirectory(config.dataDir), log);
  const eventLog = await startEventLog(config, log);
  const registry = await startRegistry(config, eventLog, log);
  const detection = await detect(config, log, eventLog, registry);
  const collection = await collect(config, log, eventLog, registry);
  await detection.schema;
  return {
    where: collection.where,
    stop: () =>
      inOrder(
        collection.stop,
        detection.stop,
        () => registry.stop(),
        () => eventLog.stop(),
        letGo,
      ),
  };
}

export async function startCollect(config: Config, log: Logger): Promise<Running> {
  const eventLog = await startEventLog(config, log);
  const registry = await startRegistry(config, eventLog, log);
  const collection = await collect(config, log, eventLog, registry);
  return {
    where: collection.where,
    stop: () =>
      inOrder(
        collection.stop,
        () => registry.stop(),
        () => eventLog.stop(),
      ),
  };
}

export async function startDetect(config: Config, log: Logger): Promise<Running> {
  const eventLog = await startEventLog(config, log);
  const registry = await startRegistry(config, eventLog, log);
  const detection = await detect(config, log, eventLog, registry);
  const health = new HealthRoute({ host: config.host, port: config.detectPort, health: () => detection.health() });
  await keepTrying('health', () => health.start(), log);
  await detection.schema;
  return {
    where: `health on ${config.host}:${config.detectPort}`,
    stop: () =>
      inOrder(
        () => health.stop(),
        detection.stop,
        () => registry.stop(),
        () => eventLog.stop(),
      ),
  };
}

export async function startStore(config: Config, log: Logger): Promise<Running> {
  const { store: password } = await readTokens(config);
  const start = () =>
    startEmbeddedStore({
      dataDir: join(config.dataDir, 'store'),
      port: config.storePort,
      password,
      maxMemoryBytes: config.storeMemoryMb * 1e6,
      onFault: (error) => endAtOnce(log, error),
    });
  const store = await keepTrying('store', start, log);
  return { where: `ClickHouse HTTP on ${store.url}`, stop: () => store.stop() };
}

export async function startServe(config: Config, log: Logger): Promise<Running> {
  const eventLog = await startEventLog(config, log);
  const people = await keepPeople(config, eventLog, log);
  const access = new LocalAccess({
    ...config,
    ...(people && { people: people.book, credentials: people.credentials }),
  });
  await access.start();
  const client = storeClient(await storeAddress(config));
  const queries = new StoreQueries(client);
  const watched: (() => string)[] = [];
  const problems = (): string[] => watched.map((problem) => problem()).filter(Boolean);
  const registry = await followRegistry(config, eventLog, log);
  const masks = await readMasker(config.dataDir, registry);
  const mask = <T>(data: T): T => masks.data(data);
  const feed = new Feed({ detectors: detectors.map(({ name }) => name), problems, mask });
  const unresolved = new UnresolvedNames();
  const received = new ReceivedMinutes();
  const triage = new TriageDesk(eventLog, queries);
  const posture = keepPosture(client, eventLog, registry, feed, log);
  const ledger = new DiffusionQueries(client);
  const diffusion = new DiffusionDesk(ledger, registry);
  const forecasts = keepForecasts(client, { ledger, findings: queries }, registry, detectors, log);
  const backtests = await keepBacktests(config, log);
  const deskParts = { eventLog, triage, config, limits: serviceLimits(config.detectors['service-degradation']) };
  const views = new Views({ ...deskParts, client, registry, feed, received, posture: posture.desk, forecasts });
  const missing = new Set(['the store has not answered yet']);
  const trail = new AuditTrail({
    log: eventLog,
    onProblem: (problem) => (problem === '' ? log.info('the audit trail is written again') : log.error(problem)),
  });
  warnOfPlain(config, 'web', log);
  const api = new ApiServer(
    {
      host: config.host,
      port: config.webPort,
      publicOrigin: config.publicOrigin,
      trustedProxies: config.trustedProxies,
      connections: webConnections(config, log),
      appDir: fileURLToPath(new URL('../dashboards/dist', import.meta.url)),
      ...(config.webTls === 'on' && { tls: tlsOfServer(config, 'web', log) }),
    },
    {
      access,
      ...{ trail, masks },
      reveals: new Reveals({ needsApproval: config.access === 'full' && config.revealApproval === 'required' }),
      audit: new AuditQueries(client),
      senderTokens: senderTokens(config, eventLog, registry),
      ...desksOver({ reader: client, registry, feed, received, diffusion }, deskParts),
      ...{ posture: posture.desk, forecasts, backtests, registry },
      within: (scope) => views.of(scope),
      readiness: () => ({ ready: missing.size === 0, missing: [...missing] }),
      unresolved: () => unresolved.names(),
      detectors: cardsOf(detectors, config.detectors),
      correlations: correlationCards(CORRELATIONS),
      toOcsf,
      incidentToOcsf,
      people: people?.desk,
      sessions: people?.sessions,
      apiTokens: people?.apiTokens,
      signOn: await signOnOf(config),
    },
  );
  watched.push(
    () => trail.problem,
    () => api.problem(),
  );
  trail.start();
  feed.start();
  const findings = await followFindings(eventLog, posture.beside, queries, { missing, log });
  const decisions = await followTriage(eventLog, posture.beside, triage, log);
  posture.start();
  forecasts.start();
  const pulses = await followPulses(
    eventLog,
    {
      pulse: (pulse) => {
        feed.pulse(pulse);
        unresolved.pulse(pulse);
        received.pulse(pulse);
      },
    },
    log,
  );
  const incidents = await followIncidents(eventLog, feed, queries, log);
  await keepTrying('web', () => api.start(), log);
  return {
    where: `web app, API and feed on ${config.webTls === 'on' ? 'https' : 'http'}://${config.host}:${config.webPort}`,
    ...(config.access === 'trial' && config.operatorPassword === '' ? { code: await access.drawCode() } : {}),
    stop: () =>
      inOrder(
        () => api.stop(),
        () => forecasts.stop(),
        () => backtests.stop(),
        () => trail.stop(),
        async () => feed.stop(),
        () => posture.stop(),
        () => findings.stop(),
        () => decisions.stop(),
        () => incidents.stop(),
        () => pulses.stop(),
        () => registry.stop(),
        () => access.stop(),
        async () => people?.stop(),
        () => client.close(),
        () => eventLog.stop(),
      ),
  };
}

function senderTokens(config: Config, eventLog: EventLog, registry: RecordedRegistry): SenderTokensOf {
  const tables = { tokens: eventLog.table('sender-tokens'), uses: eventLog.table('sender-token-uses') };
  const file = tokenPath(config.dataDir, 'ingest');
  const inFile = new TokenFile(file);
  const desk = new SenderTokenDesk(tables, (source) => registry.current().source(source) !== undefined);
  return Object.assign(desk, { forAll: () => inFile.sources().map((source) => ({ file, source })) });
}

/** Judges the past again on what the store has: nothing is written. */
export async function runBacktest(
  config: Config,
  log: Logger,
  request: BacktestRequest,
  onProgress: (progress: BacktestProgress) => void,
): Promise<BacktestReport> {
  const eventLog = await startEventLog(config, log);
  const registry = await followRegistry(config, eventLog, log);
  try {
    return await backtest(request, { config, eventLog, registry: registry.current() }, onProgress);
  } finally {
    await registry.stop();
    await eventLog.stop();
  }
}

/** What people are told to ask is there when they are told; but a store that stays away must not hold up the rest. */
const SCHEMA_WITHIN_MS = 5_000;

interface Part {
  where: string;
  health(): { ready: boolean; problems: readonly string[] };
  stop: () => Promise<void>;
}

/** The ways in: records → events → the event log. */
async function collect(config: Config, log: Logger, eventLog: EventLog, registry: RecordedRegistry): Promise<Part> {
  const access = new LocalAccess(config);
  await access.start();
  const tokens = new SenderTokenCheck(eventLog, log, (header) => access.ingestSource(header));
  await tokens.start();
  const subjects = new DataSubjects(await readSubjectKey(config.dataDir));
  const intake = new EventIntake({
    log: eventLog,
    parse: parseRecord,
    encode: encodeBatch,
    assemblerFor,
    protect: (event) => subjects.protect(event, registry.current().source(event.source)?.keepDataSubjects === true),
    limits: { maxRecordBytes: config.maxRecordBytes, maxPendingBytes: config.maxPendingMb * 1e6 },
  });
  const who: Identify = (sender) => identify(registry.current(), sender, config.timeZone);
  const trail = new AuditTrail({ log: eventLog, onProblem: (problem) => problem !== '' && log.error(problem) });
  warnOfPlain(config, 'intake', log);
  const collectors = makeCollectors(config, { intake, tokens, who, trail, health: () => health() }, log);
  const health = () => {
    const unwell = collectors.map((collector) => collector.status()).filter(({ problem }) => problem !== '');
    const problems = [
      ...unwell.map(({ name, problem }) => `${name}: ${problem}`),
      intake.problem(),
      tokens.problem,
      trail.problem,
    ];
    return { ready: intake.problem() === '', problems: [...problems.filter(Boolean), ...registry.problems()] };
  };
  intake.start();
  trail.start();
  for (const collector of collectors) await keepTrying(collector.name, () => collector.start(), log);
  const own = await takeAuditIn(eventLog, intake, log);
  const pulse = new PulseSender(
    eventLog,
    instanceOf('collect', config),
    pulseOfCollect(intake, collectors, registry),
    log,
  );
  pulse.start();
  return {
    where: collectors.map((collector) => `${collector.name} ${collector.status().listening}`).join(', '),
    health,
    stop: () =>
      inOrder(
        () => Promise.all(collectors.map((collector) => collector.stop())),
        () => trail.stop(),
        () => own.stop(),
        () => intake.stop(),
        () => pulse.stop(),
        () => tokens.stop(),
        () => access.stop(),
      ),
  };
}

function connectionLimits({ maxConnections, maxConnectionsPerAddress }: Config): ConnectionLimits {
  return { total: maxConnections, perAddress: maxConnectionsPerAddress };
}

function tellingOf(log: Logger, port: string): (refusal: ConnectionRefusal) => void {
  return tellingOnce(({ address, reason }, connections) =>
    log.warn({ port, address, connections }, `connections are refused: ${reason}`),
  );
}

/** Behind a proxy (publicOrigin is set) all come from one address. */
function webConnections(config: Config, log: Logger): Connections {
  const { total, perAddress } = limitsWithin(connectionLimits(config), 1, descriptorLimit());
  const limits = { total, perAddress: config.publicOrigin === '' ? perAddress : total };
  return new Connections(limits, tellingOf(log, 'web'));
}

function makeCollectors(
  config: Config,
  parts: {
    intake: EventIntake;
    tokens: SenderTokenCheck;
    who: Identify;
    trail: AuditTrail;
    health: () => { ready: boolean };
  },
  log: Logger,
): Collector[] {
  const { intake, tokens, who, trail, health } = parts;
  const { host, maxRecordBytes, maxBodyBytes } = config;
  const tls = {
    ...tlsOfSenders(config, 'syslog', log),
    requireClientCertificate: config.tlsClientCa !== '',
  };
  const onRefused = (object: string, { code, message: reason }: WanglouError, address: string): void => {
    const said = { id: '', at: Date.now(), action: 'ingest', outcome: 'refused' } as const;
    void trail.refused(auditEntry({ ...said, object, code, reason, address }));
  };
  const connections = limitsWithin(connectionLimits(config), 3, descriptorLimit());
  const guarded = (port: string) => ({ connections, onTooMany: tellingOf(log, port) });
  const positions = new PositionsFile(join(config.dataDir, 'collect/positions.json'));
  return [
    new SyslogUdp({ intake, identify: who, host, port: config.syslogPort }),
    new SyslogTcp({ intake, identify: who, host, port: config.syslogPort, maxRecordBytes, ...guarded('syslog-tcp') }),
    ...(config.tlsCert === ''
      ? []
      : [
          new SyslogTcp({
            intake,
            identify: who,
            host,
            port: config.syslogTlsPort,
            maxRecordBytes,
            tls,
            ...guarded('syslog-tls'),
          }),
        ]),
    new HttpIntake({
      intake,
      identify: who,
      authorize: tokens.authorize,
      health,
      host,
      port: config.intakePort,
      maxBodyBytes,
      onRefused,
      ...(config.intakeTls === 'on' && { tls: tlsOfSenders(config, 'intake', log) }),
      ...guarded('http'),
      onFault: (error) => log.error(error, 'the HTTP intake failed on a request; its sender is told to send it again'),
    }),
    ...(config.files.length === 0 ? [] : [new FileTail({ intake, identify: who, files: config.files, positions })]),
    ...config.topics.map(
      (topic) => new KafkaTopic({ intake, identify: who, ...topic, security: kafkaSecurity(topic) }),
    ),
  ];
}

/** Events → findings; events and findings → the store. */
async function detect(
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
  const stored = [
    await storeTopic(eventLog, 'findings', new TableWriter(client, FINDINGS), migrated, log),
    await storeTopic(eventLog, 'triage', new TableWriter(client, LIVES), migrated, log),
    await storeTopic(eventLog, 'incidents', new TableWriter(client, INCIDENTS), migrated, log),
    await storeTopic(eventLog, 'audit', new TableWriter(client, AUDIT), migrated, log),
  ];
  const health = () => ({
    ready: engine.status().ready,
    problems: [engine.status().problem, ...problems.values(), ...registry.problems(), ...catalogues.problems()].filter(
      Boolean,
    ),
  });
  const pulse = new PulseSender(eventLog, instanceOf('detect', config), pulseOfDetect(engine, health), log);
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
        () => Promise.all(stored.map((each) => each.stop())),
        () => pulse.stop(),
        () => writer.stop(),
        () => client.close(),
      ),
  };
}

/** On Kafka there may be several of a kind: the host and the port of its health route tell them apart. */
function instanceOf<Name extends 'collect' | 'detect'>(
  program: Name,
  config: Config,
): { program: Name; instance: string } {
  const port = program === 'collect' ? config.intakePort : config.detectPort;
  return { program, instance: config.kafkaBrokers === '' ? '' : `${hostname()}:${port}` };
}

export async function startEventLog(config: Config, log: Logger): Promise<EventLog> {
  const topics = topicTable({
    partitions: config.partitions,
    keepMs: config.logKeepHours * 3_600_000,
    keepBytes: config.logKeepGb * 1e9,
  });
  const onProblem = (problem: string): void => log.warn(problem);
  const eventLog: EventLog =
    config.kafkaBrokers === ''
      ? new EmbeddedEventLog({
          dir: join(config.dataDir, 'event-log'),
          topics,
          onProblem,
          onFatal: (error) => endAtOnce(log, error),
        })
      : new (await import('./event-log/kafka.ts')).KafkaEventLog({
          brokers: config.kafkaBrokers.split(','),
          security: kafkaSecurity({
            tls: config.kafkaTls,
            ca: config.kafkaCa,
            cert: config.kafkaCert,
            key: config.kafkaKey,
            sasl: config.kafkaSasl,
            user: config.kafkaUser,
            password: config.kafkaPassword,
          }),
          topicPrefix: config.kafkaTopicPrefix,
          replication: config.kafkaReplication,
          topics,
          onProblem,
        });
  await keepTrying('event log', () => eventLog.start(), log);
  return eventLog;
}

async function startRegistry(config: Config, eventLog: EventLog, log: Logger): Promise<RecordedRegistry> {
  const { registryDir: folder, timeZone } = config;
  const registry = new RecordedRegistry({ table: eventLog.table('registry'), folder, timeZone });
  await keepTrying('registry', () => registry.start(), log);
  return registry;
}

function cataloguesOf(config: Config): { connector: PostgresqlCatalogue; everyMs: number }[] {
  return config.catalogues.map(({ everyMinutes, ...options }) => ({
    connector: new PostgresqlCatalogue(options),
    everyMs: everyMinutes * 60_000,
  }));
}

/** The registry as others record it. */
async function followRegistry(config: Config, eventLog: EventLog, log: Logger): Promise<RecordedRegistry> {
  const registry = new RecordedRegistry({ table: eventLog.table('registry'), timeZone: config.timeZone });
  await keepTrying('registry', () => registry.start(), log);
  return registry;
}

async function inOrder(...steps: (() => unknown)[]): Promise<void> {
  for (const step of steps) await step();
}

function note(problems: Map<string, string>, of: string, problem: string): void {
  if (problem === '') problems.delete(of);
  else problems.set(of, problem);
}

/** After an I/O error nothing more may be written: the supervisor starts the program again, which verifies the tail. */
function endAtOnce(log: Logger, error: Error): void {
  log.fatal({ err: error }, 'can not go on');
  process.exit(70);
}
