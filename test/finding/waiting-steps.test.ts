import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stepOf, type IncidentStep } from '../../src/finding/incident.ts';
import { byTime, WaitingSteps } from '../../src/finding/waiting-steps.ts';
import { aFinding } from '../store/a-finding.ts';

const DETECTORS = ['bulk-read', 'export-spike', 'password-spray'];
const step = (finding: string, detector: string, firstTime: number): IncidentStep => ({
  ...stepOf(aFinding({ detector })),
  finding,
  firstTime,
});

describe('steps that wait', () => {
  it('are those of the detectors by time, whatever came, grew and went before', () => {
    const change = fc.record({
      finding: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
      time: fc.integer({ min: 0, max: 4 }),
      goes: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 40 }), (changes) => {
        const steps = new WaitingSteps();
        const expected = new Map<string, IncidentStep>();
        for (const { finding, time, goes } of changes) {
          expected.delete(finding);
          if (goes) steps.delete(finding);
          else {
            const one = step(finding, DETECTORS[finding.charCodeAt(0) % DETECTORS.length]!, time);
            steps.put(one);
            expected.set(finding, one);
          }
        }
        expect([...steps.values()]).toEqual([...expected.values()]);
        for (const some of [DETECTORS.slice(0, 1), DETECTORS.slice(0, 2), DETECTORS])
          expect(steps.of(some)).toEqual(
            [...expected.values()].filter(({ detector }) => some.includes(detector)).sort(byTime),
          );
      }),
    );
  });
});
