import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodePlain, encodePlain } from '../../src/detection/plain-codec.ts';
import type { Detector } from '../../src/detection/detector.ts';
import type { Event } from '../../src/event/event.ts';
import { keyedId } from '../../src/event/id.ts';
import { judge, type JudgeOptions } from '../detection/judge.ts';
import { contracts } from './cases/index.ts';
import { optionsOf, type Case } from './contract.ts';
import { delayed } from './contract-changes.ts';
import { MANY, spoiled } from './hostile.ts';
import { expectWellFormed } from './well-formed.ts';

/** What no input may do to a detector: make it throw, say what nobody can read, or grow without end. */

const RUNS = 200;
/** Where a detector fires only after weeks of events, fewer of these runs show as much. */
const MANY_EVENTS = 100;
const FEW_RUNS = 10;
const EVENTS_AT_MOST = 25;
const SUBJECT_EVENTS = 2_000;
const STATE_BYTES = 65_536;

/** Judges, and keeps a hand on every state that was begun. */
function watchStates(detector: Detector, events: readonly Event[], options: JudgeOptions) {
  const states: unknown[] = [];
  const watched: Detector = {
    ...detector,
    start(event) {
      const state = detector.start(event);
      states.push(state);
      return state;
    },
  };
  return { ...judge(watched, events, options), states };
}

interface Disorder {
  picked: [place: number, fields: Partial<Event>, isTwice: boolean][];
  delaysMs: number[];
}

const disorder: fc.Arbitrary<Disorder> = fc.record({
  picked: fc.array(fc.tuple(fc.nat(), spoiled, fc.boolean()), { minLength: 1, maxLength: EVENTS_AT_MOST }),
  delaysMs: fc.array(fc.integer({ min: 0, max: 600_000 }), { minLength: 1, maxLength: 7 }),
});

/** One event twice, in order. */
const ORDINARY: Disorder = { picked: [[0, {}, true]], delaysMs: [0] };

/** Events of the firing case with fields spoiled, some twice, up to ten minutes late; beside all of them when `whole`. */
function spoiledEvents(fires: readonly Event[], { picked, delaysMs }: Disorder, whole: readonly Event[] = []): Event[] {
  const events = picked.flatMap(([place, fields, isTwice], n) => {
    const given = fires[place % fires.length]!;
    const event = { ...given, ...fields, id: keyedId('spoiled', String(n)), sequence: n };
    return isTwice ? [event, { ...event }] : [event];
  });
  return delayed([...whole, ...events], delaysMs);
}

/** So many events of one subject, each about something else. */
function floodOf(detector: Detector, [given]: readonly Event[]): Event[] {
  const { subject } = detector;
  return Array.from({ length: SUBJECT_EVENTS }, (_, n) => {
    const time = given!.time + n * 20_000;
    let event = { ...given!, id: keyedId('flood', String(n)), time, ingestTime: time, sequence: n };
    for (const fields of MANY(n)) {
      const changed = { ...event, ...fields };
      if (detector.watches(changed) && subject.of(changed) === subject.of(given!)) event = changed;
    }
    return event;
  });
}

describe.each(contracts)('$detector.name', { timeout: 60_000 }, ({ detector, cases }) => {
  const fires = cases.fires as Case;
  const whole = fires.events();
  const given = whole.slice(-EVENTS_AT_MOST);

  /** @returns how often the detector spoke. */
  function survives(chosen: Disorder, beside: readonly Event[]): number {
    const { signals, findings, states } = watchStates(detector, spoiledEvents(given, chosen, beside), optionsOf(fires));
    for (const signal of [...signals, ...findings]) expectWellFormed(signal);
    for (const state of states) expect(decodePlain(encodePlain(state))).toEqual(state);
    return signals.length;
  }

  it('takes hostile, repeated and disordered events', () => {
    fc.assert(
      fc.property(disorder, (chosen) => {
        survives(chosen, []);
      }),
      { numRuns: RUNS },
    );
  });

  it('says among them what can be read', () => {
    let said = 0;
    fc.assert(
      fc.property(disorder, (chosen) => {
        said += survives(chosen, whole);
      }),
      { numRuns: whole.length > MANY_EVENTS ? FEW_RUNS : RUNS, examples: [[ORDINARY]] },
    );
    expect(said).toBeGreaterThan(0);
  });

  it('keeps less than 64 KiB about a subject with two thousand events', () => {
    const watched = whole.filter((event) => detector.watches(event));
    const { states } = watchStates(detector, floodOf(detector, watched), optionsOf(fires));
    expect(states.length).toBeGreaterThan(0);
    for (const state of states) expect(JSON.stringify(state).length).toBeLessThan(STATE_BYTES);
  });
});
