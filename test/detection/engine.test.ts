import { describe, expect, it } from 'vitest';
import { keyedId } from '../../src/event/id.ts';
import { encodeBatch } from '../../src/event/batch.ts';
import type { Detector } from '../../src/detection/detector.ts';
import type { Subscription, SubscriptionRequest } from '../../src/event-log/event-log.ts';
import { appendAll, attack, DETECTORS, heartbeatAt, revisions, startEngine, threeStrikes } from './engine-fixture.ts';
import { MemoryLog } from './memory-log.ts';

const EVENTS = attack(400);

async function undisturbed(partitions: number, events = EVENTS) {
  const log = new MemoryLog(partitions);
  await appendAll(log, events);
  const started = await startEngine(log);
  await log.idle();
  await started.engine.stop();
  return { log, ...started };
}

/** Notes when a subscriber leaves. */
class LeftLog extends MemoryLog {
  readonly steps: string[] = [];

  override async subscribe(request: SubscriptionRequest): Promise<Subscription> {
    const subscription = await super.subscribe(request);
    return {
      stop: async () => {
        this.steps.push('leave');
        await subscription.stop();
      },
    };
  }
}

describe('the engine', () => {
  it('finds the same with one and with eight partitions, revision by revision', async () => {
    const one = revisions((await undisturbed(1)).log);
    const eight = revisions((await undisturbed(8)).log);
    expect(one.size).toBeGreaterThan(20);
    expect([...eight.values()]).toEqual([...one.values()]);
  });

  it('finds the same whatever the size of records and the pace of partitions', async () => {
    const log = new MemoryLog(8);
    log.recordsPerCall = 13;
    const started = await startEngine(log);
    await appendAll(log, EVENTS, 3);
    await log.idle();
    await started.engine.stop();
    expect([...revisions(log).values()]).toEqual([...revisions((await undisturbed(1)).log).values()]);
  });

  it('stores and judges every event once and balances its ledger', async () => {
    const { engine, sink } = await undisturbed(8);
    const { received, handedOver, evaluated, duplicates, heartbeats, held } = engine.status();
    expect({ received, handedOver, evaluated, duplicates, heartbeats, held }).toEqual({
      received: 400,
      handedOver: 400,
      evaluated: 400,
      duplicates: 0,
      heartbeats: 8,
      held: 0,
    });
    expect(sink.rows).toBe(400);
  });

  it('drops an event that a sender repeats, also in another record and after a restart', async () => {
    const log = new MemoryLog(1);
    const [first, ...others] = attack(20).map((event, n) => ({ ...event, id: keyedId('sender', String(n)) }));
    await appendAll(log, [first!, ...others, first!]);
    const before = await startEngine(log);
    await log.idle();
    await before.engine.stop();
    expect(before.problems).toEqual([]);
    expect(before.engine.status()).toMatchObject({ received: 21, duplicates: 1, handedOver: 20, evaluated: 20 });
    await appendAll(log, [first!, others[3]!]);
    const after = await startEngine(log);
    await log.idle();
    await after.engine.stop();
    expect(after.engine.status()).toMatchObject({ received: 2, duplicates: 2, handedOver: 0, evaluated: 0 });
  });

  it('parks a detector that throws and lets the others go on', async () => {
    const throwing = {
      ...(threeStrikes as unknown as Detector),
      name: 'throws',
      step: () => {
        throw new Error('no such field');
      },
    };
    const log = new MemoryLog(1);
    await appendAll(log, EVENTS);
    const { engine, problems } = await startEngine(log, { detectors: [throwing, ...DETECTORS] });
    await log.idle();
    await engine.stop();
    expect(engine.status().parked).toMatchObject([{ detector: 'throws', partition: 0, reason: 'no such field' }]);
    expect(engine.status().problem).toContain('throws');
    expect(problems[0]).toContain('no such field');
    const expected = revisions((await undisturbed(1)).log);
    const found = [...revisions(log).values()];
    expect(found.filter(({ detector }) => detector !== 'engine')).toEqual([...expected.values()]);
    expect(found.filter(({ detector }) => detector === 'engine')).toMatchObject([{ severity: 'high', count: 1 }]);
  });

  it('reports a record that is no batch and goes on behind it', async () => {
    const log = new MemoryLog(1);
    await log.append([{ topic: 'events', partition: 0, value: Buffer.from('not a batch') }]);
    await appendAll(log, EVENTS);
    const { engine, problems } = await startEngine(log);
    await log.idle();
    await engine.stop();
    expect(problems).toEqual([expect.stringContaining('partition 0, offset 0')]);
    expect(engine.status()).toMatchObject({ undecodable: 1, received: 400, evaluated: 400 });
  });

  it('counts late and future events by source and judges them all the same', async () => {
    const [early, ...others] = attack(3);
    const late = { ...others[0]!, source: 'slow', time: early!.time - 11 * 60_000 };
    const future = { ...others[1]!, source: 'fast', time: others[1]!.ingestTime + 6 * 60_000 };
    const { engine } = await undisturbed(1, [early!, late, future]);
    const sources = engine.status().sources.map(({ source, late, future }) => ({ source, late, future }));
    expect(sources).toEqual([
      { source: 'test', late: 0, future: 0 },
      { source: 'slow', late: 1, future: 0 },
      { source: 'fast', late: 0, future: 1 },
    ]);
    expect(engine.status().evaluated).toBe(3);
  });

  it('takes nothing more while the store is full, and goes on when it is relieved', async () => {
    const log = new MemoryLog(1);
    const { engine, sink } = await startEngine(log);
    sink.isFull = true;
    await appendAll(log, EVENTS);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(sink.blocks).toHaveLength(1);
    sink.relieve();
    await log.idle();
    await engine.stop();
    expect(sink.rows).toBe(400);
  });

  it('holds second-stage judgement until a quiet partition has told how far it is', async () => {
    const log = new MemoryLog(2);
    const { engine } = await startEngine(log);
    const events = attack(40).map((event) => ({ ...event, account: 'b' }));
    const value = encodeBatch(events).bytes;
    await log.append([{ topic: 'events', partition: 0, value }]);
    await log.idle();
    expect(engine.status()).toMatchObject({ held: 40, evaluated: 0, handedOver: 40, waitingFor: { partition: 1 } });
    const beat = encodeBatch([heartbeatAt(events.at(-1)!.ingestTime + 1)]).bytes;
    await log.append([{ topic: 'events', partition: 1, value: beat }]);
    await log.idle();
    expect(engine.status()).toMatchObject({ held: 0, evaluated: 40, waitingFor: undefined });
    await engine.stop();
  });

  it('saves everything before it leaves its group to another, and nothing after', async () => {
    const log = new LeftLog(1);
    await appendAll(log, EVENTS);
    const { engine } = await startEngine(log);
    await log.idle();
    log.beforeStep = (step) => log.steps.push(step);
    await engine.stop();
    expect(log.steps).toContain('commit');
    expect(log.steps.indexOf('leave')).toBe(log.steps.length - 1);
  });

  it('stops and leaves although the store stays away, and reads what was not saved again', async () => {
    const log = new LeftLog(1);
    await appendAll(log, EVENTS);
    const { engine, sink } = await startEngine(log, { stopLimitMs: 5 });
    sink.durable = () => new Promise(() => undefined);
    await log.idle();
    await engine.stop();
    expect(log.steps).toEqual(['leave']);
    log.crash();
    const next = await startEngine(log);
    await log.idle();
    expect(next.engine.status().handedOver).toBe(400);
    await next.engine.stop();
  });

  it.each([1, 8])('shows the final count when only heartbeats follow, with %i partitions', async (partitions) => {
    const log = new MemoryLog(partitions);
    const failure = EVENTS.find(({ outcome }) => outcome === 'failure')!;
    const events = Array.from({ length: 9 }, (_, n) => ({ ...failure, id: keyedId('failure', String(n)) }));
    await appendAll(log, events);
    const { engine } = await startEngine(log);
    await log.idle();
    expect([...revisions(log).values()].map(({ count }) => count)).toEqual([1, 2, 4]);
    const beat = encodeBatch([heartbeatAt(events[0]!.ingestTime + 61_000)]).bytes;
    for (let partition = 0; partition < partitions; partition++)
      await log.append([{ topic: 'events', partition, value: beat }]);
    await log.idle();
    await engine.stop();
    expect([...revisions(log).values()].map(({ count }) => count)).toEqual([1, 2, 4, 7]);
  });

  it('does not take an outsider for a heartbeat', async () => {
    const { engine } = await undisturbed(1, [{ ...heartbeatAt(EVENTS[0]!.time), source: 'tcp/203.0.113.9' }]);
    expect(engine.status()).toMatchObject({ received: 1, evaluated: 1, heartbeats: 1 });
  });

  it('begins with fresh states when the number of partitions has changed, and says so', async () => {
    const { log } = await undisturbed(2);
    const other = new MemoryLog(3);
    const states: [string, Uint8Array][] = [];
    for await (const entry of log.table('states').entries()) states.push(entry);
    await other.table('states').put(states);
    const { engine, problems } = await startEngine(other);
    expect(problems).toEqual([expect.stringContaining('number of partitions')]);
    expect(engine.status().subjects).toBe(0);
    await engine.stop();
  });
});
