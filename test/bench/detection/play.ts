import { partitionOf } from '../../../src/collectors/partition-of.ts';
import { BaselineBook } from '../../../src/detection/baseline.ts';
import { Checkpoint } from '../../../src/detection/checkpoint.ts';
import type { Detector } from '../../../src/detection/detector.ts';
import { Enrichment } from '../../../src/detection/enrichment.ts';
import type { EventSink } from '../../../src/detection/engine-options.ts';
import { FindingsOut } from '../../../src/detection/findings-out.ts';
import { surroundingsOf } from '../../../src/detection/incident-stream.ts';
import { Pipeline } from '../../../src/detection/pipeline.ts';
import { emptyEvent, type Event } from '../../../src/event/event.ts';
import { IdSequence } from '../../../src/event/id.ts';
import { parseRecord } from '../../../src/event/parse.ts';
import { Correlator } from '../../../src/finding/correlation.ts';
import type { Finding } from '../../../src/finding/finding.ts';
import type { Registry } from '../../../src/registry/registry.ts';
import { registryFrom } from '../../../src/registry/registry-from.ts';
import { seasonRegistry } from '../../../demo/season/registry.ts';
import { Season } from '../../../demo/season/season.ts';
import { buildWorld, type World, type WorldOptions } from '../../../demo/season/world.ts';
import type { Line } from '../../../demo/line.ts';
import { MemoryLog } from '../../detection/memory-log.ts';

export interface PlayOptions extends WorldOptions {
  detectors: readonly Detector[];
  /** Lines of a workday, roughly. */
  volume: number;
  /** Default 1. */
  partitions?: number;
  /** Day before which everything is saved and restored into a new pipeline. */
  restartBefore?: string;
  onDay?: (day: string, lines: number) => void;
}

/** A finding with what was behind its revisions. */
export interface Found {
  /** Its last revision. */
  finding: Finding;
  /** When it was raised, ms of ingest time. */
  raisedAt: number;
  /** Incidents and look-alikes of its contributing events, with the moment from which it named one. */
  about: Map<string, number>;
}

export interface FoundIncident {
  correlation: string;
  raisedAt: number;
  /** Finding ids of its steps. */
  steps: Set<string>;
}

export interface Played {
  world: World;
  season: Season;
  lines: number;
  leadInLines: number;
  /** Lines that no format could read. */
  unread: number;
  /** Of the season; those of the days before are only counted. */
  found: Map<string, Found>;
  foundBefore: number;
  incidents: Map<string, FoundIncident>;
  parked: string[];
}

const BATCH_EVENTS = 500;
const TRANSIT_MS = 300;
const NO_BYTES = new Uint8Array(0);

/** Plays a season through the real parser, enrichment, detectors, grouping and correlations, in memory, day by day. */
export async function play(options: PlayOptions): Promise<Played> {
  const { partitions = 1, volume } = options;
  const world = buildWorld(options);
  const season = new Season(world, volume);
  const registry = registryFrom(seasonRegistry(world));
  const engine = new SeasonEngine(options.detectors, registry, partitions);
  const reader = new LineReader(partitions);
  const notes = new Notes(registry, reader.incidentOf);
  let lines = 0;
  let leadInLines = 0;
  for (const day of season.days) {
    if (day === options.restartBefore) await engine.restart();
    notes.isSeason = day >= world.first;
    const today = season.lines(day);
    for (const line of today) if (reader.read(line) >= BATCH_EVENTS) notes.take(engine.judge(reader.take()));
    notes.take(engine.judge(reader.take()));
    if (notes.isSeason) lines += today.length;
    else leadInLines += today.length;
    options.onDay?.(day, today.length);
  }
  notes.take(engine.force());
  const { found, foundBefore, incidents } = notes;
  return {
    world,
    season,
    lines,
    leadInLines,
    unread: reader.unread,
    found,
    foundBefore,
    incidents,
    parked: engine.parked,
  };
}

/** The pipeline of the detect stage, fed directly; saved and restored as the engine does it. */
class SeasonEngine {
  readonly parked: string[] = [];
  readonly #detectors: readonly Detector[];
  readonly #registry: Registry;
  readonly #partitions: number;
  readonly #offsets: number[];
  readonly #checkpoint: Checkpoint;
  #pipeline: Pipeline;

  constructor(detectors: readonly Detector[], registry: Registry, partitions: number) {
    this.#detectors = detectors;
    this.#registry = registry;
    this.#partitions = partitions;
    this.#offsets = new Array<number>(partitions).fill(0);
    const log = new MemoryLog(partitions);
    const findings = new FindingsOut(log, (problem) => this.parked.push(problem));
    this.#checkpoint = new Checkpoint({ log, group: 'detect', sink: SINK, findings });
    this.#pipeline = this.#build();
  }

  /** @param parts events of each partition, in order */
  judge(parts: readonly Event[][]): Finding[] {
    return parts.flatMap((events, partition) => {
      const offset = this.#offsets[partition]!++;
      const live = { events, baseEnd: 0 };
      return this.#pipeline.take({ topic: 'events', partition, offset, key: '', value: NO_BYTES, live });
    });
  }

