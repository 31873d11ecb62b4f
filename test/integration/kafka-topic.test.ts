import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import kafkajs, { type Message, type Producer } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collectorState, intakeHealth } from './collector-state.ts';
import { startBroker, type KafkaBroker } from './kafka-broker.ts';
import { ledgerBalances } from './ledger-balances.ts';
import { accountOf, EVERY_LINE_ONCE, numberedLines } from './numbered-lines.ts';
import { StoredEvents } from './stored-events.ts';
import { eventually, freePorts, startWanglou, type RunningWanglou } from './wanglou.ts';

const TOPIC = 'portal-audit';
/** Topics for which the broker, which is Java, compresses everything anew. */
const JAVA_CODECS = ['gzip', 'snappy', 'lz4', 'zstd'];
const dir = mkdtempSync(join(tmpdir(), 'wanglou-kafka-topic-'));
let address: string;
let broker: KafkaBroker;
let wanglou: RunningWanglou;
let stored: StoredEvents;
let producer: Producer;

beforeAll(async () => {
  const [port] = await freePorts(1);
  address = `127.0.0.1:${port}`;
  const config = join(dir, 'wanglou.yaml');
  const topics = [TOPIC, ...JAVA_CODECS].map((topic) => ({ brokers: address, topic, source: 'portal' }));
  writeFileSync(config, JSON.stringify({ topics }));
  wanglou = await startWanglou({ WANGLOU_CONFIG: config });
  stored = new StoredEvents(wanglou);
});

afterAll(async () => {
  await producer?.disconnect();
  await stored.close();
  await wanglou.stop();
  await broker?.stop();
  rmSync(dir, { recursive: true });
});

const messages = async (mark: string, expected: number): Promise<string[]> =>
  (await stored.arrived(mark, expected)).map(({ message }) => message);

const send = (values: readonly (Message | string)[]) =>
  producer.send({ topic: TOPIC, messages: values.map((value) => (typeof value === 'string' ? { value } : value)) });

