import { expect, it } from 'vitest';
import type { Detector } from '../../src/detection/detector.ts';
import type { Event } from '../../src/event/event.ts';
import { expectWellFormed } from './well-formed.ts';
import { judge, type JudgeOptions } from '../detection/judge.ts';

/** A situation in which a detector fires: its events, made anew at each call, and what they are judged with. */
export interface Situation {
  events: () => Event[];
  options?: () => JudgeOptions;
}

/** What holds for every detector, shown on one situation in which it fires. */
export function conforms<S, T>(detector: Detector<S, T>, { events, options = () => ({}) }: Situation): void {
  const idsOf = (given: readonly Event[]) => judge(detector, given, options()).findings.map(({ id }) => id);

  it('names its events and says in both languages what it found, with a score and its numbers', () => {
    const given = events();
    const known = new Set(given.map(({ id }) => id));
    const { signals } = judge(detector, given, options());
    expect(signals.length).toBeGreaterThan(0);
    for (const signal of signals) {
      expectWellFormed(signal);
      expect(signal.eventIds.every((id) => known.has(id))).toBe(true);
      expect(signal.explanation.en).toMatch(/^[^\p{Script=Han}]*\.$/u);
    }
  });

  it('takes events that come twice once', () => {
    const given = events();
    const twice = given.flatMap((event) => [event, { ...event }]);
    expect(judge(detector, twice, options()).signals).toEqual(judge(detector, given, options()).signals);
  });

  it('gives the same findings with the same ids on replay', () => {
    const given = events();
    expect(judge(detector, given, options()).findings).toEqual(judge(detector, given, options()).findings);
    expect(idsOf(given).length).toBeGreaterThan(0);
  });

  it('changes no event', () => {
    const given = events();
    const before = structuredClone(given);
    judge(detector, given, options());
    expect(given).toEqual(before);
  });
}
