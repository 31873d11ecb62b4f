import { describe, expect, it } from 'vitest';
import { moodOf, signed, trendLine } from '../../dashboards/src/home/posture-trend.ts';

const points = (...scores: number[]) => scores.map((score, at) => ({ at, score, lowest: score }));

describe('the trend of the score', () => {
  it('goes from left to right, higher scores above', () => {
    expect(trendLine(points(40, 90, 60), 100, 50)).toBe('M0.0 50.0L50.0 0.0L100.0 30.0');
  });

  it('stays calm when the score hardly changes, and on the page when it is at an end of the scale', () => {
    expect(trendLine(points(99, 100), 100, 50)).toBe('M0.0 5.0L100.0 0.0');
    expect(trendLine(points(0, 1), 100, 50)).toBe('M0.0 50.0L100.0 45.0');
  });

  it('is none before there are two scores', () => {
    expect([trendLine([], 9, 9), trendLine(points(50), 9, 9)]).toEqual(['', '']);
  });
});

it('has a colour by how bad it is, and a sign for how it changed', () => {
  expect([100, 80, 79.9, 60, 40, 0].map(moodOf)).toEqual(['good', 'good', 'medium', 'medium', 'high', 'critical']);
  expect([2.06, -3, 0.04].map(signed)).toEqual(['+2.1', '−3', '±0']);
});
