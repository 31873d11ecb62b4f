import type { FastifyInstance } from 'fastify';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocalAccess } from '../../src/access/local-access.ts';
import type { AuditEntry } from '../../src/access/audit/entry.ts';
import { AuditTrail } from '../../src/access/audit/trail.ts';
import { Reveals } from '../../src/access/reveals.ts';
import { readTokens } from '../../src/access/tokens.ts';
import { buildApi } from '../../src/api/server.ts';
import type { ApiParts } from '../../src/api/parts.ts';
import type { EventSearch, IncidentSearch, Queries } from '../../src/api/queries.ts';
import { emptyEvent, type Event } from '../../src/event/event.ts';
import { EvidenceDesk } from '../../src/evidence/evidence-desk.ts';
import { HoldDesk } from '../../src/evidence/hold-desk.ts';
import { StoreCheck } from '../../src/evidence/store-check.ts';
import { MemoryStore } from '../evidence/memory-store.ts';
import { Feed, type FeedOptions } from '../../src/feed/feed.ts';
import { RecordedRegistry } from '../../src/registry/recorded-registry.ts';
import { MemoryTable } from '../registry/version-table.ts';
import type { Finding } from '../../src/finding/finding.ts';
import { incidentToOcsf } from '../../src/event/ocsf-incident.ts';
import type { Incident } from '../../src/finding/incident.ts';
import type { LifeEvent } from '../../src/finding/lifecycle.ts';
import { isInScope, type SuppressionScope } from '../../src/finding/suppression.ts';
import type { Diffusion } from '../../src/detection/diffusion/graph.ts';
import { detectors } from '../../detectors/index.ts';
import { registryFrom } from '../../src/registry/registry-from.ts';
import { CoverageDesk } from '../../src/coverage-desk.ts';
import { ReplayDesk } from '../../src/replay-desk.ts';
import { VendorRiskDesk } from '../../src/vendor-risk-desk.ts';
import { OverviewDesk } from '../../src/overview-desk.ts';
import { FakeOverview } from './fake-overview.ts';
import { QueueDesk } from '../../src/queue-desk.ts';
import { PostureDesk } from '../../src/posture-desk.ts';
import { BacktestDesk } from '../../src/backtest-desk.ts';
import { BacktestFiles } from '../../src/backtest-files.ts';
import type { StartBacktest } from '../../src/backtest-process.ts';
import { cardsOf, correlationCards } from '../../src/detection/cards.ts';
import { CORRELATIONS } from '../../src/finding/correlations.ts';
import { serviceLimits } from '../../detectors/service-degradation.ts';
import type { DetectorUse } from '../../src/store/detector-queries.ts';
import { Views } from '../../src/views.ts';
import type { StoreReader } from '../../src/store/reader.ts';
import { VendorServiceDesk, type VendorServiceParts } from '../../src/vendor-service-desk.ts';
import { FakePosture } from '../posture/fake-posture.ts';
import { ProfileDesk } from '../../src/profile/profile-desk.ts';
import { SenderTokenDesk } from '../../src/sender-token-desk.ts';
import { checkRetention } from '../../src/retention.ts';
import { SettingsDesk } from '../../src/settings-desk.ts';
import { SuppressionDesk } from '../../src/suppression-desk.ts';
import { TriageDesk } from '../../src/triage-desk.ts';
import { FakeQueue } from './fake-queue.ts';
import { FindingContextDesk } from '../../src/finding-context/finding-context-desk.ts';
import { IncidentDesk } from '../../src/incident/incident-desk.ts';
import { BAR_WIDTHS } from '../../src/store/hunting-queries.ts';
import { HuntingDesk } from '../../src/hunting/hunting-desk.ts';
import { countOf } from '../../src/export-records.ts';
import { ExportDesk } from '../../src/exports/export-desk.ts';
import { ExportFiles } from '../../src/exports/export-files.ts';
import type { StartExport } from '../../src/exports/export-process.ts';
import { SavedQueryDesk } from '../../src/hunting/saved-query-desk.ts';
import { DataSubjects } from '../../src/event/data-subjects.ts';
import { FakeHunting } from './fake-hunting.ts';
import { FakeSql } from './fake-sql.ts';
import { FakeContextStore } from './fake-context-store.ts';
import { FakeProfileStore } from './fake-profile-store.ts';
import { FakeCoverageStore } from './fake-coverage-store.ts';
import { FakeSourceStore } from './fake-source-store.ts';
import { readMasker } from '../../src/masking.ts';
import { SourceDesk } from '../../src/sources/source-desk.ts';
import { MemoryLog } from '../detection/memory-log.ts';
import { testReports, type TestReports } from '../reports/test-reports.ts';

