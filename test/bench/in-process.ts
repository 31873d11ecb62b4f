import { BaselineBook } from '../../src/detection/baseline.ts';
import type { Detector } from '../../src/detection/detector.ts';
import { Enrichment } from '../../src/detection/enrichment.ts';
import { Pipeline } from '../../src/detection/pipeline.ts';
import { emptyEvent, type Event } from '../../src/event/event.ts';
import { IdSequence } from '../../src/event/id.ts';
import { parseRecord } from '../../src/event/parse.ts';
import type { Registry } from '../../src/registry/registry.ts';

/** The parts of the way of an event that need nothing outside this process. */

const NO_BYTES = new Uint8Array(0);

/** The engine's pipeline without log and store: what is judged goes nowhere. */
export function judgingPipeline(
  detectors: readonly Detector[],
  registry: Registry,
  options: { settings?: Readonly<Record<string, unknown>>; onProblem?: (problem: string) => void } = {},
): Pipeline {
  const nothing = (): Uint8Array => NO_BYTES;
  const onProblem = options.onProblem ?? (() => undefined);
  return new Pipeline([0], {
    detectors,
    run: { settings: options.settings ?? {} },
    baseline: new BaselineBook(() => registry),
    forgetDuplicatesAfter: 100_000,
    registry: { current: () => registry },
    enrichment: new Enrichment(),
    codec: { decodeBatch: () => ({ events: [], baseEnd: 0 }), storeBlock: nothing, encodeRows: nothing },
    sink: {
      add: () => undefined,
      full: () => false,
      relieved: () => Promise.resolve(),
      durable: () => Promise.resolve(),
    },
    ledger: {
      received: 0,
      heartbeats: 0,
      duplicates: 0,
      undecodable: 0,
      evaluated: 0,
      stored: 0,
      findings: 0,
      forced: 0,
    },
    onProblem,
    onParked: ({ detector, reason }) => onProblem(`${detector}: ${reason}`),
  });
}

/** Takes events in as a record that has come in this process. @returns the findings */
export function take(pipeline: Pipeline, offset: number, events: Event[]): ReturnType<Pipeline['take']> {
  const live = { events, baseEnd: 0 };
  return pipeline.take({ topic: 'events', partition: 0, offset, key: '', value: NO_BYTES, live });
}

/** Turns lines into events as a collector does. */
export class LineReader {
  unread = 0;
  readonly #ids = new IdSequence(Buffer.alloc(10, 1));
  #sequence = 0;

  /** @param ingestTime ms since the epoch */
  read(line: string, source: string, ingestTime: number): Event {
    const event = emptyEvent();
    event.id = this.#ids.next();
    event.ingestTime = ingestTime;
    event.sequence = this.#sequence++;
    event.source = source;
    event.authenticated = true;
    const fault = parseRecord(line, event, { timeZone: 'Asia/Shanghai', now: ingestTime, format: '' });
    if (fault !== '') this.unread++;
    return event;
  }
}

/** Runs work again and again for about so long; `work` says how much it did. @returns how much a second */
export async function ratePerSecond(seconds: number, work: () => number | Promise<number>): Promise<number> {
  await work(); // compiled before it is measured
  let done = 0;
  const began = performance.now();
  do done += await work();
  while (performance.now() - began < seconds * 1_000);
  return (done * 1_000) / (performance.now() - began);
}
