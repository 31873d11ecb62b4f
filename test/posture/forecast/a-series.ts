import type { Measure } from '../../../src/posture/forecast/scale.ts';
import { dayIndex, dayKindsOf, HORIZON, type Series, type Step } from '../../../src/posture/forecast/series.ts';
import { Calendar } from '../../../src/registry/calendar.ts';

const calendar = new Calendar([]);
/** Days since 1970-01-01. */
export const dayOf = (date: string): number => Date.parse(`${date}T00:00:00Z`) / 86_400_000;
export const kindsFrom = (first: number, count: number) => dayKindsOf((day) => calendar.isWorkday(day), first, count);

/** A series that begins on a Monday without a holiday near it, unless told otherwise. */
export function seriesOf(
  values: readonly (number | null)[],
  { step = 'day', first = '2025-06-09', measure = 'count' }: { step?: Step; first?: string; measure?: Measure } = {},
): Series {
  const start = dayOf(first) * (step === 'day' ? 1 : 24);
  const days = dayIndex({ step, start }, values.length + HORIZON[step]) + 1;
  return { step, start, values, dayKinds: kindsFrom(dayOf(first), days), measure };
}
