import type { Reasons, UseOf } from '../store/profile-queries.ts';
import type { Registry } from '../registry/registry.ts';
import { both, type GrantView, type Named, type RegistryView } from './registry-view.ts';

/** A use with the name of who or what it is of. */
export interface NamedUse extends UseOf {
  title: Named['name'];
}

/** Why an answer is not whole; `count` and `names` say of how much. */
export interface Hole {
  hole:
    | 'not-registered'
    | 'no-grant'
    | 'no-source'
    | 'no-events'
    | 'used-without-grant'
    | 'no-purpose'
    | 'no-recipient'
    | 'outside-boundary'
    | 'no-path'
    | 'no-end'
    | 'review-overdue'
    | 'no-review';
  count: number;
  names: readonly string[];
}

/** Who may use an asset, who used it, for what, where it went, until when: each with its source and its holes. */
export interface FiveQuestions {
  asset: string;
  /** Event times, ms: uses are those of [from, to). */
  from: number;
  to: number;
  may: { grants: readonly GrantView[]; open: boolean; holes: readonly Hole[] };
  used: { actors: readonly NamedUse[]; sources: readonly Named[]; holes: readonly Hole[] };
  purpose: { purposes: readonly UseOf[]; reasons: Reasons; holes: readonly Hole[] };
  went: { parties: number; outside: number; rows: number; holes: readonly Hole[] };
  until: { firstEnd: number | null; nextReview: number; holes: readonly Hole[] };
}

/** What was seen of the asset's use. */
export interface AssetUse {
  from: number;
  to: number;
  actors: readonly UseOf[];
  /** Log sources that told of it. */
  sources: readonly UseOf[];
  purposes: readonly UseOf[];
  reasons: Reasons;
  /** Departments that used it without being its owner's or having a grant in force. */
  withoutGrant: readonly string[];
  diffusion: {
    nodes: readonly { id: string; name: string; outside: boolean; hops: number }[];
    edges: readonly { rows: number }[];
  };
}

export function fiveQuestions(id: string, use: AssetUse, view: RegistryView): FiveQuestions {
  const { registry, at } = view;
  const asset = registry.asset(id, at);
  const grants = view.grants(registry.grantsFor(asset?.id ?? id, at));
  const open = asset?.sharing === 'unconditional';
  const sources = sourcesOf(asset?.system ?? '', use.sources, registry);
  const parties = use.diffusion.nodes.filter(({ name }) => name !== '');
  const outside = parties.filter((party) => party.outside);
  const cut = parties.filter(({ hops }) => hops < 0);
  const endless = grants.filter(({ to }) => to === null);
  const ends = grants.flatMap(({ to }) => to ?? []);
  const { reasons } = use;
  const unexplained = use.purposes.find(({ name }) => name === '')?.events ?? 0;
  return {
    asset: asset?.id ?? id,
    from: use.from,
    to: use.to,
    may: {
      grants,
      open,
      holes: [
        ...when(asset === undefined, 'not-registered'),
        ...when(asset !== undefined && grants.length === 0 && !open, 'no-grant'),
      ],
    },
    used: {
      actors: use.actors.map((actor) => ({ ...actor, title: view.actor(actor.name).name })),
      sources,
      holes: [
        ...when(sources.length === 0, 'no-source'),
        ...when(use.actors.length === 0, 'no-events'),
        ...when(use.withoutGrant.length > 0 && !open, 'used-without-grant', use.withoutGrant.length, use.withoutGrant),
      ],
    },
    purpose: {
      purposes: use.purposes,
      reasons,
      holes: when(unexplained > 0, 'no-purpose', unexplained),
    },
    went: {
      parties: Math.max(0, parties.length - 1),
      outside: outside.length,
      rows: use.diffusion.edges.reduce((sum, { rows }) => sum + rows, 0),
      holes: [
        ...when(reasons.withoutRecipient > 0, 'no-recipient', reasons.withoutRecipient),
        ...when(
          outside.length > 0,
          'outside-boundary',
          outside.length,
          outside.map(({ name }) => name),
        ),
        ...when(
          cut.length > 0,
          'no-path',
          cut.length,
          cut.map(({ name }) => name),
        ),
      ],
    },
    until: {
      firstEnd: ends.length === 0 ? null : Math.min(...ends),
      nextReview: asset?.nextReview ?? 0,
      holes: [
        ...when(
          endless.length > 0,
          'no-end',
          endless.length,
          endless.map(({ id: grant }) => grant),
        ),
        ...when(asset !== undefined && asset.nextReview === 0, 'no-review'),
        ...when(asset !== undefined && asset.nextReview > 0 && asset.nextReview < at, 'review-overdue'),
      ],
    },
  };
}

/** Those that are registered for the asset's system, and those that told of it. */
function sourcesOf(system: string, seen: readonly UseOf[], registry: Registry): Named[] {
  const covering = registry.sources().filter((source) => system !== '' && source.system === system);
  const others = seen.filter(({ name }) => name !== '' && !covering.some(({ id }) => id === name));
  return [
    ...covering.map(({ id, name }) => ({ id, name, known: true })),
    ...others.map(({ name: id }) => {
      const source = registry.source(id);
      return { id, name: source?.name ?? both(id), known: source !== undefined };
    }),
  ];
}

function when(is: boolean, hole: Hole['hole'], count = 0, names: readonly string[] = []): Hole[] {
  return is ? [{ hole, count, names: names.slice(0, 20) }] : [];
}
