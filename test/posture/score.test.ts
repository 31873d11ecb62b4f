import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AssetLevel } from '../../src/event/event.ts';
import { DISPOSITIONS, lifeEventOf } from '../../src/finding/lifecycle.ts';
import type { Severity } from '../../src/finding/finding.ts';
import { postureOf, scoresOf } from '../../src/posture/score.ts';
import { keyOf, OVERALL, type Scope } from '../../src/posture/scopes.ts';
import { DAY, closed, found, inputOf, NOW, town, townRegistry } from './platform.ts';

type Input = ReturnType<typeof inputOf>;
const scores = (input: Input) => new Map(scoresOf(input).map((one) => [keyOf(one), one.score]));
const termsOf = (input: Input, scope: Scope = OVERALL) => postureOf(input, scope).terms;

describe('the posture score', () => {
  it('is 100 where nothing is open, and has a scope for everything that the registry knows', () => {
    const all = scores(inputOf([]));
    expect([...all.keys()].sort()).toEqual(
      [
        'overall/',
        ...['core', 'important', 'general-4', 'general-3', 'general-2', 'general-1'].map((level) => `level/${level}`),
        ...['department/civil', 'department/health', 'vendor/qm'],
        ...['system/residents', 'system/clinics', 'system/portal'],
      ].sort(),
    );
    expect(new Set(all.values())).toEqual(new Set([100]));
  });

  it('falls by severity, asset level and recency, and says how much each finding takes', () => {
    const findings = [found('a', { severity: 'critical' }), found('b', { assetLevel: 'general-2' }, 14)];
    const { terms, sum, score } = postureOf(inputOf(findings), { kind: 'system', id: 'residents' });
    expect(terms).toMatchObject([
      { kind: 'finding', id: findings[0]!.id, severity: 'critical', base: 40, weight: 1.5, factor: 1, points: 60 },
      { kind: 'finding', id: findings[1]!.id, severity: 'high', base: 20, weight: 1, factor: 0.5, points: 10 },
    ]);
    expect(sum).toBe(70);
    expect(score).toBe(31.1); // 100 · e^(−70/60)
    expect(terms[0]!.lost + terms[1]!.lost).toBeCloseTo(100 - score, 1);
    expect(terms[0]!.explanation).toEqual({
      zh: '严重，未处置，0 天前，资产级别：核心',
      en: 'critical, not handled, 0 days ago, asset level core',
    });
    expect(terms[0]!.href).toBe(`/api/v1/findings/${findings[0]!.id}`);
  });

  it("counts a finding for the actor's department, the system's, the vendor and the level, and for nobody else", () => {
    const all = scores(inputOf([found('a', { department: 'health', vendor: 'qm', assetLevel: 'important' })]));
    const fallen = [...all].filter(([, score]) => score < 100).map(([key]) => key);
    expect(fallen.sort()).toEqual(
      ['department/civil', 'department/health', 'level/important', 'overall/', 'system/residents', 'vendor/qm'].sort(),
    );
  });

  it('has room overall for the findings of every department, so that a large platform is not always at its worst', () => {
    const departments = Array.from({ length: 12 }, (_, n) => ({ id: `d${n}`, name: `部门${n}` }));
    const registry = townRegistry({ departments: [...town.departments, ...departments] });
    const findings = departments.map(({ id }) => found(id, { department: id, system: '', assetLevel: '' }));
    const all = scores(inputOf(findings, [], { registry }));
    expect(all.get('department/d3')).toBe(84.6); // 100 · e^(−20/120)
    expect(all.get('overall/')).toBe(86.7); // 100 · e^(−240/1680)
  });

  it('counts what names nobody that the registry knows overall only', () => {
    const unknown = { department: 'nobody', system: 'made-up', vendor: '', assetLevel: '' } as const;
    const all = scores(inputOf([found('a', unknown)]));
    expect([...all].filter(([, score]) => score < 100).map(([key]) => key)).toEqual(['overall/']);
  });

  it('leaves out what is suppressed, not yet known, or older than 210 days', () => {
    const findings = [
      found('a', { suppression: 's' }),
      found('b', { causedAt: NOW + 1 }),
      found('c', { causedAt: NOW }, 211),
    ];
    expect(termsOf(inputOf(findings))).toEqual([]);
  });

  it('counts a finding whose source has a clock that runs ahead', () => {
    expect(termsOf(inputOf([found('a', { lastTime: NOW + DAY, causedAt: NOW })]))[0]).toMatchObject({ points: 30 });
  });

  it('comes back when what was closed has grown enough to tell people again', () => {
    const finding = found('a', {}, 1);
    const closing = closed(finding, 'benign', NOW - 10);
    const grown = { ...finding, revision: 2, alert: true, causedAt: NOW - 5 };
    expect(termsOf(inputOf([finding], [closing]))).toEqual([]);
    const reopened = termsOf(inputOf([finding, grown], [closing, lifeEventOf(grown)]));
    expect(reopened).toHaveLength(1);
    expect(reopened[0]!.explanation.en).toContain('reopened');
  });

  it("has a fifth of each vendor's risk, also where the vendor runs a system", () => {
    const registry = townRegistry({ vendors: [{ id: 'qm', name: '启明' }] });
    const input = inputOf([], [], { registry });
    const [term] = termsOf(input, { kind: 'department', id: 'civil' });
    expect(term).toMatchObject({ kind: 'vendor', id: 'qm', base: 30, weight: 0.2, href: '/api/v1/vendors/qm/risk' });
    expect(term!.points).toBeCloseTo(40 * (1 - Math.exp(-6 / 40)), 2);
    expect(term!.explanation.en).toContain('it was never assessed');
    expect(termsOf(input, { kind: 'department', id: 'health' })).toEqual([]);
  });

  it('keeps a finding that is closed as true in the risk of the vendor alone', () => {
    const finding = found('a', { vendor: 'qm' });
    const kinds = (input: Input) => termsOf(input).map(({ kind }) => kind);
    expect(kinds(inputOf([finding]))).toEqual(['finding', 'vendor']);
    expect(kinds(inputOf([finding], [closed(finding)]))).toEqual(['vendor']);
    expect(kinds(inputOf([finding], [closed(finding, 'benign')]))).toEqual([]);
  });

  const grant = {
    id: 'g',
    from: '2026-10-01',
    asset: 'register',
    recipient: 'health',
    purpose: 'x',
    approver: 'y',
    approvalNumber: 'z',
  };
  const granted = (dates: object) => ({ registry: townRegistry({ grants: [{ ...grant, ...dates }] }) });

  it('has a term for a grant that ends within 30 days, and none for one that has ended or was revoked', () => {
    const terms = (dates: object) => termsOf(inputOf([], [], granted({ from: '2026-10-01', ...dates })));
    const [term] = terms({ to: '2026-12-01' });
    expect(term).toMatchObject({ kind: 'grant-expiring', id: 'g', base: 2, weight: 1.5 });
    expect(term!.explanation.en).toContain('the grant ends in 11 days');
    expect(terms({ to: '2027-03-01' })).toEqual([]);
    expect(terms({ to: '2026-11-01' })).toEqual([]);
    expect(terms({ to: '2027-03-01', revokedAt: '2026-11-02' })).toEqual([]);
  });

  it('has a term for a grant unused for 60 days, once uses were watched for as long', () => {
    const unused = (since: number, lastUse: number) =>
      termsOf(inputOf([], [], { ...granted({ from: '2026-01-01' }), uses: { since, lastUse: () => lastUse } }));
    expect(unused(NOW - 100 * DAY, 0)[0]).toMatchObject({ kind: 'grant-unused', base: 1 });
    expect(unused(NOW - 100 * DAY, NOW - 61 * DAY)[0]!.explanation.en).toContain('was last used on 2026-09-19');
    expect(unused(NOW - 100 * DAY, NOW - 59 * DAY)).toEqual([]);
    expect(unused(NOW - 59 * DAY, 0)).toEqual([]);
  });

  it('does not let any number of grants or vendors hide the findings', () => {
    const grants = Array.from({ length: 400 }, (_, n) => ({
      ...grant,
      id: `g${n}`,
      from: '2026-01-01',
      to: '2026-12-01',
    }));
    const strangers = Array.from({ length: 90 }, (_, n) => ({ id: `v${n}`, name: `v${n}` }));
    const vendors = [...town.vendors, ...strangers];
    const { sum, terms } = postureOf(inputOf([], [], { registry: townRegistry({ grants, vendors }) }), OVERALL);
    expect(terms).toHaveLength(490);
    expect(sum).toBeLessThanOrEqual(60);
  });
});

