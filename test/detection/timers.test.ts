import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineDetector, type Detector } from '../../src/detection/detector.ts';
import { source } from '../../src/detection/subjects.ts';
import { momentOf, Timers } from '../../src/detection/timers.ts';
import { appendAll, revisions, signal, startEngine } from './engine-fixture.ts';
import { eventAt } from './judge.ts';
import { MemoryLog } from './memory-log.ts';

const TEXT = { zh: '静默', en: 'Quiet' };
const MINUTE = 60_000;
const START = Date.parse('2026-11-20T01:00:00Z');

/** Says after each minute of quiet how many lines a source had, until it has said it twice. */
const quietSource = defineDetector({
  name: 'quiet-source',
  version: 1,
  title: TEXT,
  what: TEXT,
  techniques: [],
  cites: [],
  knownGaps: [],
  settings: z.object({}),
  subject: source,
  watches: () => true,
  start: () => ({ lines: 0, last: 0, said: 0 }),
  step(state, event) {
    state.lines++;
    state.last = event.ingestTime;
    state.said = 0;
    return [];
  },
  wakeAt: ({ last, said }) => (said === 2 ? Infinity : last + (said + 1) * MINUTE),
  due(state, moment) {
    state.said++;
    const groupKey = `${moment.source} ${moment.time}`;
    return [signal({ observed: state.lines, threshold: moment.time - START, groupKey })];
  },
  forgetAfterMs: 24 * 60 * MINUTE,
}) as unknown as Detector;

/** Lines of two sources, a line every few seconds, with breaks of two and a half and of one minute. */
const lines = [0, 5, 9, 12, 162, 163, 170, 230, 231, 400].flatMap((second, n) =>
  ['a', 'b'].map((name, i) =>
    eventAt(new Date(START + second * 1000).toISOString(), {
      id: `00000000-0000-8000-8000-0000000000${10 + n * 2 + i}`,
      sequence: n * 2 + i,
      source: name,
      account: `officer${n + 3 * i}`,
    }),
  ),
);

async function run(partitions: number, perRecord: number, part = lines.length) {
  const log = new MemoryLog(partitions);
  for (let from = 0; from < lines.length; from += part) {
    await appendAll(log, lines.slice(from, from + part), perRecord);
    const { engine } = await startEngine(log, { detectors: [quietSource] });
    await log.idle();
    await engine.stop();
  }
  const found = [...revisions(log).values()].sort((a, b) => a.threshold - b.threshold);
  return found.map(({ observed, threshold }) => `${observed} at ${threshold / 1000}`);
}

describe('timers of detectors', () => {
  it('ring at their time, between the events before and after it, again while nothing comes', async () => {
    const once = (lineCount: number, ...seconds: number[]) =>
      seconds.flatMap((second) => [`${lineCount} at ${second}`, `${lineCount} at ${second}`]);
    expect(await run(1, 5)).toEqual([...once(4, 72, 132), ...once(7, 230), ...once(9, 291, 351)]);
  });

  it('ring the same with eight partitions, and with records of any size', async () => {
    const expected = await run(1, 5);
    expect(await run(8, 5)).toEqual(expected);
    expect(await run(1, 1)).toEqual(expected);
    expect(await run(8, 100)).toEqual(expected);
  });

  it.each([1, 8])('ring after a restart as if there had been none, with %i partitions', async (partitions) => {
    const expected = await run(1, 5);
    for (const part of [2, 6, 8, 12]) expect(await run(partitions, 3, part)).toEqual(expected);
  });

  it('ring once when the program dies in a checkpoint', async () => {
    for (let step = 0; step < 5; step++) {
      const log = new MemoryLog(1);
      await appendAll(log, lines.slice(0, 12));
      const first = await startEngine(log, { detectors: [quietSource] });
      await log.idle();
      let steps = 0;
      log.beforeStep = () => {
        if (steps++ >= step) throw new Error('killed');
      };
      await first.engine.checkpoint();
      log.crash();
      await first.engine.stop();
      log.beforeStep = () => undefined;
      await appendAll(log, lines.slice(12));
      const second = await startEngine(log, { detectors: [quietSource] });
      await log.idle();
      await second.engine.stop();
      const found = [...revisions(log).values()];
      expect(found.map(({ count }) => count)).toEqual(found.map(() => 1));
      expect(found).toHaveLength(10);
    }
  });

  it('are kept in order, one for each subject, whatever the order in which they were set', () => {
    const timers = new Timers();
    for (const [subject, time] of ['g', 'b', 'd', 'f', 'a', 'c', 'e'].map((name, n) => [name, (n * 5) % 7] as const))
      timers.arm(source, 0, subject, 100 + time, 0);
    timers.arm(source, 0, 'g', 90, 0);
    timers.arm(source, 0, 'b', 500, 0);
    const rung: string[] = [];
    for (let alarm = timers.take(200); alarm; alarm = timers.take(200)) rung.push(`${alarm.subject} ${alarm.at}`);
    expect(rung).toEqual(['g 90', 'f 101', 'e 102', 'd 103', 'c 104', 'b 105', 'a 106']);
    expect(timers.next).toBe(Infinity);
    expect(momentOf({ kind: source, slot: 0, subject: 'x' }, 7)).toMatchObject({
      source: 'x',
      time: 7,
      ingestTime: 7,
      id: '',
    });
  });
});
