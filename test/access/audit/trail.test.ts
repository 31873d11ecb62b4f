import { describe, expect, it } from 'vitest';
import { askedFor, auditEntry } from '../../../src/access/audit/entry.ts';
import { Refusals } from '../../../src/access/audit/refusals.ts';
import { AuditTrail } from '../../../src/access/audit/trail.ts';

const refusal = (address: string) =>
  auditEntry({ id: address, at: 0, action: 'sign-in', address, outcome: 'refused', code: 'WL_UNAUTHORIZED' });

describe('refusals', () => {
  it('of a flood from many addresses stay few records, and each is in a count', () => {
    const refusals = new Refusals();
    let recorded = 0;
    for (let n = 0; n < 5_000; n++) if (refusals.add(refusal(`2001:db8::${n.toString(16)}`)) !== undefined) recorded++;
    const rest = refusals.take();
    expect(recorded + rest.length).toBeLessThan(500);
    expect(recorded + rest.reduce((sum, { count }) => sum + count, 0)).toBe(5_000);
    expect(refusals.take()).toEqual([]);
  });
});

describe('what was asked for', () => {
  it('is kept without what could be a secret, however deep, and with a digest of the whole', () => {
    const { asked, digest } = askedFor({ note: 'x'.repeat(5_000), login: { password: 'p', tokens: ['t'] } });
    expect(asked.length).toBeLessThan(2_100);
    expect(digest).toMatch(/^[0-9a-f]{64}$/);
    expect(askedFor({ login: { password: 'p', tokens: ['t'] } }).asked).toBe(
      '{"login":{"password":"(hidden)","tokens":"(hidden)"}}',
    );
  });
});

describe('a trail whose log does not answer', () => {
  it('does not wait for ever', async () => {
    const trail = new AuditTrail({ log: { append: () => new Promise(() => undefined) }, maxWaitMs: 5 });
    await expect(trail.begin(auditEntry({ id: '', at: 0, action: 'sign-out' }))).rejects.toMatchObject({
      code: 'WL_AUDIT_AWAY',
    });
  });
});
