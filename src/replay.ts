import { detectors } from '../detectors/index.ts';
import { storeAddress } from './ask.ts';
import { entriesOf } from './backtest-command.ts';
import { runBacktest } from './backtest.ts';
import type { Config } from './config.ts';
import type { CoverageGap } from './coverage/gaps.ts';
import { Enrichment } from './detection/enrichment.ts';
import { FindingsOut } from './detection/findings-out.ts';
import { SettingsBook } from './detection/scoped-contexts.ts';
import { detectorNamed, type SettingsVersion } from './detection/settings-versions.ts';
import { isOutward } from './detection/sharing.ts';
import { decodeBatch, encodeRows } from './event/batch.ts';
import type { Event } from './event/event.ts';
import { isHeartbeat } from './event/heartbeat.ts';
import type { EventLog, LogRecord } from './event-log/event-log.ts';
import { SuppressionBook, type Suppression } from './finding/suppression.ts';
import type { Registry } from './registry/registry.ts';
import { storeClient, type StoreClient } from './store/client.ts';
import { LedgerWriter } from './store/ledger-writer.ts';
import { StoreQueries } from './store/queries.ts';
import { StoreWriter } from './store/writer.ts';

/** The gap that is to be closed. */
export type ReplayRequest = Pick<CoverageGap, 'kind' | 'detector' | 'partition' | 'from' | 'to' | 'since' | 'until'>;

export interface ReplayProgress {
  done: number;
  total: number;
}

export interface ReplayResult {
  /** Events that were put into the store: those that it did not have. */
  stored: number;
  /** Events that were shown to the detector. */
  evaluated: number;
  /** Findings that nobody had been told of. */
  findings: number;
  /** Records that are no longer in the event log, or can not be read. */
  unreadable: number;
}

export interface ReplaySurroundings {
  config: Config;
  eventLog: EventLog;
  registry: Registry;
}

type OnProgress = (progress: ReplayProgress) => void;

/** Detectors begin to keep states so long before what they are shown. */
const WARM_UP_MS = 86_400_000;
const EVENTS_AT_ONCE = 2_000;

/**
 * Closes a gap of the coverage ledger. Nothing is doubled: events keep their ids and places, and of those that the store has
 * in whatever place none is added; findings follow from their contents, and those that are known are not told again.
 */
export async function replay(
  request: ReplayRequest,
  surroundings: ReplaySurroundings,
  onProgress: OnProgress,
): Promise<ReplayResult> {
  const client = storeClient(await storeAddress(surroundings.config));
  try {
    return request.kind === 'evaluated'
      ? await judgeAgain(request, surroundings, client, onProgress)
      : await storeAgain(request, surroundings, client, onProgress);
  } finally {
    await client.close();
  }
}

/** Shows a detector what the store has of the minutes that it has missed. */
async function judgeAgain(
  { detector, since, until }: ReplayRequest,
  { config, eventLog, registry }: ReplaySurroundings,
  client: StoreClient,
  onProgress: OnProgress,
): Promise<ReplayResult> {
  const versions = new SettingsBook();
  versions.replace(await entriesOf<SettingsVersion>(eventLog.table('settings')));
  const suppressions = new SuppressionBook();
  suppressions.replace(await entriesOf<Suppression>(eventLog.table('suppressions')));
  const judging = [detectorNamed(detectors, detector)];
  const { findings, events, parked } = await runBacktest(
    {
      ...{ client, registry, detectors: judging, settings: config.detectors, versions },
      suppressing: suppressions.suppressing,
    },
    { warmUpFrom: since - WARM_UP_MS, from: since, to: until },
    ({ events: done, total }) => onProgress({ done, total }),
  );
  if (parked.length > 0) throw new Error(`it failed again: ${parked.join('; ')}`);
  const known = await new StoreQueries(client).findingsCausedIn(since, until, [detector]);
  const news = [...findings.values()].filter(({ finding }) => !known.has(finding.id)).map(({ finding }) => finding);
  const out = new FindingsOut(eventLog, () => undefined);
  out.add(news);
  await out.durable();
  return { stored: 0, evaluated: events, findings: news.length, unreadable: 0 };
}

/** Puts what the event log has and the store has not into the store. */
async function storeAgain(
  { partition, from, to }: ReplayRequest,
  { eventLog, registry }: ReplaySurroundings,
  client: StoreClient,
  onProgress: OnProgress,
): Promise<ReplayResult> {
  const into = (table: string) => new StoreWriter({ client, table });
  const writer = new LedgerWriter(into('events'), into('diffusion'), isOutward, encodeRows);
  writer.start();
  const [missing, seen] = [new Missing(client), new Set<string>()];
  let [readable, stored, waiting] = [0, 0, [] as Placed[]];
  const flush = async (): Promise<void> => {
    const lost = await missing.of(waiting.filter(({ event }) => !seen.has(event.id) && seen.add(event.id)));
    waiting = [];
    const enrichment = new Enrichment();
    for (const { event } of lost) enrichment.enrich(event, registry);
    for (const [offset, own] of Map.groupBy(lost, (one) => one.offset)) {
      const places = own.map(({ index }) => ({ partition, offset, index }));
      const events = own.map(({ event }) => event);
      writer.add(Buffer.from(encodeRows(events, places)), events.length, { partition, offset }, events);
    }
    stored += lost.length;
    if (writer.full()) await writer.relieved();
  };
  for await (const record of eventLog.readRange('events', partition, from, to)) {
    const placed = placedOf(record);
    if (placed !== undefined) readable++;
    waiting.push(...(placed ?? []));
    if (waiting.length >= EVENTS_AT_ONCE) await flush();
    onProgress({ done: record.offset + 1 - from, total: to - from });
  }
  await flush();
  await writer.flushed();
  writer.stop();
  return { stored, evaluated: 0, findings: 0, unreadable: to - from - readable };
}

interface Placed {
  event: Event;
  offset: number;
  index: number;
}

function placedOf({ offset, value }: LogRecord): Placed[] | undefined {
  try {
    const { events } = decodeBatch(value);
    return events.map((event, index) => ({ event, offset, index })).filter(({ event }) => !isHeartbeat(event));
  } catch {
    return undefined;
  }
}

/** Asks the store which events it has, wherever: one that came again is there in the place in which it came first. */
class Missing {
  readonly #client: StoreClient;

  constructor(client: StoreClient) {
    this.#client = client;
  }

  async of(placed: readonly Placed[]): Promise<Placed[]> {
    if (placed.length === 0) return [];
    const result = await this.#client.query({
      query: 'SELECT DISTINCT toString(id) AS known FROM events WHERE id IN {ids:Array(UUID)}',
      query_params: { ids: placed.map(({ event }) => event.id) },
      format: 'JSONEachRow',
    });
    const known = new Set((await result.json<{ known: string }>()).map((row) => row.known));
    return placed.filter(({ event }) => !known.has(event.id));
  }
}
