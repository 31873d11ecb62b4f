import { describe, expect, it } from 'vitest';
import type { StoreDifference } from '../../src/evidence/difference.ts';
import { tamperingFindings } from '../../src/evidence/tampering-finding.ts';

const AT = Date.UTC(2026, 10, 26, 4);
const DAY_MS = 86_400_000;
const changed = (place: string, more: Partial<StoreDifference> = {}): StoreDifference => ({ seal: 7, stream: 'audit', in: 'table', place, times: [AT, AT], ...more }); // prettier-ignore

describe('a store that differs from its seals', () => {
  it('is a critical finding for each place, which says where and what to do next in both languages', () => {
    const [one, other] = tamperingFindings([changed('4'), changed('9')], AT + DAY_MS);
    expect([one!.id === other!.id, one!.severity, one!.alert, one!.detector]).toEqual([false, 'critical', true, 'log-tampering']); // prettier-ignore
    expect(one!.explanation.zh).toContain('封条 7，数据流 audit，位置 4');
    expect(one!.explanation.zh).toContain('wanglou verify --outside');
    expect(one!.explanation.en).toContain('seal 7, stream audit, at 4, 2026-11-26T04:00:00.000Z');
    expect(one!.explanation.en).toContain('Preserve the data volume');
  });

  it('is the same finding on the next day, and another one where another place differs', () => {
    const [today] = tamperingFindings([changed('4')], AT);
    expect(tamperingFindings([changed('4')], AT + DAY_MS)[0]!.id).toBe(today!.id);
    for (const more of [{ seal: 8 }, { in: 'log' as const }, { stream: 'triage' }, { place: '5' }])
      expect(tamperingFindings([changed('4', more)], AT)[0]!.id).not.toBe(today!.id);
  });

  it('is one finding where much of a table differs: the queue is not flooded', () => {
    const many = Array.from({ length: 40 }, (_, n) => changed(String(n)));
    const found = tamperingFindings([...many, changed('0/1', { seal: 0, in: 'sealed', stream: 'events/900' })], AT);
    expect(found.map(({ observed }) => observed)).toEqual([40, 1]);
    expect(found[0]!.explanation.en).toContain('the first of 40 places');
    expect(found[1]!.explanation.zh).toContain('不在任何封条中');
  });
});
