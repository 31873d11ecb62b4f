import type { Logger } from 'pino';
import { DayKeeper } from './day-keeper.ts';
import type { Registry } from './registry/registry.ts';
import { zoneClock } from './registry/local-time.ts';
import { storeClient, type StoreAddress } from './store/client.ts';
import { DayStatements } from './store/day-statements.ts';

/** A day is merged while its client waits. */
const WAIT_MS = 3_600_000;

/** Keeps days of events that are over, in the background. */
export function keepDays(
  address: StoreAddress,
  registry: { current(): Registry },
  log: Logger,
): { start: () => void; stop: () => Promise<void> } {
  const client = storeClient(address, WAIT_MS);
  const keeper = new DayKeeper({
    store: new DayStatements(client),
    clock: { offsetMs: (at) => zoneClock(registry.current().timeZone('')).offsetMs(at) },
    onProblem: (error, day) => log.warn({ err: error, day }, 'a day that is over is not kept yet; it is tried again'),
    onKept: ({ day, rows }, tookMs) => log.info({ day, rows, tookMs: Math.round(tookMs) }, 'a day is merged and summed up'), // prettier-ignore
  });
  return {
    start: () => keeper.start(),
    stop: async () => {
      const stopped = keeper.stop();
      await client.close(); // what still merges is given up, and is merged another night
      await stopped;
    },
  };
}
