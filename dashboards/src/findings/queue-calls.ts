import type {
  FindingCounts,
  FindingFilter,
  FindingGroup,
  Grouping,
  QueuedFinding,
} from '../../../src/finding/finding-filter.ts';
import { call } from '../api.ts';
import { requestOf } from './filters.ts';

/** What is asked of the server. All reject with ApiError. */
export interface QueueCalls {
  /** The first page, the last raised first. */
  first(filter: FindingFilter): Promise<{ findings: QueuedFinding[]; isAll: boolean }>;
  ids(filter: FindingFilter): Promise<readonly string[]>;
  counts(filter: FindingFilter): Promise<FindingCounts>;
  groups(filter: FindingFilter, by: Grouping): Promise<readonly FindingGroup[]>;
  /** At most ROWS_AT_ONCE. */
  rows(ids: readonly string[]): Promise<readonly QueuedFinding[]>;
}

export const ROWS_AT_ONCE = 100;

export const queueCalls: QueueCalls = {
  first: async (filter) => {
    const page = await call<{ findings: QueuedFinding[]; next: string }>(
      'GET',
      `findings?${requestOf(filter)}&limit=${ROWS_AT_ONCE}`,
    );
    return { findings: page.findings, isAll: page.next === '' };
  },
  ids: async (filter) => (await call<{ ids: string[] }>('GET', `findings/ids?${requestOf(filter)}`)).ids,
  counts: (filter) => call('GET', `findings/counts?${requestOf(filter)}`),
  groups: async (filter, by) =>
    (await call<{ groups: FindingGroup[] }>('GET', `findings/groups?by=${by}&${requestOf(filter)}`)).groups,
  rows: async (ids) =>
    (await call<{ findings: QueuedFinding[] }>('GET', `findings?ids=${ids.join(',')}&limit=${ids.length}`)).findings,
};
