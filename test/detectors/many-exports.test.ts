import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { eventAt, judge } from '../detection/judge.ts';
import { manyExports } from './many-exports.ts';

describe('the detector in README.md', () => {
  const exportsFrom = (count: number, minutesApart: number) =>
    Array.from({ length: count }, (_, n) =>
      eventAt(new Date(Date.UTC(2026, 10, 20, 1, n * minutesApart)).toISOString(), { actor: 'li', action: 'export' }),
    );

  it('finds twenty exports within an hour', () => {
    expect(judge(manyExports, exportsFrom(19, 3)).signals).toEqual([]);
    expect(judge(manyExports, exportsFrom(20, 3)).signals).toMatchObject([{ actor: 'li', observed: 20 }]);
  });

  it('stays quiet when they are spread over longer', () => {
    expect(judge(manyExports, exportsFrom(40, 4)).signals).toEqual([]);
  });

  it('is the one that is tested here', () => {
    const shown = /```ts\n([\s\S]*?)```/.exec(readFileSync('README.md', 'utf8'))?.[1] ?? '';
    const tested = readFileSync('test/detectors/many-exports.ts', 'utf8');
    const body = (text: string): string => text.slice(text.indexOf('export const')).replace(/\s+/g, ' ').trim();
    expect(shown).toContain('defineDetector');
    expect(body(shown)).toBe(body(tested));
  });
});
