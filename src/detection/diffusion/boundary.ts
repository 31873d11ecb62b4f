import type { Registry } from '../../registry/registry.ts';
import type { Party } from './edge.ts';

/** How far an asset may spread: its owner, those to whom it was granted, and those to whom they may pass it on. */
export interface Boundary {
  owner: string;
  /** Ids of departments, systems and persons. */
  granted: ReadonlySet<string>;
  onward: ReadonlySet<string>;
}

/** The boundary as of a time; without an entry of the asset nobody is in it. */
export function boundaryOf(asset: string, at: number, registry: Registry): Boundary {
  const entry = registry.asset(asset, at);
  const grants = registry.grantsFor(entry?.id ?? asset, at);
  return {
    owner: entry?.owner ?? '',
    granted: new Set(grants.map(({ recipient }) => recipient)),
    onward: new Set(grants.flatMap(({ onwardTo }) => onwardTo)),
  };
}

/** Whether the party may have the asset: itself, or the department that answers for it. */
export function isInside({ owner, granted, onward }: Boundary, { name, department, kind }: Party): boolean {
  if (kind === 'external') return granted.has(name) || onward.has(name);
  return [name, department].some((id) => id !== '' && (id === owner || granted.has(id) || onward.has(id)));
}
