import { randomUUID } from 'node:crypto';
import { WanglouError } from '../errors.ts';
import type { RegistrySource } from '../profile/registry-view.ts';
import { Reach } from '../scope/reach.ts';
import { isEmpty, type Scope } from '../scope/scope.ts';
import type { KeptContent } from '../store/report-contents.ts';
import type { ReportBook } from './report-book.ts';
import type { WantedReport } from './report-job-files.ts';
import type { ReportJob, ReportJobs } from './report-jobs.ts';
import type { ReportKind } from './report-kinds.ts';
import { checkWish, type ReportMaker } from './report-maker.ts';
import { reportPage } from './report-html.ts';
import type { PrintPdf } from './pdf/print-pdf.ts';
import {
  objectionTo,
  type KeptReport,
  type ReportAct,
  type ReportState,
  type ReportStep,
  type ReportVersion,
} from './report-steps.ts';
import { digestOf, holesOf, type ReportContent, type ReportWish } from './report.ts';
import type { ReportLanguage } from './report-words.ts';

/** Who looks at reports, or acts on them. */
export interface Viewer {
  account: string;
  scope: Scope | null;
}

export interface ReportDeskParts {
  book: ReportBook;
  jobs: ReportJobs;
  contents: {
    of(report: string, version: number, digest: string): Promise<string | undefined>;
    write(content: KeptContent): Promise<void>;
  };
  registry: RegistrySource;
  /** Puts pseudonyms in the place of personal information. */
  mask: <T>(data: T) => T;
  /** Makes reports of what is seen within a scope; null: everything. */
  makerOf: (scope: Scope | null) => ReportMaker;
  pdf: Pick<PrintPdf, 'available' | 'print'>;
  trial: boolean;
  /** Who has an account; '' when nobody knows. */
  personOf: (account: string) => string;
  /** Why an account may not prepare reports within that scope any more; '' when it may. */
  objectionTo: (account: string, scope: Scope | null) => string;
  /** Resolves when the store can be asked. */
  storeAnswers: () => Promise<void>;
  now?: () => number;
}

export interface ReportView extends Omit<KeptReport, 'versions'> {
  versions: readonly ReportVersion[];
  /** What the viewer may do next, by the rules of the sign-off; permissions aside. */
  next: Readonly<Record<ReportAct, boolean>>;
}

const MOST_BYTES = 16 << 20;
const LOOK_AGAIN_MS = 60_000;
const MOST_LOOKED = 500;

/** Reports: made, read, signed off. Somebody with a scope knows only of those whose makers saw no more than they do. */
export class ReportDesk {
  readonly #parts: ReportDeskParts;
  readonly #now: () => number;
  /** Contents that were looked at, and what was found. */
  readonly #looked = new Map<string, { at: number; problem: object | null }>();

  constructor(parts: ReportDeskParts) {
    this.#parts = parts;
    this.#now = parts.now ?? Date.now;
  }

