import { BarChart, LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent, TooltipComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import type { RatePoint } from '../../../src/feed/protocol.ts';
import { clock } from '../format.ts';

use([BarChart, LineChart, GridComponent, LegendComponent, TooltipComponent, CanvasRenderer]);

/** A finding bar covers this many seconds, so that it can be seen. */
const BAR_MS = 10_000;
const WINDOW_MS = 600_000;

export interface RateChart {
  /** Takes colours from the page's theme, and names in its language. */
  style(names: { events: string; findings: string }): void;
  draw(rates: readonly RatePoint[]): void;
  resize(): void;
  dispose(): void;
}

/** Events a second as a line, findings as bars, over the last ten minutes. */
export function startChart(place: HTMLElement): RateChart {
  const chart = init(place, null, { renderer: 'canvas' });
  return {
    style: (names) => chart.setOption(optionOf(names, colours(place)), { notMerge: true }),
    draw: (rates) => {
      const end = rates.at(-1)?.at ?? Date.now();
      chart.setOption({
        xAxis: { min: end - WINDOW_MS, max: end },
        series: [{ data: rates.map(({ at, events }) => [at, events]) }, { data: bars(rates) }],
      });
    },
    resize: () => chart.resize(),
    dispose: () => chart.dispose(),
  };
}

function bars(rates: readonly RatePoint[]): [number, number][] {
  const sums = new Map<number, number>();
  for (const { at, findings } of rates) {
    const middle = Math.floor(at / BAR_MS) * BAR_MS + BAR_MS / 2;
    sums.set(middle, (sums.get(middle) ?? 0) + findings);
  }
  return [...sums].filter(([, findings]) => findings > 0);
}

interface Colours {
  text: string;
  muted: string;
  line: string;
  panel: string;
  events: string;
  findings: string;
  font: string;
}

function colours(place: HTMLElement): Colours {
  const style = getComputedStyle(place);
  const value = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return {
    text: value('text'),
    muted: value('muted'),
    line: value('line'),
    panel: value('panel'),
    events: value('chart-events'),
    findings: value('chart-findings'),
    font: style.fontFamily,
  };
}

/** The tooltip is drawn on the canvas: the page's policy allows no inline style. */
function optionOf(names: { events: string; findings: string }, colour: Colours): Record<string, unknown> {
  const label = { color: colour.muted, fontSize: 11, hideOverlap: true };
  const countAxis = { type: 'value', min: 0, minInterval: 1, splitNumber: 3, axisLabel: label };
  return {
    animation: false,
    textStyle: { fontFamily: colour.font },
    grid: { left: 8, right: 8, top: 32, bottom: 4, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
    legend: { top: 6, left: 8, itemWidth: 12, itemHeight: 8, textStyle: { color: colour.muted, fontSize: 12 } },
    tooltip: {
      trigger: 'axis',
      renderMode: 'richText',
      backgroundColor: colour.panel,
      borderColor: colour.line,
      textStyle: { color: colour.text, fontSize: 12 },
    },
    xAxis: {
      type: 'time',
      containShape: false,
      axisLabel: { ...label, formatter: (at: number) => clock(at).slice(0, 5) },
      axisLine: { lineStyle: { color: colour.line } },
      axisTick: { show: false },
      splitNumber: 5,
    },
    yAxis: [
      { ...countAxis, splitLine: { lineStyle: { color: colour.line } } },
      { ...countAxis, splitLine: { show: false } },
    ],
    series: [
      {
        name: names.events,
        type: 'line',
        z: 3,
        showSymbol: false,
        color: colour.events,
        lineStyle: { width: 1.5 },
        areaStyle: { opacity: 0.12 },
        data: [],
      },
      { name: names.findings, type: 'bar', yAxisIndex: 1, color: colour.findings, barWidth: 4, data: [] },
    ],
  };
}