/** Every line of the input becomes a message. */
async function kcat(topic: string, codec: string, lines: readonly string[]): Promise<void> {
  const child = spawn('kcat', ['-P', '-b', address, '-t', topic, '-z', codec], {
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  child.stdin.end(lines.map((line) => `${line}\n`).join(''));
  expect(await once(child, 'exit')).toEqual([0, null]);
}

describe('a Kafka topic of others', () => {
  it('is waited for while its broker is away, and /health says so', async () => {
    const health = await eventually(
      () => intakeHealth(wanglou),
      ({ problems }) => problems.some((problem) => problem.includes('ECONNREFUSED')),
    );
    expect(health).toMatchObject({ status: 200, ready: true });
    expect(health.problems.join()).toContain(`kafka ${TOPIC}`);
    broker = await startBroker({ port: Number(address.split(':')[1]), dir: join(dir, 'broker') });
    const kafka = new kafkajs.Kafka({ brokers: [address], logLevel: kafkajs.logLevel.NOTHING });
    const admin = kafka.admin();
    await admin.connect();
    const compressed = JAVA_CODECS.map((topic) => ({
      topic,
      configEntries: [{ name: 'compression.type', value: topic }],
    }));
    await admin.createTopics({ topics: [{ topic: TOPIC, numPartitions: 3 }, ...compressed], waitForLeaders: true });
    await admin.disconnect();
    producer = kafka.producer();
    await producer.connect();
    await eventually(
      () => intakeHealth(wanglou),
      ({ problems }) => problems.length === 0,
      60_000,
    );
    await send(['#hello# there']);
    const [event] = await stored.arrived('#hello#', 1);
    expect(event).toMatchObject({ source: 'portal', message: '#hello# there' });
    const state = await eventually(
      () => collectorState(wanglou, `kafka ${TOPIC}`),
      (one) => one?.received === 1,
    );
    expect(state).toMatchObject({ ready: true, problem: '', connections: 1 });
  });

  it('is taken in, every record of kafkajs once', async () => {
    const lines = numberedLines('kafkajs', 4_000);
    for (let sent = 0; sent < lines.length; sent += 500)
      await send(
        lines.slice(sent, sent + 500).map((message, i) => ({ key: `k${i % 7}`, value: JSON.stringify({ message }) })),
      );
    const came = (await stored.arrived('#kafkajs#', lines.length)).map(
      ({ raw }) => (JSON.parse(raw) as { message: string }).message,
    );
    expect(accountOf(lines, came)).toEqual(EVERY_LINE_ONCE);
  });

  it.each([
    ['kcat', ['none', 'gzip', 'snappy', 'lz4', 'zstd'].map((codec) => [codec, TOPIC] as const)],
    ['the broker', JAVA_CODECS.map((codec) => ['none', codec] as const)],
  ])('is taken in, every line once, in each way that %s compresses', async (by, ways) => {
    const runs = ways.map(([codec, topic]) => ({
      codec,
      topic,
      lines: numberedLines(`${by} ${codec} ${topic}`, 1_000),
    }));
    await Promise.all(runs.map(({ codec, topic, lines }) => kcat(topic, codec, lines)));
    for (const { codec, topic, lines } of runs) {
      const came = await messages(`#${by} ${codec} ${topic}#`, lines.length);
      expect(accountOf(lines, came), `${codec} ${topic}`).toEqual(EVERY_LINE_ONCE);
    }
  });

  it('keeps what can not be read as it is, with the reason', async () => {
    await send([
      { value: Buffer.from([0x00, 0xff, 0xfe, 0x23, 0x70, 0x31, 0x23, 0x80]) },
      { value: Buffer.concat([Buffer.from('#p2# '), Buffer.from([0xb5, 0xc7, 0xc2, 0xbc])]) },
      { value: '{"message":"#p3#", "torn' },
      { value: '' },
      { value: null },
      { value: `#p4# ${'x'.repeat(900_000)}` },
      { value: '#p5# after all that' },
    ]);
    const [p1, p2, p3, p4, p5] = await Promise.all(
      ['#p1#', '#p2#', '#p3#', '#p4#', '#p5#'].map(async (mark) => (await stored.arrived(mark, 1))[0]!),
    );
    expect(p1).toMatchObject({
      format: 'unparsed',
      fault: 'no known format fits this text',
      attributes: { encoding: 'latin1' },
    });
    expect(Buffer.from(p1!.raw, 'latin1')).toEqual(Buffer.from([0x00, 0xff, 0xfe, 0x23, 0x70, 0x31, 0x23, 0x80]));
    expect(p2).toMatchObject({ raw: '#p2# 登录', attributes: { encoding: 'gb18030' } });
    expect(p3!.raw).toBe('{"message":"#p3#", "torn');
    expect(p3!.fault).toContain('malformed JSON');
    expect(p4!.fault).toMatch(/^truncated: 900005 bytes, sha256 [0-9a-f]{64}/);
    expect(p4!.raw).toHaveLength(65_536);
    expect(p5).toMatchObject({ message: '#p5# after all that' });
  });

  it('loses and repeats nothing when the collectors are killed in the middle', async () => {
    const lines = numberedLines('killed', 8_000);
    const sending = (async () => {
      for (let sent = 0; sent < lines.length; sent += 200) await send(lines.slice(sent, sent + 200));
    })();
    await stored.arrived('#killed#', 1);
    wanglou.kill('pipeline');
    await sending;
    expect(accountOf(lines, await messages('#killed#', lines.length))).toEqual(EVERY_LINE_ONCE);
  });

  it('is taken up again after its broker was killed and started anew', async () => {
    await broker.restart();
    const lines = numberedLines('broker', 1_000);
    await send(lines);
    expect(accountOf(lines, await messages('#broker#', lines.length))).toEqual(EVERY_LINE_ONCE);
  });
});

it('leaves a coverage ledger that balances', async () => {
  await ledgerBalances(wanglou);
});
