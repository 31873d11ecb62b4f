import { expect, it } from 'vitest';
import { Recent } from '../../src/event-log/recent.ts';

const record = (offset: number, bytes = 10) => ({
  topic: 'events' as const,
  partition: 0,
  offset,
  key: '',
  value: new Uint8Array(bytes),
});

const offsets = (recent: Recent) => [0, 1, 2, 3, 4].filter((offset) => recent.get(offset) !== undefined);

it('lets the oldest records go when there is no room', () => {
  const recent = new Recent(30);
  for (let offset = 0; offset < 5; offset++) recent.add(record(offset));
  expect(offsets(recent)).toEqual([2, 3, 4]);
  recent.add(record(5, 100));
  expect(offsets(recent)).toEqual([]);
});

it('lets go of what everybody has had', () => {
  const recent = new Recent(1_000);
  for (let offset = 0; offset < 5; offset++) recent.add(record(offset));
  recent.forgetBelow(3);
  expect(offsets(recent)).toEqual([3, 4]);
});
