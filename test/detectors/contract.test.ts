import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Detector } from '../../src/detection/detector.ts';
import type { Finding } from '../../src/finding/finding.ts';
import { judge, type JudgeOptions } from '../detection/judge.ts';
import { contracts } from './cases/index.ts';
import { KINDS, optionsOf, type Case, type Contract, type Kind } from './contract.ts';
import { allHolidays, daysLater, delayed, onMakeUpSaturday, repeatable } from './contract-changes.ts';
import { judgeInEngine } from '../detection/engine-judge.ts';
import { settled } from './town.ts';
import { expectWellFormed } from './well-formed.ts';

/** The contract of all detectors: cases/ has the situations, this file what must hold in them. */

const RUNS = 20;
const LATENESS_MS = 600_000;
type Settled = ReturnType<typeof settled>[number];
const severities = (findings: readonly Finding[]) => findings.map(({ severity, actor }) => `${actor} ${severity}`);

/** However late events are, within what is allowed: what a finding shows in the end, as far as it is compared. */
function inAnyOrder(detector: Detector, fires: Case, compared: (found: Settled) => unknown): void {
  const events = fires.events();
  const inOrder = settled(detector, events, optionsOf(fires)).map(compared);
  expect(inOrder.length).toBeGreaterThan(0);
  const delays = fc.array(fc.integer({ min: 0, max: LATENESS_MS }), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(delays, (delaysMs) => {
      expect(settled(detector, delayed(events, delaysMs), optionsOf(fires)).map(compared)).toEqual(inOrder);
    }),
    { numRuns: RUNS },
  );
}

/** What `same` means for a kind. */
const SAME: Partial<Record<Kind, (contract: Contract, fires: Case) => void | Promise<void>>> = {
  coldStart({ detector }, fires) {
    expect(fires.baseline).toBeUndefined();
    const [first] = judge(detector, fires.events(), optionsOf(fires)).signals;
    expect(first!.sampleSize === 0 || first!.baseline !== 'self').toBe(true);
  },
  restDay({ detector }, fires) {
    const events = fires.events();
    const { findings } = judge(detector, events, optionsOf(fires, allHolidays(events)));
    expect(findings).toEqual(judge(detector, events, optionsOf(fires)).findings);
  },
  makeUpDay({ detector }, fires) {
    const before = fires.events();
    const { events, more } = onMakeUpSaturday(before);
    const found = judge(detector, events, optionsOf(fires, more)).findings;
    expect(severities(found)).toEqual(severities(judge(detector, before, optionsOf(fires)).findings));
  },
  late: ({ detector }, fires) => inAnyOrder(detector, fires, (found) => found),
  daysLate({ detector }, fires) {
    const events = fires.events();
    const inTime = judge(detector, events, optionsOf(fires)).findings;
    const late = judge(detector, daysLater(events), optionsOf(fires)).findings;
    expect(late.map(({ id, score }) => ({ id, score }))).toEqual(inTime.map(({ id, score }) => ({ id, score })));
  },
  async duplicated({ detector }, fires) {
    const events = repeatable(fires.events());
    const twice = events.flatMap((event) => [event, { ...event }]);
    expect(judge(detector, twice, optionsOf(fires)).signals).toEqual(judge(detector, events, optionsOf(fires)).signals);
    const once = await judgeInEngine([detector], events, optionsOf(fires));
    const repeated = await judgeInEngine([detector], events, optionsOf(fires), 2);
    expect(once.findings.length).toBeGreaterThan(0);
    expect(repeated).toEqual({ findings: once.findings, duplicates: events.length, problems: once.problems });
  },
  replay({ detector }, fires) {
    const events = fires.events();
    const first = judge(detector, events, optionsOf(fires));
    expect(judge(detector, events, optionsOf(fires))).toEqual(first);
    expect(first.findings.length).toBeGreaterThan(0);
  },
};

/** A case fires or is quiet; and it is quiet about something that the detector looks at, not about nothing. */
function holds({ detector }: Contract, given: Case): void {
  const events = given.events();
  const options: JudgeOptions = optionsOf(given);
  const { signals } = judge(detector, events, options);
  if (given.finds) expect(signals.length).toBeGreaterThan(0);
  else expect(signals.map(({ explanation }) => explanation.en)).toEqual([]);
  expect(events.some((event) => detector.watches(event))).toBe(true);
  for (const signal of signals) expectWellFormed(signal);
}

describe.each(contracts)('$detector.name', (contract) => {
  const { cases, notApplicable } = contract;
  const kinds = Object.keys(KINDS) as Kind[];

  it.each(kinds.filter((kind) => typeof cases[kind] === 'object'))('%s: has its own case', (kind) => {
    holds(contract, cases[kind] as Case);
  });

  it.each(kinds.filter((kind) => cases[kind] === 'same finding'))(
    '%s: comes to the same, told at another moment',
    () => {
      inAnyOrder(contract.detector, cases.fires as Case, ({ id, score, severity }) => ({ id, score, severity }));
    },
  );

  it.each(kinds.filter((kind) => cases[kind] === 'same'))('%s: comes to what it comes to when it fires', (kind) => {
    expect(SAME[kind]).toBeDefined();
    return SAME[kind]!(contract, cases.fires as Case);
  });

  it.each(Object.entries(notApplicable))('%s: has no meaning here: it %s', (_kind, reason) => {
    expect(reason.split(' ').length).toBeGreaterThan(3);
  });
});
