import { z } from 'zod';
import { Engine } from '../../src/detection/engine.ts';
import type { EngineBaseline, EngineOptions, EventSink } from '../../src/detection/engine-options.ts';
import { defineDetector, type Detector } from '../../src/detection/detector.ts';
import { clientNetwork, loginAtAddress } from '../../src/detection/subjects.ts';
import { decodeBatch, encodeBatch, encodeRows, storeBlock } from '../../src/event/batch.ts';
import type { Event } from '../../src/event/event.ts';
import { IdSequence } from '../../src/event/id.ts';
import type { Finding, Signal } from '../../src/finding/finding.ts';
import { registryFrom } from '../../src/registry/registry-from.ts';
import { eventAt } from './judge.ts';
import type { EventLog } from '../../src/event-log/event-log.ts';
import type { MemoryLog } from './memory-log.ts';

export const registry = registryFrom({});
const TITLE = { zh: '测试', en: 'Test' };
const BARE = { title: TITLE, what: TITLE, techniques: [], cites: [], knownGaps: [] };

export function signal(fields: Partial<Signal>): Signal {
  return {
    score: 50,
    actor: '',
    asset: '',
    clientAddress: '',
    observed: 0,
    expected: 0,
    threshold: 0,
    unit: 'events',
    windowMs: 0,
    sampleSize: 0,
    baseline: 'none',
    explanation: TITLE,
    eventIds: [],
    ...fields,
  };
}

/** Stage 1: from the third failure of an account at an address on, each one is a signal. */
export const threeStrikes = defineDetector({
  ...BARE,
  name: 'three-strikes',
  version: 1,
  settings: z.object({ maxFailures: z.number().default(3).describe('Failures, count.') }),
  subject: loginAtAddress,
  watches: (event) => event.outcome === 'failure',
  start: () => ({ failures: 0, ids: [] as string[] }),
  step(state, event, { settings }) {
    state.failures++;
    state.ids.push(event.id);
    if (state.failures < settings.maxFailures) return [];
    const { actor, clientAddress } = event;
    return [signal({ actor, clientAddress, observed: state.failures, eventIds: state.ids.slice(-5) })];
  },
  forgetAfterMs: 3_600_000,
});

/** Stage 2: an account seen in a network after another one, told with the order in which they came. */
export const manyAccounts = defineDetector({
  ...BARE,
  name: 'many-accounts',
  version: 1,
  settings: z.object({}),
  subject: clientNetwork,
  watches: (event) => event.outcome === 'failure',
  start: () => ({ accounts: [] as string[], events: 0 }),
  step(state, event) {
    state.events++;
    if (state.accounts.includes(event.account)) return [];
    state.accounts.push(event.account);
    if (state.accounts.length < 4) return [];
    const said = `${state.accounts.join(' ')} after ${state.events}`;
    const { clientAddress } = event;
    const observed = state.accounts.length;
    return [signal({ clientAddress, observed, explanation: { zh: said, en: said }, groupKey: 'network' })];
  },
  forgetAfterMs: 3_600_000,
});

export const DETECTORS = [threeStrikes, manyAccounts] as unknown as readonly Detector[];

/** Counts what it was given, and hands that out as what is durable. */
export class CountingSink implements EventSink {
  rows = 0;
  readonly blocks: { rows: number; partition: number; offset: number }[] = [];
  beforeDurable: () => void = () => undefined;
  isFull = false;
  #onRelief: (() => void)[] = [];

  add(_block: Uint8Array, rows: number, place: { partition: number; offset: number }): void {
    this.rows += rows;
    this.blocks.push({ rows, ...place });
  }

  full(): boolean {
    return this.isFull;
  }

