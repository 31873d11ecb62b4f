import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Event } from '../../src/event/event.ts';
import type { Finding } from '../../src/finding/finding.ts';
import { lifeEventOf, type Disposition, type LifeEvent } from '../../src/finding/lifecycle.ts';
import type { StoreClient } from '../../src/store/client.ts';
import { DetectorQueries } from '../../src/store/detector-queries.ts';
import { ServiceQueries } from '../../src/store/service-queries.ts';
import { TableWriter } from '../../src/store/table-writer.ts';
import { FINDINGS, LIVES } from '../../src/store/tables.ts';
import { eventAt } from '../detection/judge.ts';
import { aFinding } from '../store/a-finding.ts';
import { storeWithEvents, type FilledStore } from './filled-store.ts';

const NOW = Date.parse('2026-11-20T12:00+08:00');
const HOUR_MS = 3_600_000;
const idOf = (n: number): string => `6f1c3a52-8f0b-5a52-9d3e-${String(n).padStart(12, '0')}`;

const request = { system: 'aid-web', classUid: 6003, action: 'call' };
const failed = { ...request, outcome: 'failure' as const };
const events: Event[] = [
  eventAt('2026-11-20T11:30', { ...request, attributes: ['status', '200', 'durationMs', '120'] }),
  eventAt('2026-11-20T11:31', { ...failed, attributes: ['status', '503', 'durationMs', '900'] }),
  eventAt('2026-11-20T11:32', { ...failed, attributes: ['status', '404'] }),
  eventAt('2026-11-20T08:00', failed),
  eventAt('2026-11-02T08:00', { ...failed, attributes: ['status', '500'] }),
  eventAt('2026-11-20T11:33', { system: 'aid-web', action: 'read' }),
  eventAt('2026-11-19T09:00', { vendor: 'qiming', system: 'aid-db', workOrder: 'W-1' }),
  eventAt('2026-11-19T11:00', { vendor: 'qiming', system: 'aid-db', workOrder: 'W-1' }),
];

const found = (n: number, changes: Partial<Finding>): Finding =>
  aFinding({ id: idOf(n), causedAt: NOW - HOUR_MS, ...changes });
const findings: Finding[] = [
  found(1, { severity: 'high' }),
  found(1, { severity: 'critical', revision: 2 }),
  found(2, { severity: 'low', causedAt: NOW - 48 * HOUR_MS, suppression: 's-1' }),
  found(3, { detector: 'brute-force', severity: 'medium', suppression: 's-1' }),
  found(4, { causedAt: NOW - 40 * 24 * HOUR_MS, suppression: 's-2' }),
];
function decided(n: number, act: 'closed' | 'reopened', disposition: Disposition, at: number): LifeEvent {
  const of = lifeEventOf(findings.find(({ id }) => id === idOf(n))!);
  return { ...of, id: idOf(at), act, by: 'li', at: NOW + at, disposition };
}
const lives = [
  decided(1, 'closed', 'false-positive', 1),
  decided(2, 'closed', 'benign', 2),
  decided(2, 'closed', 'true-positive', 3),
  decided(3, 'closed', 'false-positive', 4),
  decided(3, 'reopened', 'false-positive', 5),
];

let store: FilledStore;
let client: StoreClient;
beforeAll(async () => {
  store = await storeWithEvents(events);
  ({ client } = store);
  // Twice, as after a crash.
  for (let times = 0; times < 2; times++) {
    await new TableWriter(client, FINDINGS).write(findings);
    await new TableWriter(client, LIVES).write(lives);
  }
});
afterAll(() => store.stop());

describe('what detectors and suppressions did, in the real store', () => {
  it('is counted once by the latest revision, with how it is closed now', async () => {
    const use = await new DetectorQueries(client).use(NOW);
    expect(use.sort((a, b) => (a.detector < b.detector ? -1 : 1))).toEqual([
      { detector: 'brute-force', lastDay: 1, lastMonth: 1, bySeverity: { medium: 1 }, closed: {} },
      {
        ...{ detector: 'bulk-read', lastDay: 1, lastMonth: 2, bySeverity: { critical: 1, low: 1 } },
        closed: { 'false-positive': 1, 'true-positive': 1 },
      },
    ]);
  });

  it('is what each suppression has hidden', async () => {
    expect(Object.fromEntries(await new DetectorQueries(client).hidden())).toEqual({
      's-1': { findings: 2, last: NOW - HOUR_MS },
      's-2': { findings: 1, last: NOW - 40 * 24 * HOUR_MS },
    });
  });
});

describe('how systems serve, in the real store', () => {
  it('is requests and those that failed as service-degradation sees them: 5xx, or no status at all', async () => {
    const served = await new ServiceQueries(client).requests(
      ['aid-web', 'aid-db'],
      NOW,
      [1, 6, 720].map((hours) => hours * HOUR_MS),
    );
    expect(served).toEqual([{ system: 'aid-web', requests: [3, 4, 5], errors: [1, 2, 3] }]);
  });

  it('is how long the timed requests of a day took, and when work under a work order ended', async () => {
    const service = new ServiceQueries(client);
    const [latency] = await service.latency(['aid-web'], NOW);
    expect(latency).toMatchObject({ system: 'aid-web', timed: 2 });
    expect(latency!.p95Ms).toBeGreaterThan(800);
    expect(await service.workOrders('qiming', NOW - 720 * HOUR_MS, NOW)).toEqual([
      { workOrder: 'W-1', events: 2, last: Date.parse('2026-11-19T11:00+08:00') },
    ]);
  });
});
