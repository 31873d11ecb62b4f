import type { Logger } from 'pino';
import type { Collector } from './collectors/collector.ts';
import type { EventIntake } from './collectors/intake.ts';
import type { Engine } from './detection/engine.ts';
import type { EventLog } from './event-log/event-log.ts';
import { noTotals, type Pulse } from './feed/pulse.ts';

const PULSE_MS = 1_000;

type PulseContent = Omit<Pulse, 'at' | 'program' | 'instance'>;

/** Says once a second in the topic `pulse` what a program does and how it is. A pulse that can not be sent is not missed. */
export class PulseSender {
  readonly #log: EventLog;
  readonly #who: { program: Pulse['program']; instance: string };
  readonly #content: () => PulseContent;
  readonly #ownLog: Logger;
  #timer: NodeJS.Timeout | undefined;
  #sending: Promise<void> = Promise.resolve();

  /** @param instance tells programs of one kind apart, the same after a restart; '' where there is only one. */
  constructor(
    log: EventLog,
    { program, instance }: { program: Pulse['program']; instance: string },
    content: () => PulseContent,
    ownLog: Logger,
  ) {
    this.#log = log;
    this.#who = { program, instance };
    this.#content = content;
    this.#ownLog = ownLog;
  }

  start(): void {
    this.#timer = setInterval(() => {
      this.#sending = this.#send();
    }, PULSE_MS);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#sending;
  }

  async #send(): Promise<void> {
    const pulse: Pulse = { at: Date.now(), ...this.#who, ...this.#content() };
    const record = { topic: 'pulse', partition: 0, value: Buffer.from(JSON.stringify(pulse)) } as const;
    await this.#log.append([record]).catch((error: unknown) => this.#ownLog.debug({ err: error }, 'pulse not sent'));
  }
}

/** What `collect` says: events are counted here, where they come in. */
export function pulseOfCollect(
  intake: EventIntake,
  collectors: readonly Collector[],
  registry: { problems(): readonly string[] },
): () => PulseContent {
  const totals = noTotals();
  return () => {
    const tally = intake.tally();
    const sources = tally.sources.map(({ source, identity, received, unparsed, lastEventTime, lagMs }) => ({
      source,
      events: received,
      unparsed: sum(Object.values(unparsed)),
      lastEventTime,
      lagMs,
      ...(identity && { identity }),
    }));
    const states = collectors.map((collector) => collector.status());
    totals.appended += sum(sources.map(({ events }) => events));
    totals.unparsed += sum(sources.map(({ unparsed }) => unparsed));
    totals.refused = sum(states.map(({ refused }) => refused));
    totals.received = totals.appended + totals.refused;
    return {
      sources,
      totals: { ...totals },
      collectors: states,
      parked: [],
      watermark: 0,
      problems: [tally.problem, ...registry.problems()].filter((problem) => problem !== ''),
    };
  };
}

/**
 * What `detect` says: what became of the events.
 * @param stored how many rows are durable in the store
 */
export function pulseOfDetect(
  engine: Engine,
  stored: () => number,
  health: () => { problems: readonly string[] },
): () => PulseContent {
  return () => {
    const unresolved = engine.unresolved();
    const { duplicates, evaluated, findings, partitions, parked, sources } = engine.status();
    return {
      sources: sources.map(({ source, lastIngestTime, lagMs }) => ({
        source,
        events: 0,
        unparsed: 0,
        lastEventTime: lastIngestTime - lagMs,
        lagMs,
      })),
      totals: { ...noTotals(), duplicates, evaluated, stored: stored(), findings },
      collectors: [],
      parked: parked.map(({ detector, reason }) => ({ detector, reason })),
      watermark: partitions.length === 0 ? 0 : Math.min(...partitions.map(({ watermark }) => watermark)),
      problems: health().problems,
      ...(unresolved.length === 0 ? {} : { unresolved }),
    };
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
