import type { EventLog, LogRecord, Subscription } from '../event-log/event-log.ts';
import { Checkpoint } from './checkpoint.ts';
import type { EngineOptions, EngineStatus } from './engine-options.ts';
import { Enrichment, type Unresolved } from './enrichment.ts';
import { FindingsOut } from './findings-out.ts';
import { parkedFinding } from './parked-finding.ts';
import type { Ledger } from './partition-intake.ts';
import { Pipeline } from './pipeline.ts';
import type { Parked } from './shard.ts';

const GROUP = 'detect';
const TURN_MS = 8;
/** Serializing states takes at most one part in so many of the time; to write them takes about as much again. */
const REST_PER_WORK = 20;
const STALLED_MS = 30_000;

/**
 * Reads `events`, judges them, stores them and emits findings; keeps detector states over crashes. All waiting is here, what
 * happens to a record is in pipeline.ts, what survives is in checkpoint.ts.
 */
export class Engine {
  readonly #options: EngineOptions;
  readonly #log: EventLog;
  readonly #enrichment = new Enrichment();
  readonly #findings: FindingsOut;
  readonly #checkpoint: Checkpoint;
  readonly #owned = new Set<number>();
  readonly #parked: Parked[] = [];
  readonly #ledger: Ledger = {
    received: 0,
    heartbeats: 0,
    duplicates: 0,
    undecodable: 0,
    evaluated: 0,
    handedOver: 0,
    findings: 0,
    forced: 0,
  };
  #pipeline: Pipeline | undefined;
  #subscription: Subscription | undefined;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #stopping = false;
  /** Another `detect` has the partitions; we take over when it is gone. */
  #standsBy = false;
  #checkpoints = 0;
  #lastCheckpointMs = 0;
  #checkpointProblem = '';
  #restMs = 0;

  constructor(options: EngineOptions) {
    this.#options = options;
    this.#log = options.log;
    this.#findings = new FindingsOut(options.log, (problem, error) => this.#problem(problem, error));
    this.#checkpoint = new Checkpoint({
      log: options.log,
      group: GROUP,
      sink: options.sink,
      findings: this.#findings,
      coverageMs: options.coverageMs,
    });
  }

  /** Begins where the last checkpoint ended. The log must be started. */
  async start(): Promise<void> {
    this.#subscription = await this.#log.subscribe({
      topic: 'events',
      group: GROUP,
      from: 'earliest',
      // Detectors that look at more than one account, and peer groups, need to see all partitions.
      exclusive: true,
      onAssigned: (partitions) => this.#assign(partitions),
      onRevoked: (partitions) => this.#revoke(partitions),
      onRecords: (partition, records) => this.#take(partition, records),
      onFault: (error) => this.#options.onFault?.(error),
    });
    this.#schedule(this.#checkpointMs);
  }

  /**
   * Makes a last checkpoint and leaves; what that could not save is read again at the next start. In this order: who takes
   * over after we have left reads our states, and nothing of ours may come over what it puts.
   */
  async stop(): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#timer);
    let limit: NodeJS.Timeout | undefined;
    const tooLong = new Promise<void>((resolve) => {
      limit = setTimeout(resolve, this.#options.stopLimitMs ?? 10_000);
    });
    await Promise.race([this.checkpoint(), tooLong]);
    this.#findings.abandon();
    await Promise.race([this.#subscription?.stop(), tooLong]);
    clearTimeout(limit);
  }

  /** Makes everything judged so far survive a crash. Resolves also when it failed: `status().problem` says so. */
  async checkpoint(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
    this.#running = this.#runCheckpoint().finally(() => (this.#running = undefined));
    await this.#running;
  }

  status(): EngineStatus {
    const pipeline = this.#pipeline;
    const intakes = pipeline === undefined ? [] : [...pipeline.intakes.values()];
    const shards = pipeline === undefined ? [] : [...pipeline.shards.values()];
    return {
      ready: pipeline !== undefined || this.#standsBy,
      problem: this.#currentProblem(),
      partitions: intakes.map(({ partition, lag }) => ({
        partition,
        next: pipeline!.merge.cut(partition).offset,
        committed: this.#checkpoint.committed.get(partition) ?? 0,
        watermark: lag.watermark,
      })),
      ...this.#ledger,
      held: pipeline?.merge.held ?? 0,
      waitingFor: pipeline?.merge.waiting,
      parked: this.#parked,
      subjects: shards.flatMap(({ tables }) => tables).reduce((sum, { size }) => sum + size, 0),
      groups: shards.reduce((sum, { grouping }) => sum + grouping.size, 0),
      checkpoints: this.#checkpoints,
      lastCheckpointMs: this.#lastCheckpointMs,
      sources: intakes.flatMap(({ lag }) => lag.sources()),
    };
  }

  /** Names that the registry does not know, most frequent first. */
  unresolved(): Unresolved[] {
    return this.#enrichment.unresolved();
  }

  get #checkpointMs(): number {
    return this.#options.checkpointMs ?? 2_000;
  }

  async #take(partition: number, records: readonly LogRecord[]): Promise<void> {
    let turnBegan = performance.now();
    for (const record of records) {
      const pipeline = this.#pipeline;
      if (pipeline === undefined || this.#stopping) return;
      if (record.offset < pipeline.intakes.get(partition)!.firstOffset) continue;
      this.#findings.add(pipeline.take(record));
      if (this.#options.sink.full()) await this.#options.sink.relieved();
      if (pipeline.merge.held > (this.#options.maxHeld ?? 500_000)) await this.#awaitMerge(pipeline);
      if (performance.now() - turnBegan < TURN_MS) continue;
      await new Promise((resolve) => setImmediate(resolve));
      turnBegan = performance.now();
    }
  }

  /** Waits for the partitions that are behind; a log that delivers nothing of them must not stop the others for ever. */
  async #awaitMerge(pipeline: Pipeline): Promise<void> {
    const limit = performance.now() + STALLED_MS;
    const maxHeld = this.#options.maxHeld ?? 500_000;
    while (pipeline.merge.held > maxHeld && performance.now() < limit && !this.#stopping)
      await new Promise((resolve) => setTimeout(resolve, 20));
    if (pipeline.merge.held <= maxHeld || this.#stopping) return;
    this.#problem(`partition ${pipeline.merge.waiting!.partition} stays away; the others are judged without it`);
    this.#findings.add(pipeline.force());
  }

  /** Ownership changes rarely: everything is saved and built anew from what was kept. */
  async #assign(partitions: readonly number[]): Promise<void> {
    this.#standsBy = partitions.length === 0 && this.#owned.size === 0;
    if (this.#standsBy) return;
    if (this.#pipeline !== undefined) await this.checkpoint();
    for (const partition of partitions) this.#owned.add(partition);
    await this.#build();
  }

  async #revoke(partitions: readonly number[]): Promise<void> {
    await this.checkpoint();
    for (const partition of partitions) this.#owned.delete(partition);
    this.#pipeline = undefined;
    if (this.#owned.size > 0) await this.#build();
  }

  async #build(): Promise<void> {
    const options = this.#options;
    const pipeline = new Pipeline(
      [...this.#owned].sort((a, b) => a - b),
      {
        codec: options.codec,
        sink: options.sink,
        registry: options.registry,
        enrichment: this.#enrichment,
        ledger: this.#ledger,
        isContiguous: options.isContiguous,
        onProblem: (problem, error) => this.#problem(problem, error),
        detectors: options.detectors,
        run: { settings: options.settings ?? {} },
        baseline: options.makeBaseline(() => options.registry.current()),
        forgetDuplicatesAfter: options.forgetDuplicatesAfter ?? 1_000_000,
        versions: options.versions,
        suppressing: options.suppressing,
        onParked: (parked) => this.#park(parked),
      },
    );
    const { reset } = await this.#checkpoint.restore(pipeline, this.#log.partitions('events'));
    if (reset) this.#problem('the number of partitions has changed: detector states begin anew');
    this.#pipeline = pipeline;
  }

  async #runCheckpoint(): Promise<void> {
    const pipeline = this.#pipeline;
    if (pipeline === undefined) return;
    const began = performance.now();
    try {
      const workMs = await this.#checkpoint.run(pipeline, this.#stopping);
      this.#checkpoints++;
      this.#checkpointProblem = '';
      this.#lastCheckpointMs = performance.now() - began;
      this.#restMs = workMs * REST_PER_WORK;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#checkpointProblem = `the last checkpoint failed and is tried again: ${reason}`;
      this.#problem(this.#checkpointProblem, error);
    }
  }

  #schedule(afterMs: number): void {
    if (this.#stopping || !Number.isFinite(afterMs)) return;
    this.#timer = setTimeout(() => {
      void this.checkpoint().then(() => this.#schedule(Math.max(this.#checkpointMs, this.#restMs)));
    }, afterMs);
    this.#timer.unref();
  }

  #park(parked: Parked): void {
    this.#parked.push(parked);
    this.#problem(`detector ${parked.detector} is parked on partition ${parked.partition}: ${parked.reason}`);
    this.#ledger.findings++;
    this.#findings.add([parkedFinding(parked)]);
  }

  #currentProblem(): string {
    const names = [...new Set(this.#parked.map(({ detector }) => detector))];
    if (names.length > 0) return `parked after a fault: ${names.join(', ')}`;
    return this.#checkpointProblem;
  }

  #problem(problem: string, error?: unknown): void {
    this.#options.onProblem?.(problem, error);
  }
}
