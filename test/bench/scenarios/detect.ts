import { detectors } from '../../../detectors/index.ts';
import { buildPlatform } from '../../../demo/platform.ts';
import { registryEntries } from '../../../demo/registry.ts';
import type { Detector } from '../../../src/detection/detector.ts';
import { emptyEvent, type Event } from '../../../src/event/event.ts';
import { IdSequence } from '../../../src/event/id.ts';
import { registryFrom } from '../../../src/registry/registry-from.ts';
import { verify, type Measured, type Scenario } from '../bench.ts';
import { judgingPipeline, take } from '../in-process.ts';

const BATCH = 500;
const EVENTS = 400_000;
const SUBJECTS = 100_000;
const FROM = Date.parse('2026-11-20T09:00:00+08:00');

export const scenarios: Scenario[] = [
  detecting('detect', 'Enrich and judge with all detectors', detectors),
  detecting(
    'detect-1',
    'Enrich and judge with one detector (brute-force)',
    detectors.filter(({ name }) => name === 'brute-force'),
  ),
  {
    id: 'memory-subjects',
    title: 'Memory per 10,000 subjects, all detectors',
    unit: 'MB',
    lowerIsBetter: true,
    repeat: 1,
    run: async () => memory(),
  },
];

/** Reads and sign-ins in turn, of so many accounts, each at its own desk with its own dataset. */
function* load(count: number, accounts: number): Generator<Event[]> {
  const ids = new IdSequence(Buffer.alloc(10, 7));
  for (let n = 0; n < count; n += BATCH)
    yield Array.from({ length: BATCH }, (_, i) => {
      const of = (n + i) % accounts;
      const time = FROM + Math.floor((n + i) / 20);
      const event = emptyEvent();
      const isRead = (n + i) % 2 === 0;
      Object.assign(event, {
        id: ids.next(),
        time,
        ingestTime: time,
        source: 'bench',
        authenticated: true,
        account: `user${of}`,
        clientAddress: `10.${of >> 16}.${(of >> 8) & 255}.${of & 255}`,
        system: `sys-${of % 40}`,
        outcome: 'success',
        classUid: isRead ? 6005 : 3002,
        action: isRead ? 'query' : 'sign-in',
        ...(isRead ? { asset: `db_${of % 40}.public.t${of % 120}`, rows: 1 + (of % 3), bytes: 400 } : {}),
      });
      return event;
    });
}

function demoRegistry(): ReturnType<typeof registryFrom> {
  return registryFrom(registryEntries(buildPlatform(7, '2026-11-20')));
}

function detecting(id: string, title: string, chosen: readonly Detector[]): Scenario {
  return {
    id,
    title: `${title}, ${SUBJECTS.toLocaleString('en')} accounts, in memory`,
    unit: 'events/s',
    repeat: 3,
    async run(): Promise<Measured> {
      const problems: string[] = [];
      const pipeline = judgingPipeline(chosen, demoRegistry(), { onProblem: (problem) => problems.push(problem) });
      let micros = 0;
      let offset = 0;
      let findings = 0;
      for (const events of load(EVENTS, SUBJECTS)) {
        const began = performance.now();
        findings += take(pipeline, offset++, events).length;
        micros += (performance.now() - began) * 1_000;
      }
      verify(problems.length === 0, problems.join('; '));
      const subjects = [...pipeline.shards.values()]
        .flatMap(({ tables }) => tables)
        .reduce((sum, { size }) => sum + size, 0);
      return {
        value: (EVENTS * 1e6) / micros,
        checked: `${EVENTS} events judged, ${findings} revisions of findings, nobody parked`,
        details: { detectors: chosen.length, subjects },
      };
    },
  };
}

/** Growth of the heap while subjects of every kind come up, after a collection before and after. */
function memory(): Measured {
  verify(globalThis.gc !== undefined, 'run with --expose-gc');
  const pipeline = judgingPipeline(detectors, demoRegistry());
  let offset = 0;
  for (const events of load(BATCH * 4, BATCH)) take(pipeline, offset++, events);
  const before = heapMb();
  for (const events of load(2 * SUBJECTS, SUBJECTS)) take(pipeline, offset++, events);
  const grown = heapMb() - before;
  const subjects = [...pipeline.shards.values()]
    .flatMap(({ tables }) => tables)
    .reduce((sum, { size }) => sum + size, 0);
  verify(subjects > SUBJECTS, `only ${subjects} subjects`);
  return {
    value: (grown * 10_000) / subjects,
    checked: `${subjects} subjects of all kinds for ${SUBJECTS} accounts`,
    details: { 'bytes/subject': (grown * 1e6) / subjects, 'heap grown MB': grown },
  };
}

function heapMb(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed / 1e6;
}
