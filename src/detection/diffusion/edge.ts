import type { Registry } from '../../registry/registry.ts';

export type PartyKind = 'department' | 'system' | 'vendor' | 'person' | 'external';

/** Who has data: a node of the diffusion graph, with the id `kind:name`. */
export interface Party {
  id: string;
  kind: PartyKind;
  name: string;
  /** Department that answers for it; '' for a vendor and for those outside. */
  department: string;
}

/** All that one party passed on to another of one asset, up to a time. */
export interface Passing {
  asset: string;
  /** Department and vendor of those who did it, and the system it was done on, as events state them. */
  department: string;
  vendor: string;
  system: string;
  /** As events name it. */
  recipient: string;
  /** Event times, ms. */
  first: number;
  last: number;
  events: number;
  rows: number;
  /** Rows of the largest single passing. */
  mostRows: number;
  actions: readonly string[];
  fields: readonly string[];
  /** Of some of the events, at most 5. */
  eventIds: readonly string[];
}

/** Who passed it on: the actor's vendor, else its department, else the system. */
export function senderOf({ vendor, department, system }: Passing, registry: Registry, at: number): Party {
  if (vendor !== '') return party('vendor', vendor, '');
  if (department !== '') return party('department', department, department);
  if (system !== '') return party('system', system, registry.system(system, at)?.department ?? '');
  return party('external', 'unknown', '');
}

/** Whom a recipient's name stands for as of a time; what the registry does not know is outside. */
export function recipientOf(name: string, registry: Registry, at: number): Party {
  if (registry.department(name, at) !== undefined) return party('department', name, name);
  const system = registry.system(name, at);
  if (system !== undefined) return party('system', system.id, system.department);
  if (registry.vendor(name, at) !== undefined) return party('vendor', name, '');
  const person = registry.person(name, at);
  if (person !== undefined) return party('person', name, person.department);
  return party('external', name, '');
}

export function party(kind: PartyKind, name: string, department: string): Party {
  return { id: `${kind}:${name}`, kind, name, department };
}
