import { z } from 'zod';
import { WanglouError } from './errors.ts';
import { reportRow, reportText } from './forecast-report.ts';
import { Calendar } from './registry/calendar.ts';

const whole = z
  .string()
  .regex(/^\d{1,9}$/)
  .transform(Number);

/**
 * Forecasts every day of a simulated year and says how good that was: the same text for the same seed and year.
 * @param onRow told of each series when it is done, with how many there are
 * @throws WanglouError WL_QUERY_INVALID for a seed or a year that is none, or whose holidays are not known
 */
export async function forecastReport(
  { seed, year }: { seed: string; year: string },
  onRow: (name: string, done: number, all: number) => void,
): Promise<string> {
  const options = { seed: wholeNumber('seed', seed), year: yearOf(year) };
  const { yearOfSeries } = await import('../demo/season/year/year.ts');
  const all = yearOfSeries(options);
  const rows = all.map((series, n) => {
    const row = reportRow(series);
    onRow(`${series.series} ${series.id}`.trim(), n + 1, all.length);
    return row;
  });
  return reportText(rows, `npm run wanglou -- forecast report --seed ${options.seed} --year ${options.year}`);
}

/** The months before the year are simulated too. */
function yearOf(text: string): number {
  const year = wholeNumber('year', text);
  const calendar = new Calendar([]);
  if (calendar.covers(year - 1) && calendar.covers(year)) return year;
  throw new WanglouError(
    'WL_QUERY_INVALID',
    `year is ${year}: its holidays, or those of the year before, are not known`,
    {
      remedy: 'Name a year from 2005 on whose holidays were announced: 2025.',
    },
  );
}

function wholeNumber(field: string, text: string): number {
  const { data, success } = whole.safeParse(text);
  if (success) return data;
  throw new WanglouError('WL_QUERY_INVALID', `${field} is ${JSON.stringify(text)}: no whole number`, {
    remedy: `Give a whole number, --${field} ${field === 'year' ? 2025 : 7}.`,
  });
}
