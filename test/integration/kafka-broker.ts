import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import kafkajs from 'kafkajs';
import { freePorts } from './wanglou.ts';

/** A real Apache Kafka broker (KRaft, one node) of a test's own. */
export interface KafkaBroker {
  /** `host:port` */
  brokers: string;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
  /** As `kill -9` does; its data stays. */
  kill(): Promise<void>;
  /** Starts it again on the same port and data; resolves when it answers. */
  restart(): Promise<void>;
}

const FOLDER = resolve('test/kafka-broker');
const READY_MAX_MS = 60_000;

export async function startBroker(options: { port?: number; dir?: string } = {}): Promise<KafkaBroker> {
  const jars = fetchJars();
  const dir = options.dir ?? mkdtempSync(join(tmpdir(), 'wanglou-kafka-'));
  const [free, controllerPort] = await freePorts(2);
  const port = options.port ?? free!;
  const brokers = `127.0.0.1:${port}`;
  const properties = writeProperties(dir, port, controllerPort!);
  format(jars, properties, dir);
  let broker = run(jars, properties, dir);
  const killOnExit = (): void => void broker.kill('SIGKILL');
  process.once('exit', killOnExit);
  const kill = (): Promise<void> => end(broker);
  await untilReady(brokers, broker, dir);
  return {
    brokers,
    kill,
    restart: async () => {
      await kill();
      broker = run(jars, properties, dir);
      await untilReady(brokers, broker, dir);
    },
    stop: async () => {
      await kill();
      process.removeListener('exit', killOnExit);
      if (options.dir === undefined) rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** Fetches the broker from Maven Central, once. @returns the folder of its jars. */
function fetchJars(): string {
  need('java', 'openjdk-17-jre-headless');
  const version = /kafka_2\.13<\/artifactId>\s*<version>([^<]+)/.exec(
    readFileSync(join(FOLDER, 'pom.xml'), 'utf8'),
  )![1]!;
  const jars = resolve(`test/.cache/kafka-${version}`);
  if (existsSync(jars)) return jars;
  need('mvn', 'maven');
  const unfinished = `${jars}.${process.pid}.tmp`;
  mkdirSync(unfinished, { recursive: true });
  const copy = [
    '-q',
    '-B',
    '-f',
    join(FOLDER, 'pom.xml'),
    'dependency:copy-dependencies',
    `-DoutputDirectory=${unfinished}`,
  ];
  const result = spawnSync('mvn', copy, { encoding: 'utf8' });
  if (result.status !== 0)
    throw new Error(`Maven could not fetch Apache Kafka ${version}:\n${result.stdout}${result.stderr}`);
  if (existsSync(jars)) rmSync(unfinished, { recursive: true });
  else renameSync(unfinished, jars);
  return jars;
}

function need(program: string, debianPackage: string): void {
  if (spawnSync(program, ['-version']).error)
    throw new Error(`the tests with a real Kafka broker need ${program}: apt-get install ${debianPackage}`);
}

function writeProperties(dir: string, port: number, controllerPort: number): string {
  mkdirSync(dir, { recursive: true });
  const file = join(dir, 'server.properties');
  const settings = {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'log.dirs': join(dir, 'data'),
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': 1,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'group.initial.rebalance.delay.ms': 0,
    'auto.create.topics.enable': false,
    'broker.heartbeat.interval.ms': 500,
    'broker.session.timeout.ms': 3_000, // a killed broker can register again only after it
  };
  writeFileSync(
    file,
    Object.entries(settings)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(''),
  );
  return file;
}

function format(jars: string, properties: string, dir: string): void {
  if (existsSync(join(dir, 'data'))) return;
  const storage = ['-Xmx128m', '-cp', `${jars}/*`, 'kafka.tools.StorageTool'];
  const id = spawnSync('java', [...storage, 'random-uuid'], { encoding: 'utf8' }).stdout.trim();
  const result = spawnSync('java', [...storage, 'format', '-t', id, '-c', properties], { encoding: 'utf8' });
  if (result.status !== 0) throw new Error(`Kafka could not format its storage:\n${result.stdout}${result.stderr}`);
}

function run(jars: string, properties: string, dir: string): ChildProcess {
  const log = openSync(join(dir, 'broker.log'), 'a');
  const memory = ['-Xmx512m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];
  const logging = '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn';
  return spawn('java', [...memory, logging, '-cp', `${jars}/*`, 'kafka.Kafka', properties], {
    stdio: ['ignore', log, log],
  });
}

async function end(broker: ChildProcess): Promise<void> {
  if (broker.exitCode !== null || broker.signalCode !== null) return;
  const ended = new Promise((done) => broker.once('exit', done));
  broker.kill('SIGKILL');
  await ended;
}

/** A broker is ready when it can name the coordinator of a group: until then consumers would have to wait. */
async function untilReady(brokers: string, broker: ChildProcess, dir: string): Promise<void> {
  const kafka = new kafkajs.Kafka({ brokers: [brokers], logLevel: kafkajs.logLevel.NOTHING, retry: { retries: 0 } });
  const deadline = Date.now() + READY_MAX_MS;
  while (Date.now() < deadline && broker.exitCode === null) {
    const admin = kafka.admin();
    try {
      await admin.connect();
      await admin.listTopics();
      return;
    } catch {
      await new Promise((done) => setTimeout(done, 200));
    } finally {
      await admin.disconnect().catch(() => undefined);
    }
  }
  throw new Error(`the Kafka broker did not become ready:\n${readFileSync(join(dir, 'broker.log'), 'utf8')}`);
}
