import { readFileSync } from 'node:fs';
import type { Logger } from 'pino';
import type { Config } from './config.ts';
import { FindingsOut } from './detection/findings-out.ts';
import type { StoreDifference } from './evidence/difference.ts';
import { EvidenceDesk } from './evidence/evidence-desk.ts';
import { Expiry } from './evidence/expiry.ts';
import { HoldDesk } from './evidence/hold-desk.ts';
import { RECORD_STREAMS } from './evidence/record-streams.ts';
import { SealKeyFiles } from './evidence/seal-key-files.ts';
import { SealPush } from './evidence/seal-push.ts';
import { fileSink, httpSink, syslogSink, type SealSink } from './evidence/seal-sinks.ts';
import { Sealer } from './evidence/sealer.ts';
import { tamperingFindings } from './evidence/tampering-finding.ts';
import { StoreCheck } from './evidence/store-check.ts';
import type { EventLog, Topic } from './event-log/event-log.ts';
import { keepTrying } from './keep-trying.ts';
import { sealsKeptDays, type RetentionDays } from './retention.ts';
import type { StoreClient } from './store/client.ts';
import { HoldQueries } from './store/hold-queries.ts';
import { checkStoreOf } from './store/check-store.ts';
import type { StoreQueries } from './store/queries.ts';
import { SealQueries } from './store/seal-queries.ts';
import { TableCheck } from './store/table-check.ts';

export interface KeptSeals {
  sealer: Sealer;
  desk: EvidenceDesk;
  holds: HoldDesk;
  /** What is wrong, one sentence each. */
  problems(): string[];
  /** How long something has been waiting to be sealed, or sealed to be pushed outside, ms. */
  lags(): Readonly<Record<string, number>>;
  start(): void;
  stop(): Promise<void>;
}

/** Puts together what seals the records of the platform, in `serve`: away from the programs that take events in. */
export async function keepSeals(
  config: Config,
  retention: RetentionDays,
  eventLog: EventLog,
  client: StoreClient,
  findings: Pick<StoreQueries, 'findingById'>,
  log: Logger,
): Promise<KeptSeals> {
  const told = new Set<string>();
  const out = new FindingsOut(eventLog, (problem, error) => log.warn({ err: error }, problem));
  const keys = new SealKeyFiles(config);
  await keys.current();
  const store = new SealQueries(client);
  const program = programVersion();
  const tell = async (differences: readonly StoreDifference[]): Promise<void> => {
    for (const finding of tamperingFindings(differences, Date.now()).filter(({ id }) => !told.has(id))) {
      if ((await findings.findingById(finding.id)) === undefined) out.add([finding]);
      told.add(finding.id);
    }
    await out.durable();
  };
  const holdStore = new HoldQueries(client, store, retention);
  const later = (what: string) => (error: Error) => log.debug({ err: error }, `${what}: tried again later`);
  const expiry = new Expiry({
    store: holdStore,
    get days() {
      return expiryDays(retention);
    },
    enforceHolds: () => holds.enforce(),
    onProblem: later('expiry'),
  });
  const holds = new HoldDesk({
    table: eventLog.table('holds'),
    needsTwo: config.access === 'full',
    enforce: (all) => holdStore.enforce(all),
    retention,
    onForged: (ids) => {
      log.error({ holds: ids }, 'somebody changed legal holds in the store; they are as they were');
      void tell(ids.map(forgedHold)).catch(later('tampering'));
    },
    onProblem: later('legal holds'),
  });
  const sealer = new Sealer({
    ...{ log: eventLog, store, keys, digest: config.sealDigest, access: config.access, program },
    notes: () => expiry.takeNotes(),
    onProblem: (problem, error) => log.error({ err: error }, problem),
  });
  const onFault = (error: Error): void => log.error({ err: error }, 'seals are pushed outside no more');
  const pushes = sinksOf(config).map((sink) => new SealPush({ log: eventLog, sink, onFault }));
  const tables = new TableCheck(client, {
    get days() {
      const { auditRetentionDays, recordRetentionDays } = retention;
      return { ...expiryDays(retention), audit: Math.min(auditRetentionDays, recordRetentionDays) };
    },
    storedTo: async (stream) => (await eventLog.committed(`store-${stream}`, stream as Topic, 0)) ?? 0,
  });
  const check = new StoreCheck({
    store: checkStoreOf(client, tables),
    log: eventLog,
    keys,
    head: () => sealer.head,
    get sealsKeptDays() {
      return sealsKeptDays(retention);
    },
    onProblem: (problem) => log.error(problem),
    onFound: tell,
  });
  let starting: Promise<unknown> = Promise.resolve();
  return {
    ...{ sealer, holds },
    desk: new EvidenceDesk({ store, keys, program, check }),
    problems: () => [sealer.problem, check.problem, ...pushes.map(({ problem }) => problem)].filter(Boolean),
    lags: () => ({ seal: sealer.lagMs, ...Object.fromEntries(pushes.map(({ name, lagMs }) => [name, lagMs])) }),
    start: () => {
      const each = [sealer, ...pushes].map((one) => keepTrying('seals', () => one.start(), log));
      starting = Promise.all(each);
      holds.start();
      expiry.start();
      check.start();
    },
    stop: async () => {
      store.stop();
      await starting;
      await Promise.all([sealer, ...pushes].map((one) => one.stop()));
      out.abandon();
      await check.stop();
      await holds.stop();
      await expiry.stop();
    },
  };
}

function forgedHold(place: string): StoreDifference {
  return { seal: 0, stream: 'holds', in: 'table', place, times: [Date.now(), Date.now()] };
}

function sinksOf({ sealFile, sealSyslog, sealUrl }: Config): SealSink[] {
  return [
    ...(sealFile === '' ? [] : [fileSink(sealFile)]),
    ...(sealSyslog === '' ? [] : [syslogSink(sealSyslog)]),
    ...(sealUrl === '' ? [] : [httpSink(sealUrl)]),
  ];
}

/** Days after which what is sealed expires, by stream. */
function expiryDays({ retentionDays, recordRetentionDays }: RetentionDays): Record<string, number> {
  const records = RECORD_STREAMS.map((stream) => [stream, recordRetentionDays] as const);
  return { events: retentionDays, ...Object.fromEntries(records) };
}

export function programVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
