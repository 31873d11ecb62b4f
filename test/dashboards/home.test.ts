import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { askedIn, bandOf, queryOf } from '../../dashboards/src/home/forecast.ts';
import { addressOfCell, moved, stepOf, type Heat } from '../../dashboards/src/home/heat.ts';
import { keepLook, lookBefore } from '../../dashboards/src/home/last-look.ts';
import { barsOf, lineOf, niceTop } from '../../dashboards/src/home/rate-chart.ts';

describe('a forecast in the address', () => {
  const asked = (query: string) => askedIn(new URLSearchParams(query));

  it('is read back as it was written', () => {
    const one = { series: 'rows', id: 'tax/&=', step: 'hour' } as const;
    expect(asked(queryOf(one))).toEqual(one);
  });

  it('is none for a series that there is not, and by day where hours are not known', () => {
    expect([asked(''), asked('series=weather')]).toEqual([undefined, undefined]);
    expect(asked('series=vendor-risk&id=qm&step=hour')).toEqual({ series: 'vendor-risk', id: 'qm', step: 'day' });
    expect(asked('series=rows&step=year')).toEqual({ series: 'rows', id: '', step: 'day' });
  });
});

it('draws the band around the forecast, from where the history ended', () => {
  const history = [0, 10].map((value, at) => ({ at, value }));
  const points = [2, 3].map((at) => ({ at, value: 10, lower: 5, upper: 20 }));
  const { past, ahead, band } = bandOf({ history, points }, 10, 30, 20);
  expect(past).toBe('M0.0 20.0L10.0 10.0');
  expect(ahead).toBe('M10.0 10.0L20.0 10.0L30.0 10.0');
  expect(band).toBe('M10.0 10.0L20.0 0.0L30.0 0.0L30.0 15.0L20.0 15.0Z');
  expect(bandOf({ history, points: [] }, 10, 30, 20).band).toBe('');
});

describe('the heat map', () => {
  it('shows a little beside much, and nothing as nothing', () => {
    expect([0, 3, 100, 400].map((weight) => stepOf(weight, 400))).toEqual([0, 1, 3, 5]);
  });

  it('leads to the hour of a cell, and to the whole week where hours are added up', () => {
    const heat = { from: 0, to: 9 * 3_600_000, columns: [{ hour: 8, at: 3_600_000 }] } as unknown as Heat;
    expect(addressOfCell(heat, 'a&b', 0)).toBe('#/findings?department=a%26b&from=3600000&to=7200000');
    const week = { ...heat, columns: [{ hour: 0, at: null }] };
    expect(addressOfCell(week, '', 0)).toBe('#/findings?department=&from=0&to=32400000');
  });

  it('is left by no arrow', () => {
    expect(moved('ArrowUp', 0, 5, 3, 24)).toEqual([0, 5]);
    expect(moved('ArrowDown', 2, 5, 3, 24)).toEqual([2, 5]);
    expect(moved('ArrowRight', 1, 23, 3, 24)).toEqual([1, 23]);
    expect(moved('Home', 1, 23, 3, 24)).toEqual([1, 0]);
    expect(moved('x', 1, 1, 3, 24)).toBeUndefined();
  });
});

describe('the rates', () => {
  const rate = (at: number, events: number, findings = 0) => ({ at, events, unparsed: 0, findings });

  it('have a scale of round numbers', () => {
    expect([1, 7, 10, 2_627, 51_000].map(niceTop)).toEqual([1, 10, 10, 5_000, 100_000]);
  });

  it('are a line over the last ten minutes, with no area where nothing is known', () => {
    const { line, area } = lineOf([rate(-1, 9), rate(300_000, 5), rate(600_000, 10)], 600_000, 10, 100, 10);
    expect(line).toBe('M50.0 5.0L100.0 0.0');
    expect(area).toBe(`${line}V10H50.0Z`);
    expect(lineOf([rate(0, 1)], 0, 10, 100, 10).line).toBe('');
  });

  it('have findings by ten seconds', () => {
    const bars = barsOf([rate(590_000, 0, 1), rate(591_000, 0, 2), rate(595_000, 0, 0)], 600_000, 600, 10);
    expect(bars).toEqual([{ at: 590_000, box: { x: 590, y: 0, width: 6, height: 10 } }]);
  });
});

describe('when somebody last looked', () => {
  const kept = new Map<string, string>();
  const before = globalThis.localStorage;
  beforeEach(() => {
    kept.clear();
    Object.defineProperty(globalThis, 'localStorage', {
      value: {
        getItem: (key: string) => kept.get(key) ?? null,
        setItem: (key: string, text: string) => kept.set(key, text),
      },
      configurable: true,
    });
  });
  afterEach(() => Object.defineProperty(globalThis, 'localStorage', { value: before, configurable: true }));
  const look = { at: 1_000_000, silent: ['db'], warnings: [] };

  it('is told after five minutes, of that account alone', () => {
    keepLook('lina', look, undefined);
    expect(lookBefore('lina', look.at + 300_000)).toBeUndefined();
    expect(lookBefore('lina', look.at + 300_001)).toEqual(look);
    expect(lookBefore('wang', look.at + 300_001)).toBeUndefined();
  });

  it('survives loading the page again while what changed is still shown', () => {
    keepLook('lina', { ...look, at: 2_000_000 }, look);
    expect(lookBefore('lina', 2_000_001)).toEqual(look);
    expect(lookBefore('lina', 3_000_000)).toEqual({ ...look, at: 2_000_000 });
  });

  it('is never in nonsense, nor in the future', () => {
    for (const text of ['{', '7', '{"at":"x"}', '{"at":1,"silent":[1],"warnings":[]}']) {
      kept.set('wanglou.look.lina', text);
      expect(lookBefore('lina', 9_000_000)).toBeUndefined();
    }
    keepLook('lina', { ...look, at: 10_000_000 }, undefined);
    expect(lookBefore('lina', 9_000_000)).toBeUndefined();
  });
});
