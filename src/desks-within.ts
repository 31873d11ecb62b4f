import type { Desks, DetectorSettings, Sources, Suppressions, Triage } from './api/parts.ts';
import { desksOver, reportMakerOver, type DeskParts } from './desks.ts';
import { DiffusionDesk, type DiffusionLedger } from './diffusion-desk.ts';
import { WanglouError } from './errors.ts';
import type { Feed } from './feed/feed.ts';
import type { ForecastsOfServe } from './keep-forecasts.ts';
import { unknownScope, type PostureDesk } from './posture-desk.ts';
import type { RecordedRegistry } from './registry/recorded-registry.ts';
import type { Reach } from './scope/reach.ts';
import type { Scope } from './scope/scope.ts';
import { RegistryWithin } from './scope/registry-within.ts';
import { unknownSource, type SourceDesk } from './sources/source-desk.ts';
import type { SettingsDesk } from './settings-desk.ts';
import { DiffusionQueries } from './store/diffusion-queries.ts';
import { StoreQueries } from './store/queries.ts';
import { QueueQueries } from './store/queue-queries.ts';
import { readerWithin, type StoreReader } from './store/reader.ts';
import type { SqlDesk } from './sql/sql-desk.ts';
import type { Suppression } from './finding/suppression.ts';
import type { SuppressionDesk } from './suppression-desk.ts';
import { unknownFinding, type TriageDesk } from './triage-desk.ts';

export interface WithinParts extends DeskParts {
  client: StoreReader;
  hunting: StoreReader;
  sql: Pick<SqlDesk, 'within'>;
  registry: RecordedRegistry;
  feed: Feed;
  posture: PostureDeskOf;
  forecasts: Pick<ForecastsOfServe, 'over'>;
}

type PostureDeskOf = Pick<PostureDesk, 'of' | 'series'>;

/** Desks for somebody with a scope. `end()` ends their feed: whoever is connected comes back. */
export interface DesksWithin {
  desks: Desks;
  end(): void;
}

/**
 * The desks of everybody, over less: a store, a registry and a feed in which nothing else is. What can not be made so is
 * narrowed here by hand; what is about the platform as a whole is not given at all.
 */
export function desksWithin(reach: Reach, scope: Scope, parts: WithinParts): DesksWithin {
  const reader = readerWithin(parts.client, reach);
  const registry = new RegistryWithin(parts.registry, reach);
  const feed = parts.feed.within(reach);
  const ledger = new DiffusionQueries(reader);
  const over = desksOver(
    {
      ...{ reader, hunting: readerWithin(parts.hunting, reach), registry, feed },
      diffusion: diffusionWithin(reach, ledger, parts.registry, registry),
    },
    parts,
  );
  const findings = new StoreQueries(reader);
  const posture = postureWithin(reach, parts.posture);
  const forecasts = parts.forecasts.over(reader, { ledger, findings }, registry);
  const desks: Desks = {
    ...over,
    sql: parts.sql.within(reach),
    triage: triageWithin(new QueueQueries(reader), parts.triage),
    posture,
    reportMaker: reportMakerOver(reader, { ...over, posture, forecasts }, parts, scope),
    forecasts: {
      of: forecasts.of,
      warnings: () => notWithin('early warnings'),
    },
    settings: settingsWithin(reach, over.settings),
    suppressions: suppressionsWithin(reach, registry, over.suppressions),
    sources: sourcesWithin(reach, over.sources),
    coverage: {
      ...over.coverage,
      judged: async () => notWithin('counts by detector'),
      replay: async () => notWithin('replays of gaps'),
    },
    backtests: { list: noBacktests, of: noBacktests, create: noBacktests, cancel: noBacktests },
  };
  return { desks, end: () => feed.stop() };
}

function notWithin(what: string): never {
  throw new WanglouError('WL_FORBIDDEN', `Within a scope there are no ${what}: they are about the whole platform`, {
    remedy: 'Ask somebody without a scope.',
  });
}

const noBacktests = (): never => notWithin('backtests');

/** Where own assets went is judged by the whole registry: whether a recipient is a stranger does not depend on who asks. */
function diffusionWithin(
  { assets }: Reach,
  ledger: DiffusionLedger,
  whole: RecordedRegistry,
  within: RegistryWithin,
): Pick<DiffusionDesk, 'of'> {
  const [own, other] = [new DiffusionDesk(ledger, whole), new DiffusionDesk(ledger, within)];
  return {
    of: (named, asOf) => (assets.has(whole.current().asset(named, asOf)?.id ?? '') ? own : other).of(named, asOf),
  };
}

