import { detectors } from '../detectors/index.ts';
import type { serviceLimits } from '../detectors/service-degradation.ts';
import type { CoverageOf, Desks, RegistryOf } from './api/parts.ts';
import type { Config } from './config.ts';
import { CoverageDesk } from './coverage-desk.ts';
import type { DiffusionDesk } from './diffusion-desk.ts';
import type { EventLog } from './event-log/event-log.ts';
import type { Feed } from './feed/feed.ts';
import { FindingContextDesk } from './finding-context/finding-context-desk.ts';
import { HuntingDesk } from './hunting/hunting-desk.ts';
import { IncidentDesk } from './incident/incident-desk.ts';
import { OverviewDesk } from './overview-desk.ts';
import { ProfileDesk } from './profile/profile-desk.ts';
import { QueueDesk } from './queue-desk.ts';
import { ReportMaker } from './reports/report-maker.ts';
import type { ReportSight } from './reports/report-sight.ts';
import type { RetentionDays } from './retention.ts';
import type { Scope } from './scope/scope.ts';
import { SettingsDesk } from './settings-desk.ts';
import { SourceDesk } from './sources/source-desk.ts';
import { CoverageQueries } from './store/coverage-queries.ts';
import { ContextQueries } from './store/context-queries.ts';
import { DetectorQueries } from './store/detector-queries.ts';
import { BAR_WIDTHS, HuntingQueries } from './store/hunting-queries.ts';
import { OverviewQueries } from './store/overview-queries.ts';
import { PostureQueries } from './store/posture-queries.ts';
import { ProfileQueries } from './store/profile-queries.ts';
import { StoreQueries } from './store/queries.ts';
import { QueueQueries } from './store/queue-queries.ts';
import type { StoreReader } from './store/reader.ts';
import { ReportQueries } from './store/report-queries.ts';
import { ServiceQueries } from './store/service-queries.ts';
import { SourceQueries } from './store/source-queries.ts';
import { SuppressionDesk } from './suppression-desk.ts';
import type { TriageDesk } from './triage-desk.ts';
import { VendorRiskDesk } from './vendor-risk-desk.ts';
import { VendorServiceDesk } from './vendor-service-desk.ts';

/** What desks look at: all that there is, or what is within a scope (desks-within.ts). */
export interface Sight {
  reader: StoreReader;
  /** The same store, as people's own questions reach it (src/store/hunting-runs.ts). */
  hunting: StoreReader;
  registry: RegistryOf;
  feed: Feed;
  diffusion: Pick<DiffusionDesk, 'of'>;
}

/** What all desks share, whoever asks. */
export interface DeskParts {
  eventLog: Pick<EventLog, 'table'>;
  triage: TriageDesk;
  config: Pick<Config, 'detectors' | 'reportWithin'>;
  retention: RetentionDays;
  limits: ReturnType<typeof serviceLimits>;
  /** How far the coverage ledger is settled, and how its gaps are closed. */
  coverage: { settledTo: () => number | undefined } & Pick<CoverageOf, 'replay'>;
}

/** Those desks that only look, and so need nothing but to be given less to look at. */
export function desksOver(
  { reader, hunting, registry, feed, diffusion }: Sight,
  { eventLog, triage, config, limits, coverage }: DeskParts,
) {
  const queries = new StoreQueries(reader);
  const kept = new CoverageQueries(reader);
  const ledger = new CoverageDesk({
    store: kept,
    ...{ registry, settledTo: coverage.settledTo },
  });
  const context = new ContextQueries(reader);
  const detectorUses = new DetectorQueries(reader);
  return {
    queries,
    hunting: new HuntingDesk(new HuntingQueries(hunting), BAR_WIDTHS),
    triage,
    queue: new QueueDesk(new QueueQueries(reader), triage),
    diffusion,
    vendorRisks: new VendorRiskDesk(queries, registry),
    profiles: new ProfileDesk({ store: new ProfileQueries(reader), lives: queries, diffusion, registry }),
    overview: new OverviewDesk({ store: new OverviewQueries(reader), scores: new PostureQueries(reader), registry }),
    settings: new SettingsDesk(eventLog.table('settings'), detectors, config.detectors),
    context: new FindingContextDesk({ store: context, findings: queries, registry }),
    incidents: new IncidentDesk({
      ...{ store: queries, findings: context, triage, registry },
      ...{ reports: eventLog.table('reports'), reportWithin: config.reportWithin },
    }),
    sources: new SourceDesk({
      ...{ store: new SourceQueries(reader), events: queries, live: feed, registry, detectors, ledger: kept },
    }),
    coverage: {
      overview: (span) => ledger.overview(span),
      gaps: (from, to) => ledger.gaps(from, to),
      judged: (from, to) => ledger.judged(from, to),
      replay: (gap, by) => coverage.replay(gap, by),
    },
    suppressions: new SuppressionDesk(eventLog.table('suppressions'), queries, detectorUses),
    vendorServices: new VendorServiceDesk({ store: new ServiceQueries(reader), registry, limits }),
    live: feed,
    registry,
    detectorUses,
  } satisfies Omit<Desks, 'posture' | 'forecasts' | 'backtests' | 'sql' | 'reportMaker'>;
}

/** Makes reports from these desks. @param scope what they are limited to; null: nothing. */
export function reportMakerOver(
  reader: StoreReader,
  desks: Omit<ReportSight, 'store' | 'retention'>,
  { retention }: Pick<DeskParts, 'retention'>,
  scope: Scope | null,
): ReportMaker {
  const { profiles, diffusion, vendorRisks, vendorServices, posture, forecasts, incidents, registry } = desks;
  return new ReportMaker(
    {
      ...{ profiles, diffusion, vendorRisks, vendorServices, posture, forecasts, incidents, registry },
      store: new ReportQueries(reader),
      retention,
    },
    scope,
  );
}
