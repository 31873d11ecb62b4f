import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { detectors } from '../../detectors/index.ts';
import { BaselineBook } from '../../src/detection/baseline.ts';
import { encodeBatch } from '../../src/event/batch.ts';
import type { Event } from '../../src/event/event.ts';
import { IdSequence } from '../../src/event/id.ts';
import { EmbeddedEventLog } from '../../src/event-log/embedded.ts';
import { EventLogUnavailable, type EventLog } from '../../src/event-log/event-log.ts';
import { topicTable } from '../../src/event-log/topics.ts';
import type { Finding } from '../../src/finding/finding.ts';
import { registryFrom } from '../../src/registry/registry-from.ts';
import { appendAll, startEngine } from './engine-fixture.ts';
import { eventAt } from './judge.ts';
import { MemoryLog } from './memory-log.ts';

const registry = registryFrom({
  departments: [{ id: 'aid', name: '民政局' }],
  vendors: [{ id: 'qm', name: '启明' }],
  systems: [{ id: 'aid-platform', name: '救助', hosts: ['aid-db'] }],
  accounts: [{ id: 'v-wu', login: 'wu1', vendor: 'qm', systems: ['aid-platform'] }],
  contracts: [{ id: 'c', vendor: 'qm', systems: ['aid-platform'], from: '2025-01-01', to: '2026-06-30' }],
});

/** Failures at one account, at many accounts of one network, and a vendor who comes back after the contract. */
function incidents(): Event[] {
  const ids = new IdSequence(Buffer.alloc(10, 9));
  const start = Date.parse('2026-11-20T02:00:00Z');
  return Array.from({ length: 240 }, (_, n) => {
    const account = n % 3 === 0 ? 'root7' : n % 3 === 1 ? `guess${n}` : `wu${n % 60 === 2 ? 1 : n}`;
    return eventAt(new Date(start + n * 2_000).toISOString(), {
      id: ids.next(),
      sequence: n,
      account,
      host: 'aid-db',
      clientAddress: account === 'root7' ? '203.0.113.5' : '198.51.100.9',
      classUid: 3002,
      activityId: 1,
      action: 'sign-in',
      outcome: account === 'wu1' ? 'success' : 'failure',
    });
  });
}

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'engine-'))));
afterEach(() => rmSync(folder, { recursive: true }));

async function openLog(partitions: number): Promise<EmbeddedEventLog> {
  const unexpected = (problem: unknown) => {
    throw new Error(`the log had a problem: ${String(problem)}`);
  };
  const topics = topicTable({ partitions, keepMs: 1e9, keepBytes: 1e9 });
  const log = new EmbeddedEventLog({ dir: folder, topics, onProblem: unexpected, onFatal: unexpected });
  await log.start();
  return log;
}

const start = (log: EventLog, stopLimitMs = 10_000) =>
  startEngine(log, {
    detectors,
    registry: { current: () => registry },
    makeBaseline: (current) => new BaselineBook(current),
    stopLimitMs,
  });

/** A log of which, once dead, nothing more that its engine does arrives: what a kill of that engine leaves behind. */
function mortal(log: EventLog, life: { over: boolean }): EventLog {
  const alive = <T>(work: () => Promise<T>): Promise<T> =>
    life.over ? Promise.reject(new EventLogUnavailable('away', 'killed', 1)) : work();
  return {
    start: () => log.start(),
    stop: () => log.stop(),
    partitions: (topic) => log.partitions(topic),
    append: (records) => alive(() => log.append(records)),
    subscribe: (subscription) => log.subscribe(subscription),
    commit: (group, positions) => alive(() => log.commit(group, positions)),
    committed: (group, topic, partition) => log.committed(group, topic, partition),
    bounds: (topic, partition) => log.bounds(topic, partition),
    readRange: (topic, partition, from, to) => log.readRange(topic, partition, from, to),
    table: (topic) => ({
      entries: () => log.table(topic).entries(),
      put: (entries) => alive(() => log.table(topic).put(entries)),
      position: () => log.table(topic).position(),
    }),
  };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

async function findingsOf(log: EventLog): Promise<Map<string, Finding>> {
  const found = new Map<string, Finding>();
  const { first, next } = await log.bounds('findings', 0);
  for await (const { value } of log.readRange('findings', 0, first, next)) {
    const finding = JSON.parse(Buffer.from(value).toString()) as Finding;
    found.set(`${finding.id} ${finding.revision}`, finding);
  }
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

async function undisturbed(): Promise<Map<string, Finding>> {
  const log = new MemoryLog(8);
  await appendAll(log, incidents());
  const { engine } = await start(log);
  await log.idle();
  await engine.stop();
  return findingsOf(log);
}

describe('the engine with the shipped detectors over the embedded log', () => {
  it('finds after a kill in the middle what an undisturbed run on eight partitions finds', async () => {
    const first = await openLog(1);
    const events = incidents();
    const append = (log: EventLog, part: Event[]) =>
      log.append([{ topic: 'events', partition: 0, value: encodeBatch(part).bytes }]);
    const life = { over: false };
    const before = await start(mortal(first, life), 1);
    await append(first, events.slice(0, 70));
    await until(() => before.engine.status().evaluated === 70);
    await before.engine.checkpoint();
    await append(first, events.slice(70, 130));
    await until(() => before.engine.status().evaluated === 130);
    life.over = true;
    await before.engine.stop();
    await first.stop();

    const second = await openLog(1);
    const after = await start(second);
    await append(second, events.slice(130));
    await until(() => after.engine.status().evaluated === 170);
    await after.engine.stop();
    const found = await findingsOf(second);
    await second.stop();
    expect([...found.values()]).toEqual([...(await undisturbed()).values()]);
    expect(new Set([...found.values()].map(({ detector }) => detector))).toEqual(
      new Set(['brute-force', 'password-spray', 'vendor-after-contract']),
    );
  });
});
