import { beforeEach, describe, expect, it } from 'vitest';
import { Queue, type QueueCalls } from '../../dashboards/src/findings/queue.ts';
import { Selection } from '../../dashboards/src/findings/selection.ts';
import type { QueuedFinding } from '../../src/finding/finding-filter.ts';
import { finding } from '../feed/samples.ts';

const at = (name: string, raisedAt: number): QueuedFinding => ({ ...finding(name), raisedAt });
const idOf = (name: string): string => finding(name).id;
const [a, b, c] = [at('a', 3), at('b', 2), at('c', 1)];

/** What the server has, the last raised first; pages have two. */
let stored: QueuedFinding[];
let asked: string[][];
let queue: Queue;
beforeEach(() => {
  stored = [a, b, c];
  asked = [];
  const calls: QueueCalls = {
    first: async () => ({ findings: stored.slice(0, 2), isAll: stored.length <= 2 }),
    ids: async () => stored.map(({ id }) => id),
    counts: async () => Promise.reject(new Error('busy')),
    groups: async () => [{ key: '', title: { zh: '', en: '' }, findings: 3, severity: 'high', raisedAt: 3 }],
    rows: async (ids) => {
      asked.push([...ids]);
      return stored.filter(({ id }) => ids.includes(id));
    },
  };
  queue = new Queue(calls);
});

describe('the queue of the page', () => {
  it('has a place for every finding, and asks for those that somebody looks at, once', async () => {
    await queue.load({}, '', () => []);
    expect(queue.places.value).toEqual(['a', 'b', 'c'].map(idOf));
    await Promise.all([queue.need(queue.places.value), queue.need(queue.places.value)]);
    expect(asked).toEqual([[c.id]]);
    expect(queue.rows.get(c.id)).toEqual(c);
  });

  it('puts what is new where it was raised, and moves what was raised again', async () => {
    await queue.load({}, '', () => []);
    queue.insert([at('new', 2.5), { ...b, revision: 2, raisedAt: 9 }]);
    expect(queue.places.value).toEqual(['b', 'a', 'new', 'c'].map(idOf));
  });

  it('has what the server does not have yet from the beginning', async () => {
    await queue.load({}, '', () => [at('live', 7)]);
    expect(queue.places.value[0]).toBe(idOf('live'));
  });

  it('keeps its order while what is known of a finding changes, and never goes back to less', async () => {
    await queue.load({}, '', () => []);
    queue.revise([{ ...b, revision: 5, raisedAt: 99 }]);
    queue.revise([{ ...b, revision: 4 }]);
    expect(queue.rows.get(b.id)?.revision).toBe(5);
    expect(queue.places.value).toEqual(['a', 'b', 'c'].map(idOf));
  });

  it('shows what was there when the server fails, and says so', async () => {
    await queue.load({}, '', () => []);
    stored = null as never;
    await queue.load({}, '', () => []);
    expect(queue.fault.value).toBeInstanceOf(Error);
    expect(queue.places.value).toHaveLength(3);
  });

  it('shows the findings of a group while it is open', async () => {
    await queue.load({}, 'vendor', () => []);
    expect(queue.places.value).toEqual(['group:']);
    await queue.toggleGroup(queue.groupAt('group:')!);
    expect(queue.places.value).toEqual(['group:', ...['a', 'b', 'c'].map(idOf)]);
    await queue.toggleGroup(queue.groupAt('group:')!);
    expect(queue.places.value).toEqual(['group:']);
  });
});

describe('the selection', () => {
  it('extends from what was selected last, both ways, and leaves the heads of groups out', () => {
    const selection = new Selection();
    const places = ['group:x', '1', '2', 'group:y', '3', '4'];
    selection.toggle('2');
    selection.extendTo('4', places);
    selection.extendTo('1', places);
    expect([...selection.ids.value].sort()).toEqual(['1', '2', '3', '4']);
    selection.toggle('3');
    expect(selection.ids.value.has('3')).toBe(false);
    selection.clear();
    expect(selection.ids.value.size).toBe(0);
  });

  it('takes no more than can be decided on at once', () => {
    const selection = new Selection();
    selection.all(Array.from({ length: 3_000 }, (_, n) => `f${n}`));
    expect(selection.ids.value.size).toBe(1_000);
    expect(selection.ids.value.has('f999')).toBe(true);
  });
});