  async relieved(): Promise<void> {
    if (this.isFull) await new Promise<void>((resolve) => this.#onRelief.push(resolve));
  }

  relieve(): void {
    this.isFull = false;
    for (const resume of this.#onRelief.splice(0)) resume();
  }

  async durable(): Promise<void> {
    this.beforeDurable();
  }
}

/** Counts events by actor, each place once, as the real baselines do. */
export class CountingBaseline implements EngineBaseline {
  readonly counts = new Map<string, { count: number; place: number }>();
  readonly #changed = new Set<string>();

  expected() {
    return { source: 'cap', median: 0, mad: 0.15, sampleSize: 0, ownMedian: 0 } as const;
  }
  assetUsers(): number {
    return 0;
  }
  assetHistory() {
    return { users: 0, spanDays: 0 };
  }
  observedDays() {
    return { days: 0, spanDays: 0 };
  }
  observe({ actor }: Event, place: number): void {
    const known = this.counts.get(actor) ?? { count: 0, place: -1 };
    if (place > known.place) this.counts.set(actor, { count: known.count + 1, place });
    this.#changed.add(actor);
  }
  *changed(): Iterable<[string, unknown]> {
    for (const actor of this.#changed) yield [actor, this.counts.get(actor)];
    this.#changed.clear();
  }
  restore(actor: string, value: unknown): void {
    this.counts.set(actor, value as { count: number; place: number });
  }
}

export interface Started {
  engine: Engine;
  sink: CountingSink;
  baseline: CountingBaseline;
  problems: string[];
}

export async function startEngine(log: EventLog, options: Partial<EngineOptions> = {}): Promise<Started> {
  const sink = new CountingSink();
  const baseline = new CountingBaseline();
  const problems: string[] = [];
  const engine = new Engine({
    log,
    codec: { decodeBatch, storeBlock, encodeRows },
    sink,
    detectors: DETECTORS,
    registry: { current: () => registry },
    makeBaseline: () => baseline,
    checkpointMs: Infinity,
    onProblem: (problem) => problems.push(problem),
    ...options,
  });
  await engine.start();
  return { engine, sink, baseline, problems };
}

const START = Date.parse('2026-11-20T01:00:00Z');

/** A day's worth of sign-ins in small: failures of a few accounts from a few networks, ties of ingest time included. */
export function attack(count: number): Event[] {
  const ids = new IdSequence(Buffer.alloc(10, 3));
  return Array.from({ length: count }, (_, n) => {
    const event = eventAt(new Date(START + Math.floor(n / 3) * 1_000).toISOString(), {
      id: ids.next(),
      sequence: n,
      account: `officer${(n * 7) % 11}`,
      clientAddress: `192.0.2.${(n * 5) % 4}`,
      host: 'gate',
      action: 'sign-in',
      outcome: n % 4 === 0 ? 'success' : 'failure',
    });
    return n % 29 === 28 ? { ...event, clientAddress: `198.51.100.${n % 3}` } : event;
  });
}

export function heartbeatAt(ingestTime: number): Event {
  return eventAt(new Date(ingestTime).toISOString(), {
    source: 'wanglou/collect',
    authenticated: true,
    service: 'wanglou',
    action: 'heartbeat',
  });
}

/** Appends events as a collector does: by account, a few a record, then heartbeats of a later time. */
export async function appendAll(log: MemoryLog, events: readonly Event[], perRecord = 5): Promise<void> {
  const partitions = log.partitions('events');
  const pending = Array.from({ length: partitions }, () => [] as Event[]);
  const flush = (partition: number) => {
    const batch = pending[partition]!.splice(0);
    return batch.length === 0 ? [] : [{ topic: 'events', partition, value: encodeBatch(batch).bytes } as const];
  };
  for (const event of events) {
    const partition = Number(event.account.replace(/\D/g, '')) % partitions;
    pending[partition]!.push({ ...event });
    if (pending[partition]!.length === perRecord) await log.append(flush(partition));
  }
  await log.append(pending.flatMap((_, partition) => flush(partition)));
  const last = Math.max(...events.map(({ ingestTime }) => ingestTime));
  await log.append(
    pending.map((_, partition) => {
      return { topic: 'events', partition, value: encodeBatch([heartbeatAt(last + 1_000)]).bytes };
    }),
  );
}

/** All revisions that reached the log, each once: id and revision → content. */
export function revisions(log: MemoryLog): Map<string, Finding> {
  const found = new Map<string, Finding>();
  for (const { value } of log.records('findings', 0)) {
    const finding = JSON.parse(Buffer.from(value).toString()) as Finding;
    found.set(`${finding.id} ${finding.revision}`, finding);
  }
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}
