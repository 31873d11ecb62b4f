import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';
import { detectors } from '../detectors/index.ts';
import { serviceLimits } from '../detectors/service-degradation.ts';
import { storeAddress } from './ask.ts';
import { askRetention } from './ask-retention.ts';
import { AuditTrail } from './access/audit/trail.ts';
import { LocalAccess } from './access/local-access.ts';
import { Reveals } from './access/reveals.ts';
import { TokenFile, tokenPath } from './access/tokens.ts';
import type { SenderTokensOf } from './api/parts.ts';
import { ApiServer } from './api/server.ts';
import type { Config } from './config.ts';
import { Connections, limitsWithin } from './connections.ts';
import { descriptorLimit } from './descriptor-limit.ts';
import { cardsOf, correlationCards } from './detection/cards.ts';
import { desksOver, reportMakerOver } from './desks.ts';
import { readSubjectKey } from './access/subject-key.ts';
import { DataSubjects } from './event/data-subjects.ts';
import { DiffusionDesk } from './diffusion-desk.ts';
import { SavedQueryDesk } from './hunting/saved-query-desk.ts';
import { incidentToOcsf } from './event/ocsf-incident.ts';
import { toOcsf } from './event/ocsf.ts';
import type { EventLog } from './event-log/event-log.ts';
import { Feed } from './feed/feed.ts';
import { UnresolvedNames } from './feed/unresolved-names.ts';
import { CORRELATIONS } from './finding/correlations.ts';
import { followFindings, followIncidents, followPulses, followTriage } from './live.ts';
import type { RecordedRegistry } from './registry/recorded-registry.ts';
import { keepDays } from './keep-days.ts';
import type { Scope } from './scope/scope.ts';
import { keepForecasts } from './keep-forecasts.ts';
import { keepExports } from './keep-exports.ts';
import { keepBacktests } from './keep-backtests.ts';
import { keepCoverage } from './keep-coverage.ts';
import { keepPeople, signOnOf } from './keep-people.ts';
import { RetentionInForce } from './retention.ts';
import { keepSeals } from './keep-seals.ts';
import { keepSql } from './keep-sql.ts';
import { keepPosture } from './keep-posture.ts';
import { keepReports } from './keep-reports.ts';
import { readMasker } from './masking.ts';
import { keepTrying } from './keep-trying.ts';
import { AuditQueries } from './store/audit-queries.ts';
import { storeClient } from './store/client.ts';
import { DiffusionQueries } from './store/diffusion-queries.ts';
import { HuntingRuns } from './store/hunting-runs.ts';
import { StoreQueries } from './store/queries.ts';
import { RunningQueries } from './store/running-queries.ts';
import { SenderTokenDesk } from './sender-token-desk.ts';
import { tlsOfServer, warnOfPlain } from './tls-ports.ts';
import { TriageDesk } from './triage-desk.ts';
import { Views } from './views.ts';
import { type Running, connectionLimits, followRegistry, inOrder, startEventLog, tellingOf } from './wire-common.ts';

