import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EmbeddedEventLog, type EmbeddedEventLogOptions } from '../../src/event-log/embedded.ts';
import type { EventLogUnavailable, LogRecord } from '../../src/event-log/event-log.ts';
import { openLmdb } from '../../src/event-log/lmdb-files.ts';
import { recordKey } from '../../src/event-log/record-codec.ts';
import { startWriter } from './writer-process.ts';
import { collect, describeEventLog, record, textOf, until } from './conformance.ts';
import { TOPICS } from './conformance-topics.ts';

describeEventLog('LMDB', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'wanglou-log-'));
  let log: EmbeddedEventLog | undefined;
  return {
    sharesPartitions: false,
    open: async () => {
      await log?.stop(); // LMDB must not be opened twice by one process
      await (log ??= newLog(dir)).start();
      return log;
    },
    close: async () => rmSync(dir, { recursive: true }),
  };
});

describe('the embedded event log', () => {
  let dir: string;
  let problems: string[];
  let log: EmbeddedEventLog;

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'wanglou-log-'));
    problems = [];
  });

  afterEach(async () => {
    await log.stop();
    rmSync(dir, { recursive: true });
  });

  const start = async (options: Partial<EmbeddedEventLogOptions> = {}) => {
    log = newLog(dir, { onProblem: (message) => problems.push(message), ...options });
    await log.start();
  };

  it('hands the decoded form over in memory to a subscriber that has caught up', async () => {
    await start();
    const received: LogRecord[] = [];
    await log.subscribe({
      topic: 'events',
      group: 'g',
      from: 'latest',
      onFault: () => undefined,
      onRecords: async (_, records) => void received.push(...records),
    });
    const live = { events: [] };
    await log.append([{ ...record('events', 0, 'x'), live }]);
    await until(() => received.length === 1);
    expect(received[0]!.live).toBe(live);
  });

  it('has everything that was acknowledged after its writer was killed, and goes on without a gap', async () => {
    const writer = startWriter(dir);
    await until(() => writer.acknowledged.length >= 100);
    await writer.kill();
    const { acknowledged } = writer;
    await start();
    const found = await collect(log.readRange('events', 0, 0, Infinity));
    expect(found.map(({ offset }) => offset)).toEqual(found.map((_, n) => n));
    for (const n of acknowledged) expect(textOf(found[n]!).startsWith(`${n} `)).toBe(true);
    expect(await log.append([record('events', 0, 'next')])).toEqual([found.length]);
    expect(problems).toEqual([]);
  });

  it('keeps the number of partitions that it was begun with, and says so when another one is asked for', async () => {
    await start();
    await log.append([record('events', 7, 'x')]);
    await log.stop();
    await start({ topics: { ...TOPICS, events: { ...TOPICS.events, partitions: 2 } } });
    expect(log.partitions('events')).toBe(8);
    expect((await collect(log.readRange('events', 7, 0, 1))).map(textOf)).toEqual(['x']);
    expect(problems).toEqual(['topic events was begun with 8 partitions and keeps them; 2 are asked for']);
  });

  it('takes appends of two processes at once, each offset once', async () => {
    await start();
    const writer = startWriter(dir);
    const theirs = writer.acknowledged;
    await until(() => theirs.length > 0);
    const mine: number[] = [];
    for (let n = 0; n < 50; n++) mine.push(...(await log.append([record('events', 0, `mine ${n}`)])));
    await until(() => theirs.length > 20);
    await writer.kill();
    const found = await collect(log.readRange('events', 0, 0, Infinity));
    expect(found.map(({ offset }) => offset)).toEqual(found.map((_, n) => n));
    mine.forEach((offset, n) => expect(textOf(found[offset]!)).toBe(`mine ${n}`));
    expect(mine.filter((offset) => theirs.includes(offset))).toEqual([]);
  });

  it('notices what another process appends', async () => {
    await start();
    const received: LogRecord[] = [];
    await log.subscribe({
      topic: 'events',
      group: 'g',
      from: 'earliest',
      onFault: () => undefined,
      onRecords: async (_, records) => void received.push(...records),
    });
    const writer = startWriter(dir);
    await until(() => received.length >= 5);
    await writer.kill();
    expect(received.slice(0, 5).map(({ offset }) => offset)).toEqual([0, 1, 2, 3, 4]);
  });

  it('leaves out a record whose bytes have changed, says so, and goes on', async () => {
    await start();
    await log.append(['a', 'b', 'c'].map((text) => record('findings', 0, text)));
    await log.stop();
    const files = openLmdb(dir);
    const key = recordKey(2, 0, 1);
    const bytes = Buffer.from(files.records.getBinary(key)!);
    bytes[bytes.length - 1]! ^= 1;
    await files.records.put(key, bytes);
    await files.root.close();
    await start();
    expect((await collect(log.readRange('findings', 0, 0, 3))).map(textOf)).toEqual(['a', 'c']);
    expect(problems).toEqual(['record findings/0/1 of the event log is damaged (checksum) and left out']);
  });

  it('refuses events at 97 % and warns at 85 %, but still takes findings, states and positions', async () => {
    let used = 0.5;
    await start({ space: async () => ({ freeBytes: (1 - used) * 1e12, totalBytes: 1e12 }) });
    await log.append([record('events', 0, 'a')]);
    used = 0.975;
    const refusal = await untilRefused(() => log.append([record('events', 0, 'b')]));
    expect(refusal).toMatchObject({ reason: 'full' });
    expect(problems).toEqual([expect.stringContaining('97 % full')]);
    await log.append([record('findings', 0, 'f')]);
    await log.table('states').put([['k', Buffer.from('v')]]);
    await log.commit('g', [{ topic: 'events', partition: 0, offset: 1 }]);
    used = 0.5;
    await untilTaken(() => log.append([record('events', 0, 'c')]));
  });

  it('removes what is old only when every group is done with it', async () => {
    const topics = { ...TOPICS, events: { ...TOPICS.events, partitions: 1, keepMs: 1_000, awaits: ['detect'] } };
    await start({ topics });
    await log.append(Array.from({ length: 120 }, (_, n) => record('events', 0, `${n}`)));
    const later = Date.now() + 10_000;
    expect(await log.sweep(later)).toBe(0);
    await log.commit('detect', [{ topic: 'events', partition: 0, offset: 100 }]);
    await log.commit('other', [{ topic: 'events', partition: 0, offset: 60 }]);
    expect(await log.sweep(Date.now())).toBe(0);
    expect(await log.sweep(later)).toBe(60);
    expect(await log.bounds('events', 0)).toEqual({ first: 60, next: 120 });
    expect((await collect(log.readRange('events', 0, 0, 62))).map(textOf)).toEqual(['60', '61']);
    await log.commit('other', [{ topic: 'events', partition: 0, offset: 120 }]);
    await log.commit('detect', [{ topic: 'events', partition: 0, offset: 120 }]);
    expect(await log.sweep(later)).toBe(60);
    expect(await log.bounds('events', 0)).toEqual({ first: 120, next: 120 });
    expect(await log.append([record('events', 0, 'next')])).toEqual([120]);
  });

  it('removes the oldest beyond its size', async () => {
    const topics = { ...TOPICS, findings: { ...TOPICS.findings, keepBytes: 10_000 } };
    await start({ topics });
    await log.append(Array.from({ length: 30 }, () => record('findings', 0, 'x'.repeat(976))));
    expect(await log.sweep(Date.now())).toBe(20);
  });

  it('finishes the appends that were begun when it stops, and refuses others after', async () => {
    await start();
    const append = log.append([record('events', 0, 'a')]);
    await log.stop();
    expect(await append).toEqual([0]);
    await expect(log.append([record('events', 0, 'b')])).rejects.toThrow('not started');
  });
});

function newLog(dir: string, options: Partial<EmbeddedEventLogOptions> = {}): EmbeddedEventLog {
  return new EmbeddedEventLog({
    dir,
    topics: TOPICS,
    onProblem: () => undefined,
    onFatal: (error) => {
      throw error;
    },
    ...options,
  });
}

async function untilRefused(append: () => Promise<unknown>): Promise<EventLogUnavailable> {
  for (;;)
    try {
      await append();
      await new Promise((resolve) => setTimeout(resolve, 50));
    } catch (error) {
      return error as EventLogUnavailable;
    }
}

async function untilTaken(append: () => Promise<unknown>): Promise<void> {
  for (;;)
    try {
      await append();
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
}