const severity = fc.constantFrom<Severity>('low', 'medium', 'high', 'critical');
const level = fc.constantFrom<AssetLevel>('core', 'important', 'general-2', '');
const some = fc.array(
  fc.record({
    severity,
    assetLevel: level,
    ageDays: fc.double({ min: 0, max: 220, noNaN: true }),
    vendor: fc.constantFrom('qm', ''),
    department: fc.constantFrom('civil', 'health', ''),
    isClosed: fc.constantFrom('' as const, ...DISPOSITIONS),
  }),
  { minLength: 1, maxLength: 12 },
);

describe('whatever happens', () => {
  it('a new finding never improves a score, and closing one never worsens any', () => {
    fc.assert(
      fc.property(some, fc.constantFrom(...DISPOSITIONS), (made, disposition) => {
        const findings = made.map(({ ageDays, isClosed: _, ...facts }, n) => found(`f${n}`, facts, ageDays));
        const lives = made.flatMap(({ isClosed }, n) => (isClosed === '' ? [] : [closed(findings[n]!, isClosed)]));
        const last = findings.at(-1)!;
        const others = lives.filter(({ finding }) => finding !== last.id);
        const without = scores(inputOf(findings.slice(0, -1), others));
        const open = scores(inputOf(findings, others));
        const after = scores(inputOf(findings, [...others, closed(last, disposition)]));
        for (const [key, score] of open) {
          expect(score).toBeLessThanOrEqual(without.get(key)!);
          expect(after.get(key)!).toBeGreaterThanOrEqual(score);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('the explained score is the counted one, in every scope', () => {
    fc.assert(
      fc.property(some, (made) => {
        const findings = made.map(({ ageDays, isClosed: _, ...facts }, n) => found(`f${n}`, facts, ageDays));
        const input = inputOf(findings);
        for (const { kind, id, score, sum } of scoresOf(input)) {
          const posture = postureOf(input, { kind, id });
          expect(posture).toMatchObject({ score, sum });
          expect(posture.terms.reduce((total, { points }) => total + points, 0)).toBeCloseTo(sum, 0);
        }
      }),
      { numRuns: 40 },
    );
  });
});
