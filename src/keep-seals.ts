import { readFileSync } from 'node:fs';
import type { Logger } from 'pino';
import type { Config } from './config.ts';
import { EvidenceDesk } from './evidence/evidence-desk.ts';
import { Expiry } from './evidence/expiry.ts';
import { HoldDesk } from './evidence/hold-desk.ts';
import { RECORD_STREAMS } from './evidence/record-streams.ts';
import { readSealKey } from './evidence/seal-key.ts';
import { Sealer } from './evidence/sealer.ts';
import type { EventLog } from './event-log/event-log.ts';
import { keepTrying } from './keep-trying.ts';
import type { StoreClient } from './store/client.ts';
import { HoldQueries } from './store/hold-queries.ts';
import { SealQueries } from './store/seal-queries.ts';

export interface KeptSeals {
  sealer: Sealer;
  desk: EvidenceDesk;
  holds: HoldDesk;
  start(): void;
  stop(): Promise<void>;
}

/** Puts together what seals the records of the platform, in `serve`: away from the programs that take events in. */
export async function keepSeals(
  config: Config,
  eventLog: EventLog,
  client: StoreClient,
  log: Logger,
): Promise<KeptSeals> {
  const key = await readSealKey(config);
  const store = new SealQueries(client);
  const program = programVersion();
  const holdStore = new HoldQueries(client, store, config);
  const later = (what: string) => (error: Error) => log.debug({ err: error }, `${what}: tried again later`);
  const expiry = new Expiry({ store: holdStore, days: expiryDays(config), onProblem: later('expiry') });
  const holds = new HoldDesk({
    table: eventLog.table('holds'),
    needsTwo: config.access === 'full',
    enforce: (all) => holdStore.enforce(all),
    onProblem: later('legal holds'),
  });
  const sealer = new Sealer({
    ...{ log: eventLog, store, key, digest: config.sealDigest, access: config.access, program },
    notes: () => expiry.takeNotes(),
    onProblem: (problem, error) => log.error({ err: error }, problem),
  });
  let starting = Promise.resolve();
  return {
    ...{ sealer, holds },
    desk: new EvidenceDesk({ store, key, program }),
    start: () => {
      starting = keepTrying('seals', () => sealer.start(), log);
      holds.start();
      expiry.start();
    },
    stop: async () => {
      store.stop();
      await starting;
      await sealer.stop();
      await holds.stop();
      await expiry.stop();
    },
  };
}

/** Days after which what is sealed expires, by stream. */
function expiryDays({ retentionDays, recordRetentionDays }: Config): Record<string, number> {
  const records = RECORD_STREAMS.map((stream) => [stream, recordRetentionDays] as const);
  return { events: retentionDays, ...Object.fromEntries(records) };
}

export function programVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
