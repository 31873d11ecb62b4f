import type { Readable } from 'node:stream';
import type { z } from 'zod';
import type { Access, Session } from '../access/access.ts';
import type { ApiTokenRequest } from '../access/api-tokens.ts';
import type { Role } from '../access/permissions.ts';
import type { AuditAction, AuditEntry, AuditOutcome } from '../access/audit/entry.ts';
import type { AuditTrail } from '../access/audit/trail.ts';
import type { Proven } from '../access/sign-on.ts';
import type { Reveals } from '../access/reveals.ts';
import type { HoldWish } from '../evidence/hold.ts';
import type { Event } from '../event/event.ts';
import type { CorrelationCard, DetectorCard } from '../detection/cards.ts';
import type { Scope as ScoreScope } from '../posture/scopes.ts';
import type { RecordedRegistry } from '../registry/recorded-registry.ts';
import type { ReportDesk } from '../reports/report-desk.ts';
import type { ReportMaker } from '../reports/report-maker.ts';
import type { ScheduleDesk } from '../reports/schedule-desk.ts';
import type { Scope } from '../scope/scope.ts';
import type { Incident } from '../finding/incident.ts';
import type { HuntingDesk } from '../hunting/hunting-desk.ts';
import type { SqlDesk } from '../sql/sql-desk.ts';
import type { SavedQueryDesk } from '../hunting/saved-query-desk.ts';
import type { ExportDesk, Exporter as ExporterOfDesk } from '../exports/export-desk.ts';
import type { FindingFilter, Grouping } from '../finding/finding-filter.ts';
import type { LifeEvent, LifeState } from '../finding/lifecycle.ts';
import type { Suppression, SuppressionRequest, SuppressionScope } from '../finding/suppression.ts';
import type { TriageCommand } from '../finding/triage.ts';
import type { IncidentFile, Evidence, IncidentDecisions, ReportState } from '../incident/incident-file.ts';
import type { ReportCommand } from '../incident/report-entry.ts';
import type { Masks } from './mask-answers.ts';
import type { Sees } from './masked-search.ts';
import type { Queries } from './queries.ts';
import type { UnresolvedName } from './registry-draft.ts';

/** What the web server is made of; src/wiring.ts puts the real parts in. */
export interface ApiParts extends Desks {
  access: Access;
  trail: AuditTrail;
  /** What everything that leaves is masked by. */
  masks: Masks & Sees;
  reveals: Reveals;
  audit: AuditRecords;
  ledger: LedgerState;
  evidence: EvidenceOf;
  holds: HoldsOf;
  /** How long something has been waiting to be sealed (`seal`), or to be pushed outside, ms. */
  sealLags: () => Readonly<Record<string, number>>;
  reports: ReportDesk;
  reportSchedules: ScheduleDesk;
  senderTokens: SenderTokensOf;
  huntingRuns: HuntingRunsOf;
  /** What the door of the event log puts in the place of an identifier of a person. */
  subjectHash: (identifier: string) => string;
  savedQueries: SavedQueriesOf;
  exports: ExportsOf;
  /** The same desks for somebody with a scope: they see, and act on, nothing else. */
  within: (scope: Scope) => Desks;
  registry: RecordedRegistry;
  /** Names that events carry and the registry does not know. */
  unresolved: () => readonly UnresolvedName[];
  /** Whether this program can do its work, and if not, what is missing: one sentence each. */
  readiness: () => Readiness;
  detectors: readonly DetectorCard[];
  correlations: readonly CorrelationCard[];
  /** The nested OCSF 1.9 form of an event. */
  toOcsf: (event: Event) => unknown;
  /** The same of an incident. */
  incidentToOcsf: (incident: Incident) => unknown;
  /** Accounts of people; absent in a trial, which has one account. */
  people?: PeopleAdministration | undefined;
  /** Sessions of people; absent in a trial. */
  sessions?: SessionsOf | undefined;
  /** Tokens of people for their scripts; absent in a trial. */
  apiTokens?: ApiTokensOf | undefined;
  /** The provider that signs people in; absent when none is set. */
  signOn?: SignOnWith | undefined;
}

