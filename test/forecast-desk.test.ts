import { describe, expect, it } from 'vitest';
import { ForecastDesk, type ForecastRequest } from '../src/forecast-desk.ts';
import type { Forecast } from '../src/posture/forecast/forecast.ts';
import type { Series } from '../src/posture/forecast/series.ts';
import { registryFrom } from '../src/registry/registry-from.ts';

const HOUR = 3_600_000;
const registry = registryFrom({ departments: [{ id: 'aid', name: 'aid' }] });

/** A desk whose store has a finding on each of the last ten days, at 2026-10-09T10:20 in China. */
function deskAt() {
  const clock = { now: Date.parse('2026-10-09T10:20:00+08:00') };
  const today = Date.parse('2026-10-09') / (24 * HOUR);
  const asked: { series: Series; threshold: number | undefined }[] = [];
  let fault: Error | undefined;
  const steps = async () => {
    if (fault) throw fault;
    return Array.from({ length: 10 }, (_, n) => ({ at: today - 10 + n, value: n }));
  };
  const none = async () => [];
  const found: Forecast = {
    model: 'smoothing',
    points: [{ at: today, value: 1, lower: 0, upper: 2 }],
    mase: 0.5,
    naive: 1,
    coverage: 0.8,
    covered: 196,
    hidden: { zh: '', en: '' },
  };
  const counts = {
    findings: steps,
    rows: steps,
    outEdges: steps,
    events: steps,
    ingestLag: none,
    grantsExpiring: none,
  };
  const desk = new ForecastDesk({
    sources: { counts, ledger: { assets: none }, findings: { findingsOfVendor: none, lifeEvents: none } },
    registry: { current: () => registry },
    detectors: [{ name: 'bulk-read' }],
    forecaster: {
      forecast: async (series, threshold) => {
        asked.push({ series, threshold });
        return found;
      },
    },
    now: () => clock.now,
  });
  return { desk, clock, asked, fail: (error?: Error) => (fault = error) };
}

const request: ForecastRequest = { series: 'findings', id: 'bulk-read', step: 'day' };

describe('forecasts on request', () => {
  it('are computed once an hour for the same question, however many ask', async () => {
    const { desk, clock, asked } = deskAt();
    await Promise.all([desk.of(request), desk.of(request)]);
    clock.now += HOUR - 1;
    await desk.of(request);
    expect(asked).toHaveLength(1);
    await desk.of({ ...request, threshold: 5 });
    expect(asked.map(({ threshold }) => threshold)).toEqual([undefined, 5]);
    clock.now += 1;
    await desk.of(request);
    expect(asked).toHaveLength(3);
  });

  it('are tried again at once after the store did not answer', async () => {
    const { desk, asked, fail } = deskAt();
    fail(new Error('away'));
    await expect(desk.of(request)).rejects.toThrow('away');
    fail();
    await desk.of(request);
    expect(asked).toHaveLength(1);
  });

  it('end with yesterday and know what the coming days are', async () => {
    const { desk, asked } = deskAt();
    const { points, timeZone } = await desk.of(request);
    const { values, dayKinds, start } = asked[0]!.series;
    expect(values).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(start).toBe(Date.parse('2026-09-29') / (24 * HOUR));
    // Friday 9 October 2026, the worked Saturday after National Day, Sunday, Monday.
    expect(dayKinds.slice(10, 14)).toEqual(['workday', 'make-up', 'rest', 'workday']);
    expect(points[0]!.at).toBe(Date.parse('2026-10-09T00:00:00+08:00'));
    expect(timeZone).toBe('Asia/Shanghai');
  });

  it('tell which of the days shown are a holiday or worked although they are a weekend', async () => {
    const { specialDays } = await deskAt().desk.of(request);
    const at = (day: string): number => Date.parse(`${day}T00:00:00+08:00`);
    expect(specialDays.map(({ at: day, kind }) => [day, kind])).toContainEqual([at('2026-10-01'), 'holiday']);
    expect(specialDays.find(({ at: day }) => day === at('2026-10-10'))?.kind).toBe('make-up');
    expect(specialDays.every(({ at: day }) => day >= at('2026-09-29'))).toBe(true);
  });

  it('take for unusual what is more than in any of the last four weeks, and worth a look', async () => {
    const { desk, asked } = deskAt();
    await desk.of({ ...request, threshold: 'unusual' });
    await desk.of({ series: 'rows', id: 'aid', step: 'day', threshold: 'unusual' });
    expect(asked.map(({ threshold }) => threshold)).toEqual([10, 1_000]);
  });
});
