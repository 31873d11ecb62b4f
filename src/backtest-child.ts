import pino from 'pino';
import type { BacktestRequest } from './backtest-command.ts';
import type { BacktestFailure } from './backtest-job.ts';
import type { BacktestMessage } from './backtest-process.ts';
import { summaryOf } from './backtest-summary.ts';
import { logMasker } from './masking.ts';
import { isPassing } from './store/client.ts';

/** A process that runs one backtest for `serve`: takes the request as a message, tells how far it is, and the result. */
const TELL_EVERY_MS = 250;

// Nobody may be left to take the result.
process.on('disconnect', () => process.exit(0));
process.once('message', (request) => void run(request as BacktestRequest));

async function run(request: BacktestRequest): Promise<void> {
  try {
    // All parts of the program: loaded once somebody waits who can be seen to go away.
    const [{ readConfig }, { configSchemaWith }, { detectors }, { runBacktest }] = await Promise.all([
      import('./config.ts'),
      import('./config-schema.ts'),
      import('../detectors/index.ts'),
      import('./wiring.ts'),
    ]);
    const config = readConfig(undefined, configSchemaWith(detectors));
    const log = pino({ level: config.logLevel, hooks: { streamWrite: logMasker() } }, pino.destination(2));
    let toldAt = 0;
    const report = await runBacktest(config, log, request, (progress) => {
      if (performance.now() - toldAt < TELL_EVERY_MS) return;
      toldAt = performance.now();
      tell({ progress });
    });
    tell({ result: summaryOf(report) }, () => process.exit(0));
  } catch (error) {
    tell(
      { failure: { reason: reasonOf(error), message: error instanceof Error ? error.message : String(error) } },
      () => process.exit(1),
    );
  }
}

function reasonOf(error: unknown): BacktestFailure {
  const code = (error as { code?: unknown }).code;
  const ofStore = typeof code === 'string' && !code.startsWith('WL_') && !code.startsWith('ERR_');
  return code === 'WL_STORE_AWAY' || (ofStore && isPassing(error)) ? 'store-away' : 'fault';
}

function tell(message: BacktestMessage, then?: () => void): void {
  process.send?.(message, () => then?.());
}