  force(): Finding[] {
    return this.#pipeline.force();
  }

  async restart(): Promise<void> {
    await this.#checkpoint.run(this.#pipeline);
    this.#pipeline = this.#build();
    await this.#checkpoint.restore(this.#pipeline, this.#partitions);
  }

  #build(): Pipeline {
    const nothing = (): Uint8Array => NO_BYTES;
    return new Pipeline(
      this.#offsets.map((_, partition) => partition),
      {
        detectors: this.#detectors,
        run: { settings: {} },
        baseline: new BaselineBook(() => this.#registry),
        forgetDuplicatesAfter: 10_000,
        registry: { current: () => this.#registry },
        enrichment: new Enrichment(),
        codec: { decodeBatch: () => ({ events: [], baseEnd: 0 }), storeBlock: nothing, encodeRows: nothing },
        sink: SINK,
        ledger: {
          received: 0,
          heartbeats: 0,
          duplicates: 0,
          undecodable: 0,
          evaluated: 0,
          handedOver: 0,
          findings: 0,
          forced: 0,
        },
        onProblem: (problem) => this.parked.push(problem),
        onParked: ({ detector, reason }) => this.parked.push(`${detector}: ${reason}`),
      },
    );
  }
}

const SINK: EventSink = {
  add: () => undefined,
  full: () => false,
  relieved: () => Promise.resolve(),
  durable: () => Promise.resolve(),
};

/** Reads lines as a collector does, and remembers which events belong to incidents. */
export class LineReader {
  readonly incidentOf = new Map<string, string>();
  unread = 0;
  readonly #ids = new IdSequence(Buffer.alloc(10, 1));
  readonly #partitions: number;
  #parts: Event[][];
  #waiting = 0;
  #sequence = 0;
  #reached = 0;

  constructor(partitions: number) {
    this.#partitions = partitions;
    this.#parts = this.#empty();
  }

  /** @returns how many events wait. */
  read(line: Line): number {
    const event = emptyEvent();
    event.id = this.#ids.next();
    event.ingestTime = this.#reached = line.atMs + TRANSIT_MS;
    event.sequence = this.#sequence++;
    event.source = line.source;
    event.authenticated = true;
    const fault = parseRecord(line.line, event, { timeZone: 'Asia/Shanghai', now: event.ingestTime, format: '' });
    if (fault !== '') this.unread++;
    if (line.incident !== '') this.incidentOf.set(event.id, line.incident);
    this.#parts[partitionOf(event, this.#partitions)]!.push(event);
    return ++this.#waiting;
  }

  /** What waits, by partition; each ends with a heartbeat that says how far it has come. */
  take(): Event[][] {
    const parts = this.#parts;
    if (this.#partitions > 1) for (const events of parts) events.push(this.#heartbeat());
    this.#parts = this.#empty();
    this.#waiting = 0;
    return parts;
  }

  /** A last heartbeat for each partition, after which nothing waits for what might still come. */
  end(): Event[][] {
    this.#reached++;
    return this.#empty().map(() => [this.#heartbeat()]);
  }

  #heartbeat(): Event {
    const id = this.#ids.next();
    return {
      ...emptyEvent(),
      id,
      ingestTime: this.#reached,
      time: this.#reached,
      sequence: this.#sequence,
      source: 'wanglou/collect',
      service: 'wanglou',
      action: 'heartbeat',
      authenticated: true,
    };
  }

  #empty(): Event[][] {
    return Array.from({ length: this.#partitions }, () => []);
  }
}

/** Keeps of the findings what the report needs, and lets them become incidents. */
class Notes {
  readonly found = new Map<string, Found>();
  readonly incidents = new Map<string, FoundIncident>();
  foundBefore = 0;
  isSeason = false;
  readonly #correlator: Correlator;
  readonly #incidentOf: ReadonlyMap<string, string>;
  readonly #before = new Set<string>();

  constructor(registry: Registry, incidentOf: ReadonlyMap<string, string>) {
    this.#incidentOf = incidentOf;
    this.#correlator = new Correlator(surroundingsOf({ registry: { current: () => registry } }));
  }

  take(findings: readonly Finding[]): void {
    for (const finding of findings) {
      if (this.isSeason) this.#note(finding);
      else this.#before.add(finding.id);
      for (const { id, correlation, causedAt, steps } of this.#correlator.take(finding)) {
        const known = this.incidents.get(id) ?? { correlation, raisedAt: causedAt, steps: new Set() };
        for (const step of steps) known.steps.add(step.finding);
        this.incidents.set(id, known);
      }
      this.#correlator.drainChanged();
    }
    this.foundBefore = this.#before.size;
  }

  #note(finding: Finding): void {
    if (this.#before.has(finding.id)) return;
    const known = this.found.get(finding.id) ?? {
      finding,
      raisedAt: finding.causedAt,
      about: new Map<string, number>(),
    };
    known.finding = finding;
    for (const id of finding.eventIds) {
      const incident = this.#incidentOf.get(id);
      if (incident !== undefined && !known.about.has(incident)) known.about.set(incident, finding.causedAt);
    }
    this.found.set(finding.id, known);
  }
}