/** Everything that answers about what happens on the platform, for those who see all of it or a part. */
export interface Desks {
  queries: Queries;
  hunting: HuntingOf;
  sql: SqlOf;
  triage: Triage;
  queue: FindingQueue;
  diffusion: DiffusionOf;
  vendorRisks: VendorRisks;
  posture: PostureOf;
  forecasts: Forecasts;
  profiles: Profiles;
  overview: Overview;
  context: FindingContext;
  incidents: Incidents;
  settings: DetectorSettings;
  suppressions: Suppressions;
  sources: Sources;
  coverage: CoverageOf;
  live: Live;
  registry: RegistryOf;
  detectorUses: DetectorUses;
  backtests: Backtests;
  vendorServices: VendorServices;
  /** Makes reports of what these desks know. */
  reportMaker: ReportMaker;
}

/** What happened over years (src/hunting/hunting-desk.ts). */
export type HuntingOf = Pick<HuntingDesk, 'histogram' | 'rows' | 'suggestions' | 'facets' | 'pivot' | 'cost'>;

/** Queries that people write in SQL (src/sql/sql-desk.ts). */
export type SqlOf = Pick<SqlDesk, 'schema' | 'check' | 'start' | 'of' | 'rows' | 'cancel'>;

/** Queries that people keep (src/hunting/saved-query-desk.ts). */
export type SavedQueriesOf = Pick<SavedQueryDesk, 'list' | 'versions' | 'create' | 'change' | 'remove'>;

/** Files of what people see (src/exports/export-desk.ts). */
export type ExportsOf = Pick<ExportDesk, 'list' | 'of' | 'estimate' | 'create' | 'remove' | 'fileOf' | 'manifestOf'>;
export type Exporter = ExporterOfDesk;

/** Queries of hunting that run now, by their names (src/store/hunting-runs.ts). */
export interface HuntingRunsOf {
  progress(name: string): Promise<object | undefined>;
  cancel(name: string): Promise<boolean>;
}

/** Tokens for scripts (src/access/api-tokens.ts). */
export interface ApiTokensOf {
  list(account?: string): readonly object[];
  create(session: Session, request: ApiTokenRequest, from: string): Promise<object>;
  revoke(id: string, by: string, account?: string): Promise<object>;
}

/** An OpenID Connect provider (src/access/sign-on.ts). */
export interface SignOnWith {
  /** What people call it. */
  label: string;
  begin(redirectUri: string): Promise<{ url: string; kept: string }>;
  prove(query: string, kept: string): Promise<Proven>;
  endUrl(returnTo: string): Promise<string | undefined>;
}

/** Sessions and how they end (src/access/session-desk.ts). */
export interface SessionsOf {
  of(account: string, asking?: string): readonly object[];
  end(account: string, id: string, by: string): Promise<void>;
  endOthers(session: Session): Promise<number>;
  drawWallLink(session: Session, name: string, from: string): Promise<object>;
}

/** The registry, or the part of it that somebody sees (src/scope/registry-within.ts). */
export type RegistryOf = Pick<RecordedRegistry, 'current' | 'asOf' | 'problems' | 'history' | 'refresh' | 'record'>;

/** Accounts, roles and who agrees (src/access/people-desk.ts). */
export interface PeopleAdministration {
  accounts(): readonly object[];
  requests(): readonly object[];
  create(name: string, person: string, by: string): Promise<object>;
  drawCode(name: string, by: string): Promise<object>;
  requestReset(name: string, by: string): Promise<object>;
  grant(name: string, role: Role, by: string): Promise<{ waiting: boolean }>;
  revoke(name: string, role: Role, by: string): Promise<object>;
  limit(name: string, scope: Scope, by: string): Promise<object>;
  restrain(name: string, act: 'locked' | 'unlocked' | 'signed-out', by: string): Promise<object>;
  decide(request: string, act: 'approved' | 'refused', by: string): Promise<object>;
}

/** What the audit trail has (src/store/audit-queries.ts). */
export interface AuditRecords {
  search(search: {
    from: number;
    to: number;
    account?: string | undefined;
    action?: AuditAction | undefined;
    outcome?: AuditOutcome | undefined;
    limit: number;
    cursor?: string | undefined;
  }): Promise<{ entries: readonly AuditEntry[]; next: string }>;
}

/** Seals and what proves them (src/evidence/evidence-desk.ts). */
export interface EvidenceOf {
  chain(): Promise<object>;
  startCheck(): object;
  sealOf(event: string, withRecord?: boolean): Promise<object>;
  archive(request: { from: number; to: number; streams: readonly string[]; by: string }): Promise<Readable>;
}

