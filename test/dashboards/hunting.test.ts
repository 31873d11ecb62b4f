import { describe, expect, it } from 'vitest';
import { heightOf, lastTop, scrollTopOf, TALLEST_PX, topRow } from '../../dashboards/src/hunting/grid-scroll.ts';
import { filledIn, placesIn } from '../../dashboards/src/hunting/saved-places.ts';
import {
  askedOf,
  columnOf,
  defaultWish,
  huntingHash,
  queryOf,
  wishIn,
  type Wish,
} from '../../dashboards/src/hunting/wish.ts';
import { indexOf, parametersIn, wordBefore } from '../../dashboards/src/hunting/sql-text.ts';
import { wallTime, wallTimeMs } from '../../dashboards/src/hunting/zoned-time.ts';

const of = (query: string): Wish => wishIn(new URLSearchParams(query));

describe('the address of hunting', () => {
  it('says everything that is asked, and what it says is read back', () => {
    const wish: Wish = {
      ...defaultWish(),
      ...{
        span: '',
        from: '2026-03-01T00:00',
        to: '2026-03-02T12:30:05',
        zone: 'Asia/Kathmandu',
        asOf: '2026-04-01T08:00',
      },
      ...{ text: '导出 "a b"', order: 'oldest', view: 'pivot', rows: 'vendor', across: 'fields', measure: 'bytes' },
      where: [
        { field: 'actor', op: 'is', value: 'li&wei=1' },
        { not: { any: [{ field: 'rows', op: 'more', value: 5 }] } },
      ],
      columns: [columnOf('time'), { name: 'raw', width: 777 }],
    };
    expect(of(queryOf(wish))).toEqual(wish);
  });

  it('is empty for the page as it opens, and keeps to what is known of a mistyped one', () => {
    expect(queryOf(defaultWish())).toBe('');
    expect(of('span=5y&zone=Mars&order=up&view=x&rows=raw&columns=colour:9')).toEqual(defaultWish());
  });

  it('hands what is no condition to the server, which says what is wrong', () => {
    expect(askedOf(of('where=nonsense'), 0).get('where')).toBe('{"field":"nonsense","op":"is"}');
    expect(askedOf(of(`where=${encodeURIComponent('{"any":[]}')}`), 0).get('where')).toBe('{"any":[]}');
  });

  it('asks by the clock of the zone', () => {
    const asked = askedOf(of('from=2026-03-01T00:00&to=2026-03-02T00:00&zone=Asia/Shanghai'), 7);
    expect(asked.get('from')).toBe(String(Date.parse('2026-03-01T00:00+08:00')));
    expect(asked.get('asOf')).toBe('7');
    expect(askedOf(of('span=1h'), 3_600_007).get('from')).toBe('7');
  });

  it('leads there from other pages, without what is not known', () => {
    const hash = huntingHash({ actor: 'li.wei', asset: '' }, { from: 0, to: 86_400_000 }, 'UTC');
    const wish = of(hash.split('?')[1]!);
    expect(wish).toMatchObject({
      from: '1970-01-01T00:00',
      to: '1970-01-02T00:00',
      zone: 'UTC',
      where: [{ field: 'actor' }],
    });
    expect(wish.where).toHaveLength(1);
  });
});

describe('times of a zone', () => {
  it.each(['Asia/Shanghai', 'America/New_York', 'Asia/Kathmandu', 'Pacific/Chatham', 'UTC'])(
    'are read as they are written in %s',
    (zone) => {
      for (let at = Date.UTC(2026, 0, 1); at < Date.UTC(2027, 0, 1); at += 36_000_000)
        // In the hour that comes twice, either.
        expect([0, 3_600_000]).toContain(Math.abs(wallTimeMs(wallTime(at, zone), zone) - at));
      expect(wallTimeMs('nonsense', zone)).toBeNaN();
    },
  );
});

describe('a list of any length', () => {
  it('scrolls to its first and its last row, and back to where it was', () => {
    for (const total of [10, 5_000, 3_000_000, 900_000_000]) {
      const grid = { total, rowPx: 28, viewPx: 600 };
      expect(heightOf(grid)).toBeLessThanOrEqual(TALLEST_PX);
      const bottom = Math.max(0, heightOf(grid) - grid.viewPx);
      expect(topRow(grid, 0)).toBe(0);
      expect(topRow(grid, bottom)).toBeGreaterThan(lastTop(grid) - 1.5);
      for (const share of [0.1, 0.5, 0.999]) {
        const row = Math.floor(share * lastTop(grid));
        expect(Math.round(topRow(grid, scrollTopOf(grid, row)))).toBe(row);
      }
    }
  });
});

describe('a saved query with parameters', () => {
  const parameters = [
    { name: 'who', title: '', type: 'text' as const, default: '' },
    { name: 'least', title: '', type: 'number' as const, default: '' },
  ];
  const query = new URLSearchParams({
    where: '[{"field":"actor","op":"is","value":"{{who}}"},{"field":"rows","op":"more","value":"{{least}}"}]',
    text: '{{who}} {{other}}',
  }).toString();

  it('is filled in where it says so, and what is filled in stays a value', () => {
    expect(placesIn(query)).toEqual(['who', 'least', 'other']);
    const filled = new URLSearchParams(filledIn(query, { who: 'a"},{"b', least: '50' }, parameters));
    expect(JSON.parse(filled.get('where')!)).toEqual([
      { field: 'actor', op: 'is', value: 'a"},{"b' },
      { field: 'rows', op: 'more', value: 50 },
    ]);
    expect(filled.get('text')).toBe('a"},{"b {{other}}');
  });
});

describe('the text of a query', () => {
  it('says which parameters it has, each once', () => {
    expect(parametersIn("SELECT {a:String}, { b : Array(UInt64) } WHERE x = {a:String} AND m = {'k': 1}")).toEqual([
      { name: 'a', type: 'String' },
      { name: 'b', type: 'Array(UInt64)' },
    ]);
  });

  it('has the word at the cursor completed, and a place of line and column found', () => {
    expect(wordBefore('SELECT acto FROM', 11)).toEqual({ word: 'acto', from: 7 });
    expect(wordBefore('SELECT ', 7)).toEqual({ word: '', from: 7 });
    expect(indexOf('SELECT\n  file(1)', 2, 3)).toBe(9);
    expect(indexOf('SELECT', 9, 9)).toBe(6);
  });
});
