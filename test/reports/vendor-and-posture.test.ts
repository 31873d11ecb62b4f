import { describe, expect, it } from 'vitest';
import type { Scorecard } from '../../src/profile/scorecard.ts';
import { registryFrom } from '../../src/registry/registry-from.ts';
import { reportPage } from '../../src/reports/report-html.ts';
import type { ReportSight } from '../../src/reports/report-sight.ts';
import { holesOf, type ReportContent, type ReportWish } from '../../src/reports/report.ts';
import { MemoryTable } from '../registry/version-table.ts';
import { FROM, plantedSight, TO } from './planted.ts';
import { testReports, type TestReports } from './test-reports.ts';

const frame = {
  ...{ id: '00000000-0000-4000-8000-000000000001', version: 1, digest: 'ab'.repeat(32) },
  ...{ state: 'prepared' as const, steps: [] },
};
const span = { from: FROM, to: TO, timeZone: 'Asia/Shanghai' };
const named = (id: string) => ({ id, name: { zh: `名${id}`, en: id }, known: true });

function make(reports: TestReports, wish: Pick<ReportWish, 'kind' | 'subject'>): Promise<ReportContent> {
  return reports.maker.make({ ...wish, ...span }, { trial: false, signedAt: null }, () => undefined);
}

describe('the assessment of a vendor', () => {
  const contract = {
    ...{
      id: 'c-1',
      from: FROM - 1,
      to: TO + 1,
      state: 'in-force',
      systems: [named('sys')],
      networks: ['192.0.2.0/24'],
    },
    roster: [{ ...named('p-1'), from: null, to: null, active: true, events: 3 }],
    ...{ sla: { availability: 0.999, latencyMs: 0 }, workOrders: [], workOrderCount: 0 },
    seen: { events: 3, rows: 30, privileged: 0, last: FROM, outOfScope: [], offRoster: [], afterEnd: false },
  };
  const clean = {
    ...{ vendor: 'qiming', from: FROM, to: TO, contracts: [contract] },
    ...{ withoutContract: { events: 0, rows: 0, people: [] }, otherAddresses: [], findings: {} },
  };

  async function assessed(card: object, gaps: object[] = [], overdue: object[] = []): Promise<ReportContent> {
    const vendors = { vendors: [{ id: 'qiming', name: { zh: '启明', en: 'Qiming' } }] };
    const sight = plantedSight();
    const registry = registryFrom(vendors);
    const profiles = { ...sight.profiles, scorecard: async () => card as Scorecard, findings: async () => [] };
    const changed = {
      ...sight,
      registry: { ...sight.registry, current: () => registry, asOf: () => registry },
      profiles: profiles as ReportSight['profiles'],
      vendorRisks: { of: async () => ({ score: 12, gaps }) },
      vendorServices: { of: async () => ({ systems: [], overdue }) },
    } as unknown as ReportSight;
    return make(testReports(new MemoryTable(), changed), {
      kind: 'vendor-assessment',
      subject: { kind: 'vendor', id: 'qiming' },
    });
  }
  const holes = (content: ReportContent): string[] => holesOf(content).map(({ hole }) => hole);

  it('names nothing of a vendor that did what was agreed', async () => {
    expect(holes(await assessed(clean))).toEqual([]);
  });

  it.each([
    ['without-contract', { ...clean, withoutContract: { events: 2, rows: 9, people: ['x'] } }],
    ['other-addresses', { ...clean, otherAddresses: [{ name: '203.0.113.9', events: 1, rows: 1, first: 0, last: 0 }] }],
    ['after-contract', { ...clean, contracts: [{ ...contract, seen: { ...contract.seen, afterEnd: true } }] }],
    ['off-roster', { ...clean, contracts: [{ ...contract, seen: { ...contract.seen, offRoster: [named('x')] } }] }],
    ['out-of-scope', { ...clean, contracts: [{ ...contract, seen: { ...contract.seen, outOfScope: [named('x')] } }] }],
    ['no-roster', { ...clean, contracts: [{ ...contract, roster: [] }] }],
    ['no-systems', { ...clean, contracts: [{ ...contract, systems: [] }] }],
    ['no-contract', { ...clean, contracts: [] }],
  ])('names %s, and no other', async (hole, card) => {
    expect(holes(await assessed(card))).toEqual([hole]);
  });

  it('names what was not declared, and work after the window of an order', async () => {
    const gap = { gap: 'nda-expired', points: 10, explanation: { zh: '没有保密协议', en: 'there is no agreement' } };
    const content = await assessed(clean, [gap], [{ id: 'wo-1', to: FROM, last: FROM + 1, events: 2 }]);
    expect(holes(content)).toEqual(['nda-expired', 'work-order-overrun']);
    expect(reportPage(content, frame, 'zh')).toContain('没有保密协议');
  });
});

describe('the monthly posture', () => {
  const posture = (days: object[]): ReportSight['posture'] =>
    ({
      of: async () => ({ score: 71.5, trust: null, terms: [] }),
      series: async () => days,
    }) as unknown as ReportSight['posture'];
  const wish = { kind: 'monthly-posture', subject: { kind: 'platform', id: '' } } as const;

  it('says what is not known: scores that were not kept, trust, forecasts', async () => {
    const content = await make(testReports(new MemoryTable(), { ...plantedSight(), posture: posture([]) }), wish);
    const page = reportPage(content, frame, 'en');
    expect(page).toMatch(/Mean of the span<\/dt>\s*<dd><span class="unknown">not known/);
    expect(page).toMatch(/Trust \(0–100\)<\/dt>\s*<dd><span class="unknown">not known/);
    expect(page).toContain('There is no forecast: not known.');
  });

  it('adds up findings by family and department, and tells how soon people reacted', async () => {
    const days = [
      { at: FROM, score: 60, lowest: 40, trust: 90 },
      { at: FROM + 86_400_000, score: 71, lowest: 55, trust: 100 },
    ];
    const reports = testReports(new MemoryTable(), { ...plantedSight(), posture: posture(days) });
    const count = {
      detector: 'bulk-read',
      department: 'own',
      asset: '',
      severity: 'high' as const,
      findings: 3,
      suppressed: 1,
    };
    reports.store.counts = [count, { ...count, detector: 'brute-force', department: '', findings: 2, suppressed: 0 }];
    reports.store.answers = [
      { severity: 'high', raised: 5, acknowledged: 4, closed: 0, acknowledgedMedian: 5_400_000, closedMedian: null },
    ];
    const { sections } = await make(reports, wish);
    const rowsOf = (n: number, table: number) => {
      const block = sections[n]!.blocks.filter(({ is }) => is === 'table')[table]!;
      return block.is === 'table' ? block.rows : [];
    };
    const [facts] = sections[0]!.blocks;
    expect(facts?.is === 'facts' ? facts.rows.map(({ value }) => value) : []).toEqual([71.5, null, 65.5, 40, 5]);
    expect(rowsOf(2, 0).map(([family, ...rest]) => [(family as { en: string }).en, ...rest])).toEqual([
      ['data', 0, 3, 0, 0, 1],
      ['vendors', 0, 0, 0, 0, 0],
      ['identities', 0, 2, 0, 0, 0],
      ['logs', 0, 0, 0, 0, 0],
    ]);
    expect(rowsOf(2, 1)).toHaveLength(2);
    expect(rowsOf(3, 0)).toEqual([[{ zh: '高', en: 'high' }, 5, 4, 0, 1.5, null]]);
  });
});
