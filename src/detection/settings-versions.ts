import { z } from 'zod';
import { WanglouError } from '../errors.ts';
import { ASSET_LEVELS } from '../registry/schema.ts';
import type { Detector } from './detector.ts';
import { SettingsRefusal } from './settings-refusal.ts';

const name = z.string().trim().min(1).max(200).optional();

/** For which events: every field that is stated must be the event's own (the department and vendor are the actor's). */
export const settingsScope = z.strictObject({
  department: name,
  assetLevel: z.enum(ASSET_LEVELS).optional(),
  vendor: name,
});
export type SettingsScope = z.output<typeof settingsScope>;

/** A change of a detector's settings for a scope. Kept for ever: a replay of last year's events takes last year's settings. */
export interface SettingsVersion {
  id: string;
  detector: string;
  scope: SettingsScope;
  /** The settings that differ; null takes the scope's override back. */
  settings: Readonly<Record<string, unknown>> | null;
  /** Ingest time, ms since the Unix epoch, of the first events that are judged by it. */
  effectiveFrom: number;
  by: string;
  /** When it was made, by the server's clock. */
  at: number;
  why: string;
}

export type SettingsByDetector = Readonly<Record<string, unknown>>;

/**
 * Which of several scopes that fit decides: one that states more fields; of as many, vendor before department before asset
 * level. The others fill in what it does not set.
 */
export function rankOf({ vendor, department, assetLevel }: SettingsScope): number {
  const weights = [vendor && 12, department && 10, assetLevel && 9];
  return weights.reduce<number>((sum, weight) => sum + (weight || 0), 0);
}

export function scopeKey({ vendor, department, assetLevel }: SettingsScope): string {
  return [vendor ?? '', department ?? '', assetLevel ?? ''].join('\u001f');
}

/** In the order in which they take effect. */
export function inOrder<T extends SettingsVersion>(versions: readonly T[]): T[] {
  return [...versions].sort((a, b) => a.effectiveFrom - b.effectiveFrom || a.at - b.at || (a.id < b.id ? -1 : 1));
}

/** The overrides in force at a time, the least specific first: of each scope the last. */
export function inForce<T extends SettingsVersion>(versions: readonly T[], clock: number): T[] {
  const last = new Map<string, T>();
  for (const version of inOrder(versions))
    if (version.effectiveFrom <= clock) last.set(scopeKey(version.scope), version);
  return [...last.values()]
    .filter(({ settings }) => settings !== null)
    .sort((a, b) => rankOf(a.scope) - rankOf(b.scope) || (scopeKey(a.scope) < scopeKey(b.scope) ? -1 : 1));
}

/**
 * The detector's settings with changes.
 * @param base the detector's settings of the configuration.
 * @throws SettingsRefusal that names each field, its value and the remedy.
 */
export function settingsWith(detector: Detector, base: unknown, changes: object): unknown {
  const schema = detector.settings instanceof z.ZodObject ? detector.settings.strict() : detector.settings;
  const values = { ...(base as object | undefined), ...changes };
  const result = schema.safeParse(values);
  if (result.success) return result.data;
  const known = detector.settings instanceof z.ZodObject ? Object.keys(detector.settings.shape) : [];
  throw new SettingsRefusal(detector.name, result.error.issues, known, values);
}

/** @throws WanglouError WL_SETTINGS_INVALID */
export function detectorNamed(detectors: readonly Detector[], wanted: string): Detector {
  const found = detectors.find((detector) => detector.name === wanted);
  if (found !== undefined) return found;
  throw new WanglouError('WL_SETTINGS_INVALID', `there is no detector ${JSON.stringify(wanted)}`, {
    remedy: `Name one of ${detectors.map((detector) => detector.name).join(', ')}.`,
  });
}
