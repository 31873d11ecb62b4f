import { z } from 'zod';

/**
 * What somebody is limited to: departments with all below them, vendors, or both. An empty one sees nothing. Who has none
 * (`null` in a session) sees everything.
 */
export interface Scope {
  /** Ids of the registry. */
  departments: readonly string[];
  vendors: readonly string[];
}

const ids = z.array(z.string().min(1).max(200)).max(100, 'name at most 100').default([]);

/** As people state it; both empty: no limits. */
export const scopeRequest = z.strictObject({ departments: ids, vendors: ids });

export const NOTHING: Scope = { departments: [], vendors: [] };

export function isEmpty({ departments, vendors }: Scope): boolean {
  return departments.length === 0 && vendors.length === 0;
}

/** What a route does for people with a scope. */
export const WITHIN = ['own', 'same', 'refused'] as const;
/**
 * `own`: shows, and acts on, only what is in the scope. `same`: the same for everybody, and about nobody. `refused`: 403, as it
 * is about the platform as a whole.
 */
export type Within = (typeof WITHIN)[number];