/** A store in memory that notes what it was asked. */
export class FakeStore implements Queries {
  events: Event[] = [];
  findings: Finding[] = [];
  incidents: Incident[] = [];
  lives: LifeEvent[] = [];
  asked: object[] = [];
  fault: Error | undefined;
  /** Hunts in these events. */
  readonly hunting = new FakeHunting(() => this.events);
  uses: DetectorUse[] = [];
  services: VendorServiceParts['store'] = {
    requests: async () => [],
    latency: async () => [],
    workOrders: async () => [],
  };
  /** Nothing judges the past here unless a test says how. */
  startBacktest: StartBacktest = () => ({ ended: new Promise(() => undefined), kill: () => undefined });

  /** The same of exports. */
  startExport: StartExport = () => ({ ended: new Promise(() => undefined), kill: () => undefined });

  async searchEvents(search: EventSearch): ReturnType<Queries['searchEvents']> {
    this.#ask(search);
    return { events: this.events.slice(0, search.limit), next: '' };
  }
  async eventsById(ids: readonly string[]): Promise<readonly Event[]> {
    return this.events.filter((event) => ids.includes(event.id));
  }
  async findingById(id: string): Promise<Finding | undefined> {
    return this.findings.findLast((finding) => finding.id === id);
  }
  async detectorsOf(ids: readonly string[]): Promise<readonly string[]> {
    return [...new Set(this.findings.filter(({ id }) => ids.includes(id)).map(({ detector }) => detector))];
  }
  async findingRevisions(id: string): Promise<readonly Finding[]> {
    return this.findings.filter((finding) => finding.id === id);
  }
  async latestIncidents(search: IncidentSearch): ReturnType<Queries['latestIncidents']> {
    return { incidents: this.incidents.slice(0, search.limit), next: '' };
  }
  async incidentRevisions(id: string): Promise<readonly Incident[]> {
    return this.incidents.filter((incident) => incident.id === id);
  }
  async lifeEvents(findings: readonly string[]): Promise<readonly LifeEvent[]> {
    return this.lives.filter(({ finding }) => findings.includes(finding));
  }
  async findingsOfVendor(vendor: string) {
    return this.findings.filter((finding) => finding.vendor === vendor);
  }
  async findingsInScope(scope: SuppressionScope, since: number) {
    const latest = this.findings.filter((each) => each.causedAt >= since && isInScope(scope, each));
    return { findings: latest.length, byDetector: {}, bySeverity: {}, latest };
  }
  async hidden() {
    const hidden = new Map<string, { findings: number; last: number }>();
    for (const { suppression, causedAt } of this.findings)
      if (suppression)
        hidden.set(suppression, { findings: (hidden.get(suppression)?.findings ?? 0) + 1, last: causedAt });
    return hidden;
  }
  #ask(search: EventSearch): void {
    if (this.fault) throw this.fault;
    this.asked.push(search);
  }
}

/** The store below the desks of people with a scope: has nothing, and notes what it was asked. */
export class NotingReader {
  readonly asked: string[] = [];
  readonly query = (async ({ query }: { query: string }) => {
    this.asked.push(query);
    return { json: async () => [] };
  }) as unknown as StoreReader['query'];
}

export interface TestParts extends ApiParts {
  reporting: TestReports;
  reader: NotingReader;
  fakeSql: FakeSql;
  access: LocalAccess;
  store: FakeStore;
  /** What is sealed. */
  sealed: MemoryStore;
  profileStore: FakeProfileStore;
  overviewStore: FakeOverview;
  posture: PostureDesk;
  coverageStore: FakeCoverageStore;
  contextStore: FakeContextStore;
  feed: Feed;
  apiToken: string;
  log: MemoryLog;
  missing: string[];
  /** Cookie header of somebody who is signed in. */
  signedIn(): Promise<string>;
  remove(): void;
}

