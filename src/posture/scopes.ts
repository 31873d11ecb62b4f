import type { Finding } from '../finding/finding.ts';
import type { Asset, Registry, System } from '../registry/registry.ts';
import { ASSET_LEVELS } from '../registry/schema.ts';
import { validAt } from '../registry/versions.ts';

export const SCOPE_KINDS = ['overall', 'department', 'system', 'level', 'vendor'] as const;
export type ScopeKind = (typeof SCOPE_KINDS)[number];

/** What has a score of its own; the id of `overall` is ''. */
export interface Scope {
  kind: ScopeKind;
  id: string;
}

/** Points at which a score has fallen to 37: whoever answers for more has more findings at the same care. */
const SATURATION: Readonly<Record<Exclude<ScopeKind, 'overall' | 'level'>, number>> = {
  department: 120,
  system: 60,
  vendor: 60,
};
const FEWEST_DEPARTMENTS = 2;

export const OVERALL: Scope = { kind: 'overall', id: '' };

/** `department/civil-affairs`: a scope as the key of a map. */
export function keyOf({ kind, id }: Scope): string {
  return `${kind}/${id}`;
}

type Placed = Pick<Finding, 'department' | 'system' | 'vendor' | 'assetLevel'>;

/**
 * Which scopes something belongs to, as of a time. Only what the registry knows has a score of its own: names that log lines
 * make up count overall, and can not make scopes without end.
 */
export class ScopeIndex {
  readonly scopes: readonly Scope[];
  readonly #registry: Registry;
  readonly #at: number;
  readonly #keys = new Set<string>();
  readonly #placed = new Map<string, readonly string[]>();
  readonly #ofVendor = new Map<string, Set<string>>();
  readonly #ofSystem = new Map<string, Set<string>>();

  constructor(registry: Registry, at: number) {
    this.#registry = registry;
    this.#at = at;
    const { departments, systems, assets, vendors } = registry.entries;
    const now = <T extends { validFrom: number; validTo: number }>(all: readonly T[]): T[] =>
      all.filter((one) => validAt([one], at) !== undefined);
    const ofKind = (kind: ScopeKind, all: readonly { id: string }[]): Scope[] =>
      [...new Set(all.map(({ id }) => id))].map((id) => ({ kind, id }));
    this.scopes = [
      OVERALL,
      ...ASSET_LEVELS.map((id): Scope => ({ kind: 'level', id })),
      ...ofKind('department', now(departments)),
      ...ofKind('system', now(systems)),
      ...ofKind('vendor', now(vendors)),
    ];
    for (const scope of this.scopes) this.#keys.add(keyOf(scope));
    for (const system of now(systems)) this.#addSystem(system);
    for (const asset of now(assets)) this.#addTo(this.#ofSystem, asset.system, [`level/${asset.level}`]);
  }

  /** Points at which the score of a scope of that kind is 37. What spans departments has room for the findings of all. */
  saturationOf(kind: ScopeKind): number {
    if (kind !== 'overall' && kind !== 'level') return SATURATION[kind];
    const departments = this.scopes.filter((scope) => scope.kind === 'department').length;
    return SATURATION.department * Math.max(FEWEST_DEPARTMENTS, departments);
  }

  has(scope: Scope): boolean {
    return this.#keys.has(keyOf(scope));
  }

  /** Of a finding: overall, the actor's department and vendor, the asset's level, the system and the department it is of. */
  ofFinding({ department, system, vendor, assetLevel }: Placed): readonly string[] {
    const place = `${department}\u001f${system}\u001f${vendor}\u001f${assetLevel}`;
    const known = this.#placed.get(place);
    if (known !== undefined) return known;
    const keys = this.#known(
      ['department', department],
      ['department', this.#registry.system(system, this.#at)?.department ?? ''],
      ['system', this.#registry.system(system, this.#at)?.id ?? ''],
      ['vendor', vendor],
      ['level', assetLevel],
    );
    this.#placed.set(place, keys);
    return keys;
  }

  /** Of a vendor: overall, itself, the systems that it builds or runs, and their departments. */
  ofVendor(vendor: string): readonly string[] {
    return [...new Set([...this.#known(['vendor', vendor]), ...(this.#ofVendor.get(vendor) ?? [])])];
  }

  /** Of a grant: what its asset belongs to. */
  ofAsset(asset: Asset | undefined): readonly string[] {
    if (asset === undefined) return this.#known();
    return this.#known(['department', asset.owner], ['system', asset.system], ['level', asset.level]);
  }

  /** Of a source: its system, the department and vendors of that, and the levels of the assets in it. */
  ofSource(system: string): readonly string[] {
    const id = this.#registry.system(system, this.#at)?.id ?? '';
    return [...new Set([...this.#known(['system', id]), ...(this.#ofSystem.get(id) ?? [])])];
  }

  #addSystem({ id, department, builtBy, runBy }: System): void {
    const vendors = [builtBy, runBy].filter((vendor) => vendor !== '');
    this.#addTo(this.#ofSystem, id, [`department/${department}`, ...vendors.map((vendor) => `vendor/${vendor}`)]);
    for (const vendor of vendors) this.#addTo(this.#ofVendor, vendor, [`system/${id}`, `department/${department}`]);
  }

  #addTo(lists: Map<string, Set<string>>, of: string, keys: readonly string[]): void {
    const list = lists.get(of) ?? new Set<string>();
    lists.set(of, list);
    for (const key of keys) if (this.#keys.has(key)) list.add(key);
  }

  #known(...named: readonly [ScopeKind, string][]): readonly string[] {
    const keys = named.map(([kind, id]) => `${kind}/${id}`).filter((key) => this.#keys.has(key));
    return [...new Set([keyOf(OVERALL), ...keys])];
  }
}
