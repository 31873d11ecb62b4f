import { describe, expect, it } from 'vitest';
import { digest, drawToken } from '../../src/access/secret.ts';
import { SenderTokens, SENDER_PREFIX, type SenderToken } from '../../src/access/sender-tokens.ts';
import { networkOf } from '../../src/access/token-check.ts';

const NOW = Date.parse('2026-03-01T00:00:00Z');
const text = drawToken(SENDER_PREFIX);

function checkWith(changes: Partial<SenderToken>, given = text, address = '192.0.2.7') {
  const tokens = new SenderTokens(() => NOW);
  const token = { id: 't1', source: 'portal', digest: digest(text), networks: [], expiresAt: 0, revokedAt: 0 };
  tokens.replace([{ ...token, createdAt: 0, createdBy: 'wang', revokedBy: '', ...changes }]);
  return { checked: tokens.check(given, address), tokens };
}

function refusal(...given: Parameters<typeof checkWith>): [string, string, string] {
  const { checked } = checkWith(...given);
  if (!('refused' in checked)) throw new Error('taken');
  const { code, message, remedy } = checked.refused;
  expect(`${message} ${remedy}`).not.toContain(text.slice(4, 20));
  return [checked.reason, code, message];
}

describe('a token of a sender', () => {
  it('lets append for its source, and its last use is known', () => {
    const { checked, tokens } = checkWith({ networks: ['192.0.2.0/24'], expiresAt: NOW + 1 });
    expect(checked).toEqual({ source: 'portal' });
    expect(tokens.takeUses()).toEqual([{ id: 't1', at: NOW, from: '192.0.2.7' }]);
    expect(tokens.takeUses()).toEqual([]);
  });

  it('that was mistyped is told from one that nobody made', () => {
    expect(refusal({}, text.slice(0, -1))[0]).toBe('token mistyped');
    expect(refusal({}, drawToken(SENDER_PREFIX))[0]).toBe('token unknown');
  });

  it('that has expired says since when', () => {
    const [reason, code, message] = refusal({ expiresAt: NOW });
    expect([reason, code]).toEqual(['token expired', 'WL_UNAUTHORIZED']);
    expect(message).toBe('the ingest token t1 expired at 2026-03-01T00:00:00.000Z');
  });

  it('that was revoked says when', () => {
    expect(refusal({ revokedAt: NOW - 1_000 })[2]).toBe('the ingest token t1 was revoked at 2026-02-28T23:59:59.000Z');
  });

  it.each([
    [['192.0.2.0/24'], '198.51.100.9'],
    [['2001:db8::/48'], '192.0.2.7'],
    [['2001:db8::/48', '192.0.2.8'], '2001:db8:1::1'],
  ])('for %j is refused from %s', (networks, address) => {
    const [reason, code, message] = refusal({ networks }, text, address);
    expect([reason, code]).toEqual(['token from another network', 'WL_FORBIDDEN']);
    expect(message).toContain(address);
  });
});

describe('networks', () => {
  it.each(['192.0.2.0/33', '192.0.2.0/', 'example.org', '192.0.2.0/24/1', '', '2001:db8::/129'])(
    'refuse %j and say what to write',
    (network) => {
      expect(() => networkOf([network])).toThrow(`networks has ${JSON.stringify(network)}`);
    },
  );
});
