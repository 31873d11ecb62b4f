import type { BacktestView } from '../../../src/backtest-job.ts';
import type { CorrelationCard, DetectorCard } from '../../../src/detection/cards.ts';
import type { SettingsScope } from '../../../src/detection/settings-versions.ts';
import type { NumberedVersion } from '../../../src/settings-desk.ts';
import type { DetectorUse } from '../../../src/store/detector-queries.ts';

export type { BacktestView, CorrelationCard, DetectorCard, DetectorUse, NumberedVersion, SettingsScope };
export type SettingCard = DetectorCard['settings'][number];
export type Values = Readonly<Record<string, unknown>>;

export interface Catalogue {
  detectors: readonly DetectorCard[];
  correlations: readonly CorrelationCard[];
}

/** What settings have been, and what holds now. */
export interface SettingsHistory {
  /** In the order in which they take effect. */
  versions: readonly NumberedVersion[];
  /** The least specific first. */
  inForce: readonly NumberedVersion[];
}

/** What is to be tried on the past; times are ms since the Unix epoch. */
export interface BacktestWish {
  detector: string;
  scope: SettingsScope;
  settings: Values;
  from: number;
  to: number;
}
