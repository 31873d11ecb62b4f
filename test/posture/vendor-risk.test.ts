import { describe, expect, it } from 'vitest';
import { lifeEventOf, type Disposition, type LifeEvent } from '../../src/finding/lifecycle.ts';
import type { Finding, Severity } from '../../src/finding/finding.ts';
import { vendorRisk } from '../../src/posture/vendor-risk.ts';
import { registryFrom } from '../../src/registry/registry-from.ts';
import { VendorRiskDesk } from '../../src/vendor-risk-desk.ts';
import { aFinding } from '../store/a-finding.ts';

const NOW = Date.parse('2026-11-20T00:00:00Z');
const DAY = 86_400_000;

function found(severity: Severity, ageDays = 0, changes: Partial<Finding> = {}): Finding {
  const lastTime = NOW - ageDays * DAY;
  return aFinding({ id: `${severity} ${ageDays}`, severity, vendor: 'qm', lastTime, causedAt: lastTime, ...changes });
}

function closed(finding: Finding, disposition: Disposition, at = NOW): LifeEvent {
  return { ...lifeEventOf(finding), id: `closed ${finding.id}`, act: 'closed', by: 'lina', at, disposition, text: 'x' };
}

const riskOf = (findings: Finding[], history: LifeEvent[] = []) => vendorRisk('qm', findings, history, undefined, NOW);

describe("a vendor's risk", () => {
  it('is 100 · (1 − e^(−Σ/60)) of its points, which halve every 14 days, and lists each of them', () => {
    const risk = riskOf([found('high', 14), found('critical'), found('medium', 28)]);
    expect(risk.terms.map(({ severity, ageDays, points }) => [severity, ageDays, points])).toEqual([
      ['critical', 0, 40],
      ['high', 14, 10],
      ['medium', 28, 2.5],
    ]);
    expect(risk).toMatchObject({ sum: 52.5, behaviour: 58.31, score: 58.31, gaps: [] });
    expect(riskOf([]).score).toBe(0);
    expect(riskOf(Array.from({ length: 99 }, (_, n) => found('critical', n / 99))).score).toBeLessThanOrEqual(100);
  });

  it.each<Disposition>(['benign', 'false-positive', 'duplicate'])(
    'falls when a finding is closed as %s',
    (disposition) => {
      const findings = [found('high'), found('medium')];
      const risk = riskOf(findings, [closed(findings[0]!, disposition)]);
      expect(risk.sum).toBe(10);
      expect(risk.terms.find(({ severity }) => severity === 'high')).toMatchObject({ points: 0, disposition });
      expect(risk.terms.find(({ severity }) => severity === 'high')!.leftOut.en).toContain('closed as');
    },
  );

  it('stays when a finding is closed as true, and comes back when it is reopened', () => {
    const finding = found('high', 1);
    expect(riskOf([finding], [closed(finding, 'true-positive')]).sum).toBeGreaterThan(19);
    const benign = closed(finding, 'benign', NOW - 10);
    const grown = { ...lifeEventOf({ ...finding, revision: 2, alert: true }), at: NOW - 5 };
    expect(riskOf([finding], [benign]).sum).toBe(0);
    expect(riskOf([finding], [benign, grown]).sum).toBeGreaterThan(19);
  });

  it('leaves out what is suppressed, too old or not yet there', () => {
    expect(riskOf([found('high', 0, { suppression: 's' })]).sum).toBe(0);
    expect(riskOf([found('high', 211), found('high', -1)]).terms).toEqual([]);
  });

  it('adds 10 for each gap that the registry declares', () => {
    const vendorOf = (entry: object) =>
      registryFrom({ vendors: [{ id: 'qm', name: 'qm', ...entry }] }).vendor('qm', NOW);
    const gaps = (entry: object) => vendorRisk('qm', [], [], vendorOf(entry), NOW);
    const bare = gaps({});
    expect(bare.gaps.map(({ gap }) => gap)).toEqual(['assessment-overdue', 'no-background-checks', 'nda-expired']);
    expect(bare.score).toBe(30);
    const good = {
      backgroundChecks: true,
      ndaUntil: '2026-12-31',
      lastAssessment: { date: '2026-01-10', result: 'passed' },
    };
    expect(gaps(good).gaps).toEqual([]);
    expect(gaps({ ...good, ndaUntil: '2026-11-18' }).gaps).toMatchObject([{ gap: 'nda-expired', points: 10 }]);
    const overdue = gaps({ ...good, lastAssessment: { date: '2025-11-01', result: 'passed' } });
    expect(overdue.gaps[0]!.explanation.en).toMatch(/last assessment was 38\d days ago/);
  });

  it('has a trend of the days before, as it was then', async () => {
    const finding = found('high', 10);
    const store = {
      findingsOfVendor: async () => [finding],
      lifeEvents: async () => [closed(finding, 'benign', NOW - 5 * DAY)],
    };
    const registry = registryFrom({});
    const { trend, score } = await new VendorRiskDesk(store, { current: () => registry }).of('qm', NOW);
    expect(trend).toHaveLength(91);
    expect([11, 10, 6, 4].map((daysAgo) => trend[90 - daysAgo]!.score)).toEqual([0, 28.35, 23.93, 0]);
    expect(score).toBe(0);
  });

  it('is asked for a vendor that somebody knows', async () => {
    const store = { findingsOfVendor: async () => [], lifeEvents: async () => [] };
    const registry = registryFrom({ vendors: [{ id: 'qm', name: 'qm' }] });
    const desk = new VendorRiskDesk(store, { current: () => registry });
    await expect(desk.of('nobody', NOW)).rejects.toThrow('There is no vendor nobody');
    expect((await desk.of('qm', NOW)).score).toBe(30);
  });
});
