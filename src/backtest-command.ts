import { detectors } from '../detectors/index.ts';
import { storeAddress } from './ask.ts';
import { runBacktest, type BacktestProgress, type BacktestRange } from './backtest.ts';
import { backtestReport, type BacktestReport } from './backtest-report.ts';
import type { Config } from './config.ts';
import { SettingsBook } from './detection/scoped-contexts.ts';
import {
  detectorNamed,
  scopeKey,
  settingsWith,
  type SettingsScope,
  type SettingsVersion,
} from './detection/settings-versions.ts';
import { WanglouError } from './errors.ts';
import type { EventLog, KeyedTable } from './event-log/event-log.ts';
import { SuppressionBook, type Suppression } from './finding/suppression.ts';
import type { Registry } from './registry/registry.ts';
import { storeClient } from './store/client.ts';
import { StoreQueries } from './store/queries.ts';

/** What is to be tried over which past. */
export interface BacktestRequest {
  /** All when absent. */
  detector?: string | undefined;
  /** Settings to try; they need a detector. */
  settings?: Record<string, unknown> | undefined;
  scope: SettingsScope;
  /** Ingest times, ISO 8601 or ms since the Unix epoch. */
  from?: string | undefined;
  to?: string | undefined;
  warmUpDays: number;
  analysts: number;
}

/** What the backtest takes of the running platform. */
export interface BacktestSurroundings {
  config: Config;
  eventLog: EventLog;
  registry: Registry;
}

const DAY_MS = 86_400_000;
const DEFAULT_DAYS = 7;

/** @throws WanglouError WL_QUERY_INVALID, WL_SETTINGS_INVALID */
export async function backtest(
  request: BacktestRequest,
  { config, eventLog, registry }: BacktestSurroundings,
  onProgress: (progress: BacktestProgress) => void,
): Promise<BacktestReport> {
  const range = rangeOf(request, Date.now());
  if (!(request.analysts > 0))
    throw new WanglouError('WL_QUERY_INVALID', `analysts is ${request.analysts}`, { remedy: 'Give a number above 0.' });
  const judging = request.detector === undefined ? detectors : [detectorNamed(detectors, request.detector)];
  const versions = new SettingsBook();
  versions.replace(withTrial(await entriesOf<SettingsVersion>(eventLog.table('settings')), request, config));
  const suppressions = new SuppressionBook();
  suppressions.replace(await entriesOf<Suppression>(eventLog.table('suppressions')));
  const client = storeClient(await storeAddress(config));
  try {
    const { suppressing } = suppressions;
    const parts = { client, registry, detectors: judging, settings: config.detectors, versions, suppressing };
    const run = await runBacktest(parts, range, onProgress);
    const names = judging.map(({ name }) => name);
    const stored = await new StoreQueries(client).findingsCausedIn(range.from, range.to, names);
    return backtestReport(run, stored, range, request.analysts);
  } finally {
    await client.close();
  }
}

/** `34 % of 10,000,000 events, 92,000 events/s, 71 s left` */
export function progressText({ events, total, elapsedMs }: BacktestProgress): string {
  const rate = events / Math.max(elapsedMs / 1_000, 0.001);
  const left = Math.ceil((total - events) / Math.max(rate, 1));
  const share = total === 0 ? 100 : Math.floor((events / total) * 100);
  const [all, speed] = [total, Math.round(rate)].map((count) => count.toLocaleString('en'));
  return `${share} % of ${all} events, ${speed} events/s, ${left} s left`;
}

/** @throws WanglouError WL_QUERY_INVALID */
export function rangeOf(request: Pick<BacktestRequest, 'from' | 'to' | 'warmUpDays'>, now: number): BacktestRange {
  const to = request.to === undefined ? now : timeOf('to', request.to);
  const from = request.from === undefined ? to - DEFAULT_DAYS * DAY_MS : timeOf('from', request.from);
  if (from >= to)
    throw new WanglouError('WL_QUERY_INVALID', `from (${from}) is not before to (${to})`, {
      remedy: 'Give a from that lies before to.',
    });
  if (!(request.warmUpDays >= 0))
    throw new WanglouError('WL_QUERY_INVALID', `warm-up-days is ${request.warmUpDays}`, {
      remedy: 'Give a number of days, 0 or more.',
    });
  return { warmUpFrom: from - request.warmUpDays * DAY_MS, from, to };
}

function timeOf(field: string, text: string): number {
  const at = /^\d+$/.test(text) ? Number(text) : Date.parse(text);
  if (Number.isFinite(at)) return at;
  throw new WanglouError('WL_QUERY_INVALID', `${field} is ${JSON.stringify(text)}: no time`, {
    remedy: 'Write 2026-01-31T08:00:00+08:00 or milliseconds since 1970.',
  });
}

/** The settings that are tried stand for all versions that the scope ever had. */
function withTrial(
  versions: readonly SettingsVersion[],
  { detector, settings, scope }: BacktestRequest,
  config: Config,
): SettingsVersion[] {
  if (settings === undefined) return [...versions];
  if (detector === undefined)
    throw new WanglouError('WL_SETTINGS_INVALID', 'settings are given, but no detector that has them', {
      remedy: 'Name it with --detector.',
    });
  settingsWith(detectorNamed(detectors, detector), config.detectors[detector], settings);
  const others = versions.filter((one) => one.detector !== detector || scopeKey(one.scope) !== scopeKey(scope));
  const trial = { id: 'trial', detector, scope, settings, effectiveFrom: 0, by: '', at: 0, why: 'backtest' };
  return [...others, trial];
}

/** All values of a keyed table. */
export async function entriesOf<T>(table: KeyedTable): Promise<T[]> {
  const all: T[] = [];
  for await (const [, value] of table.entries()) all.push(JSON.parse(Buffer.from(value).toString()) as T);
  return all;
}
