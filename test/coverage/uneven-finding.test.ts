import { describe, expect, it } from 'vitest';
import { unevenFindings, unevenProblem } from '../../src/coverage/uneven-finding.ts';
import { lineOf } from '../api/fake-coverage-store.ts';

const AT = Date.parse('2026-11-20T01:00:00Z');
const EVEN = { received: 0, appended: 0, parsed: 0, stored: 0, evaluated: 0 };
const lost = (source: string, minutes: number, events: number) =>
  lineOf(source, AT + minutes * 60_000, { off: { ...EVEN, stored: -events } });

describe('what people are told of a ledger that does not balance', () => {
  it('is one finding an hour for each source and step, with where and how many', () => {
    const extra = lineOf('portal', AT + 60_000, { off: { ...EVEN, appended: 2 }, ranges: [] });
    const findings = unevenFindings([
      lost('portal', 0, 3),
      lost('portal', 1, 4),
      extra,
      lost('gate', 2, 1),
      lost('portal', 61, 5),
    ]);
    expect(findings.map(({ source, observed }) => [source, observed])).toEqual([
      ['portal', 7],
      ['portal', 2],
      ['gate', 1],
      ['portal', 5],
    ]);
    expect(new Set(findings.map(({ id }) => id)).size).toBe(4);
    expect(findings[0]!.explanation.en).toContain('-3 events of the minute from 2026-11-20T01:00:00.000Z');
    expect(findings[0]!.explanation.zh).toContain('分区/位置 0/100–109');
    expect(findings[1]!.explanation.en).toContain('+2 events');
  });

  it('has the same id when it is found again', () => {
    const [first] = unevenFindings([lost('portal', 3, 3)]);
    const [again] = unevenFindings([lost('portal', 4, 9)]);
    expect(again!.id).toBe(first!.id);
  });

  it('is a sentence for the health route, and nothing when all is even', () => {
    expect(unevenProblem([])).toBe('');
    expect(unevenProblem([lost('gate', 0, 1), lost('portal', 5, 3)])).toBe(
      'the coverage ledger does not balance in 2 source minutes of the last 24 h, the last of source "portal" at ' +
        '2026-11-20T01:05:00.000Z: stored -3 at partition/offsets 0/100–109; look at the coverage page',
    );
  });
});
