import { describe, expect, it, vi } from 'vitest';
import { yearOfSeries } from '../demo/season/year/year.ts';
import { forecastReport } from '../src/forecast-command.ts';
import { reportRow, reportText } from '../src/forecast-report.ts';

// Models are fitted hundreds of times.
vi.setConfig({ testTimeout: 60_000 });

describe('the report over a simulated year', () => {
  const days = yearOfSeries({ seed: 7, year: 2025 });
  const rows = days.find(({ series, id }) => series === 'rows' && id === 'tax')!;

  it('draws the same year for the same seed, and another for another', () => {
    expect(yearOfSeries({ seed: 7, year: 2025 })).toEqual(days);
    const other = yearOfSeries({ seed: 8, year: 2025 });
    expect(other.map(({ series, id }) => [series, id])).toEqual(days.map(({ series, id }) => [series, id]));
    expect(other[0]!.data.values).not.toEqual(days[0]!.data.values);
  });

  it('says how wrong forecasts were, what intervals held, and what the calendar is worth', () => {
    // Until the middle of February: New Year and the Spring Festival.
    const values = rows.data.values.slice(0, rows.firstOfYear + 50);
    const row = reportRow({ ...rows, data: { ...rows.data, values } });
    expect(row.forecasts).toBe(50 - 7 + 1);
    expect(row.mase).toBeLessThan(0.6 * row.naive);
    expect(row.holidayMase).toBeLessThan(0.6 * row.holidayMaseWithout);
    expect(row.coverage).toBeGreaterThan(0.5);
    const text = reportText([row], 'command');
    expect(text).toContain(`| rows tax | ${row.model}`);
    expect(text).toContain(`| ${row.mase.toFixed(2)} | ${row.naive.toFixed(2)} |`);
    expect(text).toMatch(/Again: command$/);
  });

  it.each([
    [{ seed: 'x', year: '2025' }, 'seed is "x": no whole number'],
    [{ seed: '7', year: '-3' }, 'year is "-3": no whole number'],
    [{ seed: '7', year: '2099' }, 'year is 2099: its holidays, or those of the year before, are not known'],
  ])('refuses %j', async (options, message) => {
    await expect(forecastReport(options, () => undefined)).rejects.toThrow(message);
  });
});
