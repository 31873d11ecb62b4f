import { join } from 'node:path';
import type { Logger } from 'pino';
import { detectors } from '../detectors/index.ts';
import { BacktestDesk } from './backtest-desk.ts';
import { BacktestFiles } from './backtest-files.ts';
import { startBacktest } from './backtest-process.ts';
import type { Config } from './config.ts';

/** Where people try settings on the past: the jobs of earlier runs are read, new ones run in processes of their own. */
export async function keepBacktests(config: Config, log: Logger): Promise<BacktestDesk> {
  const desk = new BacktestDesk({
    files: new BacktestFiles(join(config.dataDir, 'backtests')),
    start: startBacktest,
    detectors,
    configured: config.detectors,
    onProblem: (problem) => log.warn(problem),
  });
  await desk.start();
  return desk;
}
