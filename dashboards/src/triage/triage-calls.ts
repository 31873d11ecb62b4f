import { call } from '../api.ts';
import type { Decision, FindingHistory } from './decisions.ts';
import type { TriageCalls } from './triage.ts';

/** What the server is asked about findings. */
export const triageCalls: TriageCalls = {
  historyOf: (finding) => call<FindingHistory>('GET', `findings/${encodeURIComponent(finding)}/history`),
  decide: (finding, { act, ...body }: Decision) =>
    call<FindingHistory>('POST', `findings/${encodeURIComponent(finding)}/${act}`, body),
};
