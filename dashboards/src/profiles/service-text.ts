import type { ServedSystem } from '../../../src/vendor-service-desk.ts';
import { number } from '../format.ts';
import { i18n } from '../i18n.ts';

/** 99.95% */
export function percent(share: number): string {
  return `${number(share * 100, 3)}%`;
}

/** What is left of an error budget, in words; below 0 it is overdrawn. */
export function budgetText(left: number): string {
  const { t } = i18n.global;
  const share = `${number(Math.abs(left) * 100, 1)}%`;
  return left < 0 ? t('service.overdrawn', { share }) : t('service.left', { share });
}

/** Share of the requests of 30 days that succeeded, over several systems together; NaN without a request. */
export function availabilityOf(systems: readonly ServedSystem[]): number {
  const months = systems.flatMap(({ windows }) => windows.slice(-1));
  const requests = months.reduce((sum, month) => sum + month.requests, 0);
  return 1 - months.reduce((sum, month) => sum + month.errors, 0) / requests;
}
