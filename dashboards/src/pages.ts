import { defineAsyncComponent, type Component } from 'vue';
import type { Permission } from '../../src/access/permissions.ts';
import { hashOf, type Address } from './address.ts';
import { SUBJECT_KINDS } from './profiles/subject.ts';

/** A page: what is shown below the bar at its address. */
export interface Page {
  is: Component;
  /** Said to the component. */
  props: Record<string, unknown>;
  /** What the bar marks as open: one of SECTIONS, or NOWHERE. */
  section: string;
  /** Without it, the page says so instead; undefined for those that everybody has. */
  needs?: Permission;
}

const HomePage = defineAsyncComponent(() => import('./home/HomePage.vue'));
const AccessPage = defineAsyncComponent(() => import('./access/AccessPage.vue'));
const TokensPage = defineAsyncComponent(() => import('./tokens/TokensPage.vue'));
const WallPage = defineAsyncComponent(() => import('./wall/WallPage.vue'));
const ProfilePage = defineAsyncComponent(() => import('./profiles/ProfilePage.vue'));
const NoSuchPage = defineAsyncComponent(() => import('./components/NoSuchPage.vue'));
const IncidentPage = defineAsyncComponent(() => import('./incident/IncidentPage.vue'));
const FindingPage = defineAsyncComponent(() => import('./finding/FindingPage.vue'));
const CoveragePage = defineAsyncComponent(() => import('./coverage/CoveragePage.vue'));
const SourcePage = defineAsyncComponent(() => import('./sources/SourcePage.vue'));
const SqlPage = defineAsyncComponent(() => import('./hunting/SqlPage.vue'));
const SavedQueriesPage = defineAsyncComponent(() => import('./hunting/SavedPage.vue'));
const ExportsPage = defineAsyncComponent(() => import('./exports/ExportsPage.vue'));
const ReportPage = defineAsyncComponent(() => import('./reports/ReportPage.vue'));
const DetectorPage = defineAsyncComponent(() => import('./detectors/DetectorPage.vue'));

/** `#/detectors/<tab>`; any other name is a detector's. */
const DETECTOR_TABS: Readonly<Record<string, Component>> = {
  backtests: defineAsyncComponent(() => import('./detectors/BacktestsPage.vue')),
  suppressions: defineAsyncComponent(() => import('./triage/SuppressionsPage.vue')),
};

/** Pages that stand for themselves, by their address; those of the bar in its order. */
const PAGES: Readonly<Record<string, Component>> = {
  findings: defineAsyncComponent(() => import('./findings/FindingsPage.vue')),
  hunting: defineAsyncComponent(() => import('./hunting/HuntingPage.vue')),
  sources: defineAsyncComponent(() => import('./sources/SourcesPage.vue')),
  vendors: defineAsyncComponent(() => import('./profiles/VendorsPage.vue')),
  registry: defineAsyncComponent(() => import('./registry/RegistryPage.vue')),
  detectors: defineAsyncComponent(() => import('./detectors/DetectorsPage.vue')),
  reports: defineAsyncComponent(() => import('./reports/ReportsPage.vue')),
  audit: defineAsyncComponent(() => import('./audit/AuditPage.vue')),
};

/** What the bar leads to. */
export const SECTIONS: readonly string[] = ['', ...Object.keys(PAGES), 'wall'];

/** What the pages of a section, and those that belong to it, take. */
const NEEDS: Readonly<Record<string, Permission>> = {
  '': 'see-findings',
  findings: 'see-findings',
  hunting: 'hunt',
  sources: 'see-health',
  vendors: 'see-profiles',
  registry: 'see-registry',
  detectors: 'see-rules',
  reports: 'see-reports',
  audit: 'see-audit',
  wall: 'follow-feed',
};
const TAB_NEEDS: Readonly<Record<string, Permission>> = { backtests: 'backtest', suppressions: 'see-suppressions' };

/**
 * The sections that somebody has who may what `may` says. Tokens of senders are part of the sources; to administrators, who
 * come for them, the bar shows them too.
 */
export function sectionsFor(may: (permission: Permission) => boolean): string[] {
  const own = SECTIONS.filter((one) => may(NEEDS[one]!));
  return may('see-tokens') && !may('follow-feed') ? [...own, 'tokens'] : own;
}

/** Where somebody begins: the first page, or the first that they have; their own account is everybody's. */
export function firstPageFor(may: (permission: Permission) => boolean): string {
  return ['', 'wall'].find((one) => may(NEEDS[one]!)) ?? 'access';
}

const NOWHERE = 'nowhere';
/** Reached by the name of who is signed in. */
const ACCOUNT = 'access';
const SECTION_OF = { actor: NOWHERE, asset: NOWHERE, vendor: 'vendors', department: NOWHERE };

/** The page of an address. */
export function pageOf(address: Address): Page {
  const found = placeOf(address);
  const needs = address.page === 'detectors' ? TAB_NEEDS[address.id] : undefined;
  return { ...found, ...withNeeds(needs ?? needsOf(address, found)) };
}

function needsOf({ page, id }: Address, { section }: Page): Permission | undefined {
  if (page === 'access') return undefined;
  if (page === 'tokens') return 'see-tokens';
  if (page === 'hunting' && id === 'sql') return 'ask-sql';
  if (page === 'exports') return 'export';
  return SUBJECT_KINDS.some((kind) => kind === page) ? 'see-profiles' : NEEDS[section];
}

function withNeeds(needs: Permission | undefined): { needs?: Permission } {
  return needs === undefined ? {} : { needs };
}

function placeOf({ page, id }: Address): Page {
  const kind = SUBJECT_KINDS.find((one) => one === page);
  if (kind !== undefined && id !== '')
    return { is: ProfilePage, props: { subject: { kind, id } }, section: SECTION_OF[kind] };
  if (page === 'finding' && id !== '') return { is: FindingPage, props: { id }, section: 'findings' };
  if (page === 'sources' && id !== '') return { is: SourcePage, props: { id }, section: 'sources' };
  if (page === 'incident' && id !== '') return { is: IncidentPage, props: { id }, section: 'findings' };
  if (page === 'reports' && id !== '') return { is: ReportPage, props: { id }, section: 'reports' };
  if (page === 'detectors' && id !== '') {
    const tab = Object.hasOwn(DETECTOR_TABS, id) ? DETECTOR_TABS[id] : undefined;
    return { is: tab ?? DetectorPage, props: tab ? {} : { name: id }, section: 'detectors' };
  }
  if (page === 'coverage') return { is: CoveragePage, props: {}, section: 'sources' };
  if (page === 'hunting' && id === 'sql') return { is: SqlPage, props: {}, section: 'hunting' };
  if (page === 'hunting' && id === 'saved') return { is: SavedQueriesPage, props: {}, section: 'hunting' };
  if (page === 'exports') return { is: ExportsPage, props: {}, section: NOWHERE };
  if (page === 'tokens') return { is: TokensPage, props: {}, section: 'sources' };
  if (page === 'access') return { is: AccessPage, props: {}, section: ACCOUNT };
  if (page === 'wall') return { is: WallPage, props: {}, section: 'wall' };
  const own = Object.hasOwn(PAGES, page) ? PAGES[page] : undefined;
  if (own !== undefined) return { is: own, props: {}, section: page };
  if (page === '') return { is: HomePage, props: {}, section: '' };
  return { is: NoSuchPage, props: { address: hashOf(page, id) }, section: NOWHERE };
}
