import { describe, expect, it } from 'vitest';
import { WanglouError } from '../src/errors.ts';
import type { ForecastRequest, SeriesForecast } from '../src/forecast-desk.ts';
import { ForecastWatch } from '../src/forecast-watch.ts';
import { registryFrom } from '../src/registry/registry-from.ts';

const NOW = Date.parse('2026-10-09T10:20:00+08:00');
const DAY = 86_400_000;
const registry = registryFrom({
  departments: [{ id: 'aid', name: { zh: '民政局', en: 'Civil Affairs' } }],
  vendors: [{ id: 'qm', name: 'qm' }],
  sources: [{ id: 'db', name: 'db' }],
});
const SHOWN = { zh: '', en: '' };

function forecastOf({ series, id }: ForecastRequest, changes: Partial<SeriesForecast> = {}): SeriesForecast {
  return {
    ...{ series, id, step: 'day', timeZone: 'Asia/Shanghai', computedAt: NOW, model: 'seasons', history: [] },
    ...{ mase: 0.5, naive: 1, coverage: 0.8, covered: 196, hidden: SHOWN, specialDays: [] },
    points: [1, 2].map((n) => ({ at: NOW + n * DAY, value: 7 * n, lower: 1, upper: 20 })),
    crossing: { threshold: 10, probability: 0.2, warning: false, by: null },
    ...changes,
  };
}

function watching(of: (request: ForecastRequest) => SeriesForecast = forecastOf) {
  const asked: ForecastRequest[] = [];
  const watch = new ForecastWatch({
    desk: { of: async (request) => (asked.push(request), of(request)) },
    registry: { current: () => registry },
    detectors: [{ name: 'bulk-read', title: { zh: '批量读取', en: 'Bulk read' } }],
    onProblem: () => undefined,
    now: () => NOW,
  });
  return { watch, asked };
}
const crossing = (probability: number) => ({ threshold: 10, probability, warning: probability >= 0.6, by: NOW + DAY });

describe('early warnings', () => {
  it('have nothing to say before anything was computed', () => {
    expect(watching().watch.warnings()).toMatchObject({ computedAt: null, watched: 0, warnings: [], hidden: [] });
  });

  it('look at every kind of series by day, at what is unusual for it', async () => {
    const { watch, asked } = watching();
    await watch.round();
    const kinds = asked.map(({ series, id }) => `${series}/${id}`);
    expect(kinds).toEqual(
      expect.arrayContaining([
        ...['grants-expiring/', 'findings/', 'findings/bulk-read', 'rows/aid', 'out-edges/core'],
        ...['vendor-risk/qm', 'ingest-lag/db'],
      ]),
    );
    expect(new Set(asked.map(({ step, threshold }) => `${step} ${threshold}`))).toEqual(new Set(['day unusual']));
    expect(watch.warnings()).toMatchObject({ computedAt: NOW, watched: kinds.length });
  });

  it('are raised from a probability of 0.6 on, the most probable first, with how good such forecasts are', async () => {
    const { watch } = watching((request) => {
      if (request.id === 'bulk-read') return forecastOf(request, { crossing: crossing(0.6) });
      if (request.id === 'aid') return forecastOf(request, { crossing: crossing(0.9) });
      return forecastOf(request, { crossing: crossing(0.59), points: [] });
    });
    await watch.round();
    const { warnings } = watch.warnings();
    expect(warnings.map(({ series, id }) => `${series}/${id}`)).toEqual(['rows/aid', 'findings/bulk-read']);
    expect(warnings[0]).toMatchObject({
      ...{ name: { zh: '民政局', en: 'Civil Affairs' }, by: NOW + DAY, probability: 0.9, threshold: 10 },
      ...{ expected: 14, mase: 0.5, coverage: 0.8 },
    });
  });

  it('count grants that end, and are quiet when none does', async () => {
    const counted = (values: number[]) => (request: ForecastRequest) =>
      forecastOf(request, {
        points: values.map((value, n) => ({ at: NOW + n * DAY, value, lower: value, upper: value })),
        ...{ model: 'registry' as const, mase: null },
      });
    const some = watching(counted([0, 2, 3])).watch;
    await some.round();
    const [ending] = some.warnings().warnings.filter(({ series }) => series === 'grants-expiring');
    expect(ending).toMatchObject({ by: NOW + DAY, expected: 5, probability: 1, mase: null });
    const none = watching(counted([0, 0, 0])).watch;
    await none.round();
    expect(none.warnings().warnings).toEqual([]);
  });

  it('say of which series nothing can be told, and why', async () => {
    const hidden = { zh: '历史数据只有 3 天', en: 'The history has 3 days' };
    const { watch } = watching((request) =>
      forecastOf(request, request.id === 'qm' ? { hidden, mase: 1.4, points: [] } : {}),
    );
    await watch.round();
    expect(watch.warnings().hidden).toMatchObject([{ series: 'vendor-risk', id: 'qm', reason: hidden, mase: 1.4 }]);
  });

  it('leave out what the store knows nothing of, and keep what they had when it does not answer', async () => {
    const store: { fault?: Error } = {};
    const { watch } = watching((request) => {
      if (store.fault) throw store.fault;
      if (request.series === 'ingest-lag') throw new WanglouError('WL_NOT_FOUND', 'There is no source "db"');
      return forecastOf(request, request.id === 'aid' ? { crossing: crossing(0.9) } : {});
    });
    await watch.round();
    expect(watch.warnings().warnings.map(({ id }) => id)).toContain('aid');
    expect(watch.warnings().hidden).toEqual([]);
    store.fault = new Error('away');
    await expect(watch.round()).rejects.toThrow('away');
    expect(watch.warnings().warnings.map(({ id }) => id)).toContain('aid');
    expect(watch.warnings().hidden).toEqual([]);
  });
});
