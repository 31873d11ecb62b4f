import { describe, expect, it } from 'vitest';
import { keyOf, OVERALL, ScopeIndex, type Scope } from '../../src/posture/scopes.ts';
import { Trust, type HeardSource } from '../../src/posture/trust.ts';
import { NOW, townRegistry } from './platform.ts';

const MINUTE = 60_000;
const heard = (source: string, minutesAgo = 0, problem: HeardSource['problem'] = ''): HeardSource => ({
  source,
  lastSeenAt: NOW - minutesAgo * MINUTE,
  problem,
});

function trustIn(sources: readonly HeardSource[], scope: Scope = OVERALL) {
  const registry = townRegistry();
  const index = new ScopeIndex(registry, NOW);
  const trust = new Trust(sources, registry, index, NOW);
  return { trust: trust.of([scope]).get(keyOf(scope)), terms: trust.terms(scope) };
}

describe('trust in the score', () => {
  it('is 100 when every source is heard as it should be', () => {
    expect(trustIn([heard('residents-db'), heard('clinics-api')])).toEqual({ trust: 100, terms: [] });
  });

  it.each([
    ['is silent', heard('residents-db', 6, 'silent'), 'source-silent', 50],
    ['lags', heard('residents-db', 0, 'lagging'), 'source-lagging', 75],
    ['can not be read', heard('residents-db', 0, 'unparsed'), 'source-unparsed', 75],
    ['does not balance', heard('residents-db', 0, 'uneven'), 'source-uneven', 75],
  ] as const)('falls when a source %s, and says so', (_, source, kind, trust) => {
    const found = trustIn([source, heard('clinics-api')]);
    expect(found).toMatchObject({ trust, terms: [{ kind, id: 'residents-db', lost: 100 - trust }] });
  });

  it('falls for a registered source that was never heard, in the scopes of its system alone', () => {
    const sources = [heard('residents-db')];
    expect(trustIn(sources)).toMatchObject({ trust: 50, terms: [{ kind: 'source-unheard', id: 'clinics-api' }] });
    expect(trustIn(sources, { kind: 'department', id: 'health' }).trust).toBe(0);
    expect(trustIn(sources, { kind: 'department', id: 'civil' }).trust).toBe(100);
    expect(trustIn(sources, { kind: 'vendor', id: 'qm' }).trust).toBe(100);
    expect(trustIn(sources, { kind: 'level', id: 'general-2' }).trust).toBe(0);
  });

  it("waits as long as the registry's limit of silence says", () => {
    const quiet = (minutes: number) => trustIn([heard('residents-db'), heard('clinics-api', minutes, 'silent')]).trust;
    expect([quiet(59), quiet(61)]).toEqual([100, 50]);
  });

  it('counts a source that nobody registered', () => {
    expect(trustIn([heard('residents-db'), heard('clinics-api'), heard('syslog/192.0.2.7', 9, 'silent')]).trust).toBe(
      66.7,
    );
  });

  it('is 0 where nothing is watched', () => {
    expect(trustIn([heard('residents-db')], { kind: 'system', id: 'portal' })).toMatchObject({
      trust: 0,
      terms: [{ kind: 'no-source', lost: 100 }],
    });
  });
});
