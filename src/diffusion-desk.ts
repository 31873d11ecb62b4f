import { diffusionOf, type Diffusion } from './detection/diffusion/graph.ts';
import { recipientOf, type Passing } from './detection/diffusion/edge.ts';
import type { Bilingual } from './finding/finding.ts';
import type { Registry } from './registry/registry.ts';

/** The ledger of what was passed on (src/store/diffusion-queries.ts). */
export interface DiffusionLedger {
  assets(asOf: number): Promise<readonly string[]>;
  passingsOf(assets: readonly string[], asOf: number): Promise<readonly Passing[]>;
  passingsBy(senders: readonly string[], otherThan: readonly string[], asOf: number): Promise<readonly Passing[]>;
}

/** Answers where an asset has gone, as of any time, from the ledger in the store and the registry. */
export class DiffusionDesk {
  readonly #ledger: DiffusionLedger;
  readonly #registry: { current(): Registry };

  constructor(ledger: DiffusionLedger, registry: { current(): Registry }) {
    this.#ledger = ledger;
    this.#registry = registry;
  }

  /** @param named the asset's id or a name that logs carry. @param asOf ms since the Unix epoch. */
  async of(named: string, asOf: number): Promise<Diffusion & { titles: Record<string, Bilingual> }> {
    const registry = this.#registry.current();
    const asset = registry.asset(named, asOf)?.id ?? named;
    const passedOn = await this.#ledger.assets(asOf);
    const derived = passedOn.filter((other) => registry.derivedFrom(other, asOf).includes(asset));
    const lineage = [asset, ...derived];
    const passings = await this.#ledger.passingsOf(lineage, asOf);
    const recipients = new Set(passings.map(({ recipient }) => recipientOf(recipient, registry, asOf).name));
    const others = recipients.size === 0 ? [] : await this.#ledger.passingsBy([...recipients], lineage, asOf);
    const diffusion = diffusionOf(asset, asOf, passings, others, registry);
    return { ...diffusion, titles: titlesOf(diffusion, registry) };
  }
}

/** Names for people of the parties that the registry knows, by node. */
function titlesOf({ nodes, asOf }: Diffusion, registry: Registry): Record<string, Bilingual> {
  const known = nodes.flatMap(({ id, kind, name }) => {
    const entry = kind === 'external' ? undefined : registry[kind](name, asOf);
    return entry === undefined ? [] : [[id, entry.name] as const];
  });
  return Object.fromEntries(known);
}
