import { i18n, known, locale } from './i18n.ts';

/** The zone in which the page shows times, as `Asia/Shanghai (UTC+8)`. */
export function zoneName(): string {
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  const parts = new Intl.DateTimeFormat('en', { timeZoneName: 'shortOffset' }).formatToParts(Date.now());
  const offset = parts.find((part) => part.type === 'timeZoneName')?.value.replace('GMT', 'UTC') ?? '';
  return offset === timeZone || offset === '' ? timeZone : `${timeZone} (${offset})`;
}

/** 09:41:07 */
export function clock(at: number): string {
  return new Intl.DateTimeFormat(locale(), {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  }).format(at);
}

/** 11-24 or 2025-11-24 when it was another year; '' when it is today. */
export function day(at: number, now: number): string {
  const date = isoDay(at);
  const today = isoDay(now);
  if (date === today) return '';
  return date.slice(0, 4) === today.slice(0, 4) ? date.slice(5) : date;
}

/** 2026-11-24 09:41:07 */
export function fullTime(at: number): string {
  return at === 0 ? '–' : `${isoDay(at)} ${clock(at)}`;
}

export function number(value: number, digits = 0): string {
  return new Intl.NumberFormat(locale(), { maximumFractionDigits: digits }).format(value);
}

/** 12.4万 or 124K: for places without room. */
export function shortNumber(value: number): string {
  return new Intl.NumberFormat(locale(), {
    notation: 'compact',
    maximumFractionDigits: 2,
    useGrouping: 'always',
  }).format(value);
}

/** 79 % or 79%; – for what is not known. */
export function percent(share: number | null): string {
  if (share === null) return '–';
  return new Intl.NumberFormat(locale(), { style: 'percent', maximumFractionDigits: 0 }).format(share);
}

/** A、B和C, or A, B, C. */
export function list(names: readonly string[]): string {
  return new Intl.ListFormat(locale(), { style: 'narrow' }).format(names);
}

/** 0.02 % of a whole: with as many digits as it takes to see that there is something. */
export function percentOf(part: number, whole: number): string {
  const share = part / whole;
  const digits = share > 0 && share < 0.1 ? 2 : 0;
  return new Intl.NumberFormat(locale(), { style: 'percent', maximumFractionDigits: digits }).format(share);
}

/** A measured value with as many digits as are worth reading. */
export function measured(value: number): string {
  return number(value, Math.abs(value) < 10 ? 2 : Math.abs(value) < 100 ? 1 : 0);
}

/** `52,310 rows`; a unit without translation is shown as it is. */
export function withUnit(value: number, unit: string): string {
  return `${measured(value)} ${known('unit', unit)}`.trim();
}

const STEPS = [
  { key: 'duration.days', ms: 86_400_000 },
  { key: 'duration.hours', ms: 3_600_000 },
  { key: 'duration.minutes', ms: 60_000 },
  { key: 'duration.seconds', ms: 1_000 },
];

/** 3 min, 2 h, 1.5 d: the largest unit that fits. */
export function duration(ms: number): string {
  const { t } = i18n.global;
  if (ms < 1_000) return t('duration.ms', { n: Math.max(0, Math.round(ms)) });
  const step = STEPS.find((one) => ms >= one.ms) ?? STEPS[3]!;
  const value = ms / step.ms;
  return t(step.key, { n: number(value, value < 10 && step.ms > 1_000 ? 1 : 0) });
}

/** 2026-11-24, in the zone of the page. */
export function isoDay(at: number): string {
  return dayIn(at, undefined);
}

/** 2026-11-24, in a zone: of days that are counted there. @param zone IANA name; undefined for the zone of the page. */
export function dayIn(at: number, zone: string | undefined): string {
  const parts = { year: 'numeric', month: '2-digit', day: '2-digit' } as const;
  return new Intl.DateTimeFormat('sv-SE', { ...parts, ...(zone && { timeZone: zone }) }).format(at);
}
