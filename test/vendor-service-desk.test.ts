import { describe, expect, it } from 'vitest';
import { serviceLimits } from '../detectors/service-degradation.ts';
import { registryFrom } from '../src/registry/registry-from.ts';
import type { ListName } from '../src/registry/schema.ts';
import type { ServedRequests } from '../src/store/service-queries.ts';
import { VendorServiceDesk } from '../src/vendor-service-desk.ts';

const AT = Date.parse('2026-11-24T15:00+08:00');
const registered = {
  departments: [{ id: 'aid', name: 'Aid' }],
  vendors: [
    { id: 'qiming', name: 'Qiming' },
    { id: 'yunhe', name: 'Yunhe' },
  ],
  systems: [
    { id: 'aid-web', name: 'Aid web', department: 'aid', runBy: 'qiming', sla: { availability: 0.99 } },
    { id: 'aid-api', name: 'Aid API', department: 'aid', runBy: 'qiming', sla: { availability: 0.99, latencyMs: 900 } },
    { id: 'other', name: 'Other', department: 'aid', runBy: 'yunhe' },
  ],
  contracts: [
    {
      ...{ id: 'c-1', vendor: 'qiming', systems: ['aid-web'], from: '2026-01-01', to: '2026-12-31' },
      sla: { availability: 0.999, latencyMs: 300 },
    },
  ],
  'work-orders': [
    { id: 'W-1', contract: 'c-1', from: '2026-11-20T08:00+08:00', to: '2026-11-20T10:00+08:00' },
    { id: 'W-2', contract: 'c-1', from: '2026-11-21T08:00+08:00', to: '2026-11-21T10:00+08:00' },
  ],
} satisfies Partial<Record<ListName, object[]>>;

function desk(requests: readonly ServedRequests[]): VendorServiceDesk {
  const registry = registryFrom(registered);
  const entries = (list: ListName) => (registered as Partial<Record<ListName, { id: string }[]>>)[list] ?? [];
  const history = {
    all: (list: ListName) => entries(list).map((entry) => ({ key: entry.id, entries: [entry] })),
    latest: () => undefined,
  };
  const last = Date.parse('2026-11-20T11:30+08:00');
  const store = {
    requests: async () => requests,
    latency: async () => [{ system: 'aid-web', timed: 40, p95Ms: 412 }],
    workOrders: async () => [
      { workOrder: 'W-1', events: 12, last },
      { workOrder: 'W-2', events: 3, last: Date.parse('2026-11-21T09:00+08:00') },
    ],
  };
  return new VendorServiceDesk({ store, registry: { current: () => registry, history }, limits: serviceLimits({}) });
}

describe('how the systems of a vendor serve', () => {
  it('is how fast each burns its error budget, against the contract, else the system', async () => {
    const served = [
      { system: 'aid-web', requests: [1_000, 6_000, 100_000], errors: [20, 30, 50] },
      { system: 'aid-api', requests: [200, 200, 10_000], errors: [0, 0, 200] },
    ];
    const { systems, overdue } = await desk(served).of('qiming', AT);
    expect(
      systems.map(({ system, agreedBy, contract, availability }) => [system.id, agreedBy, contract, availability]),
    ).toEqual([
      ['aid-web', 'contract', 'c-1', 0.999],
      ['aid-api', 'system', '', 0.99],
    ]);
    const [web, api] = systems;
    expect(web!.windows.map(({ burn }) => Math.round(burn! * 10) / 10)).toEqual([20, 5, 0.5]);
    expect(web!.windows.map(({ limit }) => limit)).toEqual([14.4, 6, null]);
    expect(web!.budgetLeft).toBeCloseTo(0.5);
    expect(api!.budgetLeft).toBeCloseTo(-1);
    expect([web!.latencyMs, web!.p95Ms, api!.latencyMs, api!.p95Ms]).toEqual([300, 412, 900, null]);
    expect(overdue.map(({ id, events }) => [id, events])).toEqual([['W-1', 12]]);
  });

  it('is not known without a request, and nothing for a vendor that runs nothing', async () => {
    const { systems } = await desk([]).of('qiming', AT);
    expect(systems.map(({ budgetLeft, windows }) => [budgetLeft, windows[0]!.burn])).toEqual([
      [null, null],
      [null, null],
    ]);
    expect((await desk([]).of('nobody', AT)).systems).toEqual([]);
  });
});
