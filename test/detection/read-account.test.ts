import { describe, expect, it } from 'vitest';
import { Random } from '../../demo/random.ts';
import { addCounts, minuteOf, type Counts, type Segment } from '../../src/coverage/record.ts';
import { decodeBatch, encodeBatch } from '../../src/event/batch.ts';
import type { Event } from '../../src/event/event.ts';
import { keyedId } from '../../src/event/id.ts';
import { attack, CountingSink, DETECTORS, heartbeatAt, startEngine, threeStrikes } from './engine-fixture.ts';
import { MemoryLog } from './memory-log.ts';

/** Segments as they stand at last: of the same beginning, the longest counts. */
function segmentsIn(log: MemoryLog, partition: number): Segment[] {
  const latest = new Map<number, Segment>();
  for (const { value } of log.records('coverage', 0)) {
    const segment = JSON.parse(Buffer.from(value).toString()) as Segment;
    const known = latest.get(segment.from);
    if (segment.partition === partition && segment.to >= (known?.to ?? 0)) latest.set(segment.from, segment);
  }
  return [...latest.values()].sort((a, b) => a.from - b.from);
}

/** Offsets at which segments leave something out or count it twice. */
function seamsOf(segments: readonly Segment[], end: number): string[] {
  const edges = [0, ...segments.flatMap(({ from, to }) => [from, to]), end];
  const seams: string[] = [];
  for (let i = 0; i < edges.length; i += 2) if (edges[i] !== edges[i + 1]) seams.push(`${edges[i]} ${edges[i + 1]}`);
  return seams;
}

function sumsOf(segments: readonly Segment[]): Counts {
  const sums: Counts = {};
  for (const { minutes } of segments)
    for (const { source, minute, missed, unparsed, ...counts } of minutes) {
      for (const [name, count] of Object.entries(counts)) addCounts(sums, { [`${source} ${minute} ${name}`]: count });
      for (const [name, count] of Object.entries(unparsed))
        addCounts(sums, { [`${source} ${minute} ! ${name}`]: count });
      for (const [name, count] of Object.entries(missed)) addCounts(sums, { [`${source} ${minute} - ${name}`]: count });
    }
  return sums;
}

/** What an honest reader of the log counts by hand. */
function expectedOf(log: MemoryLog, partition: number): Counts {
  const [sums, seen] = [{} as Counts, new Set<string>()];
  for (const { value } of log.records('events', partition))
    for (const { source, ingestTime, id, fault, action } of decodeBatch(value).events) {
      if (action === 'heartbeat') continue;
      const row = `${source} ${minuteOf(ingestTime)}`;
      const isRepeat = seen.has(id);
      seen.add(id);
      const counts = { appended: 1, parsed: Number(fault === ''), repeated: Number(isRepeat), late: 0 };
      const done = { stored: Number(!isRepeat), evaluated: Number(!isRepeat) };
      for (const [name, count] of Object.entries({ ...counts, ...done }))
        addCounts(sums, { [`${row} ${name}`]: count });
      if (fault !== '') addCounts(sums, { [`${row} ! ${fault}`]: 1 });
    }
  return sums;
}

/** Events of three sources, some unreadable, some of which come twice. */
function arrivals(random: Random, count: number): Event[] {
  return attack(count).map((event, n) => ({
    ...event,
    id: keyedId('test', random.chance(0.1) ? String(random.int(0, n)) : `once ${n}`),
    source: random.pick(['portal', 'gate', 'mail']),
    fault: random.chance(0.05) ? 'no known format fits this text' : '',
  }));
}

async function append(log: MemoryLog, events: readonly Event[], random: Random): Promise<void> {
  const partitions = log.partitions('events');
  for (let at = 0; at < events.length;) {
    const some = events.slice(at, at + random.int(1, 9));
    at += some.length;
    const byPartition = Map.groupBy(some, ({ account }) => Number(account.replace(/\D/g, '')) % partitions);
    for (const [partition, own] of byPartition)
      await log.append([{ topic: 'events', partition, value: encodeBatch(own.map((event) => ({ ...event }))).bytes }]);
    const now = some.at(-1)!.ingestTime;
    for (let partition = 0; partition < partitions; partition++)
      await log.append([{ topic: 'events', partition, value: encodeBatch([heartbeatAt(now)]).bytes }]);
  }
}

