import { describe, expect, it } from 'vitest';
import { HuntingDesk } from '../../src/hunting/hunting-desk.ts';
import type { EventFilter } from '../../src/hunting/event-filter.ts';
import { RowPlaces, type Order } from '../../src/hunting/row-places.ts';
import { BAR_WIDTHS } from '../../src/store/hunting-queries.ts';
import { FakeHunting } from '../api/fake-hunting.ts';
import { event } from '../api/parts.ts';

const FROM = Date.parse('2026-01-01T00:00:00Z');
const YEAR: EventFilter = { from: FROM, to: FROM + 365 * 86_400_000, zone: 'UTC', asOf: Infinity };

/** Some alone, many within an hour, and many in the same millisecond. */
const times = [
  ...Array.from({ length: 300 }, (_, n) => FROM + n * 86_400_000),
  ...Array.from({ length: 700 }, (_, n) => FROM + 40 * 86_400_000 + n * 5_000),
  ...Array.from({ length: 150 }, () => FROM + 100 * 86_400_000 + 7),
];
const events = times.map((time, n) =>
  event({ id: `00000000-0000-8000-8000-${String((n * 7_919) % 100_000).padStart(12, '0')}`, time }),
);

describe('the rows of a filter', () => {
  it.each<Order>(['newest', 'oldest'])(
    'are each read exactly once, in order, window by window: %s first',
    async (order) => {
      const desk = new HuntingDesk(new FakeHunting(() => events), BAR_WIDTHS);
      const all = (await desk.rows(YEAR, order, 0, events.length)).events.map(({ id }) => id);
      const seen: string[] = [];
      for (let from = 0; from < events.length; from += 97) {
        const { events: window, total } = await desk.rows(YEAR, order, from, 97);
        expect(total).toBe(events.length);
        seen.push(...window.map(({ id }) => id));
      }
      expect(seen).toEqual(all);
      expect(new Set(seen).size).toBe(events.length);
    },
  );

  it('are none behind the last one', async () => {
    const desk = new HuntingDesk(new FakeHunting(() => events), BAR_WIDTHS);
    expect((await desk.rows(YEAR, 'newest', events.length, 10)).events).toEqual([]);
    expect((await desk.rows({ ...YEAR, to: FROM + 1, from: FROM - 1_000 }, 'newest', 0, 10)).events).toHaveLength(1);
  });

  it('are reached in the middle of millions by skipping thousands, not millions', async () => {
    const second = 3_000;
    // 3,000 events in each second of a day.
    const store = {
      slots: async ({ from, to }: EventFilter, slotMs: number) =>
        Array.from({ length: Math.ceil((to - from) / slotMs) }, (_, slot) => ({
          slot,
          events: (Math.min(to, from + (slot + 1) * slotMs) - from - slot * slotMs) * (second / 1_000),
        })),
    };
    const day: EventFilter = { ...YEAR, to: FROM + 86_400_000 };
    const places = new RowPlaces(store);
    expect(await places.total(day)).toBe(259_200_000);
    for (const row of [0, 1, 12_345_678, 129_600_000, 259_199_999]) {
      const place = (await places.find(day, 'newest', row, 100))!;
      expect(place.skip).toBeLessThan(20_000);
      expect(place.count).toBe(Math.min(100, 259_200_000 - row));
      expect((day.to - place.filter.to) * 3 + place.skip).toBe(row);
      expect(place.filter.arrivedFrom).toBe(day.from);
    }
  });
});
