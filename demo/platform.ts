import { assets, systems, type AssetOf, type SystemOf } from './platform/catalogue.ts';
import { officers, services, type Actor } from './platform/people.ts';
import { contracts, vendorOfSystem, vendorStaff, type ContractOf } from './platform/vendors.ts';

/** The simulated city: who and what exists, drawn from the seed; dates (contracts, new accounts) lie around the day. */
export interface Platform {
  seed: number;
  /** `YYYY-MM-DD`, a workday. */
  day: string;
  systems: readonly SystemOf[];
  assets: readonly AssetOf[];
  officers: readonly Actor[];
  staff: readonly Actor[];
  services: readonly Actor[];
  contracts: readonly ContractOf[];
  system(id: string): SystemOf;
  asset(id: string): AssetOf;
}

export function buildPlatform(seed: number, day: string): Platform {
  const allSystems = systems(vendorOfSystem);
  const allAssets = assets(allSystems);
  const staff = vendorStaff(seed, day, allSystems, allAssets);
  const systemById = new Map(allSystems.map((system) => [system.id, system]));
  const assetById = new Map(allAssets.map((asset) => [asset.id, asset]));
  return {
    seed,
    day,
    systems: allSystems,
    assets: allAssets,
    officers: officers(seed, day, allAssets),
    staff,
    services: services(seed, day, allSystems, allAssets),
    contracts: contracts(day, allSystems, staff),
    system: (id) => known(systemById.get(id), id),
    asset: (id) => known(assetById.get(id), id),
  };
}

function known<T>(entry: T | undefined, id: string): T {
  if (entry === undefined) throw new RangeError(`the platform has no ${id}`);
  return entry;
}