  /** The last changed first, and what is being made for the viewer. */
  list(
    viewer: Viewer,
    filter: { kind?: ReportKind | undefined; state?: ReportState | undefined; limit: number },
  ): {
    reports: KeptReport[];
    total: number;
    jobs: ReportJob[];
    pdf: { found: boolean; problem: string };
    trial: boolean;
  } {
    const { book, jobs, pdf, trial } = this.#parts;
    const all = [...book.reports.values()]
      .filter(
        ({ version, state }) =>
          version.wish.kind === (filter.kind ?? version.wish.kind) && state === (filter.state ?? state),
      )
      .filter((report) => this.#sees(viewer, report))
      .sort((a, b) => lastAt(b) - lastAt(a) || (a.id < b.id ? -1 : 1));
    const own = jobs.list().filter(({ by }) => by === viewer.account);
    return { reports: all.slice(0, filter.limit), total: all.length, jobs: own, pdf: pdf.available(), trial };
  }

  /**
   * `problem` is why its content can not be shown; null when it can, as far as it was looked at within the last minute.
   * @throws WanglouError WL_NOT_FOUND
   */
  async of(
    viewer: Viewer,
    id: string,
  ): Promise<{ report: ReportView | null; job: ReportJob | null; problem: object | null }> {
    const job = this.#parts.jobs.of(id);
    const isOwn = job?.by === viewer.account;
    const report = this.#parts.book.reports.get(id);
    const isSeen = report !== undefined && this.#sees(viewer, report);
    if (!isSeen && !isOwn) throw unknown(id);
    const problem = isSeen ? await this.#problemOf(id, report.version) : null;
    return { report: isSeen ? this.#viewOf(report, viewer) : null, job: isOwn ? job : null, problem };
  }

  async #problemOf(id: string, { version, digest }: ReportVersion): Promise<object | null> {
    const key = `${id}/${version}`;
    const known = this.#looked.get(key);
    if (known !== undefined && this.#now() - known.at < LOOK_AGAIN_MS) return known.problem;
    const problem = await this.#content(id, version, digest).then(
      () => null,
      (error: unknown) => {
        if (!(error instanceof WanglouError)) throw error;
        const { code, message, remedy, details } = error;
        return { code, message, remedy, ...details };
      },
    );
    if (this.#looked.size >= MOST_LOOKED) this.#looked.clear();
    this.#looked.set(key, { at: this.#now(), problem });
    return problem;
  }

  /** Begins to make one. @returns its id. @throws WanglouError WL_QUERY_INVALID for a wish that can not be fulfilled */
  async ask(viewer: Viewer, wish: ReportWish, within: 'all' | 'subject'): Promise<{ id: string }> {
    checkWish(wish, this.#now());
    const scope = within === 'all' ? null : scopeOf(wish, this.#parts.registry);
    return this.#begin(viewer, { id: randomUUID(), version: 1, wish, scope });
  }

  /** Begins to make a returned one again, about the same, as a new version. @throws WanglouError WL_NOT_FOUND, WL_CONFLICT */
  async askAgain(viewer: Viewer, id: string): Promise<{ id: string }> {
    const report = this.#known(viewer, id);
    if (report.state !== 'returned')
      throw new WanglouError('WL_CONFLICT', `report ${id} is ${report.state}, not returned`, {
        remedy: 'Return it with a reason first, or make a new report.',
        details: { reason: 'report-not-returned' },
      });
    const { wish, version, scope } = report.version;
    return this.#begin(viewer, { id, version: version + 1, wish, scope });
  }

  /** Three persons sign off a report: a token that is nobody's does not count for one. @throws WanglouError WL_FORBIDDEN */
  mustBePerson({ account }: Viewer): void {
    if (this.#parts.trial || this.#parts.personOf(account) !== '') return;
    throw new WanglouError('WL_FORBIDDEN', `${account} is no person, and reports are prepared by persons`, {
      remedy: 'Sign in, or use a token of a person.',
    });
  }

  /** Goes on with what was asked for when the program ended, and was not made yet. */
  async takeUp(all: readonly WantedReport[]): Promise<void> {
    for (const wanted of all)
      await this.#parts.jobs.again(wanted, async (step) => {
        await this.#parts.storeAnswers();
        const versions = this.#parts.book.reports.get(wanted.id)?.versions ?? [];
        // It may have ended between the two.
        if (!versions.some(({ version }) => version >= wanted.version)) await this.#fulfil(wanted, step);
      });
  }

  /** Whoever has a scope makes it of that, whatever else was asked for. */
  async #begin(viewer: Viewer, want: Pick<WantedReport, 'id' | 'version' | 'wish' | 'scope'>): Promise<{ id: string }> {
    this.mustBePerson(viewer);
    const { account: by, scope: own } = viewer;
    const wanted = { ...want, scope: own ?? want.scope, by, at: this.#now(), attempts: 0 };
    await this.#parts.jobs.add(wanted, (step) => this.#fulfil(wanted, step));
    return { id: want.id };
  }

  /** Much may have changed while it waited. */
  async #fulfil(
    { id, version, wish, scope, by }: WantedReport,
    step: (done: number, total: number) => void,
  ): Promise<void> {
    const objection = this.#parts.objectionTo(by, scope);
    if (objection !== '')
      throw new WanglouError('WL_FORBIDDEN', objection, {
        details: {
          messageZh: `${by} 的账号、权限或范围已变，不能再制作这份报告`,
          remedyZh: '请由有权限的人员重新申请。',
        },
      });
    await this.make({ id, version, wish, maker: this.#parts.makerOf(scope), by, schedule: '' }, step);
  }

  /** Makes a version: its content is durable in the store before its step is in the log. */
  async make(
    want: { id: string; version: number; wish: ReportWish; maker: ReportMaker; by: string; schedule: string },
    step: (done: number, total: number) => void,
  ): Promise<void> {
    const { id, version, wish, by, schedule } = want;
    const { trial, mask, contents, book, personOf } = this.#parts;
    const made: ReportContent = mask(await want.maker.make(wish, { trial, signedAt: this.#signedAt(wish) }, step));
    const content = JSON.stringify(made);
    const bytes = Buffer.byteLength(content);
    if (bytes > MOST_BYTES)
      throw new WanglouError('WL_BODY_TOO_LARGE', `the report has ${bytes} bytes, more than ${MOST_BYTES}`, {
        remedy: 'Make it for a shorter span, or for one department.',
      });
    const digest = digestOf(content);
    await contents.write({ report: id, version, digest, madeAt: this.#now(), content });
    await book.add({
      ...{ report: id, version, act: 'prepared', digest, at: this.#now(), by, person: personOf(by), trial, schedule },
      text: '',
      made: { wish, subject: made.subject, scope: made.scope, holes: holesOf(made).length },
    });
  }

  #signedAt({ kind, subject, to }: ReportWish): number | null {
    const times = [...this.#parts.book.reports.values()].flatMap(({ state, version: { wish }, steps }) => {
      const isSame = wish.kind === kind && wish.subject.kind === subject.kind && wish.subject.id === subject.id;
      const { at } = steps.at(-1)!;
      return state === 'signed' && isSame && at < to ? [at] : [];
    });
    return times.length === 0 ? null : Math.max(...times);
  }

  /** @throws WanglouError WL_NOT_FOUND, WL_CONFLICT when it is not being made */
  async cancel(viewer: Viewer, id: string): Promise<ReportJob> {
    if (this.#parts.jobs.of(id)?.by !== viewer.account) throw unknown(id);
    return this.#parts.jobs.cancel(id);
  }

  /**
   * Reviews, signs or returns the version that has this digest.
   * @throws WanglouError WL_NOT_FOUND, WL_CONFLICT that says which rule is against it
   */
  async act(
    viewer: Viewer,
    id: string,
    said: { act: Exclude<ReportAct, 'prepared'>; digest: string; text: string },
  ): Promise<ReportView> {
    const { version, digest } = this.#known(viewer, id).version;
    await this.#content(id, version, digest);
    return this.#viewOf(await this.#parts.book.add(this.#step(viewer, { id, version, ...said })), viewer);
  }

  /**
   * One version as a file. Of an earlier version, its own steps stand on it.
   * @throws WanglouError WL_NOT_FOUND, WL_CONFLICT when its content has changed, WL_BROWSER_AWAY for a PDF without a browser
   */
  async file(
    viewer: Viewer,
    id: string,
    want: { form: 'html' | 'pdf' | 'json'; language: ReportLanguage; version?: number | undefined },
  ): Promise<{ body: string | Buffer; name: string }> {
    const report = this.#known(viewer, id);
    const version = report.versions.find((one) => one.version === (want.version ?? report.version.version));
    if (version === undefined) throw unknown(`${id}, version ${want.version ?? 0}`);
    const { digest } = version;
    const text = await this.#content(id, version.version, digest);
    const content = JSON.parse(text) as ReportContent;
    const steps = report.steps.filter((step) => step.version === version.version);
    const frame = { id, version: version.version, digest, state: steps.at(-1)!.act, steps };
    const name = `${version.wish.kind}-${id.slice(0, 8)}-v${version.version}.${want.form}`;
    if (want.form === 'json') return { body: JSON.stringify({ ...frame, content }), name };
    const page = reportPage(content, frame, want.language);
    if (want.form === 'html') return { body: page, name };
    return { body: await this.#parts.pdf.print(page, { at: steps.at(-1)!.at }), name };
  }

  #step(
    viewer: Viewer,
    said: { id: string; version: number; act: ReportAct; digest: string; text: string },
  ): Omit<ReportStep, 'id' | 'n'> {
    const { trial, personOf } = this.#parts;
    const { id, ...same } = said;
    const by = viewer.account;
    return { ...same, report: id, at: this.#now(), by, person: personOf(by), trial, schedule: '' };
  }

  /** As it was made: what has another digest is not shown. */
  async #content(id: string, version: number, digest: string): Promise<string> {
    const content = await this.#parts.contents.of(id, version, digest);
    if (content !== undefined && digestOf(content) === digest) return content;
    throw new WanglouError(
      'WL_CONFLICT',
      `the content of report ${id}, version ${version}, is not the one that was made`,
      {
        details: { reason: 'report-changed' },
        remedy:
          content === undefined ? 'Look at the store: its row is missing.' : 'Look at the store: its row was changed.',
      },
    );
  }

  #known(viewer: Viewer, id: string): KeptReport {
    const report = this.#parts.book.reports.get(id);
    if (report === undefined || !this.#sees(viewer, report)) throw unknown(id);
    return report;
  }

  #sees({ scope }: Viewer, { version }: KeptReport): boolean {
    if (scope === null) return true;
    if (version.scope === null || isEmpty(version.scope)) return false;
    const { departments, vendors } = new Reach(scope, this.#parts.registry.current(), this.#now());
    return (
      version.scope.departments.every((one) => departments.has(one)) &&
      version.scope.vendors.every((one) => vendors.has(one))
    );
  }

  #viewOf(report: KeptReport, viewer: Viewer): ReportView {
    const { id, version } = report;
    const may = (act: ReportAct): boolean => {
      if (act === 'prepared') return report.state === 'returned';
      const step = this.#step(viewer, { id, version: version.version, act, digest: version.digest, text: '…' });
      return objectionTo(report, { ...step, id: '', n: 0 }) === undefined;
    };
    const next = {
      prepared: may('prepared'),
      reviewed: may('reviewed'),
      signed: may('signed'),
      returned: may('returned'),
    };
    return { ...report, next };
  }
}

/** What the manager of the subject sees. @throws WanglouError WL_QUERY_INVALID for a subject that has none */
function scopeOf({ subject: { kind, id } }: ReportWish, registry: RegistrySource): Scope {
  const owner = kind === 'asset' ? registry.current().asset(id, Date.now())?.owner : undefined;
  const department = kind === 'department' ? id : owner;
  if (department !== undefined && department !== '') return { departments: [department], vendors: [] };
  if (kind === 'vendor') return { departments: [], vendors: [id] };
  throw new WanglouError('WL_QUERY_INVALID', `within is "subject": a report about ${kind} ${id} has no manager`, {
    remedy: 'Make it about a department, a vendor, or an asset that has an owner; or of everything.',
  });
}

function lastAt({ steps }: KeptReport): number {
  return steps.at(-1)!.at;
}

function unknown(id: string): WanglouError {
  return new WanglouError('WL_NOT_FOUND', `There is no report ${id}`, { remedy: 'Check the id.' });
}
