import { zoneClock } from '../registry/local-time.ts';
import type { Registry } from '../registry/registry.ts';

/** Local time for detectors, which see the registry's zones but not its clocks. */

/** Days since 1970-01-01 of the local date in the department's zone; the platform's zone when it is '' or unknown. */
export function localDay(at: number, department: string, registry: Registry): number {
  return zoneClock(registry.timeZone(department)).dayOf(at);
}

/** Ms since the local midnight, by the clocks of that moment. */
export function sinceMidnight(at: number, department: string, registry: Registry): number {
  const local = at + zoneClock(registry.timeZone(department)).offsetMs(at);
  return local - Math.floor(local / 86_400_000) * 86_400_000;
}

/** Hour of the local week: 0 is Monday 00:00–00:59, 167 Sunday 23:00–23:59. */
export function hourOfWeek(at: number, department: string, registry: Registry): number {
  const clock = zoneClock(registry.timeZone(department));
  const weekday = (((clock.dayOf(at) + 3) % 7) + 7) % 7;
  return weekday * 24 + Math.floor(clock.minuteOf(at) / 60);
}

/** Number of the local hour since 1970-01-01 00:00 local time. */
export function localHour(at: number, department: string, registry: Registry): number {
  return Math.floor((at + zoneClock(registry.timeZone(department)).offsetMs(at)) / 3_600_000);
}

/** `2026-11-20 02:15` in the department's zone. */
export function localMoment(at: number, department: string, registry: Registry): string {
  const local = at + zoneClock(registry.timeZone(department)).offsetMs(at);
  return Number.isFinite(local) && Math.abs(local) < 8.64e15
    ? new Date(local).toISOString().slice(0, 16).replace('T', ' ')
    : '?';
}

/** `UTC+8`, `UTC+5:30`: what the department's clocks show at that time. */
export function zoneName(at: number, department: string, registry: Registry): string {
  const minutes = Math.round(zoneClock(registry.timeZone(department)).offsetMs(at) / 60_000);
  const hours = Math.trunc(minutes / 60);
  const rest = Math.abs(minutes % 60);
  const sign = minutes < 0 ? '-' : '+';
  return `UTC${sign}${Math.abs(hours)}${rest === 0 ? '' : `:${String(rest).padStart(2, '0')}`}`;
}
