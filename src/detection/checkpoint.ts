import type { Segment } from '../coverage/record.ts';
import type { EventLog, KeyedTable, NewRecord } from '../event-log/event-log.ts';
import type { FindingsOut } from './findings-out.ts';
import type { EventSink } from './engine-options.ts';
import { decodePlain, encodePlain } from './plain-codec.ts';
import type { Pipeline } from './pipeline.ts';
import type { KeptAccount } from './read-account.ts';
import {
  baselineKey,
  encodeGroup,
  encodeSubject,
  groupKey,
  restoreInto,
  subjectKey,
  type Cut,
  type ShardName,
} from './state-codec.ts';

const SLICE_MS = 4;
const ENTRIES_PER_PUT = 2_000;
const COVERAGE_MS = 5_000;

export interface CheckpointParts {
  log: EventLog;
  group: string;
  sink: EventSink;
  findings: FindingsOut;
  /** How often the topic `coverage` is told what records held and what became of them, ms; default 5 s. */
  coverageMs?: number | undefined;
}

type Entries = Map<string, Uint8Array | undefined>;

/**
 * Makes what was judged survive a crash. The order is the guarantee: findings durable, events durable in the store, groups,
 * states, baselines, cuts, and at last the offsets. A crash at any point leaves every value at least as old as the one put
 * before it, and each value says up to which place it has seen events, so that what comes again is neither lost nor doubled.
 * Serializing is cut into slices of a few ms between which records are taken in.
 */
export class Checkpoint {
  readonly #parts: CheckpointParts;
  readonly #states: KeyedTable;
  readonly #groups: Entries = new Map();
  readonly #subjects: Entries = new Map();
  readonly #baselines: Entries = new Map();
  readonly committed = new Map<number, number>();
  #toldAt = -Infinity;

  constructor(parts: CheckpointParts) {
    this.#parts = parts;
    this.#states = parts.log.table('states');
  }

  /**
   * @param isLast whether the program ends, so that everything is told now.
   * @returns ms of computing that it took. @throws when log or store failed; nothing is lost, the next one goes on.
   */
  async run(pipeline: Pipeline, isLast = false): Promise<number> {
    const { findings, sink, log, group } = this.#parts;
    const cuts = this.#cutsOf(pipeline);
    const stored = [...pipeline.intakes.values()].map(({ partition, storedOffset }) => ({ partition, storedOffset }));
    let cpuMs = await this.#collectBaselines(pipeline);
    cpuMs += await this.#collectSubjects(pipeline);
    this.#collectGroups(pipeline);
    await findings.durable();
    for (const { partition, storedOffset } of stored)
      if (storedOffset >= 0) await sink.durable(partition, storedOffset);
    for (const entries of [this.#groups, this.#subjects, this.#baselines]) await this.#put(entries);
    await this.#states.put(cuts.map(([partition, cut]) => [`cut/${partition}`, encodePlain(cut)] as const));
    for (const [partition, cut] of cuts) pipeline.intakes.get(partition)!.account.kept(cut.account, cut.offset);
    const positions = cuts.map(([partition, { offset }]) => ({ topic: 'events' as const, partition, offset }));
    await log.commit(group, positions);
    for (const { partition, offset } of positions) this.committed.set(partition, offset);
    if (isLast || this.#isToldLongAgo || [...pipeline.intakes.values()].some(({ account }) => account.isFull))
      await this.#tell(pipeline);
    return cpuMs;
  }

  /** Fills a new pipeline with what was kept for its partitions. */
  async restore(pipeline: Pipeline, partitions: number): Promise<{ reset: boolean }> {
    const own = new Set([...pipeline.intakes.keys()].map(String));
    const kept: [string, Uint8Array][] = [];
    const cuts = new Map<number, Cut>();
    for await (const [key, value] of this.#states.entries()) {
      if (!key.startsWith('cut/')) kept.push([key, value]);
      else if (own.has(key.slice(4))) cuts.set(Number(key.slice(4)), decodePlain(value) as Cut);
    }
    const reset = [...cuts.values()].some((cut) => cut.partitions !== partitions);
    const accounts = [...cuts.values()].flatMap(({ account }) => (account?.segment ? [account.segment] : []));
    if (reset && accounts.length > 0) await this.#parts.log.append(accounts.map(recordOf));
    if (reset) await this.#states.put(kept.map(([key]) => [key, undefined] as const));
    else for (const [key, value] of kept) restoreEntry(pipeline, key, value);
    if (!reset) for (const [partition, cut] of cuts) await this.#resume(pipeline, partition, cut);
    return { reset };
  }

  get #isToldLongAgo(): boolean {
    return performance.now() - this.#toldAt >= (this.#parts.coverageMs ?? COVERAGE_MS);
  }

  /** After the cuts are durable: a segment that was told is never longer than what a restart goes on from. */
  async #tell(pipeline: Pipeline): Promise<void> {
    const accounts = [...pipeline.intakes.values()].map(({ account }) => account);
    const untold = accounts.flatMap((account) => {
      const segment = account.untold();
      return segment === undefined ? [] : [{ account, segment }];
    });
    if (untold.length > 0) await this.#parts.log.append(untold.map(({ segment }) => recordOf(segment)));
    for (const { account, segment } of untold) account.told(segment);
    this.#toldAt = performance.now();
  }

  async #resume(pipeline: Pipeline, partition: number, cut: Cut): Promise<void> {
    const intake = pipeline.intakes.get(partition)!;
    intake.judgedBefore = cut.place;
    intake.firstOffset = cut.offset;
    intake.account.resume(cut.offset, cut.account);
    intake.lag.resume(cut.account?.reached ?? -Infinity);
    pipeline.judged[partition] = cut.place - 1;
    pipeline.merge.restore(partition, cut.offset, cut.clock);
    this.committed.set(partition, cut.offset);
    const bounds = await this.#parts.log.bounds('events', partition);
    const from = Math.max(bounds.first, intake.duplicates.rewindTo(cut.offset, cut.generations));
    const to = Math.min(cut.offset, bounds.next);
    if (from < to)
      for await (const record of this.#parts.log.readRange('events', partition, from, to)) intake.reread(record);
  }

  #cutsOf(pipeline: Pipeline): [partition: number, cut: Cut & { account: KeptAccount }][] {
    const partitions = this.#parts.log.partitions('events');
    return [...pipeline.intakes.values()].map(({ partition, duplicates, account }) => {
      const cut = pipeline.merge.cut(partition);
      return [
        partition,
        { ...cut, partitions, generations: duplicates.generations, account: account.upTo(cut.offset) },
      ];
    });
  }

