import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { DayPlan } from '../../demo/activity/day-plan.ts';
import { LOOK_ALIKE } from '../../demo/activity/look-alikes.ts';
import { dayLines } from '../../demo/day.ts';
import { history } from '../../demo/history.ts';
import { incidents, labels } from '../../demo/incidents.ts';
import type { Line } from '../../demo/line.ts';
import { buildPlatform } from '../../demo/platform.ts';

const WORKDAY = '2026-11-20';
const REST_DAY = '2026-11-21';
const DETECTORS = [
  'brute-force',
  'bulk-read',
  'first-time-asset',
  'off-hours-access',
  'password-spray',
  'vendor-after-contract',
];
const small = { volume: 45_000 };

function isLabelled(incident: string): boolean {
  return incident !== '' && !incident.startsWith(LOOK_ALIKE);
}

function digest(lines: Iterable<Line>): string {
  const hash = createHash('sha256');
  for (const { atMs, source, transport, line } of lines) hash.update(`${atMs} ${source} ${transport} ${line}\n`);
  return hash.digest('hex');
}

describe('the simulated day', () => {
  const platform = buildPlatform(7, WORKDAY);
  const lines = [...dayLines(platform, WORKDAY, small)];

  it('is the same, byte for byte, for the same seed, and another for another seed', () => {
    expect(digest(dayLines(buildPlatform(7, WORKDAY), WORKDAY, small))).toBe(digest(lines));
    expect(digest(dayLines(buildPlatform(8, WORKDAY), WORKDAY, small))).not.toBe(digest(lines));
  });

  it('comes in the order of time and stays within the day', () => {
    expect(lines.filter(({ atMs }, i) => i > 0 && atMs < lines[i - 1]!.atMs)).toEqual([]);
    expect(lines[0]!.atMs).toBeGreaterThanOrEqual(Date.parse(`${WORKDAY}T00:00:00+08:00`));
    expect(lines.at(-1)!.atMs).toBeLessThan(Date.parse(`${REST_DAY}T00:00:00+08:00`));
  });

  it('has about the volume that was asked for', () => {
    expect(lines.length).toBeGreaterThan(40_000);
    expect(lines.length).toBeLessThan(50_000);
  });

  it('begins in the middle with the lines that a whole day has from there on', () => {
    const fromMs = Date.parse(`${WORKDAY}T13:37:11+08:00`);
    expect(digest(dayLines(platform, WORKDAY, { ...small, fromMs }))).toBe(
      digest(lines.filter((line) => line.atMs >= fromMs)),
    );
  });

  it('carries no line break or other control character', () => {
    // eslint-disable-next-line no-control-regex -- control characters are what is looked for
    expect(lines.filter(({ line }) => /[\u0000-\u001f\u007f]/.test(line))).toEqual([]);
  });
});

describe('the labelled incidents', () => {
  it.each([WORKDAY, REST_DAY])('are all really in the stream of %s', (day) => {
    const platform = buildPlatform(11, WORKDAY);
    const counts = new Map<string, number>();
    for (const { incident } of dayLines(platform, day, { volume: 0 }))
      if (isLabelled(incident)) counts.set(incident, (counts.get(incident) ?? 0) + 1);
    for (const { label, lines } of incidents(new DayPlan(platform, day))) {
      expect(label.from).toBeLessThanOrEqual(label.to);
      expect(counts.get(label.id), label.id).toBe(lines.filter((line) => line.atMs < label.from + 86_400_000).length);
    }
    expect(counts.size).toBe(labels(new DayPlan(platform, day)).length);
  });

  it('have at least four expected variants of each detector on a workday, and hard ones that it may miss', () => {
    const all = labels(new DayPlan(buildPlatform(7, WORKDAY), WORKDAY));
    for (const detector of DETECTORS) {
      const own = all.filter((label) => label.detector === detector);
      expect(own.filter((label) => label.expected).length, detector).toBeGreaterThanOrEqual(4);
      expect(own.filter((label) => !label.expected).length, detector).toBeGreaterThanOrEqual(1);
    }
    expect(new Set(all.map((label) => label.id)).size).toBe(all.length);
  });

  it.each([1, 2, 3, 4, 5])(
    'can be cast for seed %i, one of each kind before half past seven in the morning',
    (seed) => {
      const early = labels(new DayPlan(buildPlatform(seed, WORKDAY), WORKDAY)).filter(
        (label) => label.expected && label.to < Date.parse(`${WORKDAY}T07:30:00+08:00`),
      );
      expect([...new Set(early.map((label) => label.detector))].sort()).toEqual(DETECTORS);
    },
  );

  it('are absent from a quiet day', () => {
    const platform = buildPlatform(7, WORKDAY);
    for (const { incident } of dayLines(platform, WORKDAY, { volume: 0, quiet: true }))
      expect(isLabelled(incident)).toBe(false);
  });
});

describe('the history', () => {
  it('has five weeks of accesses, in order, that load in seconds', () => {
    let count = 0;
    let last = 0;
    let disorder = 0;
    for (const { atMs } of history(buildPlatform(7, WORKDAY))) {
      if (atMs < last) disorder++;
      last = atMs;
      count++;
    }
    expect(disorder).toBe(0);
    expect(count).toBeGreaterThan(60_000);
    expect(count).toBeLessThan(250_000);
    expect(last).toBeLessThan(Date.parse(`${WORKDAY}T00:00:00+08:00`));
  });
});
