import type { LogRecord } from '../event-log/event-log.ts';
import type { Event } from '../event/event.ts';
import type { Finding } from '../finding/finding.ts';
import type { Suppressing } from '../finding/suppression.ts';
import { OrderedMerge } from './ordered-merge.ts';
import { PartitionIntake, type IntakeParts } from './partition-intake.ts';
import { applyVersions, running, type RunningDetector, type RunOptions } from './running-detector.ts';
import type { SettingsBook } from './scoped-contexts.ts';
import { Shard, type Parked } from './shard.ts';
import type { ShardName } from './state-codec.ts';
import type { Detector } from './detector.ts';
import type { EngineBaseline } from './engine-options.ts';

const SWEPT_PER_RECORD = 32;

export interface PipelineParts extends IntakeParts {
  detectors: readonly Detector[];
  run: Omit<RunOptions, 'baseline' | 'registry'>;
  baseline: EngineBaseline;
  forgetDuplicatesAfter: number;
  onParked: (parked: Parked) => void;
  /** Versions of settings by scope; none when absent. */
  versions?: SettingsBook | undefined;
  /** What nobody is to be told of. */
  suppressing?: Suppressing | undefined;
}

/**
 * What becomes of a record between log and checkpoint, in memory and without waiting: its events are sifted, enriched and
 * handed to the store at once; they are judged when the merge over the partitions releases them, first by the stage-1
 * shard of their partition, then by the one stage-2 shard, then the baseline learns from them.
 */
export class Pipeline {
  readonly intakes = new Map<number, PartitionIntake>();
  readonly shards = new Map<ShardName, Shard>();
  readonly merge: OrderedMerge;
  readonly baseline: EngineBaseline;
  /** Last judged place by partition. */
  readonly judged: number[] = [];
  readonly #parts: PipelineParts;
  readonly #second: Shard;
  /** Its "place" is the time of the last alarm: what was woken by then is in the states. */
  readonly #timerLane: number;
  readonly #detectors: readonly RunningDetector[];
  /** Of the book of settings, as the detectors have it. */
  #settingsRevision = 0;
  #findings: Finding[] = [];

  constructor(partitions: readonly number[], parts: PipelineParts) {
    this.#parts = parts;
    const detectors = running(parts.detectors, {
      ...parts.run,
      registry: parts.registry.current(),
      baseline: parts.baseline,
    });
    this.#detectors = detectors;
    const first = detectors.filter(({ detector }) => detector.subject.stage === 'partition-key');
    const second = detectors.filter(({ detector }) => detector.subject.stage === 'rekeyed');
    this.#timerLane = Math.max(...partitions) + 1;
    const judges = detectors.map(({ detector }) => `${detector.name}@${detector.version}`);
    for (const partition of partitions) {
      this.intakes.set(partition, new PartitionIntake(partition, parts.forgetDuplicatesAfter, { ...parts, judges }));
      const onParked = (parked: Parked): void => this.#park(parked, [partition]);
      this.shards.set(partition, new Shard(first, onParked, this.#timerLane, parts.suppressing));
    }
    const onParked = (parked: Parked): void => this.#park(parked, partitions);
    this.#second = new Shard(second, onParked, this.#timerLane, parts.suppressing);
    this.shards.set('all', this.#second);
    this.merge = new OrderedMerge(
      partitions,
      (event, clock, partition, place) => this.#judge(event, clock, partition, place),
      (partition, { offset, events, indexes }) => this.intakes.get(partition)!.account.judged(offset, events, indexes),
    );
    this.baseline = parts.baseline;
  }

  /** Takes a record in. @returns the findings that are due now, in order. */
  take(record: LogRecord): Finding[] {
    const registry = this.#parts.registry.current();
    for (const { context } of this.#detectors) context.registry = registry;
    this.#takeSettings();
    const { batch, progress } = this.intakes.get(record.partition)!.take(record);
    this.merge.add(record.partition, batch, progress);
    this.merge.drain();
    this.#tick();
    return this.#drainFindings();
  }

  /** Judges what is held without waiting for the partitions that stay away. */
  force(): Finding[] {
    this.#parts.ledger.forced += this.merge.held;
    this.merge.flush();
    return this.#drainFindings();
  }

  #takeSettings(): void {
    const { versions, run } = this.#parts;
    if (versions === undefined || versions.revision === this.#settingsRevision) return;
    this.#settingsRevision = versions.revision;
    applyVersions(this.#detectors, versions, run.settings);
  }

  #judge(event: Event, clock: number, partition: number, place: number): void {
    const out = this.#findings;
    this.shards.get(partition)!.judge(event, clock, partition, place, out);
    this.#second.judge(event, clock, partition, place, out);
    this.judged[partition] = place;
    this.judged[this.#timerLane] = this.#second.timers.rang;
    this.baseline.observe(event, place);
    this.#parts.ledger.evaluated++;
  }

  /** Of the partition in which it failed it has not seen that event, of the others nothing more. */
  #park(parked: Parked, partitions: readonly number[]): void {
    for (const partition of partitions) {
      const place = partition === parked.partition ? parked.place : (this.judged[partition] ?? -1) + 1;
      this.intakes.get(partition)!.account.park(parked.detector, place);
    }
    this.#parts.onParked(parked);
  }

  #tick(): void {
    const clock = this.merge.clock;
    for (const shard of this.shards.values()) shard.tick(clock, SWEPT_PER_RECORD, this.#findings);
    this.judged[this.#timerLane] = this.#second.timers.rang;
  }

  #drainFindings(): Finding[] {
    const findings = this.#findings;
    if (findings.length === 0) return findings;
    this.#findings = [];
    this.#parts.ledger.findings += findings.length;
    return findings;
  }
}
