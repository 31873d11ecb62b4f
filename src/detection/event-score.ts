import type { Event } from '../event/event.ts';
import type { Registry } from '../registry/registry.ts';
import { weightedScore } from './score.ts';

/** The score of what happened at an event: by its asset's level and personal information, and by who did it. */
export function scoreAt(event: Event, base: number, registry: Registry): number {
  const personalInformation = registry.asset(event.asset, event.time)?.personalInformation ?? 'none';
  return weightedScore(base, { level: event.assetLevel, personalInformation, isVendor: event.vendor !== '' });
}

/** Lowest scores of a severity, for what is high or critical whatever the asset. */
export const HIGH = 65;
export const CRITICAL = 85;

/** 核心 or 重要: data that the law protects specially. */
export function isImportant({ assetLevel }: Event): boolean {
  return assetLevel === 'core' || assetLevel === 'important';
}
