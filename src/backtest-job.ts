import type { BacktestSummary } from './backtest-summary.ts';
import type { SettingsScope } from './detection/settings-versions.ts';

export type BacktestState = 'queued' | 'running' | 'done' | 'cancelled' | 'failed';

/**
 * Why a backtest has no result: the store went away; it needed more memory than it may have; its process was ended from
 * outside; `serve` was started again meanwhile; anything else.
 */
export type BacktestFailure = 'store-away' | 'out-of-memory' | 'killed' | 'restarted' | 'fault';

/** A backtest that somebody asked for. Times are ms since the Unix epoch. */
export interface BacktestJob {
  id: string;
  by: string;
  at: number;
  detector: string;
  scope: SettingsScope;
  /** What is tried; undefined for the settings in force. */
  settings?: Readonly<Record<string, unknown>>;
  /** Ingest times: findings with a cause in from ≤ time < to are compared. */
  from: number;
  to: number;
  warmUpDays: number;
  analysts: number;
  state: BacktestState;
  startedAt?: number;
  endedAt?: number;
  cancelledBy?: string;
  failure?: { reason: BacktestFailure; message: string };
  result?: BacktestSummary;
}

/** A job as people see it. */
export interface BacktestView extends BacktestJob {
  /** Place in the queue from 1 on; 0 when it does not wait. */
  place: number;
  /** While it runs, once the first events are judged. */
  progress: { events: number; total: number; eventsPerSecond: number; leftMs: number } | null;
}

export function hasEnded({ state }: BacktestJob): boolean {
  return state !== 'queued' && state !== 'running';
}
