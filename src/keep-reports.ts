import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { AuditTrail } from './access/audit/trail.ts';
import { mayWith } from './access/permissions.ts';
import { searchPath, type Config } from './config.ts';
import type { EventLog } from './event-log/event-log.ts';
import type { KeptPeople } from './keep-people.ts';
import { keepTrying } from './keep-trying.ts';
import type { RecordedRegistry } from './registry/recorded-registry.ts';
import { PrintPdf } from './reports/pdf/print-pdf.ts';
import { ReportBook } from './reports/report-book.ts';
import { ReportDesk } from './reports/report-desk.ts';
import { ReportJobFiles } from './reports/report-job-files.ts';
import { ReportJobs } from './reports/report-jobs.ts';
import type { ReportMaker } from './reports/report-maker.ts';
import { ScheduleDesk } from './reports/schedule-desk.ts';
import { ScheduleRunner } from './reports/schedule-runner.ts';
import type { Scope } from './scope/scope.ts';
import { REPORT_CONTENTS, ReportContents } from './store/report-contents.ts';
import type { StoreClient } from './store/client.ts';
import { TableWriter } from './store/table-writer.ts';

export interface KeptReports {
  desk: ReportDesk;
  schedules: ScheduleDesk;
  /** Goes on with what was asked for before, and makes what is due from now on. */
  start: () => Promise<void>;
  stop: () => Promise<void>;
}

export interface ReportsParts {
  eventLog: EventLog;
  client: StoreClient;
  registry: RecordedRegistry;
  mask: <T>(data: T) => T;
  people: KeptPeople | undefined;
  trail: AuditTrail;
  makerOf: (scope: Scope | null) => ReportMaker;
}

/** Reports, for `serve`: made, kept in the store, signed off in the event log, and made again by schedule. */
export async function keepReports(config: Config, parts: ReportsParts, log: Logger): Promise<KeptReports> {
  const { eventLog, client, registry, mask, people, trail, makerOf } = parts;
  const onProblem = toldOnce(log);
  const book = new ReportBook({ table: eventLog.table('report-steps'), onProblem });
  await keepTrying('reports', () => book.start(), log);
  const pdf = new PrintPdf({ browser: config.browser, path: searchPath() });
  await pdf.start();
  const contents = new ReportContents(client);
  const writer = new TableWriter(client, REPORT_CONTENTS);
  const files = new ReportJobFiles(join(config.dataDir, 'reports'));
  const jobs = new ReportJobs({
    kept: files,
    onFault: (error) => log.error({ err: error }, 'a report can not be made'),
  });
  const ended = new AbortController();
  const desk = new ReportDesk({
    ...{ book, jobs, registry, mask, pdf, makerOf, trial: config.access === 'trial' },
    contents: { of: (...which) => contents.of(...which), write: (content) => writer.write([content]) },
    personOf: (account) => people?.book.people.accounts.get(account)?.person ?? '',
    objectionTo: (account, scope) => objectionTo(people, account, scope, 'somebody else has to ask for the report'),
    storeAnswers: () => answered(() => contents.of(randomUUID(), 0, ''), ended.signal),
  });
  const runner = new ScheduleRunner({
    ...{ book, desk, registry, makerOf, onProblem, instance: randomUUID() },
    objectionTo: (account, scope) => objectionTo(people, account, scope, 'make the schedule anew'),
    audit: async (account, report, schedule) => {
      const object = `report ${report} of schedule ${schedule}`;
      const of = {
        request: '',
        account,
        roles: [],
        session: '',
        address: '',
        code: '',
        reason: '',
        asked: '',
        digest: '',
      };
      await trail.done({
        ...of,
        at: Date.now(),
        action: 'report.prepare',
        object,
        outcome: 'success',
        rows: 0,
        count: 1,
      });
    },
  });
  return {
    desk,
    schedules: new ScheduleDesk(book, registry),
    start: async () => {
      await desk.takeUp(await files.all());
      runner.start();
    },
    stop: async () => {
      ended.abort();
      writer.stop();
      await runner.stop();
      await jobs.stop();
      await book.stop();
    },
  };
}

const ASK_AGAIN_MS = 2_000;

/** Asks until there is an answer. @throws when nobody waits for it any more */
async function answered(ask: () => Promise<unknown>, signal: AbortSignal): Promise<void> {
  while (
    !(await ask().then(
      () => true,
      () => false,
    ))
  )
    await pause(ASK_AGAIN_MS, undefined, { signal });
}

/** Whoever asked for a report or made a schedule must still be one who may prepare reports, and see no less than then. */
function objectionTo(people: KeptPeople | undefined, name: string, scope: Scope | null, instead: string): string {
  if (people === undefined) return '';
  const account = people.book.people.accounts.get(name);
  if (account?.state !== 'active') return `${name} is not an active account any more: ${instead}`;
  if (!mayWith(account.roles, 'prepare-reports')) return `${name} may not prepare reports any more: ${instead}`;
  return JSON.stringify(account.scope) === JSON.stringify(scope) || account.scope === null
    ? ''
    : `what ${name} sees has changed since: ${instead}`;
}

/** The same problem is said once, until it is gone. */
function toldOnce(log: Logger): (problem: string) => void {
  let told = '';
  return (problem) => {
    if (problem !== told && problem !== '') log.error(`reports: ${problem}`);
    told = problem;
  };
}
