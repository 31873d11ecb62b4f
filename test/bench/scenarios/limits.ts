import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { Session } from 'chdb';
import kafkajs from 'kafkajs';
import { storeBlock } from '../../../src/event/batch.ts';
import { literal } from '../../../src/store/request-settings.ts';
import { readMigrations } from '../../../src/store/migrate.ts';
import { splitStatements } from '../../../src/store/split-statements.ts';
import { startBroker } from '../../integration/kafka-broker.ts';
import { verify, type BenchContext, type Measured, type Scenario } from '../bench.ts';
import { batchesOf, eventsOf, linesOf, mixedLines, PER_BATCH, rateOf, shortly, withFolder } from '../material.ts';

/** What this machine can do at best, measured in the same run: the denominators of the other scenarios. */
export const scenarios: Scenario[] = [
  { id: 'limit-json-parse', title: 'Limit: JSON.parse', unit: 'events/s', repeat: 3, run: jsonParse },
  { id: 'limit-line-splitting', title: 'Limit: finding line ends', unit: 'lines/s', repeat: 3, run: lineSplitting },
  { id: 'limit-byte-scan', title: 'Limit: a look at each byte', unit: 'lines/s', repeat: 3, run: byteScan },
  { id: 'limit-fdatasync', title: 'Limit: appends of 1,000, fdatasync', unit: 'events/s', repeat: 3, run: fdatasync },
  { id: 'limit-chdb', title: 'Limit: chDB inserts a ready Native file', unit: 'events/s', repeat: 3, run: chdb },
  { id: 'limit-kafkajs', title: 'Limit: kafkajs, 500 a record, acks=all', unit: 'events/s', repeat: 1, run: kafka },
];

async function jsonParse(context: BenchContext): Promise<Measured> {
  const padding = 'x'.repeat(160); // brings the event to the 373 bytes of a usual one
  const texts = linesOf('json', 2_000).map((line) => line.replace('{', `{"purpose":"${padding}",`));
  verify((JSON.parse(texts[0]!) as { purpose: string }).purpose === padding, 'JSON.parse reads the event');
  let accounts = 0;
  const { rate, done, cpuMicros } = await rateOf(shortly(context), () => {
    for (const text of texts) accounts += (JSON.parse(text) as { account: string }).account.length;
    return texts.length;
  });
  const bytes = texts.reduce((sum, text) => sum + text.length, 0) / texts.length;
  verify(accounts > done, 'every event has its account');
  const details = { 'bytes an event': bytes, 'CPU µs/event': cpuMicros };
  return { value: rate, checked: `${done} accounts read`, details };
}

async function lineSplitting(context: BenchContext): Promise<Measured> {
  const bytes = Buffer.from(`${linesOf('syslog', 20_000).join('\n')}\n`);
  const { rate, done } = await rateOf(shortly(context), () => {
    let found = 0;
    for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) found++;
    return found;
  });
  verify(done % 20_000 === 0, `${done} lines are whole rounds of 20,000`);
  return { value: rate, checked: `${done} lines`, details: { 'bytes a line': bytes.length / 20_000 } };
}

async function byteScan(context: BenchContext): Promise<Measured> {
  const bytes = Buffer.from(`${linesOf('syslog', 20_000).join('\n')}\n`);
  const { rate, done } = await rateOf(shortly(context), () => {
    let found = 0;
    for (let i = 0; i < bytes.length; i++) if (bytes[i] === 10) found++;
    return found;
  });
  verify(done % 20_000 === 0, `${done} lines are whole rounds of 20,000`);
  return { value: rate, checked: `${done} lines`, details: { 'MB/s': (rate * bytes.length) / 20_000 / 1e6 } };
}

function fdatasync(context: BenchContext): Promise<Measured> {
  return withFolder(async (folder) => {
    const block = Buffer.from(linesOf('json', 1_000).join('\n'));
    const file = openSync(join(folder, 'appends'), 'a');
    const { rate, done } = await rateOf(shortly(context), () => {
      writeSync(file, block);
      fdatasyncSync(file);
      return 1_000;
    });
    closeSync(file);
    return { value: rate, checked: `${done} events`, details: { 'bytes an event': block.length / 1_000 } };
  });
}

const ROWS = 50_000;

function chdb(context: BenchContext): Promise<Measured> {
  return withFolder(async (folder) => {
    const spool = mkdtempSync('/dev/shm/wanglou-bench-');
    const session = new Session(join(folder, 'store'));
    try {
      const file = join(spool, 'rows');
      writeFileSync(file, readyBlocks());
      const sql = readMigrations()[0]!.sql.replace('{retentionDays:UInt32}', '400');
      session.query(splitStatements(sql)[0]!);
      session.query('SYSTEM STOP MERGES events'); // the same rows again and again would become one
      const insert = `INSERT INTO events FROM INFILE ${literal(file)} COMPRESSION 'none' FORMAT Native`;
      const { rate, done } = await rateOf(shortly(context), () => {
        session.query(insert);
        return ROWS;
      });
      const rows = session.query('SELECT count() FROM events', 'TSV').trim();
      verify(Number(rows) === done, `${rows} rows are there of ${done}`);
      return { value: rate, checked: `${rows} rows`, details: { 'rows an insert': ROWS } };
    } finally {
      session.close();
      rmSync(spool, { recursive: true, force: true });
    }
  });
}

function readyBlocks(): Buffer {
  const blocks = batchesOf(eventsOf(mixedLines(ROWS))).map(({ value, live }, offset) =>
    Buffer.from(storeBlock(value, live.baseEnd, live.events, { partition: 0, offset })),
  );
  return Buffer.concat(blocks);
}

/** Together below the 1 MiB that a broker takes in one request unless told otherwise. */
const RECORDS_A_SEND = 3;

async function kafka(context: BenchContext): Promise<Measured> {
  const batches = batchesOf(eventsOf(mixedLines(RECORDS_A_SEND * PER_BATCH)));
  const messages = batches.map(({ value }) => ({ value: Buffer.from(value) }));
  const broker = await startBroker();
  const client = new kafkajs.Kafka({ brokers: [broker.brokers], logLevel: kafkajs.logLevel.NOTHING });
  const admin = client.admin();
  const producer = client.producer();
  try {
    await Promise.all([admin.connect(), producer.connect()]);
    await admin.createTopics({ topics: [{ topic: 'limit', numPartitions: 1 }], waitForLeaders: true });
    const { rate, done } = await rateOf(shortly(context), async () => {
      await producer.send({ topic: 'limit', acks: -1, messages });
      return RECORDS_A_SEND * PER_BATCH;
    });
    const high = Number((await admin.fetchTopicOffsets('limit'))[0]!.high);
    // A producer that gets no answer in time sends again: there may be more, never fewer.
    verify(high * PER_BATCH >= done, `${high} records of ${PER_BATCH} events for ${done} events`);
    return { value: rate, checked: `${done} events in ${high} records`, details: {} };
  } finally {
    await Promise.allSettled([producer.disconnect(), admin.disconnect()]);
    await broker.stop();
  }
}
