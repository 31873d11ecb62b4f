import { duration, number } from '../format.ts';
import { i18n, known, language } from '../i18n.ts';
import type { SettingCard } from './detector-types.ts';
import { faultOf, unitOf } from './setting-values.ts';
import { SETTINGS_ZH } from './settings-zh.ts';

/** What a setting means, in the current language. */
export function describe(detector: string, { name, description }: SettingCard): string {
  const chinese = SETTINGS_ZH[detector]?.[name] ?? SETTINGS_ZH['*']?.[name];
  return language() === 'zh' ? (chinese ?? description) : description;
}

/** A value for people: `10 min`, `1,000 rows`, `service, robot`. */
export function shown(setting: SettingCard, value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? i18n.global.t('detectors.emptyList') : value.join(', ');
  if (typeof value !== 'number') return String(value);
  const unit = unitOf(setting);
  if (unit === 'ms') return duration(value);
  return unit === '' || unit === 'share' ? number(value, 6) : `${number(value, 6)} ${known('settingUnit', unit)}`;
}

/** Why a value is refused, in the current language, from the limits of the setting; else what the server says. */
export function refusal(setting: SettingCard, value: unknown, said: string): string {
  const fault = faultOf(setting, value);
  if (fault === undefined) return said;
  return i18n.global.t(`detectors.fault.${fault.name}`, { limit: number(fault.limit ?? 0, 6) });
}