/** Only about findings that are seen; the others are as unknown as those that are none. */
function triageWithin(queue: QueueQueries, whole: TriageDesk): Triage {
  const seen = async (ids: readonly string[]): Promise<ReadonlySet<string>> =>
    new Set(await queue.ids({ ids }, { limit: ids.length, unsettled: new Map() }));
  const mustSee = async (finding: string): Promise<void> => {
    if (!(await seen([finding])).has(finding)) throw unknownFinding(finding);
  };
  return {
    history: async (finding) => {
      await mustSee(finding);
      return whole.history(finding);
    },
    act: async (finding, command, by) => {
      await mustSee(finding);
      return whole.act(finding, command, by);
    },
    actOnAll: async (acts, by) => {
      const known = await seen(acts.map(({ finding }) => finding));
      const { done, refused } = await whole.actOnAll(acts.filter(({ finding }) => known.has(finding)), by); // prettier-ignore
      const unknown = [...new Set(acts.map(({ finding }) => finding))].filter((finding) => !known.has(finding));
      const said = unknown.map((finding) => {
        const { code, message, remedy } = unknownFinding(finding);
        return { finding, code, message, remedy };
      });
      return { done, refused: [...refused, ...said] };
    },
  };
}

/** The scores of own departments, systems and vendors, as everybody sees them; they are made of what is theirs. */
function postureWithin(reach: Reach, whole: PostureDeskOf): PostureDeskOf {
  const mustSee = (scope: Parameters<PostureDeskOf['of']>[0], at: number): void => {
    if (scope.kind === 'overall' || scope.kind === 'level') notWithin(`scores of ${scope.kind}`);
    if (!reach.seesScore(scope.kind, scope.id)) throw unknownScope(scope, at);
  };
  return {
    of: async (scope, at, most) => {
      mustSee(scope, at);
      return whole.of(scope, at, most);
    },
    series: async (scope, from, to, stepMs) => {
      mustSee(scope, Math.min(to, Date.now()));
      return whole.series(scope, from, to, stepMs);
    },
  };
}

/** Settings that hold for all, and those for own departments and vendors. */
function settingsWithin({ departments, vendors }: Reach, whole: SettingsDesk): DetectorSettings {
  const isSeen = ({ scope }: { scope: { department?: string | undefined; vendor?: string | undefined } }): boolean =>
    (scope.department === undefined || departments.has(scope.department)) &&
    (scope.vendor === undefined || vendors.has(scope.vendor));
  return {
    scope: whole.scope,
    list: async () => (await whole.list()).filter(isSeen),
    inForce: async () => (await whole.inForce()).filter(isSeen),
    change: async () => notWithin('changes of settings'),
  };
}

/** Suppressions that name nobody else. */
function suppressionsWithin(reach: Reach, registry: RegistryWithin, whole: SuppressionDesk): Suppressions {
  const refuse = async (): Promise<never> => notWithin('changes of what is told');
  const isSeen = ({ scope: { department, vendor, system, asset, actor } }: Suppression): boolean =>
    (department === undefined || reach.departments.has(department)) &&
    (vendor === undefined || reach.vendors.has(vendor)) &&
    (system === undefined || reach.systems.has(system)) &&
    (asset === undefined || reach.assets.has(asset)) &&
    (actor === undefined || registry.history.latest('accounts', actor) !== undefined);
  return {
    list: async () => (await whole.list()).filter(isSeen),
    ...{ create: refuse, end: refuse, preview: refuse },
  };
}

/** Sources of own systems, and what of these none covers. */
function sourcesWithin(reach: Reach, whole: SourceDesk): Sources {
  return {
    coverage: async () => {
      const all = await whole.coverage();
      const holes = all.holes.filter(({ kind, id }) => (kind === 'system' ? reach.systems : reach.assets).has(id));
      const counted = (kind: 'system' | 'asset', { size }: ReadonlySet<string>) => ({
        all: size,
        covered: size - holes.filter((hole) => hole.kind === kind).length,
      });
      return {
        at: all.at,
        sources: all.sources.filter(({ id }) => reach.sources.has(id)),
        holes,
        ...{ systems: counted('system', reach.systems), assets: counted('asset', reach.assets) },
      };
    },
    of: async (source, span) => {
      if (!reach.sources.has(source)) throw unknownSource(source);
      return whole.of(source, span);
    },
  };
}
