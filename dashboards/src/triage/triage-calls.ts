import { call } from '../api.ts';
import type { Decided, DecidedAll, Decision, FindingHistory } from './decisions.ts';
import type { TriageCalls } from './triage.ts';

/** What the server is asked about findings. */
export const triageCalls: TriageCalls = {
  historyOf: (finding) => call<FindingHistory>('GET', `findings/${encodeURIComponent(finding)}/history`),
  decide: (finding, { act, ...body }: Decision) =>
    call<Decided>('POST', `findings/${encodeURIComponent(finding)}/${act}`, body),
  decideAll: (findings, decision) => call<DecidedAll>('POST', 'findings/triage', { findings, decision }),
  undo: (entries) => call<DecidedAll>('POST', 'findings/triage/undo', { entries }),
};