/** Legal holds (src/evidence/hold-desk.ts). */
export interface HoldsOf {
  list(): Promise<readonly object[]>;
  place(wish: HoldWish, why: string, by: string): Promise<object>;
  askRelease(id: string, why: string, by: string): Promise<object>;
  decideRelease(id: string, agrees: boolean, by: string): Promise<object>;
}

/** Tokens of senders (src/sender-token-desk.ts). */
export interface SenderTokensOf {
  list(): Promise<readonly object[]>;
  create(request: { source: string; networks: readonly string[]; expiresAt: number }, by: string): Promise<object>;
  revoke(id: string, by: string): Promise<object>;
  /** The tokens of the data directory's file, which are for all senders: of each the source that it is bound to. */
  forAll(): readonly { file: string; source: string }[];
}

/** People's decisions about findings (src/triage-desk.ts). */
export interface Triage {
  history(finding: string): Promise<FindingHistory>;
  act(finding: string, command: TriageCommand, by: string): Promise<FindingHistory & { entry: string }>;
  actOnAll(acts: readonly { finding: string; command: TriageCommand }[], by: string): Promise<object>;
}

/** All findings that were ever raised (src/queue-desk.ts). */
export interface FindingQueue {
  page(filter: FindingFilter, options: { limit: number; cursor?: string }): Promise<{ findings: readonly unknown[] }>;
  ids(filter: FindingFilter, limit: number): Promise<readonly string[]>;
  counts(filter: FindingFilter): Promise<object>;
  groups(filter: FindingFilter, by: Grouping): Promise<readonly object[]>;
}

/** Suppressions (src/suppression-desk.ts). */
export interface Suppressions {
  list(): Promise<readonly Suppression[]>;
  create(request: SuppressionRequest, by: string): Promise<Suppression>;
  end(id: string, by: string): Promise<Suppression>;
  preview(scope: SuppressionScope): Promise<object>;
}

/** Versions of detectors' settings (src/settings-desk.ts). */
export interface DetectorSettings {
  /** What a scope may state. */
  scope: z.ZodType<object>;
  list(): Promise<readonly { detector: string }[]>;
  inForce(): Promise<readonly { detector: string }[]>;
  change(
    request: {
      detector: string;
      scope: object;
      settings: Record<string, unknown> | null;
      why: string;
      effectiveFrom?: number | undefined;
    },
    by: string,
  ): Promise<object>;
}

/** Where assets have gone (src/diffusion-desk.ts). */
export interface DiffusionOf {
  of(asset: string, asOf: number): Promise<object>;
}

/** Risks of vendors (src/vendor-risk-desk.ts). */
export interface VendorRisks {
  of(vendor: string, asOf: number): Promise<object>;
}

/** Scores and how they went (src/posture-desk.ts). */
export interface PostureOf {
  of(scope: ScoreScope, at: number, most: number): Promise<object>;
  series(scope: ScoreScope, from: number, to: number, stepMs: number): Promise<readonly object[]>;
}

/** Forecasts (src/keep-forecasts.ts). */
export interface Forecasts {
  of(request: {
    series: 'findings' | 'rows' | 'out-edges' | 'vendor-risk' | 'ingest-lag' | 'events' | 'grants-expiring';
    id: string;
    step: 'day' | 'hour';
    threshold?: number | 'unusual' | undefined;
  }): Promise<object>;
  /** At once, from what was computed in the background. */
  warnings(): object;
}

/** What sources sent and what none covers (src/sources/source-desk.ts). */
export interface Sources {
  coverage(): Promise<object>;
  of(source: string, span: 'day' | 'week' | 'quarter'): Promise<object>;
}

/** How the coverage ledger stands (src/coverage-job.ts). */
export interface LedgerState {
  /** Begin of the first minute that is not settled, ms. */
  readonly settledTo: number | undefined;
  /** What does not balance of the last 24 hours. */
  readonly uneven: readonly { source: string; off: Readonly<Record<string, number>> }[];
}

/** What came in and what became of it (src/coverage-desk.ts), and gaps that are closed (src/replay-desk.ts). */
export interface CoverageOf {
  overview(span: { from: number; to: number; stepMs: number; source: string }): Promise<object>;
  gaps(from: number, to: number): Promise<object>;
  judged(from: number, to: number): Promise<object>;
  replay(gap: string, by: string): Promise<object>;
}

