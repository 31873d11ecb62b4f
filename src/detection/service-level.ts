import type { Registry } from '../registry/registry.ts';

/** What was agreed on how a system serves. */
export interface ServiceLevel {
  /** Share of requests that must succeed, 0 < availability < 1. */
  availability: number;
  agreedBy: 'contract' | 'system' | 'default';
  /** Id of the vendor's contract that covers the system at that time; '' without one. */
  contract: string;
}

/** The availability in the vendor's contract for the system, else that of the system, else the default. Pure. */
export function serviceLevelOf(
  registry: Pick<Registry, 'contractsOf' | 'system'>,
  { vendor, system, at, otherwise }: { vendor: string; system: string; at: number; otherwise: number },
): ServiceLevel {
  const covering = registry
    .contractsOf(vendor)
    .filter(({ from, to, systems }) => from <= at && at < to && (systems.length === 0 || systems.includes(system)));
  const stating = covering.find(({ sla }) => sla.availability > 0);
  const contract = (stating ?? covering[0])?.id ?? '';
  const stated = stating?.sla.availability ?? registry.system(system, at)?.sla.availability ?? 0;
  if (!(stated > 0 && stated < 1)) return { availability: otherwise, agreedBy: 'default', contract };
  return { availability: stated, agreedBy: stating === undefined ? 'system' : 'contract', contract };
}
