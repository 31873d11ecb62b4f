import { join } from 'node:path';
import type { Logger } from 'pino';
import { auditEntry } from './access/audit/entry.ts';
import { AuditTrail } from './access/audit/trail.ts';
import { LocalAccess } from './access/local-access.ts';
import { readSubjectKey } from './access/subject-key.ts';
import { takeAuditIn } from './audit-events.ts';
import type { Collector, Identify } from './collectors/collector.ts';
import { FileTail } from './collectors/file-tail.ts';
import { HttpIntake } from './collectors/http-intake.ts';
import { EventIntake } from './collectors/intake.ts';
import { KafkaTopic } from './collectors/kafka-topic.ts';
import { PositionsFile } from './collectors/positions-file.ts';
import { SyslogTcp } from './collectors/syslog-tcp.ts';
import { SyslogUdp } from './collectors/syslog-udp.ts';
import type { Config } from './config.ts';
import { CoverageSender } from './coverage-sender.ts';
import { limitsWithin } from './connections.ts';
import { descriptorLimit } from './descriptor-limit.ts';
import type { WanglouError } from './errors.ts';
import { encodeBatch } from './event/batch.ts';
import { DataSubjects } from './event/data-subjects.ts';
import { assemblerFor } from './event/formats/assemble.ts';
import { parseRecord } from './event/parse.ts';
import { kafkaSecurity } from './event-log/kafka-security.ts';
import type { EventLog } from './event-log/event-log.ts';
import { PulseSender, pulseOfCollect } from './pulse-sender.ts';
import { identify } from './registry/identify.ts';
import type { RecordedRegistry } from './registry/recorded-registry.ts';
import { keepTrying } from './keep-trying.ts';
import { SenderTokenCheck } from './sender-token-check.ts';
import { tlsOfSenders, warnOfPlain } from './tls-ports.ts';
import { type Part, connectionLimits, inOrder, instanceOf, tellingOf } from './wire-common.ts';

/** The ways in: records → events → the event log. */
export async function collect(
  config: Config,
  log: Logger,
  eventLog: EventLog,
  registry: RecordedRegistry,
): Promise<Part> {
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
    instance: instanceOf('collect', config).instance,
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
  const coverage = new CoverageSender(eventLog, intake, { everyMs: config.coverageMs }, log);
  coverage.start();
  return {
    where: collectors.map((collector) => `${collector.name} ${collector.status().listening}`).join(', '),
    health,
    stop: () =>
      inOrder(
        () => Promise.all(collectors.map((collector) => collector.stop())),
        () => trail.stop(),
        () => own.stop(),
        () => intake.stop(),
        () => coverage.stop(),
        () => pulse.stop(),
        () => tokens.stop(),
        () => access.stop(),
      ),
  };
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
