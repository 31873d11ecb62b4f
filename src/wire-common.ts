import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Config } from './config.ts';
import { tellingOnce, type ConnectionLimits, type ConnectionRefusal } from './connections.ts';
import { EmbeddedEventLog } from './event-log/embedded.ts';
import { kafkaSecurity } from './event-log/kafka-security.ts';
import type { EventLog } from './event-log/event-log.ts';
import { topicTable } from './event-log/topics.ts';
import { RecordedRegistry } from './registry/recorded-registry.ts';
import { keepTrying } from './keep-trying.ts';

/** A program that runs, until stop. */
export interface Running {
  /** Addresses, for people. */
  where: string;
  /** The one-time sign-in code, from `serve`. */
  code?: string;
  stop: () => Promise<void>;
}

export interface Part {
  where: string;
  health(): { ready: boolean; problems: readonly string[] };
  stop: () => Promise<void>;
}

export function connectionLimits({ maxConnections, maxConnectionsPerAddress }: Config): ConnectionLimits {
  return { total: maxConnections, perAddress: maxConnectionsPerAddress };
}

export function tellingOf(log: Logger, port: string): (refusal: ConnectionRefusal) => void {
  return tellingOnce(({ address, reason }, connections) =>
    log.warn({ port, address, connections }, `connections are refused: ${reason}`),
  );
}

/** On Kafka there may be several of a kind: the host and the port of its health route tell them apart. */
export function instanceOf<Name extends 'collect' | 'detect'>(
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

export async function startRegistry(config: Config, eventLog: EventLog, log: Logger): Promise<RecordedRegistry> {
  const { registryDir: folder, timeZone } = config;
  const registry = new RecordedRegistry({ table: eventLog.table('registry'), folder, timeZone });
  await keepTrying('registry', () => registry.start(), log);
  return registry;
}

/** The registry as others record it. */
export async function followRegistry(config: Config, eventLog: EventLog, log: Logger): Promise<RecordedRegistry> {
  const registry = new RecordedRegistry({ table: eventLog.table('registry'), timeZone: config.timeZone });
  await keepTrying('registry', () => registry.start(), log);
  return registry;
}

export async function inOrder(...steps: (() => unknown)[]): Promise<void> {
  for (const step of steps) await step();
}

export function note(problems: Map<string, string>, of: string, problem: string): void {
  if (problem === '') problems.delete(of);
  else problems.set(of, problem);
}

/** After an I/O error nothing more may be written: the supervisor starts the program again, which verifies the tail. */
export function endAtOnce(log: Logger, error: Error): void {
  log.fatal({ err: error }, 'can not go on');
  process.exit(70);
}
