import type { Finding, Severity } from '../../../src/finding/finding.ts';
import type { Suppression, SuppressionRequest, SuppressionScope } from '../../../src/finding/suppression.ts';
import type { ListedSuppression } from '../../../src/suppression-desk.ts';
import { call } from '../api.ts';

export type { ListedSuppression, SuppressionScope };

export const MOST_DAYS = 365;
export const DAY_MS = 86_400_000;
export const SCOPE_FIELDS = ['detector', 'actor', 'asset', 'department', 'vendor', 'system'] as const;
export type ScopeField = (typeof SCOPE_FIELDS)[number];

/** What a suppression would have hidden since `since`, ms. */
export interface SuppressionPreview {
  since: number;
  findings: number;
  byDetector: Readonly<Record<string, number>>;
  bySeverity: Readonly<Partial<Record<Severity, number>>>;
  latest: readonly Finding[];
}

/** Newest first. @throws ApiError */
export async function listSuppressions(): Promise<readonly ListedSuppression[]> {
  return (await call<{ suppressions: ListedSuppression[] }>('GET', 'suppressions')).suppressions;
}

/** @throws ApiError */
export function previewSuppression(scope: SuppressionScope): Promise<SuppressionPreview> {
  return call('POST', 'suppressions/preview', { scope });
}

/** @throws ApiError */
export function suppress(request: SuppressionRequest): Promise<Suppression> {
  return call('POST', 'suppressions', request);
}

/** @throws ApiError */
export function endSuppression(id: string): Promise<Suppression> {
  return call('POST', `suppressions/${encodeURIComponent(id)}/end`, {});
}
