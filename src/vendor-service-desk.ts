import { serviceLevelOf, type ServiceLevel } from './detection/service-level.ts';
import { RegistryView, type Named, type RegistrySource } from './profile/registry-view.ts';
import type { ServedLatency, ServedRequests, WorkOrderUse } from './store/service-queries.ts';

/** Requests over one window that ends now. */
export interface ServedWindow {
  ms: number;
  requests: number;
  errors: number;
  /** Times the error rate that the availability allows; null without a request. */
  burn: number | null;
  /** At this many times the detector service-degradation finds something; null where it does not look. */
  limit: number | null;
}

/** One system that the vendor runs: what was agreed, and how it served. */
export interface ServedSystem extends ServiceLevel {
  system: Named;
  /** 1 hour, 6 hours, 30 days. */
  windows: readonly ServedWindow[];
  /** Part of the error budget of 30 days that is left; below 0 when it is overdrawn; null without a request. */
  budgetLeft: number | null;
  /** Agreed, and seen over 24 hours: 95 % of the timed requests were faster; 0 and null for none. */
  latencyMs: number;
  p95Ms: number | null;
  timed: number;
}

/** A work order under which somebody worked on after its window. */
export interface OverdueOrder {
  id: string;
  to: number;
  /** Event time of the last work under it. */
  last: number;
  events: number;
}

export interface VendorService {
  vendor: string;
  asOf: number;
  /** Requests below which a window of the detector is not judged. */
  requestsAtLeast: number;
  systems: readonly ServedSystem[];
  overdue: readonly OverdueOrder[];
}

/** Settings of the detector service-degradation, as the configuration has them. */
export interface ServiceLimits {
  availability: number;
  fastBurn: number;
  slowBurn: number;
  requestsAtLeast: number;
}

export interface VendorServiceParts {
  store: {
    requests(systems: readonly string[], to: number, windowsMs: readonly number[]): Promise<readonly ServedRequests[]>;
    latency(systems: readonly string[], to: number): Promise<readonly ServedLatency[]>;
    workOrders(vendor: string, from: number, to: number): Promise<readonly WorkOrderUse[]>;
  };
  registry: RegistrySource;
  limits: ServiceLimits;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const MONTH_MS = 30 * DAY_MS;
const WINDOWS_MS = [HOUR_MS, 6 * HOUR_MS, MONTH_MS] as const;

/** How the systems of a vendor serve, against what its contracts say. */
export class VendorServiceDesk {
  readonly #parts: VendorServiceParts;

  constructor(parts: VendorServiceParts) {
    this.#parts = parts;
  }

  /** A vendor that runs no system has an empty list. */
  async of(vendor: string, asOf: number): Promise<VendorService> {
    const { store, limits } = this.#parts;
    const view = new RegistryView(this.#parts.registry, asOf);
    const ids = view.where('systems', 'runBy', vendor).filter((id) => view.registry.system(id, asOf)?.runBy === vendor);
    const [requests, latencies, uses] = await Promise.all([
      ids.length === 0 ? [] : store.requests(ids, asOf + 1, WINDOWS_MS),
      ids.length === 0 ? [] : store.latency(ids, asOf + 1),
      store.workOrders(vendor, asOf - MONTH_MS, asOf + 1),
    ]);
    const systems = ids.map((id) => {
      const served = requests.find(({ system }) => system === id);
      return this.#system(
        view,
        vendor,
        id,
        served,
        latencies.find(({ system }) => system === id),
      );
    });
    const overdue = view.registry.workOrdersOf(vendor).flatMap(({ id, to }) => {
      const use = uses.find(({ workOrder }) => workOrder === id);
      return use !== undefined && use.last > to ? [{ id, to, last: use.last, events: use.events }] : [];
    });
    return { vendor, asOf, requestsAtLeast: limits.requestsAtLeast, systems, overdue };
  }

  #system(
    view: RegistryView,
    vendor: string,
    system: string,
    served: ServedRequests | undefined,
    latency: ServedLatency | undefined,
  ): ServedSystem {
    const { availability: otherwise, fastBurn, slowBurn } = this.#parts.limits;
    const level = serviceLevelOf(view.registry, { vendor, system, at: view.at, otherwise });
    const windows = WINDOWS_MS.map((ms, n): ServedWindow => {
      const [requests, errors] = [served?.requests[n] ?? 0, served?.errors[n] ?? 0];
      const burn = requests === 0 ? null : errors / requests / (1 - level.availability);
      return { ms, requests, errors, burn, limit: [fastBurn, slowBurn, null][n] ?? null };
    });
    const month = windows.at(-1)!;
    return {
      ...level,
      system: view.named('system', system)!,
      windows,
      budgetLeft: month.burn === null ? null : 1 - month.burn,
      latencyMs: agreedLatency(view, vendor, level.contract, system),
      p95Ms: latency?.p95Ms ?? null,
      timed: latency?.timed ?? 0,
    };
  }
}

function agreedLatency({ registry, at }: RegistryView, vendor: string, contract: string, system: string): number {
  const ofContract = registry.contractsOf(vendor).find(({ id }) => id === contract)?.sla.latencyMs ?? 0;
  return ofContract > 0 ? ofContract : (registry.system(system, at)?.sla.latencyMs ?? 0);
}
