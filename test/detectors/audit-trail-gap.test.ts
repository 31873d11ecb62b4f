import { describe, expect, it } from 'vitest';
import { auditTrailGap } from '../../detectors/audit-trail-gap.ts';
import { judge } from '../detection/judge.ts';
import { resumed } from './cases/audit-trail-gap.ts';
import { conforms } from './conformance.ts';
import { says } from './town.ts';

describe('audit-trail-gap', () => {
  conforms(auditTrailGap, { events: () => resumed(420_000, 3) });

  it('says how long nothing could be recorded and how many records are missing, and weighs missing ones more', () => {
    const [lost] = judge(auditTrailGap, resumed(420_000, 3)).signals;
    expect(
      says(lost, { zh: '7 分钟', en: '7 minutes' }, { zh: '缺 3 条记录', en: '3 records of it are missing' }),
    ).toBe(true);
    const [whole] = judge(auditTrailGap, resumed(420_000)).signals;
    expect(lost!.score).toBeGreaterThan(whole!.score);
  });

  it('finds a gap of seconds when a record is missing', () => {
    expect(judge(auditTrailGap, resumed(2_000, 1)).findings).toMatchObject([{ severity: 'critical' }]);
  });
});