export async function startServe(config: Config, log: Logger): Promise<Running> {
  const eventLog = await startEventLog(config, log);
  const people = await keepPeople(config, eventLog, log);
  const retention = new RetentionInForce(config, () => people?.book.people.retention ?? null);
  const access = new LocalAccess({
    ...config,
    ...(people && { people: people.book, credentials: people.credentials }),
  });
  await access.start();
  const address = await storeAddress(config);
  const client = storeClient(address);
  const running = new RunningQueries(address);
  const runs = new HuntingRuns(running);
  const subjects = new DataSubjects(await readSubjectKey(config.dataDir));
  const queries = new StoreQueries(client);
  const watched: (() => string)[] = [];
  const problems = (): string[] => watched.map((problem) => problem()).filter(Boolean);
  const registry = await followRegistry(config, eventLog, log);
  const masks = await readMasker(config.dataDir, registry);
  const mask = <T>(data: T): T => masks.data(data);
  const feed = new Feed({ detectors: detectors.map(({ name }) => name), problems, mask });
  const unresolved = new UnresolvedNames();
  const triage = new TriageDesk(eventLog, queries);
  const coverage = keepCoverage(client, eventLog, registry, queries, log);
  const posture = keepPosture(client, eventLog, registry, feed, log, coverage.unevenSources);
  const ledger = new DiffusionQueries(client);
  const diffusion = new DiffusionDesk(ledger, registry);
  const forecasts = keepForecasts(client, { ledger, findings: queries }, registry, detectors, log);
  const days = keepDays(await storeAddress(config), registry, log);
  const backtests = await keepBacktests(config, log);
  const seals = await keepSeals(config, retention, eventLog, client, queries, log);
  const deskParts = {
    ...{ eventLog, triage, config, retention, limits: serviceLimits(config.detectors['service-degradation']) },
    coverage: {
      settledTo: () => coverage.job.settledTo,
      replay: (gap: string, by: string) => coverage.replays.replay(gap, by),
    },
  };
  const trail = new AuditTrail({
    log: eventLog,
    onProblem: (problem) => (problem === '' ? log.info('the audit trail is written again') : log.error(problem)),
  });
  const exports = keepExports(config, { address, store: client, registry, trail, log });
  const sql = await keepSql(config, address, { trail, masks });
  const views = new Views({
    ...deskParts,
    client,
    hunting: runs.reader,
    sql: sql.desk,
    registry,
    feed,
    posture: posture.desk,
    forecasts,
  });
  const missing = new Set(['the store has not answered yet']);
  warnOfPlain(config, 'web', log);
  const desks = desksOver({ reader: client, hunting: runs.reader, registry, feed, diffusion }, deskParts);
  const reportMaker = reportMakerOver(client, { ...desks, posture: posture.desk, forecasts }, { retention }, null);
  const makerOf = (scope: Scope | null) => (scope === null ? reportMaker : views.of(scope).reportMaker);
  const reports = await keepReports(config, { eventLog, client, registry, mask, people, trail, makerOf }, log);
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
      ledger: coverage.job,
      ...{ evidence: seals.desk, holds: seals.holds, sealLags: () => seals.lags() },
      senderTokens: senderTokens(config, eventLog, registry),
      sql: sql.desk,
      huntingRuns: runs,
      subjectHash: (identifier) => subjects.hashOf(identifier),
      savedQueries: new SavedQueryDesk(eventLog.table('saved-queries')),
      ...desks,
      ...{ reports: reports.desk, reportSchedules: reports.schedules, reportMaker },
      ...{ posture: posture.desk, forecasts, backtests, exports, registry },
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
    coverage.problem,
    () => seals.problems().join('; '),
  );
  trail.start();
  if (people) await keepTrying('retention', () => askRetention(config, people.desk, trail, log), log);
  await exports.start();
  feed.start();
  const findings = await followFindings(eventLog, posture.beside, queries, { missing, log });
  const decisions = await followTriage(eventLog, posture.beside, triage, log);
  posture.start();
  coverage.start();
  forecasts.start();
  seals.start();
  days.start();
  await reports.start();
  const pulses = await followPulses(
    eventLog,
    {
      pulse: (pulse) => {
        feed.pulse(pulse);
        unresolved.pulse(pulse);
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
        () => days.stop(),
        () => sql.stop(),
        () => forecasts.stop(),
        () => backtests.stop(),
        () => exports.stop(),
        () => seals.stop(),
        () => reports.stop(),
        () => trail.stop(),
        async () => feed.stop(),
        () => posture.stop(),
        () => coverage.stop(),
        () => findings.stop(),
        () => decisions.stop(),
        () => incidents.stop(),
        () => pulses.stop(),
        () => registry.stop(),
        () => access.stop(),
        async () => people?.stop(),
        () => running.stop(),
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

/** Behind a proxy (publicOrigin is set) all come from one address. */
function webConnections(config: Config, log: Logger): Connections {
  const { total, perAddress } = limitsWithin(connectionLimits(config), 1, descriptorLimit());
  const limits = { total, perAddress: config.publicOrigin === '' ? perAddress : total };
  return new Connections(limits, tellingOf(log, 'web'));
}
