import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EventLog, LogRecord, NewRecord, SubscriptionRequest, Topic } from '../../src/event-log/event-log.ts';
import { PARTITIONS } from './conformance-topics.ts';

/** One event log under test: `open` gives a further client of the same log, as another start of the program would. */
export interface LogUnderTest {
  open(): Promise<EventLog>;
  /** Whether the second subscriber of a group in the same process shares the partitions, or is refused. */
  sharesPartitions: boolean;
  close(): Promise<void>;
}

let groups = 0;
const newGroup = () => `group-${process.pid}-${groups++}`;

export const record = (topic: Topic, partition: number, text: string, key = ''): NewRecord => ({
  topic,
  partition,
  key,
  value: Buffer.from(text),
});

export const textOf = (found: LogRecord): string => Buffer.from(found.value).toString();

/** What every event log must do. */
export function describeEventLog(name: string, make: () => Promise<LogUnderTest>): void {
  describe(`the event log in ${name}`, () => {
    let under: LogUnderTest;
    let log: EventLog;

    beforeAll(async () => {
      under = await make();
      log = await under.open();
    });

    afterAll(async () => {
      await log?.stop();
      await under?.close();
    });

    const nextOf = async (topic: Topic, partition = 0) => (await log.bounds(topic, partition)).next;

    it('gives dense offsets in the order of the records, for each partition', async () => {
      const [at0, at1] = [await nextOf('events', 0), await nextOf('events', 1)];
      const offsets = await log.append([
        record('events', 0, 'a'),
        record('events', 1, 'b'),
        record('events', 0, 'c'),
        record('events', 1, 'd'),
      ]);
      expect(offsets).toEqual([at0, at1, at0 + 1, at1 + 1]);
      expect(await log.append([record('events', 0, 'e')])).toEqual([at0 + 2]);
      expect(await log.append([])).toEqual([]);
    });

    it('keeps the order of appends that nobody waited for', async () => {
      const from = await nextOf('events', 2);
      const appends = Array.from({ length: 50 }, (_, n) => log.append([record('events', 2, `n${n}`)]));
      expect((await Promise.all(appends)).flat()).toEqual(Array.from({ length: 50 }, (_, n) => from + n));
      const found = await collect(log.readRange('events', 2, from, from + 50));
      expect(found.map(textOf)).toEqual(Array.from({ length: 50 }, (_, n) => `n${n}`));
    });

    it('gives back key and bytes as they were, up to large records', async () => {
      const large = Buffer.alloc(700_000, 'x');
      large.write('head');
      const bytes = Buffer.from(Array.from({ length: 256 }, (_, n) => n));
      const from = await nextOf('findings');
      await log.append([
        { topic: 'findings', partition: 0, key: '键 key', value: bytes },
        { topic: 'findings', partition: 0, value: large },
      ]);
      const found = await collect(log.readRange('findings', 0, from, from + 2));
      expect(found.map((each) => [each.topic, each.partition, each.offset, each.key])).toEqual([
        ['findings', 0, from, '键 key'],
        ['findings', 0, from + 1, ''],
      ]);
      expect(Buffer.from(found[0]!.value).equals(bytes)).toBe(true);
      expect(Buffer.from(found[1]!.value).equals(large)).toBe(true);
    });

    it('reads exactly the range asked for', async () => {
      const from = await nextOf('events', 3);
      await log.append(Array.from({ length: 10 }, (_, n) => record('events', 3, `${n}`)));
      expect((await collect(log.readRange('events', 3, from + 2, from + 5))).map(textOf)).toEqual(['2', '3', '4']);
      expect(await collect(log.readRange('events', 3, from + 4, from + 4))).toEqual([]);
      expect((await collect(log.readRange('events', 3, from + 8, from + 1_000))).map(textOf)).toEqual(['8', '9']);
    });

    it('delivers every partition to a group, in order, from the earliest record', async () => {
      const before = await Promise.all(
        Array.from({ length: PARTITIONS }, (_, partition) => log.bounds('events', partition)),
      );
      await log.append(
        Array.from({ length: PARTITIONS }, (_, partition) => record('events', partition, `p${partition}`)),
      );
      const seen = new Map<number, number[]>();
      const total = before.reduce((sum, { first, next }) => sum + next + 1 - first, 0);
      await withSubscription(log, { topic: 'events', group: newGroup(), from: 'earliest' }, async (received) => {
        await until(() => received.length >= total);
        for (const { partition, offset } of received) seen.set(partition, [...(seen.get(partition) ?? []), offset]);
      });
      before.forEach(({ first, next }, partition) => {
        expect(seen.get(partition)).toEqual(Array.from({ length: next + 1 - first }, (_, n) => first + n));
      });
    });

    it('delivers to a new group only what comes, if it asks for the latest', async () => {
      await log.append([record('pulse', 0, 'old')]);
      await withSubscription(log, { topic: 'pulse', group: newGroup(), from: 'latest' }, async (received) => {
        await log.append([record('pulse', 0, 'new 1'), record('pulse', 0, 'new 2')]);
        await until(() => received.length >= 2);
        expect(received.map(textOf)).toEqual(['new 1', 'new 2']);
      });
    });

    it('goes on from the committed position after a new start, and delivers again what was not committed', async () => {
      const group = newGroup();
      const from = await nextOf('findings');
      await log.append(['a', 'b', 'c', 'd'].map((text) => record('findings', 0, text)));
      expect(await log.committed(group, 'findings', 0)).toBeUndefined();
      await withSubscription(log, { topic: 'findings', group, from: 'earliest' }, async (received) => {
        await until(() => received.length >= from + 4);
        await log.commit(group, [{ topic: 'findings', partition: 0, offset: from + 2 }]);
      });
      const second = await under.open();
      expect(await second.committed(group, 'findings', 0)).toBe(from + 2);
      await withSubscription(second, { topic: 'findings', group, from: 'latest' }, async (received) => {
        await until(() => received.length >= 2);
        expect(received.slice(0, 2).map(textOf)).toEqual(['c', 'd']);
      });
      if (second !== log) await second.stop();
    });

    it('delivers again what a subscriber could not take, and nothing after it before', async () => {
      const from = await nextOf('unparsed');
      let refusals = 2;
      const taken: string[] = [];
      const subscription = await log.subscribe({
        topic: 'unparsed',
        group: newGroup(),
        from: 'earliest',
        onFault: fail,
        onRecords: async (_, records) => {
          if (refusals-- > 0) throw new Error('not now');
          taken.push(...records.map(textOf));
        },
      });
      await log.append([record('unparsed', 0, 'a'), record('unparsed', 0, 'b')]);
      await until(() => taken.length >= from + 2);
      expect(taken.slice(-2)).toEqual(['a', 'b']);
      await subscription.stop();
    });

    it('appends while a subscriber is slow, and loses nothing for it', async () => {
      const taken: number[] = [];
      const first = (await log.bounds('unparsed', 0)).next;
      const subscription = await log.subscribe({
        topic: 'unparsed',
        group: newGroup(),
        from: 'latest',
        onFault: fail,
        onRecords: async (_, records) => {
          await new Promise((resolve) => setTimeout(resolve, 20));
          taken.push(...records.map(({ offset }) => offset));
        },
      });
      for (let n = 0; n < 40; n++) await log.append([record('unparsed', 0, `slow ${n}`)]);
      await until(() => taken.length >= 40);
      expect(taken).toEqual(Array.from({ length: 40 }, (_, n) => first + n));
      await subscription.stop();
    });

    it('waits, when it stops, for a delivery that is under way', async () => {
      let begun = false;
      let ended = false;
      const subscription = await log.subscribe({
        topic: 'pulse',
        group: newGroup(),
        from: 'latest',
        onFault: fail,
        onRecords: async () => {
          begun = true;
          await new Promise((resolve) => setTimeout(resolve, 100));
          ended = true;
        },
      });
      await log.append([record('pulse', 0, 'x')]);
      await until(() => begun);
      await subscription.stop();
      expect(ended).toBe(true);
    });

    it('says which partitions a subscriber has before it delivers', async () => {
      const order: string[] = [];
      await log.append([record('pulse', 0, 'x')]);
      const subscription = await log.subscribe({
        topic: 'pulse',
        group: newGroup(),
        from: 'earliest',
        onFault: fail,
        onAssigned: async (partitions) => {
          await new Promise((resolve) => setTimeout(resolve, 50));
          order.push(`assigned ${partitions.join()}`);
        },
        onRecords: async () => void order.push('records'),
      });
      await until(() => order.includes('records'));
      expect(order[0]).toBe('assigned 0');
      await subscription.stop();
    });

    it('shares the partitions of a topic between the subscribers of a group, or refuses a second one', async () => {
      const group = newGroup();
      const other = under.sharesPartitions ? await under.open() : log;
      const owned: number[][] = [[], []];
      const request = (which: number): SubscriptionRequest => ({
        topic: 'events',
        group,
        from: 'latest',
        onFault: fail,
        onAssigned: async (partitions) => void (owned[which] = [...partitions]),
        onRevoked: async (partitions) => void (owned[which] = owned[which]!.filter((p) => !partitions.includes(p))),
        onRecords: async () => undefined,
      });
      const first = await log.subscribe(request(0));
      if (!under.sharesPartitions) {
        await expect(other.subscribe(request(1))).rejects.toThrow(/already subscribed/);
        await first.stop();
        return;
      }
      const second = await other.subscribe(request(1));
      await until(() => owned[0]!.length === PARTITIONS / 2 && owned[1]!.length === PARTITIONS / 2);
      expect(owned.flat().sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
      await second.stop();
      await until(() => owned[0]!.length === PARTITIONS);
      await first.stop();
      await other.stop();
    });

    it('has the last value of each key, also after a new start', async () => {
      const table = log.table('states');
      const long = 'k'.repeat(5_000);
      await table.put([
        ['a', Buffer.from('1')],
        ['b', Buffer.from('1')],
        [long, Buffer.from('long')],
        ['空', Buffer.alloc(0)],
      ]);
      await table.put([
        ['a', Buffer.from('2')],
        ['b', undefined],
        ['never there', undefined],
      ]);
      const second = await under.open();
      const entries = new Map(
        (await collect(second.table('states').entries())).map(([k, v]) => [k, textOf({ value: v } as LogRecord)]),
      );
      expect(entries).toEqual(
        new Map([
          ['a', '2'],
          [long, 'long'],
          ['空', ''],
        ]),
      );
      if (second !== log) await second.stop();
    });

    it('tells by a position that something was put in a table, also by another client', async () => {
      const second = await under.open();
      const before = await log.table('registry').position();
      expect(await log.table('registry').position()).toBe(before);
      await second.table('registry').put([['position', Buffer.from('1')]]);
      const after = await log.table('registry').position();
      expect(after).not.toBe(before);
      await second.table('registry').put([['position', undefined]]);
      expect(await log.table('registry').position()).not.toBe(after);
      if (second !== log) await second.stop();
    });

    it('keeps the tables apart', async () => {
      await log
        .table('registry')
        .put(Array.from({ length: 3_000 }, (_, n) => [`key ${n}`, Buffer.from(`${n}`)] as const));
      const entries = await collect(log.table('registry').entries());
      expect(entries.length).toBe(3_000);
      expect((await collect(log.table('states').entries())).some(([key]) => key.startsWith('key '))).toBe(false);
    });
  });
}

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** Waits for a condition; the test's own time-out ends it otherwise. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** Subscribes, gathers what comes, runs `use` and stops. */
export async function withSubscription(
  log: EventLog,
  request: Pick<SubscriptionRequest, 'topic' | 'group' | 'from'>,
  use: (received: LogRecord[]) => Promise<void>,
): Promise<void> {
  const received: LogRecord[] = [];
  const subscription = await log.subscribe({
    ...request,
    onFault: fail,
    onRecords: async (_, records) => void received.push(...records),
  });
  try {
    await use(received);
  } finally {
    await subscription.stop();
  }
}

function fail(error: Error): never {
  throw error;
}
