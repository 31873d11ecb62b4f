import { fork } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { BacktestRequest } from './backtest-command.ts';
import type { BacktestFailure } from './backtest-job.ts';
import type { BacktestSummary } from './backtest-summary.ts';
import type { BacktestProgress } from './backtest.ts';

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

/** Room for states and baselines of some hundred thousand subjects; a past that needs more is refused by V8. */
const MAX_HEAP_MB = 1_536;
const KEPT_OF_STDERR = 2_000;

/** Runs a backtest in a process of its own: neither its memory nor its work is that of `serve`. */
export const startBacktest: StartBacktest = (request, onProgress) => {
  const child = fork(fileURLToPath(new URL('./backtest-child.ts', import.meta.url)), {
    execArgv: [`--max-old-space-size=${MAX_HEAP_MB}`],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  if (child.pid !== undefined) yieldToOthers(child.pid);
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-KEPT_OF_STDERR)));
  const ended = new Promise<BacktestEnd>((resolve) => {
    let end: BacktestEnd | undefined;
    child.on('message', (message: BacktestMessage) => {
      if ('progress' in message) onProgress(message.progress);
      else end = message;
    });
    child.on('error', (error) => resolve({ failure: { reason: 'fault', message: error.message } }));
    child.on('close', (code, signal) => resolve(end ?? { failure: endedBy(code, signal, said) }));
  });
  child.send(request, () => undefined);
  return { ended, kill: () => void child.kill('SIGKILL') };
};

/** Live detection comes first: from the beginning on, so that all threads of the process are like this. */
function yieldToOthers(pid: number): void {
  try {
    setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // It is gone already: what it says at its end counts.
  }
}

function endedBy(code: number | null, signal: string | null, said: string) {
  if (/heap out of memory|heap limit/i.test(said))
    return { reason: 'out-of-memory' as const, message: `it needed more than ${MAX_HEAP_MB} MB` };
  if (signal !== null) return { reason: 'killed' as const, message: `its process was ended by ${signal}` };
  return { reason: 'fault' as const, message: said.trim() || `its process ended with code ${code ?? 0}` };
}
