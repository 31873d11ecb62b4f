import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OrderedMerge } from '../../src/detection/ordered-merge.ts';
import { emptyEvent, type Event } from '../../src/event/event.ts';

const at = (ingestTime: number, sequence: number): Event => ({ ...emptyEvent(), ingestTime, sequence });

describe('the merge over partitions', () => {
  it('gives one order, whatever the partitions and the order in which their records come', () => {
    const steps = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(steps, fc.integer({ min: 2, max: 8 }), fc.infiniteStream(fc.nat()), (pauses, partitions, random) => {
        let clock = 0;
        const events = pauses.map((pause, sequence) => at((clock += pause), sequence));
        const lanes = Array.from({ length: partitions }, (_, p) =>
          events.filter(({ sequence }) => sequence % partitions === p),
        );
        const released: number[] = [];
        const merge = new OrderedMerge([...lanes.keys()], ({ sequence }) => released.push(sequence));
        const offsets = lanes.map(() => 0);
        while (lanes.some((lane, p) => offsets[p]! < lane.length)) {
          const p = random.next().value % partitions;
          const event = lanes[p]![offsets[p]!];
          if (event === undefined) continue;
          merge.add(p, { offset: offsets[p]!++, events: [event], indexes: undefined }, -Infinity);
          merge.drain();
        }
        for (const [p, offset] of offsets.entries())
          merge.add(p, { offset, events: [], indexes: undefined }, clock + 1);
        merge.drain();
        expect(released).toEqual(events.map(({ sequence }) => sequence));
      }),
    );
  });

  it('passes everything straight through when there is one partition', () => {
    const released: number[] = [];
    const merge = new OrderedMerge([3], (_event, clock) => released.push(clock));
    merge.add(3, { offset: 0, events: [at(10, 0), at(5, 1), at(12, 2)], indexes: undefined }, -Infinity);
    expect(released).toEqual([10, 10, 12]);
  });

  it('begins a restart at the first event that is held, in the middle of its record', () => {
    const merge = new OrderedMerge([0, 1], () => undefined);
    merge.add(0, { offset: 7, events: [at(10, 0), at(20, 1)], indexes: [0, 4] }, -Infinity);
    merge.add(1, { offset: 2, events: [], indexes: undefined }, 15);
    merge.drain();
    expect(merge.held).toBe(1);
    expect(merge.cut(0)).toEqual({ offset: 7, place: 7 * 1_048_576 + 4, clock: 10 });
    expect(merge.cut(1)).toMatchObject({ offset: 3, clock: 15 });
  });
});
