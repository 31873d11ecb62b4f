import { WanglouError } from './errors.ts';
import type { Finding } from './finding/finding.ts';
import type { LifeEvent } from './finding/lifecycle.ts';
import { COUNTED_DAYS, DAY_MS } from './posture/finding-risk.ts';
import { vendorRisk, type VendorRisk } from './posture/vendor-risk.ts';
import type { Registry } from './registry/registry.ts';

export interface VendorRiskStore {
  /** The latest revision of each of the vendor's findings that was caused in [from, to). */
  findingsOfVendor(vendor: string, from: number, to: number): Promise<readonly Finding[]>;
  lifeEvents(findings: readonly string[]): Promise<readonly LifeEvent[]>;
}

const TREND_DAYS = 90;

/** The risk of a vendor as of any time, and how it came about over the 90 days before. */
export class VendorRiskDesk {
  readonly #store: VendorRiskStore;
  readonly #registry: { current(): Registry };

  constructor(store: VendorRiskStore, registry: { current(): Registry }) {
    this.#store = store;
    this.#registry = registry;
  }

  /** @throws WanglouError WL_NOT_FOUND when neither the registry nor any finding knows the vendor. */
  async of(vendor: string, asOf: number): Promise<VendorRisk & { trend: { at: number; score: number }[] }> {
    const registry = this.#registry.current();
    const from = asOf - (COUNTED_DAYS + TREND_DAYS) * DAY_MS;
    const findings = await this.#store.findingsOfVendor(vendor, from, asOf + 1);
    if (findings.length === 0 && registry.vendor(vendor, asOf) === undefined)
      throw new WanglouError('WL_NOT_FOUND', `There is no vendor ${vendor}`, {
        remedy: 'Check the id, or enter the vendor into the registry.',
      });
    const history = await this.#store.lifeEvents(findings.map(({ id }) => id));
    const riskAt = (at: number) => vendorRisk(vendor, findings, history, registry.vendor(vendor, at), at);
    const days = Array.from({ length: TREND_DAYS + 1 }, (_, n) => asOf - (TREND_DAYS - n) * DAY_MS);
    return { ...riskAt(asOf), trend: days.map((at) => ({ at, score: riskAt(at).score })) };
  }
}
