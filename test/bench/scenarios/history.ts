import { setTimeout as pause } from 'node:timers/promises';
import { percentile, peakRssMb, verify, type BenchContext, type Measured, type Scenario } from '../bench.ts';
import { askActorDays, askAssetYears, askRollUps, askTexts, type Times } from '../history/asked.ts';
import { bytesPerEvent } from '../history/bytes.ts';
import { filledStore, type FilledStore } from '../history/filled.ts';
import { ingestBeside } from '../history/ingest-beside.ts';

/** Looks at a year of events: fills the store first, which takes an hour for 100 million of them on two cores. */
const group = 'history';

export const scenarios: Scenario[] = [
  asking('history-actor-day', "History: an actor's day, p95", (store, times) => askActorDays(store, times, 6, 20)),
  asking('history-asset-year', 'History: an asset over the year, p95', (store, times) =>
    askAssetYears(store, times, 20),
  ),
  asking('history-text-month', 'History: free text over a month, p95', (store, times) => askTexts(store, times, 20)),
  asking('history-roll-up', 'History: rows by department over the year, p95', (store, times) => askRollUps(store, times, 5)), // prettier-ignore
  {
    id: 'history-bytes',
    title: 'History: bytes on the disk an event',
    unit: 'bytes',
    group,
    repeat: 1,
    lowerIsBetter: true,
    run: async (context) => bytesPerEvent(await filledStore(context)),
  },
  {
    id: 'history-ingest',
    title: 'History: events taken in while all of this is asked, against those without, at 10,000/s',
    unit: '×',
    group,
    repeat: 1,
    run: async (context) => ingestBeside(await filledStore(context), context),
  },
];

/** A scenario that asks one kind of thing, of many different names, and whose number is the 95th percentile of all answers. */
function asking(id: string, title: string, ask: (store: FilledStore, times: Times) => Promise<number>): Scenario {
  return {
    id,
    title,
    unit: 'ms',
    group,
    repeat: 1,
    lowerIsBetter: true,
    async run(context: BenchContext): Promise<Measured> {
      const store = await filledStore(context);
      await pause(1_000); // merges of what was filled last
      const times: Times = new Map();
      const asked = await ask(store, times);
      verify(asked > 0, 'nothing was asked');
      return {
        value: percentile([...times.values()].flat(), 95),
        checked: `${asked} answers as the generator has them`,
        details: { ...percentiles(times), 'store peak RSS MB': peakRssMb(store.pid) },
      };
    },
  };
}

function percentiles(times: Times): Record<string, number> {
  return Object.fromEntries(
    [...times].flatMap(([what, ms]) => [
      [`${what}, p50 ms`, percentile(ms, 50)],
      [`${what}, p95 ms`, percentile(ms, 95)],
    ]),
  );
}
