import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LogRecord } from '../../src/event-log/event-log.ts';
import { KafkaEventLog } from '../../src/event-log/kafka.ts';
import { kafkaSecurity } from '../../src/event-log/kafka-security.ts';
import { evidenceFiles, STREAMS } from '../../src/evidence/evidence-export.ts';
import { publicPemOf } from '../../src/evidence/seal.ts';
import { Sealer } from '../../src/evidence/sealer.ts';
import { StoreCheck } from '../../src/evidence/store-check.ts';
import { verifyExport } from '../../src/verifier/verify.ts';
import { MemoryStore, storedEvent } from '../evidence/memory-store.ts';
import { collect, describeEventLog, record, textOf, until } from '../event-log/conformance.ts';
import { TOPICS } from '../event-log/conformance-topics.ts';
import { Authority } from './certificates.ts';
import { startBroker, type KafkaBroker } from './kafka-broker.ts';

let broker: KafkaBroker;
let problems: string[] = [];

const dir = mkdtempSync(join(tmpdir(), 'wanglou-kafka-tls-'));
const authority = new Authority(dir);
const own = authority.issue('wanglou');

beforeAll(async () => {
  const secure = { ...authority.issue('broker'), clientCa: authority.ca, user: 'wanglou', password: 'a-password' };
  broker = await startBroker({ secure });
});

afterAll(async () => {
  await broker.stop();
  rmSync(dir, { recursive: true, force: true });
});

const newLog = (topicPrefix: string) =>
  new KafkaEventLog({
    brokers: [broker.brokers],
    topics: TOPICS,
    topicPrefix,
    onProblem: (message) => problems.push(message),
  });

async function open(topicPrefix: string): Promise<KafkaEventLog> {
  const log = newLog(topicPrefix);
  await log.start();
  return log;
}

describeEventLog('Kafka', async () => ({
  sharesPartitions: true,
  open: () => open('conformance.'),
  close: async () => undefined,
}));

