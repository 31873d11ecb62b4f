import type { NumberedVersion, SettingCard, SettingsScope, Values } from './detector-types.ts';

const UNITS: readonly (readonly [RegExp, string])[] = [
  [/Ms$/, 'ms'],
  [/(^d|D)ays/, 'days'],
  [/([sS]hare|Coverage|Confidence|Above$|Below$)/, 'share'],
  [/^bytes|Bytes/, 'bytes'],
  [/^rows|Rows/, 'rows'],
  [/([sS]core|[bB]ase|More|alsoBulk)/, 'points'],
];

/** `ms`, `days`, `rows`, …; '' for a bare number or text. A share is a number from 0 to 1. */
export function unitOf({ name, maximum }: SettingCard): string {
  const unit = UNITS.find(([pattern]) => pattern.test(name))?.[1] ?? '';
  return unit === 'share' && maximum !== 1 ? '' : unit;
}

/** As it stands in its field. */
export function written(value: unknown): string {
  return Array.isArray(value) ? value.join(', ') : String(value);
}

/** What the field says as a value; what is no number stays text, so that the server says what is wrong with it. */
export function read({ type }: SettingCard, text: string): unknown {
  if (type === 'array')
    return text
      .split(/[,，、]/)
      .map((part) => part.trim())
      .filter((part) => part !== '');
  if (type === 'string') return text.trim();
  const value = Number(text.trim());
  return text.trim() === '' || Number.isNaN(value) ? text : value;
}

/** Which limit of the setting a value is beyond; undefined when it is within them all. */
export function faultOf(
  { type, minimum, maximum }: SettingCard,
  value: unknown,
): { name: 'number' | 'integer' | 'least' | 'most'; limit?: number } | undefined {
  if (type !== 'number' && type !== 'integer') return undefined;
  if (typeof value !== 'number') return { name: 'number' };
  if (minimum !== undefined && value < minimum) return { name: 'least', limit: minimum };
  if (maximum !== undefined && value > maximum) return { name: 'most', limit: maximum };
  return type === 'integer' && !Number.isInteger(value) ? { name: 'integer' } : undefined;
}

const FIELDS = ['department', 'assetLevel', 'vendor'] as const;

export function sameScope(a: SettingsScope, b: SettingsScope): boolean {
  return FIELDS.every((field) => (a[field] ?? '') === (b[field] ?? ''));
}

export function isEverywhere(scope: SettingsScope): boolean {
  return FIELDS.every((field) => (scope[field] ?? '') === '');
}

/** What holds for a scope without an override of its own: of the configuration, and of the wider scopes. */
export function inherited(
  settings: readonly SettingCard[],
  inForce: readonly NumberedVersion[],
  scope: SettingsScope,
): Values {
  const values: Record<string, unknown> = Object.fromEntries(
    settings.map(({ name, configured }) => [name, configured]),
  );
  for (const one of inForce) {
    const holds = FIELDS.every((field) => (one.scope[field] ?? '') === '' || one.scope[field] === scope[field]);
    if (holds && !sameScope(one.scope, scope)) Object.assign(values, one.settings);
  }
  return values;
}

export function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Names of the settings that somebody has changed, in the configuration or for any scope. */
export function changedSettings(settings: readonly SettingCard[], inForce: readonly NumberedVersion[]): string[] {
  const overridden = new Set(inForce.flatMap(({ settings: changes }) => Object.keys(changes ?? {})));
  return settings
    .filter(({ name, configured, default: standard }) => overridden.has(name) || !isSame(configured, standard))
    .map(({ name }) => name);
}
