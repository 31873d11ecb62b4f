import type { Bilingual } from '../finding/finding.ts';
import { kindOf, type HeardSource } from '../posture/trust.ts';
import type { Registry, System } from '../registry/registry.ts';
import { validAt } from '../registry/versions.ts';
import type { SourceSum } from './heard-hours.ts';
import type { Coverage, Hole, Named, SourceLine, SourceState } from './source.ts';

/** What the feed knows of a source now. */
export interface LiveSource {
  source: string;
  rate: number;
  lastEventTime: number;
}

interface Known {
  now: number;
  /** Of the last 24 hours. */
  sums: readonly SourceSum[];
  /** Last arrivals of the last 30 days. */
  heard: readonly { source: string; at: number }[];
  live: readonly (LiveSource & HeardSource)[];
  registry: Registry;
}

const HOUR_MS = 3_600_000;
const HOURS = 24;
const SILENT_MS = 300_000;

/** All sources, those with a problem first, and what none of the registered ones covers. */
export function coverageOf(known: Known): Coverage {
  const { now, sums, heard, live, registry } = known;
  const ids = new Set([
    ...registry.sources().map(({ id }) => id),
    ...live.filter(({ lastSeenAt }) => lastSeenAt > 0).map(({ source }) => source),
    ...heard.map(({ source }) => source),
    ...sums.map(({ source }) => source),
  ]);
  const bySum = new Map(sums.map((sum) => [sum.source, sum]));
  const byHeard = new Map(heard.map(({ source, at }) => [source, at]));
  const byLive = new Map(live.map((one) => [one.source, one]));
  const sources = [...ids].map((id) => lineOf(id, bySum.get(id), byHeard.get(id) ?? 0, byLive.get(id), registry, now));
  sources.sort((a, b) => Number(a.problem === '') - Number(b.problem === '') || (a.id < b.id ? -1 : 1));
  return { at: now, sources, ...holesOf(registry, sums, now) };
}

function lineOf(
  id: string,
  sum: SourceSum | undefined,
  heardAt: number,
  live: (LiveSource & HeardSource) | undefined,
  registry: Registry,
  now: number,
): SourceLine {
  const entry = registry.source(id);
  const system = entry && registry.system(entry.system, now);
  const vendor = system?.runBy || system?.builtBy || '';
  const lastSeenAt = Math.max(heardAt, live?.lastSeenAt ?? 0, sum?.lastSeenAt ?? 0);
  const isRemembered = live === undefined || live.lastSeenAt === 0;
  const problem = isRemembered && now - lastSeenAt > SILENT_MS ? 'silent' : (live?.problem ?? '');
  const last: HeardSource = { source: id, lastSeenAt, problem };
  const byHour = new Map(sum?.hours.map(({ at, events }) => [at, events]));
  const hour = Math.floor(now / HOUR_MS) * HOUR_MS;
  return {
    id,
    name: entry?.name ?? both(id),
    registered: entry !== undefined,
    system: system === undefined ? null : { id: system.id, name: system.name },
    department: named(system?.department ?? '', registry.department(system?.department ?? '', now)),
    vendor: named(vendor, registry.vendor(vendor, now)),
    formats: sum?.formats ?? (entry === undefined || entry.format === '' ? [] : [entry.format]),
    proof: proofOf(sum),
    problem: kindOf(last, entry?.silenceLimitMs ?? 0, now).replace('source-', '') as SourceState,
    rate: live?.rate ?? 0,
    lastSeenAt,
    lastEventTime: Math.max(live?.lastEventTime ?? 0, sum?.lastEventTime ?? 0),
    hours: Array.from({ length: HOURS }, (_, n) => byHour.get(hour - (HOURS - 1 - n) * HOUR_MS) ?? 0),
    events: sum?.events ?? 0,
    unparsed: sum?.unparsed ?? 0,
    lagP50: sum?.lagP50 ?? null,
    lagP99: sum?.lagP99 ?? null,
  };
}

function proofOf(sum: SourceSum | undefined): SourceLine['proof'] {
  if (sum === undefined || sum.events === 0) return '';
  if (sum.authenticated === sum.events) return 'all';
  return sum.authenticated === 0 ? 'none' : 'some';
}

function holesOf(
  registry: Registry,
  sums: readonly SourceSum[],
  now: number,
): Pick<Coverage, 'holes' | 'systems' | 'assets'> {
  const inForce = <T extends { validFrom: number; validTo: number }>(all: readonly T[]): T[] =>
    all.filter((one) => validAt([one], now) !== undefined);
  const systems = inForce(registry.entries.systems);
  const assets = inForce(registry.entries.assets);
  const covered = new Set(registry.sources().map(({ system }) => registry.system(system, now)?.id ?? ''));
  const heardOn = (system: string): string[] =>
    sums.filter((sum) => system !== '' && sum.systems.includes(system)).map(({ source }) => source);
  const dark = systems.filter(({ id }) => !covered.has(id));
  const unseen = assets.filter(({ system }) => !covered.has(registry.system(system, now)?.id ?? '-'));
  const department = (id: string): Named | null => named(id, registry.department(id, now));
  const ofSystem = ({ id, name, department: owner }: System): Hole => ({
    ...{ kind: 'system', id, name, department: department(owner), level: '', heard: heardOn(id) },
  });
  return {
    systems: { all: systems.length, covered: systems.length - dark.length },
    assets: { all: assets.length, covered: assets.length - unseen.length },
    holes: [
      ...dark.map(ofSystem),
      ...unseen.map(({ id, name, owner, level, system }): Hole => ({
        ...{ kind: 'asset', id, name, department: department(owner), level, heard: heardOn(system) },
      })),
    ],
  };
}

function named(id: string, entry: { name: Bilingual } | undefined): Named | null {
  return id === '' ? null : { id, name: entry?.name ?? both(id) };
}

function both(text: string): Bilingual {
  return { zh: text, en: text };
}
