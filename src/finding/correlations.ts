import type { Bilingual } from './finding.ts';
import type { IncidentStep } from './incident.ts';

/** By what two findings can belong together. */
export type Link = 'actor' | 'vendor' | 'asset' | 'system' | 'source' | 'network';

/** What only the registry and the network plan know. Pure look-ups. */
export interface Surroundings {
  /** End of the vendor's last contract that covers the time, ms; undefined without one. */
  contractEnd(vendor: string, at: number): number | undefined;
  /** All that the asset is derived from, over any number of steps. */
  derivedFrom(asset: string, at: number): readonly string[];
  /** /24 of an IPv4 address or network, /64 of an IPv6 one; '' when it is neither. */
  networkOf(address: string): string;
}

/** A sequence of findings that is more than its parts: one of `first`, then one of `then` within the window. */
export interface Correlation {
  name: string;
  title: Bilingual;
  first: readonly string[];
  then: readonly string[];
  windowMs: number;
  links: readonly Link[];
  /** The story between the two, for the explanation. */
  between: Bilingual;
  /** Whether a first finding can begin it at all. */
  begins?: (step: IncidentStep) => boolean;
  /** A fact that stands for the first finding: the incident then begins with the second. */
  orFact?: (then: IncidentStep, surroundings: Surroundings) => Bilingual | undefined;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const ENDING_WITHIN_MS = 14 * DAY_MS;

export const CORRELATIONS: readonly Correlation[] = [
  {
    name: 'exit-path',
    title: { zh: '离场带走数据', en: 'Data taken on the way out' },
    first: ['vendor-after-contract'],
    then: ['export-spike', 'slow-drip'],
    windowMs: 30 * DAY_MS,
    links: ['actor', 'vendor'],
    between: { zh: '合同结束前后有数据被带出', en: 'data left around the end of the contract' },
    orFact: contractEnding,
  },
  {
    name: 'escalate-then-read',
    title: { zh: '提权后读取数据', en: 'Rights grew, then data were read' },
    first: ['vendor-privilege-escalation'],
    then: ['bulk-read', 'first-time-asset'],
    windowMs: DAY_MS,
    links: ['actor', 'vendor'],
    between: { zh: '权限扩大后随即读取数据', en: 'data were read soon after rights had grown' },
  },
  {
    name: 'spray-then-bulk',
    title: { zh: '口令喷洒得手后读取数据', en: 'A sprayed password, then data were read' },
    first: ['password-spray'],
    then: ['bulk-read', 'enumeration'],
    windowMs: 2 * HOUR_MS,
    links: ['actor', 'network'],
    // It names an actor when somebody signed in from the sprayed network.
    begins: ({ actor }) => actor !== '',
    between: { zh: '口令喷洒得手，登录后读取数据', en: 'a password was found by spraying and then used to read data' },
  },
  {
    name: 'blind-then-take',
    title: { zh: '日志失明期间读取数据', en: 'Logs went dark, then data were taken' },
    first: ['source-silence', 'audit-disabled'],
    then: ['bulk-read', 'export-spike'],
    windowMs: 4 * HOUR_MS,
    links: ['system', 'source', 'vendor'],
    between: { zh: '日志中断或审计停用后数据被取走', en: 'data were taken after logs or auditing had stopped' },
  },
  {
    name: 'over-share-chain',
    title: { zh: '超范围共享后再转出', en: 'Shared too far, then passed on' },
    first: ['diffusion-outside-boundary'],
    then: ['onward-sharing'],
    windowMs: 30 * DAY_MS,
    links: ['asset'],
    between: { zh: '数据越过授权边界后又被转出', en: 'data went past their boundary and were then passed on' },
  },
];

/** What two steps have in common that makes them one story: the link and its value. */
export function linkOf(
  { links }: Correlation,
  first: IncidentStep,
  then: IncidentStep,
  surroundings: Surroundings,
): { link: Link; linkedBy: string } | undefined {
  for (const link of links) {
    const linkedBy = commonOf(link, first, then, surroundings);
    if (linkedBy !== '') return { link, linkedBy };
  }
  return undefined;
}

function commonOf(link: Link, first: IncidentStep, then: IncidentStep, surroundings: Surroundings): string {
  if (link === 'asset') return commonAsset(first, then, surroundings);
  if (link === 'network') {
    const network = surroundings.networkOf(networkAddress(first.clientAddress));
    return network !== '' && network === surroundings.networkOf(networkAddress(then.clientAddress)) ? network : '';
  }
  return first[link] === then[link] ? first[link] : '';
}

/** The same dataset, or one derived from the other. */
function commonAsset(first: IncidentStep, then: IncidentStep, surroundings: Surroundings): string {
  if (first.asset === '' || then.asset === '') return '';
  if (first.asset === then.asset) return first.asset;
  const isDerived = (asset: string, from: string): boolean =>
    surroundings.derivedFrom(asset, then.lastTime).includes(from);
  return isDerived(then.asset, first.asset) || isDerived(first.asset, then.asset) ? first.asset : '';
}

/** A finding about a whole network names it with its prefix length. */
function networkAddress(address: string): string {
  const slash = address.indexOf('/');
  return slash < 0 ? address : address.slice(0, slash);
}

function contractEnding(then: IncidentStep, surroundings: Surroundings): Bilingual | undefined {
  if (then.vendor === '') return undefined;
  const end = surroundings.contractEnd(then.vendor, then.firstTime);
  if (end === undefined || end - then.firstTime > ENDING_WITHIN_MS) return undefined;
  const days = Math.max(0, Math.ceil((end - then.firstTime) / DAY_MS));
  return {
    zh: `服务商 ${then.vendor} 的合同 ${days} 天内到期`,
    en: `the contract of vendor ${then.vendor} ends within ${days} ${days === 1 ? 'day' : 'days'}`,
  };
}
