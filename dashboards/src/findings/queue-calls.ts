import type { FindingGroup, QueuedFinding } from '../../../src/finding/finding-filter.ts';
import { call } from '../api.ts';
import { requestOf } from './filters.ts';
import { ROWS_AT_ONCE, type QueueCalls } from './queue.ts';

/** What the server is asked for the queue. */
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
