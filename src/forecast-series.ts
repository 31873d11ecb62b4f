import { WanglouError } from './errors.ts';
import type { Finding } from './finding/finding.ts';
import type { LifeEvent } from './finding/lifecycle.ts';
import { COUNTED_DAYS } from './posture/finding-risk.ts';
import { vendorRisk } from './posture/vendor-risk.ts';
import type { Registry } from './registry/registry.ts';

export const SERIES = [
  'findings',
  'rows',
  'out-edges',
  'vendor-risk',
  'ingest-lag',
  'events',
  'grants-expiring',
] as const;
export type SeriesName = (typeof SERIES)[number];

export interface SeriesRange {
  step: 'day' | 'hour';
  from: number;
  to: number;
  zone: string;
}

export type StepValues = readonly { at: number; value: number }[];

/** What the store counts by steps (src/store/forecast-queries.ts). */
export interface Counts {
  findings(id: string, range: SeriesRange): Promise<StepValues>;
  rows(id: string, range: SeriesRange): Promise<StepValues>;
  outEdges(assets: readonly string[], range: SeriesRange): Promise<StepValues>;
  events(id: string, range: SeriesRange): Promise<StepValues>;
  ingestLag(id: string, range: SeriesRange): Promise<StepValues>;
  grantsExpiring(range: SeriesRange): Promise<StepValues>;
}

/** What series are made of. */
export interface ForecastSources {
  counts: Counts;
  /** Assets of which anything was passed on (src/store/diffusion-queries.ts). */
  ledger: { assets(asOf: number): Promise<readonly string[]> };
  /** src/store/queries.ts */
  findings: VendorFindings;
}

interface VendorFindings {
  findingsOfVendor(vendor: string, from: number, to: number): Promise<readonly Finding[]>;
  lifeEvents(findings: readonly string[]): Promise<readonly LifeEvent[]>;
}

/** The same range in steps: first ≤ step < end. */
type Steps = SeriesRange & { first: number; end: number };

export const LEVELS = ['core', 'important', 'general'];
const DAY_MS = 86_400_000;

/**
 * Values up to `end`, from the first step in which the platform saw anything. A step without any is 0 where findings and
 * edges are counted, and unknown where events are.
 * @throws WanglouError WL_NOT_FOUND
 */
export async function seriesValues(
  { counts, ledger }: ForecastSources,
  registry: Registry,
  detectors: readonly { name: string }[],
  { series, id }: { series: SeriesName; id: string },
  range: Steps,
  now: number,
): Promise<(number | null)[]> {
  const { step, from, to, zone, first, end } = range;
  const asked = { step, from, to, zone };
  switch (series) {
    case 'findings':
      if (id !== '' && !detectors.some(({ name }) => name === id))
        notFound('detector', id, 'Name one of those of /api/v1/detectors.');
      return filled(await counts.findings(id, asked), first, end, 0);
    case 'out-edges': {
      if (id !== '' && !LEVELS.includes(id)) notFound('asset level', id, `Name one of ${LEVELS.join(', ')}.`);
      const assets = await ledger.assets(to);
      const ofLevel = (asset: string) => registry.asset(asset, now)?.level.split('-')[0] === id;
      return filled(await counts.outEdges(id === '' ? assets : assets.filter(ofLevel), asked), first, end, 0);
    }
    case 'rows':
      if (id !== '' && registry.department(id, now) === undefined)
        notFound('department', id, 'Correct the id, or enter it into the registry.');
      return filled(await counts.rows(id, asked), first, end, null);
    case 'ingest-lag':
      return ofSource(id, filled(await counts.ingestLag(id, asked), first, end, null));
    default:
      return ofSource(id, filled(await counts.events(id, asked), first, end, null));
  }
}

/**
 * The risk of a vendor at the end of each day.
 * @param endOf the end of a day, ms since the Unix epoch
 * @throws WanglouError WL_NOT_FOUND when neither the registry nor any finding knows the vendor
 */
export async function vendorRiskValues(
  store: VendorFindings,
  registry: Registry,
  vendor: string,
  { from, to, first, end }: Steps,
  endOf: (day: number) => number,
): Promise<number[]> {
  const findings = await store.findingsOfVendor(vendor, from - COUNTED_DAYS * DAY_MS, to);
  if (findings.length === 0 && registry.vendor(vendor, to) === undefined)
    notFound('vendor', vendor, 'Correct the id, or enter it into the registry.');
  const history = await store.lifeEvents(findings.map(({ id }) => id));
  const firstFinding = Math.min(...findings.map(({ firstTime }) => firstTime));
  return Array.from({ length: end - first }, (_, n) => endOf(first + n))
    .filter((at) => at > firstFinding)
    .map((at) => vendorRisk(vendor, findings, history, registry.vendor(vendor, at), at).score);
}

function ofSource(id: string, values: (number | null)[]): (number | null)[] {
  if (id !== '' && !values.some((value) => value !== null && value > 0))
    notFound('source', id, 'Name one of those of /api/v1/sources.');
  return values;
}

function filled(values: StepValues, first: number, end: number, missing: 0 | null): (number | null)[] {
  const at = new Map(values.map((one) => [one.at, one.value]));
  const from = Math.max(first, values[0]?.at ?? end);
  return Array.from({ length: Math.max(0, end - from) }, (_, n) => at.get(from + n) ?? missing);
}

function notFound(what: string, id: string, remedy: string): never {
  throw new WanglouError('WL_NOT_FOUND', `There is no ${what} ${JSON.stringify(id)}`, { remedy });
}
