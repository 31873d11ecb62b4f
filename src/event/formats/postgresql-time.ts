import { readIsoTime, reading } from './time.ts';
import { instantIn } from './zone.ts';

/** `2026-01-31 10:20:30.123 UTC`: ms since the epoch, or NaN. Zone words that mean several zones follow the context's. */
export function readPostgresTime(text: string, timeZone: string): number {
  if (!readIsoTime(text, 0)) return NaN;
  if (reading.time === reading.time) return reading.time;
  const { wallMs, end } = reading;
  return instantIn(wallMs, text.slice(end).trim(), timeZone);
}
