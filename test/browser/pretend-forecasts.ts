import type { ForecastRequest, SeriesForecast } from '../../src/forecast-desk.ts';
import type { EarlyWarning, Warnings } from '../../src/forecast-watch.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const SHOWN = { zh: '', en: '' };

/** Invented forecasts, that look as real ones do. */
export class PretendForecasts {
  early: EarlyWarning[] = [];
  hidden: Warnings['hidden'] = [];
  asked: ForecastRequest[] = [];
  /** What differs from the invented one, for the series that a test looks at. */
  changes: Partial<SeriesForecast> = {};

  async of(request: ForecastRequest): Promise<SeriesForecast> {
    this.asked.push(request);
    const { series, id, step } = request;
    const stepMs = step === 'day' ? DAY_MS : HOUR_MS;
    const today = Math.floor(Date.now() / DAY_MS) * DAY_MS - 8 * HOUR_MS;
    const season = (n: number): number =>
      step === 'day' ? (n % 7 < 5 ? 42 : 14) : 2 + 5 * Math.max(0, Math.sin((n / 24) * 2 * Math.PI));
    const [past, ahead] = step === 'day' ? [28, 7] : [96, 24];
    const value = (n: number): number => Math.round(season(n) * (0.85 + ((n * 7) % 11) * 0.03));
    return {
      ...{ series, id, step, timeZone: 'Asia/Shanghai', computedAt: Date.now() - 60_000, model: 'seasons' },
      history: Array.from({ length: past }, (_, n) => ({ at: today - (past - n) * stepMs, value: value(n) })),
      points: Array.from({ length: ahead }, (_, n) => {
        const expected = season(past + n);
        return { at: today + n * stepMs, value: expected, lower: expected * 0.7, upper: expected * 1.35 };
      }),
      ...{ mase: 0.62, naive: 1.08, coverage: 0.79, covered: 196, hidden: SHOWN },
      specialDays: [
        { at: today - 6 * DAY_MS, kind: 'holiday' },
        { at: today - 5 * DAY_MS, kind: 'holiday' },
        { at: today + 3 * DAY_MS, kind: 'make-up' },
      ],
      crossing: { threshold: 52, probability: 0.72, warning: true, by: today + 4 * DAY_MS },
      ...this.changes,
    };
  }

  warnings(): Warnings {
    const { early: warnings, hidden } = this;
    return { computedAt: Date.now(), timeZone: 'Asia/Shanghai', watched: 63, warnings, hidden };
  }

  /** Some of each kind. */
  pretend(): void {
    const by = Math.floor(Date.now() / DAY_MS) * DAY_MS + 2 * DAY_MS;
    const usual = { by, model: 'seasons' as const, mase: 0.62, coverage: 0.79, covered: 196 };
    this.early = [
      {
        ...{ series: 'grants-expiring', id: '', name: { zh: '全部', en: 'all' } },
        ...{ ...usual, model: 'registry', mase: null, coverage: null, probability: 1, threshold: 1, expected: 4 },
      },
      {
        ...{ series: 'rows', id: 'medical-insurance', name: { zh: '市医疗保障局', en: 'Medical Insurance Bureau' } },
        ...{ ...usual, probability: 0.83, threshold: 182_000, expected: 214_000 },
      },
      {
        ...{ series: 'findings', id: 'bulk-read', name: { zh: '批量读取', en: 'Bulk read' } },
        ...{ ...usual, probability: 0.72, threshold: 12, expected: 15, mase: 0.71, coverage: 0.81 },
      },
      {
        ...{ series: 'vendor-risk', id: 'yunqi', name: { zh: '云启信息', en: 'Yunqi' } },
        ...{ ...usual, probability: 0.64, threshold: 65, expected: 71, mase: 0.9, coverage: 0.76 },
      },
    ];
    const reason = {
      zh: '历史数据只有 12 天，至少需要 48 天才能检验预测',
      en: 'The history has 12 days; 48 are needed',
    };
    this.hidden = [
      { series: 'ingest-lag', id: 'tax-db', name: { zh: '税务数据库审计', en: 'Tax audit' }, reason, mase: null },
    ];
  }
}
