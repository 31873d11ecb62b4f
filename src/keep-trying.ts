import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import { WanglouError } from './errors.ts';

const FIRST_PAUSE_MS = 250;
const MAX_PAUSE_MS = 15_000;
/** Programs that start together wait for each other; that is worth a warning only when it lasts. */
const USUAL_MS = 5_000;

/**
 * Starts a part whose surroundings may not be ready (a port in use, a broker or store that is away): says what is wrong once
 * per reason and goes on trying with growing pauses. A wrong configuration is not waited out: it is thrown.
 */
export async function keepTrying<T>(
  what: string,
  start: () => Promise<T>,
  log: Logger,
  onProblem: (problem: string) => void = () => undefined,
): Promise<T> {
  const began = Date.now();
  let said = '';
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(MAX_PAUSE_MS, pauseMs * 2)) {
    try {
      const started = await start();
      if (said !== '') log.warn(`${what}: ready now`);
      onProblem('');
      return started;
    } catch (error) {
      if (isOurs(error) && error.code.endsWith('_INVALID')) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      const isNews = reason !== said && (Date.now() - began > USUAL_MS || isOurs(error));
      if (isNews) log.warn({ remedy: isOurs(error) ? error.remedy : undefined }, `${what}: ${reason}; trying again`);
      if (isNews) said = reason;
      onProblem(said);
      await pause(pauseMs);
    }
  }
}

/** An error that says what to do about it: worth telling at once. */
function isOurs(error: unknown): error is WanglouError {
  return error instanceof WanglouError;
}
