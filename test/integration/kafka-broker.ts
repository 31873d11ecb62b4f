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
  /** The same with TLS, client certificates and a sign-in; '' without `secure`. */
  secureBrokers: string;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
  /** As `kill -9` does; its data stays. */
  kill(): Promise<void>;
  /** Starts it again on the same port and data; resolves when it answers. */
  restart(): Promise<void>;
}

const FOLDER = resolve('test/kafka-broker');
const READY_MAX_MS = 60_000;

/** A second listener: paths of PEM files, and who may sign in. */
export interface SecureListener {
  cert: string;
  key: string;
  clientCa: string;
  user: string;
  password: string;
}

export async function startBroker(
  options: { port?: number; dir?: string; secure?: SecureListener } = {},
): Promise<KafkaBroker> {
  const jars = fetchJars();
  const dir = options.dir ?? mkdtempSync(join(tmpdir(), 'wanglou-kafka-'));
  const [free, controllerPort, securePort] = await freePorts(3);
  const port = options.port ?? free!;
  const brokers = `127.0.0.1:${port}`;
  const secure = options.secure && secureListener(dir, securePort!, options.secure);
  const properties = writeProperties(dir, port, controllerPort!, secure);
  format(jars, properties, dir);
  let broker = run(jars, properties, dir);
  const killOnExit = (): void => void broker.kill('SIGKILL');
  process.once('exit', killOnExit);
  const kill = (): Promise<void> => end(broker);
  await untilReady(brokers, broker, dir);
  return {
    brokers,
    secureBrokers: secure ? `127.0.0.1:${securePort!}` : '',
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

interface Listener {
  address: string;
  settings: Record<string, string>;
}

function secureListener(dir: string, port: number, { cert, key, clientCa, user, password }: SecureListener): Listener {
  mkdirSync(dir, { recursive: true });
  const keystore = join(dir, 'broker.pem');
  writeFileSync(keystore, readFileSync(key, 'utf8') + readFileSync(cert, 'utf8'));
  const module = 'org.apache.kafka.common.security.plain.PlainLoginModule';
  return {
    address: `SECURE://127.0.0.1:${port}`,
    settings: {
      'ssl.keystore.type': 'PEM',
      'ssl.keystore.location': keystore,
      'ssl.truststore.type': 'PEM',
      'ssl.truststore.location': clientCa,
      'listener.name.secure.ssl.client.auth': 'required',
      'sasl.enabled.mechanisms': 'PLAIN',
      'listener.name.secure.plain.sasl.jaas.config': `${module} required user_${user}="${password}";`,
    },
  };
}

function writeProperties(dir: string, port: number, controllerPort: number, secure?: Listener): string {
  mkdirSync(dir, { recursive: true });
  const own = secure ? [secure.address] : [];
  const file = join(dir, 'server.properties');
  const settings = {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    listeners: [`PLAINTEXT://127.0.0.1:${port}`, `CONTROLLER://127.0.0.1:${controllerPort}`, ...own].join(','),
    'advertised.listeners': [`PLAINTEXT://127.0.0.1:${port}`, ...own].join(','),
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SECURE:SASL_SSL',
    ...secure?.settings,
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