describe('the event log in Kafka', () => {
  it('refuses a record that is larger than its topic takes, and says what it takes', async () => {
    const log = await open('large.');
    const size = log.maxRecordBytes('events');
    await log.append([{ topic: 'events', partition: 0, value: Buffer.alloc(size - 200) }]);
    await expect(log.append([{ topic: 'events', partition: 0, value: Buffer.alloc(size) }])).rejects.toThrow(
      /too large for topic large\.events, which takes \d+/,
    );
    await log.stop();
  });

  it('comes by TLS with a certificate and a sign-in of its own, and is refused without', async () => {
    const good = {
      tls: 'on',
      ca: authority.ca,
      ...own,
      sasl: 'plain',
      user: 'wanglou',
      password: 'a-password',
    } as const;
    const secured = (security: Parameters<typeof kafkaSecurity>[0]) =>
      new KafkaEventLog({
        brokers: [broker.secureBrokers],
        topics: TOPICS,
        topicPrefix: 'secure.',
        security: kafkaSecurity(security),
        onProblem: (message) => problems.push(message),
      });
    const log = secured(good);
    await log.start();
    expect(await log.append([record('events', 0, 'by TLS')])).toEqual([0]);
    await log.stop();
    const bad = [{ password: 'wrong' }, { ca: new Authority(join(dir, 'other')).ca }, { cert: '', key: '' }];
    const refused = await Promise.allSettled(bad.map((one) => secured({ ...good, ...one }).start()));
    expect(refused.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  });

  it('is ready at the first start of several programs at once, each of which finds the topics missing', async () => {
    const logs = await Promise.all(['together.', 'together.', 'together.', 'beside.'].map(open));
    for (const log of logs) expect(await log.bounds('events', 7)).toEqual({ first: 0, next: 0 });
    await Promise.all(logs.map((log) => log.stop()));
  });

  it('says that it is not ready when no broker answers, and can be started later', async () => {
    await broker.kill();
    const log = newLog('later.');
    await expect(log.start()).rejects.toMatchObject({ reason: 'away' });
    await broker.restart();
    await log.start();
    expect(await log.append([record('events', 0, 'x')])).toEqual([0]);
    await log.stop();
  });

  it('goes on after the broker was killed and started again: nothing acknowledged is lost, nothing comes twice', async () => {
    const log = await open('restart.');
    const received: LogRecord[] = [];
    const subscription = await log.subscribe({
      topic: 'findings',
      group: 'restart',
      from: 'earliest',
      onFault: (error) => {
        throw error;
      },
      onRecords: async (_, records) => {
        received.push(...records);
        await log
          .commit('restart', [{ topic: 'findings', partition: 0, offset: records.at(-1)!.offset + 1 }])
          .catch(() => undefined);
      },
    });
    const acknowledged: string[] = [];
    const append = async (n: number): Promise<void> => {
      await log.append([record('findings', 0, `n${n}`)]).then(
        () => acknowledged.push(`n${n}`),
        () => undefined,
      );
    };
    for (let n = 0; n < 20; n++) await append(n);
    const restarted = broker.restart();
    for (let n = 20; n < 40; n++) await append(n);
    await restarted;
    for (let n = 40; n < 60; n++) await append(n);
    await until(() => new Set(received.map(textOf)).size >= acknowledged.length);
    const texts = received.map(textOf);
    expect(acknowledged.length).toBeGreaterThanOrEqual(40);
    for (const text of acknowledged) expect(texts.filter((each) => each === text).length, text).toBe(1);
    await subscription.stop();
    await log.stop();
  });

  it('waits for a broker that comes back when it is asked how far a partition goes', async () => {
    const log = await open('bounds.');
    await log.append([record('findings', 0, 'a'), record('findings', 0, 'b')]);
    expect(await log.bounds('findings', 0)).toEqual({ first: 0, next: 2 });
    await broker.kill();
    const asked = log.bounds('findings', 0);
    await Promise.all([broker.restart(), expect(asked).resolves.toEqual({ first: 0, next: 2 })]);
    await log.stop();
  });

  it('finishes and commits what is in hand before its partitions go to another member', async () => {
    const first = await open('rebalance.');
    const second = await open('rebalance.');
    const taken = new Map<string, number>();
    const positions = new Map<number, number>();
    const request = (log: KafkaEventLog) => ({
      topic: 'events' as const,
      group: 'rebalance',
      from: 'earliest' as const,
      onFault: (error: Error) => {
        throw error;
      },
      onRevoked: async (partitions: readonly number[]) => {
        const mine = partitions.filter((partition) => positions.has(partition));
        await log.commit(
          'rebalance',
          mine.map((partition) => ({ topic: 'events' as const, partition, offset: positions.get(partition)! })),
        );
      },
      onRecords: async (partition: number, records: readonly LogRecord[]) => {
        for (const each of records) taken.set(textOf(each), (taken.get(textOf(each)) ?? 0) + 1);
        await new Promise((done) => setTimeout(done, 5));
        positions.set(partition, records.at(-1)!.offset + 1);
      },
    });
    const one = await first.subscribe(request(first));
    const appending = (async () => {
      for (let n = 0; n < 400; n++) await first.append([record('events', n % 8, `n${n}`)]);
    })();
    await until(() => taken.size > 50);
    const two = await second.subscribe(request(second));
    await appending;
    await until(() => taken.size === 400);
    expect([...taken].filter(([, times]) => times > 1)).toEqual([]);
    await one.stop();
    await two.stop();
    await first.stop();
    await second.stop();
  });

  it('gives all partitions to the subscriber that came first, and to the next one when it is gone', async () => {
    const [first, second] = [await open('exclusive.'), await open('exclusive.')];
    const held = new Map<string, readonly number[]>();
    const subscribe = (log: KafkaEventLog, name: string) =>
      log.subscribe({
        topic: 'events',
        group: 'exclusive',
        from: 'earliest',
        exclusive: true,
        onAssigned: async (partitions) => void held.set(name, partitions),
        onRecords: async () => undefined,
        onFault: (error) => {
          throw error;
        },
      });
    const one = await subscribe(first, 'first');
    await until(() => held.get('first')?.length === 8);
    const two = await subscribe(second, 'second');
    await until(() => held.get('second')?.length === 0);
    expect(held.get('first')).toHaveLength(8);
    await one.stop();
    await until(() => held.get('second')?.length === 8);
    await two.stop();
    await first.stop();
    await second.stop();
  });

  it('serves installations with different prefixes on one cluster: their groups have nothing to do with each other', async () => {
    const received: string[] = [];
    const logs = await Promise.all(['here.', 'there.'].map(open));
    for (const [n, log] of logs.entries()) {
      await log.append([record('events', 3, `${n}`)]);
      await log.subscribe({
        topic: 'events',
        group: 'detect',
        from: 'earliest',
        onFault: (error) => {
          throw error;
        },
        onRecords: async (_, records) => void received.push(...records.map(textOf)),
      });
    }
    await until(() => received.length === 2);
    expect(received.sort()).toEqual(['0', '1']);
    await logs[0]!.commit('detect', [{ topic: 'events', partition: 3, offset: 1 }]);
    expect(await logs[1]!.committed('detect', 'events', 3)).toBeUndefined();
    await Promise.all(logs.map((log) => log.stop()));
  });

  it('commits for a group that has no member', async () => {
    const log = await open('absent.');
    await log.append([record('events', 5, 'a'), record('events', 5, 'b')]);
    await log.commit('absent', [{ topic: 'events', partition: 5, offset: 1 }]);
    expect(await log.committed('absent', 'events', 5)).toBe(1);
    expect((await collect(log.readRange('events', 5, 1, 2))).map(textOf)).toEqual(['b']);
    await log.stop();
    problems = [];
  });
});

describe('records in Kafka', () => {
  it('are sealed in one chain by two programs in turn, verified from an export, and compared with the log', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'wanglou-kafka-seals-'));
    const [one, other] = [await open('sealing.'), await open('sealing.')];
    const store = new MemoryStore();
    const key = generateKeyPairSync('ed25519').privateKey;
    const keys = { signer: async () => ({ key, notes: [] }), current: async () => key };
    const sealerOn = (log: KafkaEventLog): Sealer =>
      new Sealer({
        ...{ log, store, keys, digest: 'sha256', program: '0.1.0', access: 'full' },
        onProblem: () => undefined,
      });
    const sealers = [sealerOn(one), sealerOn(other)];
    for (const [n, sealer] of [...sealers, ...sealers].entries()) {
      const entry = Buffer.from(JSON.stringify({ id: `entry ${n}`, recordedAt: Date.now(), reason: '核实线索' }));
      const [offset = 0] = await one.append([{ topic: 'events', partition: 0, value: Buffer.from('a batch') }]);
      await one.append([{ topic: 'audit', partition: 0, key: `entry ${n}`, value: entry }]);
      await one.table('reports').put([[`incident ${n}`, entry]]);
      store.events.push(storedEvent({ id: `event ${n}`, ingest_time: String(Date.now()) }, [0, offset, 0]));
      await one.commit('detect', [{ topic: 'events', partition: 0, offset: offset + 1 }]);
      // A seal that another program was quicker with is made anew.
      while (await sealer.seal());
    }
    expect(store.sealed.map(({ seal }) => seal.number)).toEqual([1, 2, 3, 4]);
    expect(store.sealed.at(-1)!.seal.ends).toMatchObject({ audit: { records: 4 }, reports: { records: 4 }, 'events/0': { records: 4 } }); // prettier-ignore
    const range = { from: 0, to: Date.now() + 1, streams: STREAMS, by: 'lina' };
    const files = evidenceFiles(store, { key, folder, program: '0.1.0' }, range);
    while ((await files.next()).done !== true);
    const report = await verifyExport({ folder, key: publicPemOf(key) });
    expect(report).toMatchObject({ result: 'intact', records: 12, seals: { first: 1, last: 4 } });
    const check = new StoreCheck({ store, log: one, keys, sealsKeptDays: 2_000, onProblem: () => undefined, share: 1 });
    await check.run();
    expect(check.state).toMatchObject({ state: 'done', count: 0, records: 12 });
    await other.table('reports').put([['incident 2', undefined]]);
    store.kept.get('audit/3')!.record = '{}';
    await check.run();
    expect(check.state.differences).toMatchObject([
      { seal: 4, stream: 'audit', in: 'sealed', place: '3' },
      { seal: 3, stream: 'reports', in: 'log', place: '2' },
    ]);
    await Promise.all([one.stop(), other.stop()]);
    rmSync(folder, { recursive: true, force: true });
  });
});
