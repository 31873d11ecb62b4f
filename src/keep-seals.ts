import { readFileSync } from 'node:fs';
import type { Logger } from 'pino';
import type { Config } from './config.ts';
import { EvidenceDesk } from './evidence/evidence-desk.ts';
import { readSealKey } from './evidence/seal-key.ts';
import { Sealer } from './evidence/sealer.ts';
import type { EventLog } from './event-log/event-log.ts';
import { keepTrying } from './keep-trying.ts';
import type { StoreClient } from './store/client.ts';
import { SealQueries } from './store/seal-queries.ts';

export interface KeptSeals {
  sealer: Sealer;
  desk: EvidenceDesk;
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
  const sealer = new Sealer({
    ...{ log: eventLog, store, key, digest: config.sealDigest, access: config.access, program },
    onProblem: (problem, error) => log.error({ err: error }, problem),
  });
  let starting = Promise.resolve();
  return {
    sealer,
    desk: new EvidenceDesk({ store, key, program }),
    start: () => {
      starting = keepTrying('seals', () => sealer.start(), log);
    },
    stop: async () => {
      store.stop();
      await starting;
      await sealer.stop();
    },
  };
}

export function programVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
