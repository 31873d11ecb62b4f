import type { Logger } from 'pino';
import { CoverageDesk } from './coverage-desk.ts';
import { CoverageJob } from './coverage-job.ts';
import { unevenFindings, unevenProblem } from './coverage/uneven-finding.ts';
import { FindingsOut } from './detection/findings-out.ts';
import type { EventLog } from './event-log/event-log.ts';
import { keepTrying } from './keep-trying.ts';
import type { RecordedRegistry } from './registry/recorded-registry.ts';
import { ReplayDesk } from './replay-desk.ts';
import { startReplay } from './replay-process.ts';
import type { StoreClient } from './store/client.ts';
import { CoverageQueries } from './store/coverage-queries.ts';
import { LINES, REPLAYS } from './store/coverage-rows.ts';
import type { StoreQueries } from './store/queries.ts';
import { TableWriter } from './store/table-writer.ts';

export interface CoverageOfServe {
  job: CoverageJob;
  replays: ReplayDesk;
  /** In one sentence, where and how the ledger does not balance; '' when it does. */
  problem: () => string;
  /** Sources with minutes of the last 24 hours that do not balance. */
  unevenSources: () => ReadonlySet<string>;
  start: () => void;
  stop: () => Promise<void>;
}

/** The coverage ledger: checked minute by minute as minutes settle, and told of where it does not balance. */
export function keepCoverage(
  client: StoreClient,
  eventLog: EventLog,
  registry: Pick<RecordedRegistry, 'current'>,
  findings: Pick<StoreQueries, 'findingById'>,
  log: Logger,
): CoverageOfServe {
  const store = new CoverageQueries(client);
  const lines = new TableWriter(client, LINES);
  const out = new FindingsOut(eventLog, (problem, error) => log.warn({ err: error }, problem));
  const told = new Set<string>();
  const job = new CoverageJob({
    store,
    write: (all) => lines.write(all),
    partitions: eventLog.partitions('events'),
    onUneven: async (uneven) => {
      const news = unevenFindings(uneven).filter(({ id }) => !told.has(id));
      for (const finding of news) {
        if ((await findings.findingById(finding.id)) === undefined) out.add([finding]);
        told.add(finding.id);
      }
    },
    onProblem: (error) => log.error({ err: error }, 'the coverage ledger can not be checked; it is tried again'),
  });
  const desk = new CoverageDesk({ store, registry, settledTo: () => job.settledTo });
  const written = new TableWriter(client, REPLAYS);
  const replays = new ReplayDesk({
    gap: (id) => desk.gap(id),
    start: startReplay,
    write: (replay) => written.write([replay]),
    onDone: (from, to) => job.again(from, to),
    onProblem: (error) => log.error({ err: error }, 'how far a replay has come can not be written'),
  });
  return {
    job,
    replays,
    problem: () => unevenProblem(job.uneven),
    unevenSources: () => new Set(job.uneven.map(({ source }) => source)),
    start: () => void keepTrying('coverage', () => store.countedSince(), log).then(() => job.start()),
    stop: async () => {
      await replays.stop();
      for (const writer of [lines, written]) writer.stop();
      out.abandon();
      await job.stop();
    },
  };
}
