import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import kafkajs from 'kafkajs';
import { encodeBatch, storeBlock } from '../../../src/event/batch.ts';
import type { Event } from '../../../src/event/event.ts';
import { migrate } from '../../../src/store/migrate.ts';
import { startBroker } from '../../integration/kafka-broker.ts';
import { startStore } from '../../integration/store-process.ts';
import { verify, type Scenario } from '../bench.ts';
import { LineReader, ratePerSecond } from '../in-process.ts';
import { jsonLines, sshdLines } from '../lines.ts';

/** What this machine does at best, in the same run: the denominators. */

const BATCH = 1_000;
const PER_RECORD = 250;

const eventsOf = (lines: readonly string[]): Event[] => {
  const reader = new LineReader();
  const events = lines.map((line) => reader.read(line, 'bench', Date.now()));
  verify(reader.unread === 0, `${reader.unread} lines could not be read`);
  return events;
};

const checked = (what: string) => ({ checked: what, details: {} });

export const scenarios: Scenario[] = [
  {
    id: 'limit-json',
    title: 'Limit: JSON.parse alone, our own JSON',
    unit: 'events/s',
    repeat: 5,
    async run() {
      const lines = jsonLines(BATCH);
      let fields = 0;
      const value = await ratePerSecond(0.5, () => {
        for (const line of lines) fields += (JSON.parse(line) as { kind: string }).kind.length;
        return lines.length;
      });
      verify(fields > 0, 'nothing was read');
      return { value, ...checked(`${Math.round(lines.join('').length / lines.length)} bytes an event`) };
    },
  },
  {
    id: 'limit-lines',
    title: 'Limit: cutting lines out of bytes',
    unit: 'lines/s',
    repeat: 5,
    async run() {
      const bytes = Buffer.from(
        sshdLines(BATCH)
          .map((line) => `${line}\n`)
          .join(''),
      );
      const count = (): number => {
        let lines = 0;
        for (let from = 0, to = bytes.indexOf(10); to >= 0; from = to + 1, to = bytes.indexOf(10, from))
          if (bytes.toString('latin1', from, to).length > 10) lines++;
        return lines;
      };
      verify(count() === BATCH, 'not every line was found');
      return { value: await ratePerSecond(0.5, count), ...checked(`${BATCH} of ${BATCH} lines`) };
    },
  },
  {
    id: 'limit-fdatasync',
    title: 'Limit: plain appends of 1,000 encoded events, each with fdatasync',
    unit: 'events/s',
    repeat: 5,
    async run() {
      const folder = mkdtempSync(join(tmpdir(), 'wanglou-bench-'));
      const file = openSync(join(folder, 'log'), 'a');
      const { bytes } = encodeBatch(eventsOf(sshdLines(BATCH)));
      const value = await ratePerSecond(1, () => {
        verify(writeSync(file, bytes) === bytes.length, 'a short write');
        fdatasyncSync(file);
        return BATCH;
      });
      closeSync(file);
      rmSync(folder, { recursive: true });
      return { value, ...checked(`${bytes.length} bytes an append`) };
    },
  },
  {
    id: 'limit-insert',
    title: 'Limit: the engine alone taking ready Native blocks of 50,000 rows',
    unit: 'rows/s',
    repeat: 3,
    async run() {
      const store = await startStore();
      try {
        await migrate(
          { url: store.url, user: 'default', password: store.password, database: 'wanglou' },
          { retentionDays: 400 },
        );
        const events = eventsOf(sshdLines(50_000));
        const { bytes, baseEnd } = encodeBatch(events);
        const block = storeBlock(bytes, baseEnd, events, { partition: 0, offset: 0 });
        const insert = async (): Promise<number> => {
          const query = encodeURIComponent('INSERT INTO wanglou.events FORMAT Native');
          const response = await fetch(`${store.url}/?query=${query}`, {
            method: 'POST',
            headers: { authorization: `Basic ${btoa(`default:${store.password}`)}` },
            body: new Uint8Array(block),
          });
          verify(response.ok, await response.text());
          return events.length;
        };
        return { value: await ratePerSecond(2, insert), ...checked('every insert was answered with success') };
      } finally {
        await store.stop();
      }
    },
  },
  {
    id: 'limit-kafkajs',
    title: `Limit: kafkajs producing records of ${PER_RECORD} events, acks=all`,
    unit: 'events/s',
    repeat: 3,
    async run() {
      const broker = await startBroker();
      const kafka = new kafkajs.Kafka({ brokers: [broker.brokers], logLevel: kafkajs.logLevel.NOTHING });
      const admin = kafka.admin();
      const producer = kafka.producer();
      try {
        await admin.connect();
        await admin.createTopics({ topics: [{ topic: 'limit', numPartitions: 1 }] });
        await producer.connect();
        const value = Buffer.from(encodeBatch(eventsOf(sshdLines(PER_RECORD))).bytes);
        let sent = 0;
        const send = async (): Promise<number> => {
          await producer.send({ topic: 'limit', acks: -1, messages: Array.from({ length: 8 }, () => ({ value })) });
          sent += 8;
          return 8 * PER_RECORD;
        };
        const rate = await ratePerSecond(3, send);
        const [offsets] = await admin.fetchTopicOffsets('limit');
        verify(Number(offsets!.high) === sent, `${offsets!.high} records of ${sent}`);
        return { value: rate, ...checked(`${sent} records of ${value.length} bytes are in the topic`) };
      } finally {
        await producer.disconnect();
        await admin.disconnect();
        await broker.stop();
      }
    },
  },
];
