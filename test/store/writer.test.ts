import { Readable } from 'node:stream';
import { describe, expect, it, vi } from 'vitest';
import type { StoreClient } from '../../src/store/client.ts';
import { backOffMs } from '../../src/store/back-off.ts';
import { StoreWriter } from '../../src/store/writer.ts';

/** A store whose inserts the test lets succeed or fail. */
class Inserts {
  readonly bodies: string[] = [];
  readonly answers: { ok(): void; fail(error: Error): void }[] = [];
  readonly client = {
    exec: async ({ values }: { values: Readable }) => {
      const chunks: Buffer[] = [];
      for await (const chunk of values) chunks.push(chunk as Buffer);
      this.bodies.push(Buffer.concat(chunks).toString());
      await new Promise<void>((ok, fail) => this.answers.push({ ok, fail }));
      return { stream: Readable.from([]) };
    },
  } as unknown as StoreClient;

  async came(count: number): Promise<void> {
    await vi.waitFor(() => expect(this.answers.length).toBe(count));
  }
}

const settled = async (promise: Promise<unknown>): Promise<boolean> =>
  Promise.race([promise.then(() => true), new Promise<boolean>((done) => setImmediate(() => done(false)))]);

describe('the writer of events', () => {
  it('inserts many blocks at once, two inserts at a time, in the order in which they came', async () => {
    const store = new Inserts();
    const writer = new StoreWriter({ client: store.client, maxRows: 2 });
    writer.start();
    for (const [offset, text] of ['a', 'b', 'c', 'd', 'e', 'f'].entries())
      writer.add(Buffer.from(text), 1, { partition: 0, offset });
    await store.came(2);
    expect(store.bodies.sort()).toEqual(['ab', 'cd']);
    store.answers[0]!.ok();
    await store.came(3);
    expect(store.bodies[2]).toBe('ef');
    writer.stop();
  });

  it('calls a record durable only when it and all before it in its partition are', async () => {
    const store = new Inserts();
    const writer = new StoreWriter({ client: store.client, maxRows: 1 });
    writer.start();
    writer.add(Buffer.from('a'), 1, { partition: 0, offset: 5 });
    writer.add(Buffer.from('b'), 1, { partition: 0, offset: 6 });
    await store.came(2);
    store.answers[1]!.ok();
    const later = writer.durable(0, 6);
    expect(await settled(later)).toBe(false);
    expect(await settled(writer.durable(0, 4))).toBe(true);
    expect(await settled(writer.durable(1, 99))).toBe(true);
    store.answers[0]!.ok();
    await later;
    await writer.durable(0, 7); // a record of which nothing was left to insert
    writer.stop();
  });

  it('tries again what failed, says why, and says when it is over', async () => {
    const store = new Inserts();
    const problems: string[] = [];
    const writer = new StoreWriter({
      client: store.client,
      maxRows: 1,
      onProblem: (problem) => problems.push(problem),
    });
    writer.start();
    writer.add(Buffer.from('a'), 1, { partition: 0, offset: 0 });
    await store.came(1);
    store.answers[0]!.fail(new Error('connect ECONNREFUSED'));
    await store.came(2);
    store.answers[1]!.ok();
    await writer.flushed();
    expect(store.bodies).toEqual(['a', 'a']);
    expect(problems).toEqual(['events wait for the store: connect ECONNREFUSED', '']);
    writer.stop();
  });

  it('is full while too many bytes wait, and relieved when they are durable', async () => {
    const store = new Inserts();
    const writer = new StoreWriter({ client: store.client, maxPendingBytes: 3 });
    writer.add(Buffer.from('abcd'), 1, { partition: 0, offset: 0 });
    expect(writer.full()).toBe(true);
    writer.start();
    void writer.flushed();
    await store.came(1);
    const relieved = writer.relieved();
    expect(await settled(relieved)).toBe(false);
    store.answers[0]!.ok();
    await relieved;
    expect(writer.full()).toBe(false);
    writer.stop();
  });

  it('lets those who wait know that it was stopped', async () => {
    const writer = new StoreWriter({ client: new Inserts().client });
    writer.add(Buffer.from('a'), 1, { partition: 0, offset: 0 });
    const waiting = writer.durable(0, 0);
    writer.stop();
    await expect(waiting).rejects.toThrow();
  });
});

it('waits longer after each failure, up to ten seconds', () => {
  expect([1, 2, 3, 50].map(backOffMs)).toEqual([100, 200, 400, 10_000]);
});