/** Runs engine after engine; each dies at a random durable step of a checkpoint, or right after one. */
async function withKills(seed: number, partitions: number): Promise<MemoryLog> {
  const [random, log] = [new Random(seed, partitions), new MemoryLog(partitions)];
  const events = arrivals(random, 400);
  for (let at = 0; at < events.length; at += 50) {
    const { engine, sink } = await startEngine(log, { coverageMs: 0, stopLimitMs: 1 });
    await append(log, events.slice(at, at + random.int(0, 50)), random);
    await log.idle();
    await engine.checkpoint();
    await append(log, events.slice(at, at + 50), random);
    await log.idle();
    let left = random.int(0, 7);
    log.shareOfPut = random.pick([1, 1, 0.5]);
    log.beforeStep = sink.beforeDurable = () => {
      if (left-- <= 0) throw new Error('killed');
    };
    await engine.checkpoint();
    log.crash();
    await engine.stop();
    log.beforeStep = () => undefined;
    log.shareOfPut = 1;
  }
  const last = await startEngine(log, { coverageMs: 0 });
  await append(log, [], random);
  const end = heartbeatAt(events.at(-1)!.ingestTime + 3_600_000);
  for (let partition = 0; partition < partitions; partition++)
    await log.append([{ topic: 'events', partition, value: encodeBatch([end]).bytes }]);
  await log.idle();
  await last.engine.stop();
  return log;
}

describe('the account of what was read', () => {
  const seeds = Array.from({ length: 12 }, (_, n) => n);
  it.each(seeds.flatMap((seed) => [1, 3].map((partitions) => [seed, partitions] as const)))(
    'covers every offset once and counts every event once, however often detect is killed (seed %i, %i partitions)',
    async (seed, partitions) => {
      const log = await withKills(seed, partitions);
      for (let partition = 0; partition < partitions; partition++) {
        const segments = segmentsIn(log, partition);
        expect(seamsOf(segments, log.records('events', partition).length)).toEqual([]);
        expect(sumsOf(segments)).toEqual(expectedOf(log, partition));
      }
    },
  );

  it('says which events a parked detector has not seen, in its stage and all partitions of a second stage', async () => {
    const failing = {
      ...threeStrikes,
      name: 'failing',
      version: 3,
      step: (): never => {
        throw new Error('out of order');
      },
    };
    const log = new MemoryLog(1);
    const events: Event[] = attack(10).map((event) => ({ ...event, outcome: 'success' }));
    events[6]!.outcome = 'failure';
    const put = (some: readonly Event[]) =>
      log.append([{ topic: 'events', partition: 0, value: encodeBatch(some.map((event) => ({ ...event }))).bytes }]);
    await put(events.slice(0, 4));
    await put(events.slice(4, 8));
    await put(events.slice(8));
    const { engine } = await startEngine(log, {
      detectors: [...DETECTORS, failing] as typeof DETECTORS,
      coverageMs: 0,
    });
    await log.idle();
    await engine.stop();
    const [segment] = segmentsIn(log, 0);
    expect(segment!.judges).toEqual(['three-strikes@1', 'many-accounts@1', 'failing@3']);
    expect(segment!.minutes).toMatchObject([{ appended: 10, evaluated: 10, missed: { failing: 4 } }]);
  });

  it('names the records that can not be read, and those that are not there', async () => {
    const log = new MemoryLog(1);
    const events = attack(4);
    await log.append([{ topic: 'events', partition: 0, value: encodeBatch([events[0]!]).bytes }]);
    await log.append([{ topic: 'events', partition: 0, value: Buffer.from('no batch') }]);
    for (const event of events.slice(1))
      await log.append([{ topic: 'events', partition: 0, value: encodeBatch([event]).bytes }]);
    log.records('events', 0).splice(3, 1);
    const { engine } = await startEngine(log, { coverageMs: 0 });
    await log.idle();
    await engine.stop();
    expect(segmentsIn(log, 0).map(({ from, to, unread }) => ({ from, to, unread }))).toEqual([
      {
        from: 0,
        to: 5,
        unread: [
          { from: 1, to: 2, kind: 'undecodable' },
          { from: 3, to: 4, kind: 'damaged' },
        ],
      },
    ]);
  });

  it('does not go on before what it handed over is durable in the store', async () => {
    const log = new MemoryLog(1);
    const { engine, sink } = await startEngine(log, { coverageMs: 0, stopLimitMs: 1 });
    sink.beforeDurable = () => {
      throw new Error('the store is away');
    };
    await log.append([{ topic: 'events', partition: 0, value: encodeBatch(attack(3)).bytes }]);
    await log.idle();
    await engine.checkpoint();
    expect(segmentsIn(log, 0)).toEqual([]);
    sink.beforeDurable = new CountingSink().beforeDurable;
    await engine.checkpoint();
    expect(segmentsIn(log, 0)).toMatchObject([{ from: 0, to: 1, minutes: [{ stored: 3 }] }]);
    await engine.stop();
  });
});
