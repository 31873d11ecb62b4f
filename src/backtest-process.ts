import { fileURLToPath } from 'node:url';
import type { BacktestRequest } from './backtest-command.ts';
import type { BacktestFailure } from './backtest-job.ts';
import type { BacktestSummary } from './backtest-summary.ts';
import type { BacktestProgress } from './backtest.ts';
import { runChild } from './child-run.ts';

/** What the process says (src/backtest-child.ts). */
export type BacktestMessage =
  | { progress: BacktestProgress }
  | { result: BacktestSummary }
  | { failure: { reason: BacktestFailure; message: string } };

export type BacktestEnd = Exclude<BacktestMessage, { progress: BacktestProgress }>;

export interface RunningBacktest {
  /** Resolves when the process is gone, whatever ended it. */
  ended: Promise<BacktestEnd>;
  kill: () => void;
}

export type StartBacktest = (
  request: BacktestRequest,
  onProgress: (progress: BacktestProgress) => void,
) => RunningBacktest;

const CHILD = fileURLToPath(new URL('./backtest-child.ts', import.meta.url));

/** Runs a backtest in a process of its own: neither its memory nor its work is that of `serve`. */
export const startBacktest: StartBacktest = (request, onProgress) => {
  let end: BacktestEnd | undefined;
  const { ended, kill } = runChild(CHILD, request, (said) => {
    const message = said as BacktestMessage;
    if ('progress' in message) onProgress(message.progress);
    else end = message;
  });
  return { ended: ended.then((failure) => end ?? { failure }), kill };
};
