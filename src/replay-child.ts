import pino from 'pino';
import { logMasker } from './masking.ts';
import type { ReplayRequest } from './replay.ts';
import type { ReplayMessage } from './replay-process.ts';

/** A process that replays one gap for `serve`: takes it as a message, tells how far it is, and the result. */
const TELL_EVERY_MS = 250;

// Nobody may be left to take the result.
process.on('disconnect', () => process.exit(0));
process.once('message', (request) => void run(request as ReplayRequest));

async function run(request: ReplayRequest): Promise<void> {
  try {
    // All parts of the program: loaded once somebody waits who can be seen to go away.
    const [{ readConfig }, { configSchemaWith }, { detectors }, { runReplay }] = await Promise.all([
      import('./config.ts'),
      import('./config-schema.ts'),
      import('../detectors/index.ts'),
      import('./wiring.ts'),
    ]);
    const config = readConfig(undefined, configSchemaWith(detectors));
    const log = pino({ level: config.logLevel, hooks: { streamWrite: logMasker() } }, pino.destination(2));
    let toldAt = 0;
    const result = await runReplay(config, log, request, (progress) => {
      if (performance.now() - toldAt < TELL_EVERY_MS) return;
      toldAt = performance.now();
      tell({ progress });
    });
    tell({ result }, () => process.exit(0));
  } catch (error) {
    tell({ failure: error instanceof Error ? error.message : String(error) }, () => process.exit(1));
  }
}

function tell(message: ReplayMessage, then?: () => void): void {
  process.send?.(message, () => then?.());
}