/** Real access and feed, a store in memory. */
export async function testParts(feedOptions: FeedOptions = {}): Promise<TestParts> {
  const dataDir = mkdtempSync(join(tmpdir(), 'wanglou-api-'));
  const settings = { dataDir, ingestToken: '', apiToken: '' };
  const access = new LocalAccess({ ...settings, operatorPassword: '' });
  await access.start();
  const store = new FakeStore();
  const log = new MemoryLog();
  const sealed = new MemoryStore();
  const sealKey = generateKeyPairSync('ed25519').privateKey;
  const sealKeys = { current: async () => sealKey };
  const feed = new Feed(feedOptions);
  const registry = new RecordedRegistry({ table: new MemoryTable() });
  const missing: string[] = [];
  const overviewStore = new FakeOverview(store);
  const contextStore = new FakeContextStore(store);
  const profileStore = new FakeProfileStore(store);
  const triage = new TriageDesk(log, store, feedOptions.now);
  const coverageStore = new FakeCoverageStore();
  const sources = new SourceDesk({
    ...{
      store: new FakeSourceStore(),
      events: store,
      live: feed,
      registry,
      detectors,
      ledger: coverageStore,
    },
  });
  const reader = new NotingReader();
  const posture = new PostureDesk({ store: new FakePosture(store), registry, heard: () => feed.sources() });
  const masks = await readMasker(dataDir, registry);
  const trail = new AuditTrail({ log, now: feedOptions.now ?? Date.now });
  const fakeSql = new FakeSql(dataDir, trail, masks);
  const coverage = coverageOver(coverageStore, registry, feedOptions.now);
  const views = new Views({
    coverage: { settledTo: () => coverageStore.settledTo, replay: (gap, by) => coverage.replay(gap, by) },
    sql: fakeSql.desk,
    ...{
      client: reader,
      hunting: reader,
      eventLog: log,
      triage,
      registry,
      feed,
      posture,
      limits: serviceLimits({}),
    },
    config: { detectors: {}, reportWithin: '4h' },
    retention: checkRetention({ retentionDays: 400 }),
    forecasts: { over: () => ({ of: async (request) => request as never }) },
  });
  const nowhere = {
    of: async () => ({ nodes: [], edges: [], titles: {} }) as unknown as Diffusion & { titles: Record<string, never> },
  };
  const incidents = new IncidentDesk({
    ...{ store, findings: contextStore, triage, registry, reports: log.table('reports'), reportWithin: '4h' },
    ...(feedOptions.now && { now: feedOptions.now }),
  });
  const profiles = new ProfileDesk({ store: profileStore, lives: store, diffusion: nowhere, registry });
  const vendorServices = new VendorServiceDesk({ store: store.services, registry, limits: serviceLimits({}) });
  const vendorRisks = new VendorRiskDesk(store, { current: () => registryFrom({}) });
  const noForecasts = { of: async () => Promise.reject(new Error('no forecast')) };
  const reporting = testReports(
    log.table('report-steps'),
    { profiles, vendorServices, vendorRisks, posture, incidents, registry, forecasts: noForecasts, diffusion: nowhere },
    {
      within: (scope) => views.of(scope).reportMaker,
      mask: (data) => masks.data(data),
      ...(feedOptions.now && { now: feedOptions.now }),
    },
  );
  return {
    access,
    ...{
      masks,
      reporting,
      reports: reporting.desk,
      reportSchedules: reporting.schedules,
      reportMaker: reporting.maker,
    },
    reveals: new Reveals({ needsApproval: false, now: feedOptions.now ?? Date.now }),
    trail,
    fakeSql,
    sql: fakeSql.desk,
    senderTokens: Object.assign(
      new SenderTokenDesk(
        { tokens: log.table('sender-tokens'), uses: log.table('sender-token-uses') },
        (source) => registry.current().source(source) !== undefined,
        feedOptions.now,
      ),
      { forAll: () => [{ file: 'data/access/ingest-token', source: '' }] },
    ),
    audit: { search: async () => ({ entries: auditOf(log), next: '' }) },
    evidence: new EvidenceDesk({
      ...{ store: sealed, keys: sealKeys, program: '0.1.0' },
      check: new StoreCheck({ store: sealed, keys: sealKeys, log, sealsKeptDays: 2_000, onProblem: () => undefined }),
    }),
    sealed,
    sealLags: () => ({ seal: 0 }),
    holds: new HoldDesk({
      ...{ table: log.table('holds'), needsTwo: false, enforce: async () => [], onProblem: () => undefined },
      ...(feedOptions.now && { now: feedOptions.now }),
    }),
    store,
    hunting: new HuntingDesk(store.hunting, BAR_WIDTHS),
    subjectHash: (identifier) => new DataSubjects('k').hashOf(identifier),
    huntingRuns: { progress: async () => undefined, cancel: async () => false },
    savedQueries: new SavedQueryDesk(log.table('saved-queries'), feedOptions.now),
    queries: store,
    log,
    diffusion: { of: async (asset, asOf) => ({ asset, asOf }) },
    vendorRisks,
    posture,
    reader,
    within: (scope) => views.of(scope),
    forecasts: { of: async (request) => request, warnings: () => ({ warnings: [], hidden: [] }) },
    overviewStore,
    overview: new OverviewDesk({ store: overviewStore.store, scores: overviewStore.scores, registry }),
    context: new FindingContextDesk({ store: contextStore, findings: store, registry }),
    incidents,
    contextStore,
    profileStore,
    profiles,
    settings: new SettingsDesk(log.table('settings'), detectors, {}, feedOptions.now),
    triage,
    queue: new QueueDesk(new FakeQueue(store), triage),
    suppressions: new SuppressionDesk(log.table('suppressions'), store, store, feedOptions.now),
    feed,
    sources,
    coverageStore,
    ledger: coverageStore,
    coverage,
    live: feed,
    missing,
    readiness: () => ({ ready: missing.length === 0, missing }),
    registry,
    unresolved: () => [{ kind: 'asset', name: 'db.public.visits', count: 7 }],
    detectors: cardsOf(detectors, {}),
    correlations: correlationCards(CORRELATIONS),
    detectorUses: { use: async () => store.uses },
    backtests: new BacktestDesk({
      ...{ files: new BacktestFiles(join(dataDir, 'backtests')), detectors, configured: {} },
      start: (request, onProgress) => store.startBacktest(request, onProgress),
      onProblem: (problem) => missing.push(problem),
    }),
    exports: new ExportDesk({
      files: new ExportFiles(join(dataDir, 'exports')),
      start: (request, onProgress) => store.startExport(request, onProgress),
      count: (query) => countOf(reader, query),
      record: (entry) => trail.done(entry),
      limits: { quotaBytes: 1e9, keepMs: 86_400_000, perPerson: 3 },
      onProblem: (problem) => missing.push(problem),
    }),
    vendorServices,
    incidentToOcsf,
    toOcsf: (event) => ({ class_uid: event.classUid }),
    apiToken: (await readTokens(settings)).api,
    signedIn: async () => {
      const result = await access.signInWithCode(await access.drawCode(), '192.0.2.1');
      if (result.outcome !== 'accepted') throw new Error(result.outcome);
      return `wanglou_session=${result.cookieValue}`;
    },
    remove: () => rmSync(dataDir, { recursive: true, force: true }),
  };
}

