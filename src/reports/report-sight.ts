import type { IncidentFile } from '../incident/incident-file.ts';
import type { Diffusion } from '../detection/diffusion/graph.ts';
import type { Bilingual } from '../finding/finding.ts';
import type { StatedFinding } from '../profile/profile.ts';
import type { FiveQuestions } from '../profile/five-questions.ts';
import type { RegistrySource } from '../profile/registry-view.ts';
import type { Scorecard } from '../profile/scorecard.ts';
import type { SeriesForecast } from '../forecast-desk.ts';
import type { ToldPosture } from '../posture-desk.ts';
import type { Scope as ScoreScope } from '../posture/scopes.ts';
import type { VendorRisk } from '../posture/vendor-risk.ts';
import type { Registry } from '../registry/registry.ts';
import type { RetentionDays } from '../retention.ts';
import type { ReportQueries } from '../store/report-queries.ts';
import type { VendorService } from '../vendor-service-desk.ts';

/** What a report is made from: all that there is, or what its maker sees of it. */
export interface ReportSight {
  store: Pick<ReportQueries, 'processing' | 'shared' | 'findings' | 'responses' | 'reveals'>;
  profiles: {
    questions(asset: string, days: number, asOf: number): Promise<FiveQuestions>;
    scorecard(vendor: string, days: number, asOf: number): Promise<Scorecard>;
    findings(kind: 'vendor', id: string, limit: number, asOf: number): Promise<readonly StatedFinding[]>;
  };
  diffusion: { of(asset: string, asOf: number): Promise<Diffusion & { titles: Record<string, Bilingual> }> };
  vendorRisks: { of(vendor: string, asOf: number): Promise<VendorRisk> };
  vendorServices: { of(vendor: string, asOf: number): Promise<VendorService> };
  posture: {
    of(scope: ScoreScope, at: number, most: number): Promise<ToldPosture>;
    series(scope: ScoreScope, from: number, to: number, stepMs: number): Promise<readonly object[]>;
  };
  forecasts: { of(request: { series: 'findings' | 'rows'; id: string; step: 'day' }): Promise<SeriesForecast> };
  incidents: { file(incident: string): Promise<IncidentFile> };
  registry: RegistrySource & { asOf(recordedAt: number): Registry };
  /** Of the platform's settings, days. */
  retention: RetentionDays;
}

/** Days that the ledger of sharing, and scores, are kept (src/store/schema). */
export const LEDGER_DAYS = 1_125;
