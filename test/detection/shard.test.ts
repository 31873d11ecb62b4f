import { z } from 'zod';
import { describe, expect, it } from 'vitest';
import { defineDetector } from '../../src/detection/detector.ts';
import { running } from '../../src/detection/running-detector.ts';
import { Shard } from '../../src/detection/shard.ts';
import { actor } from '../../src/detection/subjects.ts';
import type { Finding } from '../../src/finding/finding.ts';
import { registry, signal } from './engine-fixture.ts';
import { eventAt, judge, NO_BASELINE } from './judge.ts';

const TITLE = { zh: '计数', en: 'Count' };
const SECOND = 1_000;
const HOUR = 3_600_000;

/** Says how many events of an actor it remembers. */
const counting = defineDetector({
  name: 'counting',
  version: 1,
  title: TITLE,
  what: TITLE,
  techniques: [],
  cites: [],
  knownGaps: [],
  settings: z.object({ from: z.number().default(1).describe('Count.') }),
  subject: actor,
  watches: (event) => event.action === 'read',
  start: () => ({ count: 0 }),
  step: (state, event, { settings }) =>
    ++state.count < settings.from ? [] : [signal({ actor: event.actor, observed: state.count })],
  forgetAfterMs: HOUR,
});
const shardOf = () =>
  new Shard(running([counting], { settings: {}, registry, baseline: NO_BASELINE }), () => undefined);
const read = (iso: string, who = 'u-li') => eventAt(iso, { actor: who, action: 'read' });
const observed = (findings: readonly Finding[]) => findings.map((finding) => finding.observed);

describe('a shard', () => {
  it('keeps each subject apart and leaves out what has no subject or is not watched', () => {
    const { signals } = judge(counting, [
      read('2026-11-20T09:00', 'a'),
      read('2026-11-20T09:01', 'b'),
      read('2026-11-20T09:02', 'a'),
      read('2026-11-20T09:03', ''),
      eventAt('2026-11-20T09:04', { actor: 'a' }),
    ]);
    expect(signals.map((one) => [one.actor, one.observed])).toEqual([
      ['a', 1],
      ['b', 1],
      ['a', 2],
    ]);
  });

  it('drops an event id that comes again', () => {
    const event = read('2026-11-20T09:00');
    expect(judge(counting, [event, { ...event }]).signals).toHaveLength(1);
  });

  it('gives a detector its settings', () => {
    const events = [read('2026-11-20T09:00'), read('2026-11-20T09:01')];
    expect(judge(counting, events, { settings: { from: 2 } }).signals).toHaveLength(1);
  });

  it.each([
    ['2026-11-20T10:00', 2],
    ['2026-11-20T10:01', 1],
  ])('remembers a subject for the time that its detectors ask for: at %s it counts %i', (iso, count) => {
    expect(judge(counting, [read('2026-11-20T09:00'), read(iso)]).signals.at(-1)!.observed).toBe(count);
  });

  it('gives the same whether the sweep has come by or not', () => {
    const swept = shardOf();
    const out: Finding[] = [];
    const first = read('2026-11-20T09:00');
    swept.judge(first, first.time, 0, 0, out);
    swept.tick(first.time + HOUR, 10, out);
    expect(swept.tables[0]!.size).toBe(1);
    swept.tick(first.time + HOUR + SECOND, 10, out);
    swept.tick(first.time + HOUR + SECOND, 10, out);
    expect(swept.tables[0]!.size).toBe(0);
    const next = read('2026-11-20T11:00');
    swept.judge(next, next.time, 0, 1, out);
    const kept = shardOf();
    const expected: Finding[] = [];
    kept.judge(first, first.time, 0, 0, expected);
    kept.judge(next, next.time, 0, 1, expected);
    expect(observed(out)).toEqual(observed(expected));
  });

  it('names forgotten subjects for removal, but not one that came back', () => {
    const shard = shardOf();
    const table = shard.tables[0]!;
    for (const [n, who] of ['a', 'b'].entries()) shard.judge(read('2026-11-20T09:00', who), 0, 0, n, []);
    table.sweep(HOUR + SECOND, 10);
    shard.judge(read('2026-11-20T11:00', 'b'), HOUR + 2, 0, 2, []);
    expect(table.drainForgotten()).toEqual(['a']);
  });

  it('keeps a very long name as its digest', () => {
    const shard = shardOf();
    shard.judge(read('2026-11-20T09:00', 'x'.repeat(60_000)), 0, 0, 0, []);
    expect(shard.tables[0]!.drainChanged()[0]!.subject).toMatch(/^sha1:[0-9a-f]{40}$/);
  });
});