function coverageOver(
  fake: FakeCoverageStore,
  registry: RecordedRegistry,
  now: () => number = Date.now,
): ApiParts['coverage'] {
  const desk = new CoverageDesk({ store: fake.store, registry, settledTo: () => fake.settledTo, now });
  const replays = new ReplayDesk({
    gap: (id) => desk.gap(id),
    start: fake.startReplay,
    write: async (replay) => void fake.written.push(replay),
    onDone: (from, to) => void fake.checkedAgain.push([from, to]),
    onProblem: (error) => {
      throw error;
    },
    now,
  });
  return {
    overview: (span) => desk.overview(span),
    gaps: (from, to) => desk.gaps(from, to),
    judged: (from, to) => desk.judged(from, to),
    replay: (gap, by) => replays.replay(gap, by),
  };
}

/** What the trail has recorded. */
export function auditOf(log: MemoryLog): AuditEntry[] {
  return log.records('audit', 0).map(({ value }) => JSON.parse(Buffer.from(value).toString()) as AuditEntry);
}

export interface TestApi {
  parts: TestParts;
  app: FastifyInstance;
  /** Asks with the API token. @param path after `/api/v1` */
  ask(
    method: 'GET' | 'POST',
    path: string,
    payload?: object,
  ): Promise<{ status: number; body: Record<string, unknown> }>;
  stop(): Promise<void>;
}

/** The API without a page, over parts of its own. */
export async function testApi(feedOptions: FeedOptions = {}): Promise<TestApi> {
  const parts = await testParts(feedOptions);
  const app = await buildApi({ host: '127.0.0.1', port: 0, publicOrigin: '', appDir: 'nowhere' }, parts);
  return {
    parts,
    app,
    ask: async (method, path, payload) => {
      const headers = { authorization: `Bearer ${parts.apiToken}` };
      const answer = await app.inject({ method, url: `/api/v1${path}`, headers, ...(payload && { payload }) });
      return { status: answer.statusCode, body: answer.json<Record<string, unknown>>() };
    },
    stop: async () => {
      await app.close();
      parts.remove();
    },
  };
}

export function event(changes: Partial<Event> = {}): Event {
  return { ...emptyEvent(), id: '00000000-0000-8000-8000-000000000001', ...changes };
}
