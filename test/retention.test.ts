import { describe, expect, it } from 'vitest';
import { checkRetention, RetentionInForce, sealsKeptDays, type RetentionDays } from '../src/retention.ts';

describe('how long what is stored is kept', () => {
  it('has defaults, and floors that the law sets', () => {
    expect(checkRetention({ retentionDays: 183 })).toEqual({
      ...{ retentionDays: 183, auditRetentionDays: 1_826, sharingRetentionDays: 1_125, recordRetentionDays: 1_826 },
    });
    expect(() => checkRetention({ retentionDays: 182 })).toThrow(
      'retentionDays is 182; they must be kept for at least',
    );
    expect(() => checkRetention({ retentionDays: 400, sharingRetentionDays: 365 })).toThrow(
      'sharingRetentionDays is 365',
    );
    expect(sealsKeptDays({ retentionDays: 4_000 })).toBeGreaterThan(4_000);
  });

  it('is what the configuration wants, but never less than was agreed on', () => {
    let agreed: RetentionDays | null = null;
    const inForce = new RetentionInForce({ retentionDays: 300, auditRetentionDays: 2_000 }, () => agreed);
    expect(inForce.retentionDays).toBe(300);
    agreed = checkRetention({ retentionDays: 400, auditRetentionDays: 1_000 });
    expect(checkRetention(inForce)).toMatchObject({ retentionDays: 400, auditRetentionDays: 2_000 });
    agreed = checkRetention({ retentionDays: 300, auditRetentionDays: 2_000 });
    expect(inForce.retentionDays).toBe(300);
  });
});
