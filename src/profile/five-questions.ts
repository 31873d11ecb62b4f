import type { Bilingual } from '../finding/finding.ts';
import type { Reasons, UseOf } from '../store/profile-queries.ts';
import type { Asset, Registry } from '../registry/registry.ts';
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
    | 'source-unregistered'
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
  names: readonly Bilingual[];
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

const MOST_NAMED = 20;

export function fiveQuestions(id: string, use: AssetUse, view: RegistryView): FiveQuestions {
  const asset = view.registry.asset(id, view.at);
  const grants = view.grants(view.registry.grantsFor(asset?.id ?? id, view.at));
  const open = asset?.sharing === 'unconditional';
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
    used: usedBy(use, open, asset?.system ?? '', view),
    purpose: {
      purposes: use.purposes,
      reasons: use.reasons,
      holes: counted('no-purpose', use.reasons.events - use.reasons.withPurpose),
    },
    went: wentTo(use, view),
    until: untilWhen(asset, grants, view.at),
  };
}

function usedBy(use: AssetUse, open: boolean, system: string, view: RegistryView): FiveQuestions['used'] {
  const sources = sourcesOf(system, use.sources, view.registry);
  const strangers = sources.filter(({ known }) => !known);
  return {
    actors: use.actors.map((actor) => ({ ...actor, title: view.actor(actor.name).name })),
    sources,
    holes: [
      ...when(sources.length === 0, 'no-source'),
      ...listed('source-unregistered', strangers),
      ...when(use.actors.length === 0, 'no-events'),
      ...(open ? [] : listed('used-without-grant', view.all('department', use.withoutGrant))),
    ],
  };
}

/** A graph without an owner begins at a nameless node. */
function wentTo({ diffusion, reasons }: AssetUse, view: RegistryView): FiveQuestions['went'] {
  const parties = diffusion.nodes.filter(({ name, hops }) => name !== '' && hops !== 0);
  const named = (some: typeof parties): Named[] => some.map(({ name }) => view.party(name));
  const outside = parties.filter((party) => party.outside);
  return {
    parties: parties.length,
    outside: outside.length,
    rows: diffusion.edges.reduce((sum, { rows }) => sum + rows, 0),
    holes: [
      ...counted('no-recipient', reasons.withoutRecipient),
      ...listed('outside-boundary', named(outside)),
      ...listed('no-path', named(parties.filter(({ hops }) => hops < 0))),
    ],
  };
}

function untilWhen(asset: Asset | undefined, grants: readonly GrantView[], at: number): FiveQuestions['until'] {
  const ends = grants.flatMap(({ to }) => to ?? []);
  const endless = grants.filter(({ to }) => to === null);
  const nextReview = asset?.nextReview ?? 0;
  return {
    firstEnd: ends.length === 0 ? null : Math.min(...ends),
    nextReview,
    holes: [
      ...listed('no-end', endless.map(({ id }) => ({ name: both(id) }))), // prettier-ignore
      ...when(asset !== undefined && nextReview === 0, 'no-review'),
      ...when(nextReview > 0 && nextReview < at, 'review-overdue'),
    ],
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

function when(is: boolean, hole: Hole['hole']): Hole[] {
  return is ? [{ hole, count: 0, names: [] }] : [];
}

function counted(hole: Hole['hole'], count: number): Hole[] {
  return count > 0 ? [{ hole, count, names: [] }] : [];
}

function listed(hole: Hole['hole'], those: readonly { name: Bilingual }[]): Hole[] {
  if (those.length === 0) return [];
  return [{ hole, count: those.length, names: those.slice(0, MOST_NAMED).map(({ name }) => name) }];
}
