import { WanglouError } from '../errors.ts';
import { RegistryView } from '../profile/registry-view.ts';
import type { Scope } from '../scope/scope.ts';
import { fiveQuestionsReport } from './kinds/five-questions.ts';
import { importantDataAnnex } from './kinds/important-data.ts';
import { incidentReport } from './kinds/incident-report.ts';
import { monthlyPosture } from './kinds/monthly-posture.ts';
import { personalInformationPack } from './kinds/personal-information.ts';
import { sharingLedger } from './kinds/sharing-ledger.ts';
import { vendorAssessment } from './kinds/vendor-assessment.ts';
import type { Made, Making } from './making.ts';
import { KINDS, type ReportKind } from './report-kinds.ts';
import type { ReportContent, ReportWish } from './report.ts';
import type { ReportSight } from './report-sight.ts';

const MAKERS: Readonly<Record<ReportKind, (making: Making) => Promise<Made>>> = {
  'five-questions': fiveQuestionsReport,
  'vendor-assessment': vendorAssessment,
  'personal-information': personalInformationPack,
  'important-data': importantDataAnnex,
  'sharing-ledger': sharingLedger,
  incident: incidentReport,
  'monthly-posture': monthlyPosture,
};

/** What does not come from the data that a report is made from. */
export interface Before extends Pick<Making, 'signedAt'> {
  /** Made where one account does everything. */
  trial: boolean;
}

const DAY_MS = 86_400_000;

/** Makes reports of what somebody sees: everything, or what is within a scope. */
export class ReportMaker {
  readonly #sight: ReportSight;
  readonly #scope: Scope | null;

  constructor(sight: ReportSight, scope: Scope | null) {
    this.#sight = sight;
    this.#scope = scope;
  }

  /**
   * @param step told how far it is; what it throws ends the making.
   * @throws WanglouError WL_NOT_FOUND for an unknown subject, WL_STORE_AWAY.
   */
  async make(wish: ReportWish, { trial, signedAt }: Before, step: Making['step']): Promise<ReportContent> {
    const view = new RegistryView(this.#sight.registry, wish.to - 1);
    const making = { wish, sight: this.#sight, scope: this.#scope, signedAt, view, step };
    const { subject, sections, incident = null } = await MAKERS[wish.kind](making);
    return {
      form: 1,
      ...{ wish, subject, scope: this.#scope, trial },
      registry: view.registry.version,
      ...{ sections, incident },
    };
  }
}

/** @throws WanglouError WL_QUERY_INVALID for a subject, span or zone that the kind does not take. */
export function checkWish({ kind, subject, from, to, timeZone }: ReportWish, now: number): void {
  const { subjects, mostDays } = KINDS[kind];
  const refuse = (message: string, remedy: string): never => {
    throw new WanglouError('WL_QUERY_INVALID', message, { remedy });
  };
  if (!subjects.includes(subject.kind))
    refuse(`subject.kind is "${subject.kind}"`, `A report of kind ${kind} is about: ${subjects.join(', ')}.`);
  if ((subject.id === '') !== (subject.kind === 'platform'))
    refuse(`subject.id is "${subject.id}"`, 'Name the id of what it is about; the platform has none.');
  if (to > now) refuse(`to is ${new Date(to).toISOString()}, which is still to come`, 'Name an end in the past.');
  if (from >= to) refuse(`from is not before to`, 'Name a beginning before the end.');
  if (to - from > (mostDays + 1) * DAY_MS)
    refuse(
      `the span has ${Math.round((to - from) / DAY_MS)} days`,
      `A report of kind ${kind} has at most ${mostDays} days.`,
    );
  if (!isZone(timeZone)) refuse(`timeZone is "${timeZone}"`, 'Name an IANA zone, such as Asia/Shanghai.');
}

function isZone(timeZone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