export type SubjectKind = 'actor' | 'asset' | 'vendor' | 'department';

/** Who somebody is and what they did (src/profile/profile-desk.ts). `days` are whole ones, the last that of `asOf`. */
export interface Profiles {
  of(kind: SubjectKind, id: string, asOf: number): Promise<object>;
  activity(kind: SubjectKind, id: string, days: number, asOf: number): Promise<object>;
  findings(kind: SubjectKind, id: string, limit: number, asOf: number): Promise<readonly object[]>;
  questions(asset: string, days: number, asOf: number): Promise<object>;
  scorecard(vendor: string, days: number, asOf: number): Promise<object>;
  vendors(asOf: number): Promise<readonly object[]>;
}

/** What the first page shows of everything (src/overview-desk.ts). */
export interface Overview {
  heat(measure: 'findings' | 'events', span: '24h' | '7d'): Promise<object>;
  changes(since: number, me: string): Promise<object>;
}

/** What is looked at beside a finding (src/finding-context/finding-context-desk.ts). */
export interface FindingContext {
  picture(finding: string): Promise<object>;
  day(finding: string): Promise<object>;
  parties(finding: string): Promise<object>;
  similar(finding: string): Promise<object>;
}
/** Incidents as a whole (src/incident/incident-desk.ts). */
export interface Incidents {
  file(incident: string): Promise<IncidentFile>;
  evidence(incident: string): Promise<Evidence>;
  decisions(incident: string): Promise<IncidentDecisions>;
  report(incident: string): Promise<ReportState>;
  say(incident: string, command: ReportCommand, by: string): Promise<ReportState>;
}

export interface FindingHistory {
  state: LifeState;
  events: readonly LifeEvent[];
}

export interface Readiness {
  ready: boolean;
  missing: readonly string[];
}

/** The live feed, as the routes see it (src/feed/feed.ts). */
export interface Live {
  /** The AsyncAPI 3 document of the feed. */
  describe(): object;
  /** Looks at the query of a request before its connection is taken. @throws WanglouError WL_QUERY_INVALID */
  check(query: unknown): void;
  /** Serves one WebSocket. `query` is the subscription, and may say where a returning client stopped. */
  connect(socket: LiveSocket, query: unknown, authorized: () => boolean): void;
  sources(): readonly LiveSource[];
  health(): LiveHealth;
  readonly clients: number;
}

/** A message that is sent to many: the bytes are made once. */
export interface LiveFrame {
  /** A whole WebSocket frame. */
  readonly plain: Buffer;
  /** The same with permessage-deflate, without context. */
  readonly deflated: Buffer;
}

/** What is handed on of a WebSocket (live-socket.ts). */
export interface LiveSocket {
  readonly bufferedAmount: number;
  sendFrame(frame: LiveFrame): void;
  ping(): void;
  close(code: number, reason: string): void;
  terminate(): void;
  on(event: 'pong' | 'close' | 'message' | 'error', listener: () => void): unknown;
}

export interface LiveSource {
  source: string;
  rate: number;
  events: number;
  unparsed: number;
  lagMs: number;
  problem: string;
  identity?: string;
}

export interface LiveHealth {
  state: string;
  programs: readonly { program: string; instance: string; silent: boolean }[];
  collectors: readonly {
    name: string;
    lost: number;
    connections: number;
    refused: number;
    ready: boolean;
    problem: string;
  }[];
  parked: readonly { detector: string; reason: string }[];
  problems: readonly string[];
  totals: object;
  watermark: number;
}

/** What detectors have found, and what people made of it (src/store/detector-queries.ts). */
export interface DetectorUses {
  use(now: number): Promise<readonly object[]>;
}

/** Settings tried on the past (src/backtest-desk.ts). */
export interface Backtests {
  list(): readonly object[];
  of(id: string): object;
  create(
    wish: {
      detector: string;
      scope: object;
      settings?: Record<string, unknown> | undefined;
      from?: number | undefined;
      to?: number | undefined;
      warmUpDays: number;
      analysts: number;
    },
    by: string,
  ): Promise<{ id: string }>;
  cancel(id: string, by: string): Promise<object>;
}

/** How well the systems of a vendor serve (src/vendor-service-desk.ts). */
export interface VendorServices {
  of(vendor: string, asOf: number): Promise<object>;
}
