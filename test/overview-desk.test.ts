import { describe, expect, it } from 'vitest';
import { OverviewDesk, type OverviewDeskParts } from '../src/overview-desk.ts';
import { registryFrom } from '../src/registry/registry-from.ts';

const HOUR = 3_600_000;
const NOW = Date.parse('2026-10-09T10:20:30+08:00');
const registry = registryFrom({
  departments: [
    { id: 'aid', name: { zh: '民政局', en: 'Civil Affairs' } },
    { id: 'tax', name: 'tax' },
  ],
  vendors: [{ id: 'qm', name: 'qm' }],
});

function deskWith(store: Partial<OverviewDeskParts['store']>, recordedAt = 0) {
  const clock = { now: NOW };
  const none = async () => [];
  const desk = new OverviewDesk({
    store: { findingsByHour: none, eventsByHour: none, raisedSince: none, actsSince: none, ...store },
    scores: { scoreAt: async (_scope, _id, after, at) => (after < at ? { score: 62 } : undefined) },
    registry: { current: () => registry, asOf: () => registryFrom({}), history: { lastRecordedAt: recordedAt } },
    now: () => clock.now,
  });
  return { desk, clock };
}

describe('the heat map', () => {
  it('ends with the local hour that goes on, and weighs findings by severity', async () => {
    const { desk } = deskWith({
      findingsByHour: async (from, to) => {
        expect([from, to]).toEqual([NOW - 20 * 60_000 - 30_000 - 23 * HOUR, NOW - 20 * 60_000 - 30_000 + HOUR]);
        return [
          { department: 'tax', hour: 23, severity: 'low', findings: 3 },
          { department: 'aid', hour: 23, severity: 'critical', findings: 1 },
          { department: 'aid', hour: 23, severity: 'low', findings: 1 },
          { department: '', hour: 0, severity: 'low', findings: 1 },
        ];
      },
    });
    const { columns, rows } = await desk.heat('findings', '24h');
    expect(columns.at(-1)).toEqual({ hour: 10, at: Date.parse('2026-10-09T10:00:00+08:00') });
    expect(rows.map(({ department, weight, count }) => [department, weight, count])).toEqual([
      ['aid', 43, 2],
      ['tax', 9, 3],
      ['', 3, 1],
    ]);
    expect(rows[0]!.name.en).toBe('Civil Affairs');
    expect(rows[0]!.cells[23]).toEqual({ weight: 43, count: 2, bySeverity: { critical: 1, low: 1 } });
    expect(rows[2]!.name.zh).toBe('未归属部门');
  });

  it('adds up the hours of the day over a week', async () => {
    const { desk } = deskWith({
      eventsByHour: async () => [0, 24, 25].map((hour) => ({ department: 'aid', hour, events: 10 })),
    });
    const { columns, rows } = await desk.heat('events', '7d');
    expect(columns[11]).toEqual({ hour: 11, at: null });
    // The week begins at 11:00.
    expect(rows[0]!.cells.slice(11, 13).map(({ count }) => count)).toEqual([20, 10]);
    expect(rows.map(({ department }) => department)).toEqual(['aid', 'tax']);
  });

  it('is read once for all who look, again when it is old, and at once after a fault', async () => {
    const state = { asked: 0, fault: false };
    const { desk, clock } = deskWith({
      findingsByHour: async () => {
        state.asked++;
        if (state.fault) throw new Error('away');
        return [];
      },
    });
    await Promise.all([desk.heat('findings', '24h'), desk.heat('findings', '24h')]);
    clock.now += 29_999;
    await desk.heat('findings', '24h');
    expect(state.asked).toBe(1);
    clock.now += 1;
    state.fault = true;
    await expect(desk.heat('findings', '24h')).rejects.toThrow('away');
    state.fault = false;
    await desk.heat('findings', '24h');
    expect(state.asked).toBe(3);
  });
});

describe('what changed since somebody looked', () => {
  it('has the score of then, counts of every severity, and not what one did oneself', async () => {
    const { desk } = deskWith({
      raisedSince: async () => [{ severity: 'high', findings: 2 }],
      actsSince: async () => ['lina', 'me'].map((by) => ({ by, act: 'closed' as const, findings: 3 })),
    });
    expect(await desk.changes(NOW - HOUR, 'me')).toEqual({
      ...{ since: NOW - HOUR, until: NOW, scoreThen: 62, newVendors: [] },
      raised: { critical: 0, high: 2, medium: 0, low: 0 },
      acts: [{ by: 'lina', act: 'closed', findings: 3 }],
    });
  });

  it('names vendors that were entered since', async () => {
    const { newVendors } = await deskWith({}, NOW - 1).desk.changes(NOW - HOUR, 'me');
    expect(newVendors.map(({ id }) => id)).toEqual(['qm']);
  });

  it('refuses the future, and what lies more than a month back', async () => {
    const { desk } = deskWith({});
    await expect(desk.changes(NOW + 1, 'me')).rejects.toThrow(/^since is 2026-10-09T/);
    await expect(desk.changes(NOW - 32 * 24 * HOUR, 'me')).rejects.toThrow(/^since is/);
  });
});
