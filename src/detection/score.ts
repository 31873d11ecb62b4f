import type { AssetLevel } from '../event/event.ts';

export interface ScoreFactors {
  level: AssetLevel;
  personalInformation?: 'none' | 'personal' | 'sensitive';
  isVendor: boolean;
}

const PERSONAL_WEIGHT = { none: 0, personal: 0.2, sensitive: 0.4 };

/** 核心 core 2.0, 重要 important 1.6, 一般 general (and not stated) 1.0. */
export function levelWeight(level: AssetLevel): number {
  if (level === 'core') return 2;
  return level === 'important' ? 1.6 : 1;
}

/** min(100, base × (level weight + personal information weight) × 1.2 for vendors), rounded to one decimal. */
export function weightedScore(base: number, { level, personalInformation, isVendor }: ScoreFactors): number {
  const weight = levelWeight(level) + PERSONAL_WEIGHT[personalInformation ?? 'none'];
  return Math.min(100, Math.round(base * weight * (isVendor ? 1.2 : 1) * 10) / 10);
}
