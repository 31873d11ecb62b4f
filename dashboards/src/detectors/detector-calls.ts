import { call } from '../api.ts';
import type {
  BacktestView,
  BacktestWish,
  Catalogue,
  DetectorUse,
  NumberedVersion,
  SettingsHistory,
  SettingsScope,
  Values,
} from './detector-types.ts';

export type * from './detector-types.ts';

/** @throws ApiError, as all of these */
export function catalogue(): Promise<Catalogue> {
  return call('GET', 'detectors');
}

/** Of the detectors that found something in 30 days. */
export async function detectorUses(): Promise<readonly DetectorUse[]> {
  return (await call<{ use: DetectorUse[] }>('GET', 'detectors-use')).use;
}

/** @param detector all when left out. */
export function settingsHistory(detector?: string): Promise<SettingsHistory> {
  return call('GET', `settings${detector === undefined ? '' : `?detector=${encodeURIComponent(detector)}`}`);
}

/** @param settings that differ; null takes the scope's override back. @param effectiveFrom undefined for at once. */
export function changeSettings(change: {
  detector: string;
  scope: SettingsScope;
  settings: Values | null;
  why: string;
  effectiveFrom: number | undefined;
}): Promise<NumberedVersion> {
  const { effectiveFrom, ...body } = change;
  return call('POST', 'settings', { ...body, ...(effectiveFrom && { effectiveFrom: String(effectiveFrom) }) });
}

export function startBacktest({ from, to, ...wish }: BacktestWish): Promise<BacktestView> {
  return call('POST', 'backtests', { ...wish, from: String(from), to: String(to) });
}

export function backtestOf(id: string): Promise<BacktestView> {
  return call('GET', `backtests/${encodeURIComponent(id)}`);
}

/** Newest first, without results. */
export async function backtests(): Promise<readonly BacktestView[]> {
  return (await call<{ backtests: BacktestView[] }>('GET', 'backtests')).backtests;
}

export function cancelBacktest(id: string): Promise<BacktestView> {
  return call('DELETE', `backtests/${encodeURIComponent(id)}`);
}
