import { globSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { detectors } from '../../detectors/index.ts';
import { DIFFICULTIES } from '../../demo/season/label.ts';
import { match } from '../bench/detection/match.ts';
import { play, type Played } from '../bench/detection/play.ts';
import { missesOf, share, summaryOf } from '../bench/detection/report.ts';

/** Twelve days of the season, after five weeks in which the platform only watched. */
const SHORT = { detectors, seed: 1, first: '2026-07-15', days: 12, leadInDays: 35, volume: 20_000 };
const ANALYSTS = 8;

it('is staged without any knowledge of the detectors', () => {
  const files = globSync('demo/**/*.ts');
  expect(files.length).toBeGreaterThan(80);
  expect(files.filter((file) => /from '[./]*\/detectors\//.test(readFileSync(file, 'utf8')))).toEqual([]);
});

describe('a short season', () => {
  let played: Played;

  beforeAll(async () => (played = await play(SHORT)), 120_000);

  it('is read without a fault, and no detector is parked', () => {
    expect(played.unread).toBe(0);
    expect(played.parked).toEqual([]);
    expect(played.lines).toBeGreaterThan(100_000);
  });

  it('stages each difficulty, and finds nearly all that anybody would see, and most of what hides', () => {
    const matched = match(played);
    const { recall } = summaryOf(played, matched, ANALYSTS);
    const found = DIFFICULTIES.map((difficulty) => share(recall[difficulty].any, recall[difficulty].labels));
    const missed = missesOf(matched).filter(({ foundBy }) => foundBy.length === 0);
    expect(DIFFICULTIES.map((difficulty) => recall[difficulty].labels > 10)).toEqual([true, true, true]);
    expect(found[0], JSON.stringify(missed)).toBeGreaterThanOrEqual(0.96);
    expect(found[1], JSON.stringify(missed)).toBeGreaterThanOrEqual(0.75);
    expect(found[2], JSON.stringify(missed)).toBeGreaterThanOrEqual(0.7);
  });

  it('says little about ordinary life and what only looks bad', () => {
    const { precision, groupsPerAnalystDay } = summaryOf(played, match(played), ANALYSTS);
    expect(precision).toBeGreaterThanOrEqual(0.75);
    expect(groupsPerAnalystDay).toBeLessThanOrEqual(20);
  });

  it(
    'gives the same findings and incidents on eight partitions with a restart in the middle',
    { timeout: 120_000 },
    async () => {
      const again = await play({ ...SHORT, partitions: 8, restartBefore: '2026-07-21' });
      expect([...again.found.keys()].sort()).toEqual([...played.found.keys()].sort());
      expect([...again.incidents.keys()].sort()).toEqual([...played.incidents.keys()].sort());
    },
  );
});
