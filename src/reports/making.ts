import { WanglouError } from '../errors.ts';
import type { Bilingual } from '../finding/finding.ts';
import type { IncidentFile } from '../incident/incident-file.ts';
import type { RegistryView } from '../profile/registry-view.ts';
import type { Scope } from '../scope/scope.ts';
import type { ReportSubject, ReportWish, Section } from './report.ts';
import type { ReportSight } from './report-sight.ts';

/** A report that is being made: what is wanted, what it is made from, and who is told how far it is. */
export interface Making {
  wish: ReportWish;
  sight: ReportSight;
  scope: Scope | null;
  /** When a report of this kind about this subject was last signed before the end of the span; null when none was. */
  signedAt: number | null;
  /** The registry as of the end of the span. */
  view: RegistryView;
  /** Says how far it is. @throws when it was cancelled */
  step: (done: number, total: number) => void;
}

/** What one kind of report makes. */
export interface Made {
  subject: Bilingual;
  sections: readonly Section[];
  incident?: IncidentFile;
}

const SUBJECTS: Readonly<Record<ReportSubject['kind'], string>> = {
  ...{ platform: '平台', department: '部门', asset: '数据资产', vendor: '服务商', incident: '安全事件' },
};

/** @throws WanglouError WL_NOT_FOUND for a subject that the registry does not know at the end of the span. */
export function subjectName(view: RegistryView, { kind, id }: ReportSubject): Bilingual {
  if (kind === 'platform') return { zh: '全平台', en: 'the whole platform' };
  const named = kind === 'incident' ? undefined : view.named(kind, id);
  if (named?.known) return named.name;
  const at = `${new Date(view.at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  throw new WanglouError('WL_NOT_FOUND', `There was no ${kind} ${id} at ${at}`, {
    remedy: 'Check the id and the end of the span, or enter it into the registry.',
    details: {
      messageZh: `登记库在 ${at} 没有${SUBJECTS[kind]} ${id}`,
      remedyZh: '请核对编号与截止日期，或先在登记库中登记。',
    },
  });
}

/** One after the other, so that a report never asks the store for many things at once. */
export async function oneByOne<T, R>(
  all: readonly T[],
  { step }: Pick<Making, 'step'>,
  work: (one: T) => Promise<R>,
): Promise<R[]> {
  const done: R[] = [];
  for (const one of all) {
    step(done.length, all.length);
    done.push(await work(one));
  }
  step(all.length, all.length);
  return done;
}
