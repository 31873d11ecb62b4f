import { mean } from 'simple-statistics';
import { isHidden } from './posture/forecast/forecast.ts';
import { insideOf, judgedAt } from './posture/forecast/judge.ts';
import { historyOf, type History, type ModelName } from './posture/forecast/models.ts';
import { A_DAY, naiveError, pathError, pathsAt, trainingSteps } from './posture/forecast/rolling.ts';
import { dayIndex, HORIZON, type Series } from './posture/forecast/series.ts';

/** A series with the position from which on forecasts are judged. */
export interface ReportSeries {
  series: string;
  /** '' for all. */
  id: string;
  data: Series;
  firstOfYear: number;
}

/** How forecasts of one series did that were made on every day of a year, each knowing only what lay before it. */
export interface ReportRow {
  series: string;
  id: string;
  step: Series['step'];
  /** The one that was chosen most often, and its share of the origins. */
  model: ModelName;
  modelShare: number;
  forecasts: number;
  mase: number;
  naive: number;
  /** Share of the values that lay in the 80 % interval. */
  coverage: number;
  hidden: boolean;
  /** Over forecasts that reach into a week with a holiday or make-up day, with the calendar and by weekdays alone. */
  holidayMase: number;
  holidayMaseWithout: number;
}

export function reportRow({ series, id, data, firstOfYear }: ReportSeries): ReportRow {
  const origins = originsFrom(trainingSteps(data.step), data);
  const ofYear = origins.filter((origin) => origin >= firstOfYear);
  const holidays = ofYear.filter((origin) => reachesHoliday(data, origin));
  const history = historyOf(data, true);
  const walk = walked(history, origins, ofYear);
  const without = walked(historyOf(data, false), origins, holidays);
  const [mase, naive] = [meanOf(walk, ofYear, 'error'), meanOf(walk, ofYear, 'naive')];
  return {
    series,
    id,
    step: data.step,
    ...favourite([...walk.values()].map(({ model }) => model)),
    forecasts: ofYear.length,
    mase,
    naive,
    coverage: meanOf(walk, ofYear, 'inside') / HORIZON[data.step],
    hidden: isHidden(mase, naive),
    holidayMase: meanOf(walk, holidays, 'error'),
    holidayMaseWithout: meanOf(without, holidays, 'error'),
  };
}

/** The first that lies at the same hour as the series begins, and one each day. */
function originsFrom(first: number, { step, values }: Series): number[] {
  const count = Math.floor((values.length - HORIZON[step] - first) / A_DAY[step]) + 1;
  return Array.from({ length: Math.max(0, count) }, (_, n) => first + n * A_DAY[step]);
}

interface Walked {
  model: ModelName;
  /** As multiples of the naive error of the whole past. */
  error: number;
  naive: number;
  /** Values in the interval. */
  inside: number;
}

function walked(history: History, origins: readonly number[], judged: readonly number[]): Map<number, Walked> {
  const paths = pathsAt(history, origins);
  return new Map(
    judged.flatMap((origin): [number, Walked][] => {
      const { model, path, intervals } = judgedAt(history, paths, origin) ?? {};
      if (model === undefined || intervals === undefined) return [];
      const scale = naiveError(history, origin);
      const error = pathError(history, origin, path) / scale;
      const naive = pathError(history, origin, paths.get(origin)?.get('naive')) / scale;
      return [[origin, { model, error, naive, inside: insideOf(history, origin, intervals) }]];
    }),
  );
}

function meanOf(
  walk: ReadonlyMap<number, Walked>,
  origins: readonly number[],
  of: 'error' | 'naive' | 'inside',
): number {
  return mean(origins.flatMap((origin) => walk.get(origin)?.[of] ?? []));
}

function favourite(models: readonly ModelName[]): { model: ModelName; modelShare: number } {
  const [model, chosen] = [...Map.groupBy(models, (name) => name)].sort(([, a], [, b]) => b.length - a.length)[0]!;
  return { model, modelShare: chosen.length / models.length };
}

function reachesHoliday(series: Series, origin: number): boolean {
  const last = dayIndex(series, origin + HORIZON[series.step] - 1);
  const kinds = series.dayKinds.slice(dayIndex(series, origin), last + 1);
  return kinds.some((kind) => kind === 'holiday' || kind === 'make-up');
}

/** The rows as a Markdown table, with what they mean. @param command by which the same comes out again */
export function reportText(rows: readonly ReportRow[], command: string): string {
  const head = [
    'series',
    'model',
    'MASE',
    'of naive',
    '80 % interval holds',
    'shown',
    'holiday weeks',
    'by weekdays only',
  ];
  const lines = rows.map((row) => [
    `${row.series} ${row.id || '(all)'}${row.step === 'hour' ? ', hourly' : ''}`,
    `${row.model} (${percent(row.modelShare)})`,
    row.mase.toFixed(2),
    row.naive.toFixed(2),
    percent(row.coverage),
    row.hidden ? 'hidden' : 'yes',
    row.holidayMase.toFixed(2),
    row.holidayMaseWithout.toFixed(2),
  ]);
  const table = [head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`);
  return [...table, '', ...NOTES, '', holidayText(rows), '', `Again: ${command}`].join('\n');
}

/** Whether it helps to know the calendar, in one sentence. */
function holidayText(rows: readonly ReportRow[]): string {
  const means = [mean(rows.map((row) => row.holidayMase)), mean(rows.map((row) => row.holidayMaseWithout))];
  const [knowing, without] = means.map((value) => value.toFixed(2));
  const better = rows.filter((row) => row.holidayMase < row.holidayMaseWithout).length;
  return `In weeks with a holiday or make-up day: MASE ${knowing} on average with the calendar, ${without} without; better for ${better} of ${rows.length} series.`;
}

const NOTES = [
  `Each row: a forecast of ${HORIZON.day} days (hourly: ${HORIZON.hour} hours) on every day of the year, by the model that did best`,
  'over the four weeks before it, which knew nothing of what followed. MASE: mean absolute error as a multiple of the error',
  'that repeating the last value made at the same distances in all of the past; the forecast is hidden when it is',
  'above 1 or not below that of naive. The last two columns: MASE of forecasts that reach a holiday or a make-up day.',
];

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
