import type { Logger } from 'pino';
import { keepTrying } from './keep-trying.ts';
import type { RecordedRegistry } from './registry/recorded-registry.ts';
import type { RegistryWriter } from './store/registry-writer.ts';

/** Clocks of programs that record may differ by so much: what is that old is written again, which changes nothing. */
const OVERLAP_MS = 600_000;

/**
 * Keeps the store's copy of the registry up to date, once the store has its schema. What was not written when it stops is
 * written after the next start.
 */
export function storeRegistry(
  registry: RecordedRegistry,
  writer: RegistryWriter,
  ready: Promise<void>,
  log: Logger,
): { stop: () => void } {
  let stopped = false;
  let taken = 0;
  let storedBefore = 0;
  const write = async (): Promise<void> => {
    const arrived = registry.history.arrived(taken);
    const fresh = arrived.filter((version) => version.recordedAt >= storedBefore);
    if (stopped) return;
    await writer.write(fresh);
    taken += arrived.length;
  };
  let turn = ready
    .then(() => keepTrying('registry in the store', () => writer.lastRecordedAt(), log))
    .then((at) => {
      storedBefore = at - OVERLAP_MS;
    });
  const next = (): void => {
    turn = turn.then(write).catch((error: unknown) => {
      if (!stopped) log.error({ err: error }, 'the registry does not reach the store');
    });
  };
  registry.onChange(next);
  next();
  return {
    stop: () => {
      stopped = true;
      writer.stop();
    },
  };
}