  /** Before the states: a baseline must never know more than the states that are judged by it. */
  #collectBaselines(pipeline: Pipeline): Promise<number> {
    return inSlices(pipeline.baseline.changed(), ([key, value]) =>
      this.#baselines.set(baselineKey(key), value === undefined ? undefined : encodePlain(value)),
    );
  }

  async #collectSubjects(pipeline: Pipeline): Promise<number> {
    let cpuMs = 0;
    for (const [name, shard] of pipeline.shards)
      for (const table of shard.tables) {
        cpuMs += await inSlices(table.drainChanged(), (record) => {
          record.changed = false;
          const key = subjectKey(name, table.kind.name, record.subject);
          this.#subjects.set(key, encodeSubject(table, record, seenBy(name, pipeline.judged)));
        });
        for (const subject of table.drainForgotten())
          this.#subjects.set(subjectKey(name, table.kind.name, subject), undefined);
      }
    return cpuMs;
  }

  /** After the states: a signal that a state has given must never be missing in its group. */
  #collectGroups(pipeline: Pipeline): void {
    for (const [name, shard] of pipeline.shards)
      for (const [group, value] of shard.grouping.drainChanged())
        this.#groups.set(groupKey(name, group), value && encodeGroup(value, seenBy(name, pipeline.judged)));
  }

  /** Values that could not be put stay for the next checkpoint, which puts newer ones over them. */
  async #put(entries: Entries): Promise<void> {
    const all = [...entries];
    for (let i = 0; i < all.length; i += ENTRIES_PER_PUT) await this.#states.put(all.slice(i, i + ENTRIES_PER_PUT));
    entries.clear();
  }
}

/** Works through all of them, between other things. @returns ms of computing that it took. */
async function inSlices<T>(all: Iterable<T>, work: (one: T) => void): Promise<number> {
  let cpuMs = 0;
  let began = performance.now();
  for (const one of all) {
    work(one);
    if (performance.now() - began < SLICE_MS) continue;
    cpuMs += performance.now() - began;
    await new Promise((resolve) => setImmediate(resolve));
    began = performance.now();
  }
  return cpuMs + performance.now() - began;
}

function recordOf(segment: Segment): NewRecord {
  const value = Buffer.from(JSON.stringify(segment));
  return { topic: 'coverage', partition: 0, key: `segment/${segment.partition}`, value, live: segment };
}

/** A stage-1 shard sees only its own partition. */
function seenBy(shard: ShardName, judged: readonly number[]): number[] {
  if (shard === 'all') return judged.slice();
  const own = new Array<number>(shard + 1).fill(-1);
  own[shard] = judged[shard] ?? -1;
  return own;
}

function restoreEntry(pipeline: Pipeline, key: string, value: Uint8Array): void {
  const [what, name] = key.split('/', 2) as [string, string];
  if (what === 'baseline') {
    pipeline.baseline.restore(key.slice('baseline/'.length), decodePlain(value));
    return;
  }
  const shard = pipeline.shards.get(name === 'all' ? 'all' : Number(name));
  if (shard !== undefined) restoreInto(shard, key, value);
}
