import type { KeyedTable } from '../../src/event-log/event-log.ts';
import { ReportBook } from '../../src/reports/report-book.ts';
import { ReportDesk, type ReportDeskParts } from '../../src/reports/report-desk.ts';
import type { WantedReport } from '../../src/reports/report-job-files.ts';
import { ReportJobs } from '../../src/reports/report-jobs.ts';
import { ReportMaker } from '../../src/reports/report-maker.ts';
import { checkRetention } from '../../src/retention.ts';
import type { ReportSight } from '../../src/reports/report-sight.ts';
import { ScheduleDesk } from '../../src/reports/schedule-desk.ts';
import type { Scope } from '../../src/scope/scope.ts';
import type { KeptContent } from '../../src/store/report-contents.ts';
import type { FindingCount, Processing, Response, SharedLine } from '../../src/store/report-queries.ts';

/** What reports count, in memory. */
export class FakeReportStore {
  lines: Processing[] = [];
  passed: SharedLine[] = [];
  counts: FindingCount[] = [];
  answers: Response[] = [];
  shown: { purpose: string; accounts: number; reveals: number }[] = [];

  processing = async (assets: readonly string[]) => this.lines.filter(({ asset }) => assets.includes(asset));
  shared = async (assets: readonly string[]) =>
    this.passed.filter(({ asset }) => assets.length === 0 || assets.includes(asset));
  findings = async () => this.counts;
  responses = async () => this.answers;
  reveals = async () => this.shown;
}

/** Contents in memory, as the store would keep them. */
export class FakeContents {
  readonly rows: KeptContent[] = [];
  write = async (content: KeptContent): Promise<void> => void this.rows.push(content);
  of = async (report: string, version: number, digest: string): Promise<string | undefined> =>
    this.rows.find((row) => row.report === report && row.version === version && row.digest === digest)?.content;
}

export interface TestReports {
  store: FakeReportStore;
  contents: FakeContents;
  book: ReportBook;
  jobs: ReportJobs;
  /** What a restart would go on with. */
  wanted: Map<string, WantedReport>;
  desk: ReportDesk;
  schedules: ScheduleDesk;
  maker: ReportMaker;
}

/** Real desks of reports over a table and a store in memory; without a browser. */
export function testReports(
  table: KeyedTable,
  sight: Omit<ReportSight, 'store' | 'retention'>,
  parts: Partial<ReportDeskParts> & { within?: (scope: Scope) => ReportMaker } = {},
): TestReports {
  const store = new FakeReportStore();
  const contents = new FakeContents();
  const maker = new ReportMaker({ ...sight, store, retention: checkRetention({ retentionDays: 400 }) }, null);
  const book = new ReportBook({ table, onProblem: () => undefined });
  const wanted = new Map<string, WantedReport>();
  const jobs = new ReportJobs({
    kept: {
      keep: async (one) => void wanted.set(one.id, one),
      forget: async (id) => void wanted.delete(id),
    },
    onFault: (error) => {
      throw error;
    },
  });
  const { within = () => maker, ...others } = parts;
  const desk = new ReportDesk({
    ...{ book, jobs, contents, registry: sight.registry, trial: true },
    mask: (data) => data,
    makerOf: (scope) => (scope === null ? maker : within(scope)),
    pdf: {
      available: () => ({ found: false, problem: 'there is no Chromium in PATH' }),
      print: async () => Buffer.from('%PDF-'),
    },
    ...{ personOf: () => '', objectionTo: () => '', storeAnswers: async () => undefined },
    ...others,
  });
  return {
    store,
    contents,
    book,
    jobs,
    wanted,
    desk,
    maker,
    schedules: new ScheduleDesk(book, sight.registry, parts.now),
  };
}
