import { describe, expect, it } from 'vitest';
import { equationsOf, queryOf, rangeOf, turned, wishIn } from '../../dashboards/src/coverage/coverage-view.ts';
import type { CoverageCounts } from '../../src/coverage/overview.ts';

const NOW = Date.parse('2026-11-20T09:30:20+08:00');
const wish = (query: string) => wishIn(new URLSearchParams(query));

describe('the span of the coverage ledger', () => {
  it.each([
    ['', '2026-11-20T00:31:00.000Z', '2026-11-20T01:31:00.000Z'],
    ['span=day', '2026-11-19T02:00:00.000Z', '2026-11-20T02:00:00.000Z'],
  ])('is whole steps, with the running one: %s', (query, from, to) => {
    const range = rangeOf(wish(query), NOW);
    expect([new Date(range.from).toISOString(), new Date(range.to).toISOString()]).toEqual([from, to]);
  });

  it('turns to the one before it, back, and to now', () => {
    const before = turned(wish(''), -1, NOW);
    expect(rangeOf(wish(`to=${before}`), NOW).to).toBe(rangeOf(wish(''), NOW).from);
    expect(turned(wish(`to=${before}`), 1, NOW)).toBe(0);
  });

  it('is in the address, and nonsense there is as nothing', () => {
    expect(queryOf(wish('span=month&to=5&source=a%26b'))).toBe('span=month&to=5&source=a%26b');
    expect(queryOf(wish('span=century&to=x'))).toBe('');
  });
});

it('what has to be equal differs by what is missing', () => {
  const counts: CoverageCounts = {
    ...{ received: 12, refused: { full: 2 }, lost: 0, appended: 10, parsed: 9, unparsed: { odd: 1 }, repeated: 1 },
    ...{ stored: 7, evaluated: 9, missed: { silent: 4 }, late: 0, rebuilt: 0, givenUp: 0, minutes: 1, unbalanced: 1 },
    off: { received: 0, appended: 0, parsed: 0, stored: -2, evaluated: -4 },
  };
  expect(equationsOf(counts).map(({ left, right, off }) => [left, right, off])).toEqual([
    [12, 12, 0],
    [10, 10, 0],
    [10, 10, 0],
    [8, 10, -2],
    [5, 9, -4],
  ]);
});
