import { LineChart } from 'echarts/charts';
import {
  GridComponent,
  LegendComponent,
  MarkAreaComponent,
  MarkLineComponent,
  TooltipComponent,
} from 'echarts/components';
import { init, use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { dayIn, fullTime, measured } from '../format.ts';
import type { SeriesForecast } from './forecast.ts';

use([
  LineChart,
  GridComponent,
  LegendComponent,
  MarkAreaComponent,
  MarkLineComponent,
  TooltipComponent,
  CanvasRenderer,
]);

export type Names = Record<'history' | 'forecast' | 'interval' | 'threshold' | 'holiday' | 'make-up', string>;

export interface ForecastChart {
  draw(forecast: SeriesForecast, names: Names): void;
  resize(): void;
  dispose(): void;
}

const DAY_MS = 86_400_000;

export function startForecastChart(place: HTMLElement): ForecastChart {
  const chart = init(place, null, { renderer: 'canvas' });
  return {
    draw: (forecast, names) => chart.setOption(optionOf(forecast, names, place), { notMerge: true }),
    resize: () => chart.resize(),
    dispose: () => chart.dispose(),
  };
}

type Point = [at: number, value: number | null];

/** The tooltip is drawn on the canvas: the page's policy allows no inline style. */
function optionOf(forecast: SeriesForecast, names: Names, place: HTMLElement): Record<string, unknown> {
  const { history, points, step, crossing } = forecast;
  const style = getComputedStyle(place);
  const colour = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  const label = { color: colour('muted'), fontSize: 11, hideOverlap: true };
  const said = (at: number): string => (step === 'day' ? dayIn(at, forecast.timeZone) : fullTime(at).slice(0, 16));
  const last = history.at(-1);
  const begin: Point[] = last && last.value !== null && points.length > 0 ? [[last.at, last.value]] : [];
  const line = (name: string, data: Point[], more: object): object => ({
    ...{ name, type: 'line', data, showSymbol: false, symbol: 'circle', symbolSize: 5 },
    ...more,
  });
  const band = { stack: 'interval', lineStyle: { opacity: 0 }, showSymbol: false, silent: true };
  return {
    animation: false,
    textStyle: { fontFamily: style.fontFamily },
    grid: { left: 8, right: 16, top: 36, bottom: 4, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
    legend: {
      ...{ top: 4, left: 8, itemWidth: 14, itemHeight: 8, textStyle: { color: colour('muted'), fontSize: 12 } },
      data: [names.history, names.forecast, names.interval],
    },
    tooltip: {
      ...{ trigger: 'axis', renderMode: 'richText', backgroundColor: colour('panel'), borderColor: colour('line') },
      textStyle: { color: colour('text'), fontSize: 12 },
      formatter: (shown: readonly { axisValue: number }[]) => told(forecast, names, shown[0]?.axisValue ?? 0, said),
    },
    xAxis: {
      type: 'time',
      axisLabel: { ...label, formatter: (at: number) => said(at).slice(5) },
      axisLine: { lineStyle: { color: colour('line') } },
      axisTick: { show: false },
      splitNumber: 8,
    },
    yAxis: {
      ...{
        type: 'value',
        min: 0,
        splitNumber: 4,
        axisLabel: { ...label, formatter: (value: number) => measured(value) },
      },
      splitLine: { lineStyle: { color: colour('line') } },
    },
    series: [
      line(
        names.history,
        history.map(({ at, value }): Point => [at, value]),
        {
          color: colour('chart-events'),
          lineStyle: { width: 1.5 },
          markArea: areasOf(forecast, names, colour),
        },
      ),
      line(names.forecast, [...begin, ...points.map(({ at, value }): Point => [at, value])], {
        ...{ color: colour('chart-findings'), lineStyle: { width: 2, type: 'dashed' }, z: 4 },
        markLine:
          crossing === undefined
            ? undefined
            : {
                ...{ symbol: 'none', silent: true, data: [{ yAxis: crossing.threshold }] },
                lineStyle: { color: colour('medium'), type: 'dotted' },
                label: {
                  ...{ position: 'insideStartTop', color: colour('medium'), fontSize: 11 },
                  formatter: `${names.threshold} ${measured(crossing.threshold)}`,
                },
              },
      }),
      line('lower', [...begin, ...points.map(({ at, lower }): Point => [at, lower])], {
        ...band,
        areaStyle: { opacity: 0 },
        tooltip: { show: false },
      }),
      line(
        names.interval,
        [...begin.map(([at]): Point => [at, 0]), ...points.map(({ at, lower, upper }): Point => [at, upper - lower])],
        { ...band, color: colour('chart-findings'), areaStyle: { opacity: 0.2 } },
      ),
    ],
  };
}

/** A day's own point stands in the middle of it; its hours follow its beginning. */
function areasOf({ specialDays, step }: SeriesForecast, names: Names, colour: (name: string) => string): object {
  const tone = { holiday: colour('good'), 'make-up': colour('medium') };
  const before = step === 'day' ? DAY_MS / 2 : 0;
  return {
    silent: true,
    data: specialDays.map(({ at, kind }, n) => [
      {
        xAxis: at - before,
        // Neighbours of one kind are named once.
        name: specialDays[n - 1]?.kind === kind && at - specialDays[n - 1]!.at <= DAY_MS ? '' : names[kind],
        itemStyle: { color: tone[kind], opacity: 0.1 },
        label: { color: tone[kind], fontSize: 11, position: 'insideTop' },
      },
      { xAxis: at - before + DAY_MS },
    ]),
  };
}

function told({ history, points }: SeriesForecast, names: Names, at: number, said: (at: number) => string): string {
  const past = history.find((one) => one.at === at);
  const ahead = points.find((one) => one.at === at);
  const lines = [
    said(at),
    ...(past?.value == null ? [] : [`${names.history} ${measured(past.value)}`]),
    ...(ahead === undefined
      ? []
      : [
          `${names.forecast} ${measured(ahead.value)}`,
          `${names.interval} ${measured(ahead.lower)}–${measured(ahead.upper)}`,
        ]),
  ];
  return lines.join('\n');
}
