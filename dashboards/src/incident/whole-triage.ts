import type { LifeState } from '../../../src/finding/lifecycle.ts';
import type { Decision, FindingHistory } from '../triage/decisions.ts';

export interface WholeResult {
  done: number;
  /** Findings that stood as wanted already. */
  skipped: number;
  faults: readonly unknown[];
}

/**
 * Takes one decision about every finding of an incident, one after the other. One that stands so already is left alone, also
 * when somebody else was first; what fails keeps no other from being decided.
 */
export async function decideAll(
  decision: Decision,
  states: Readonly<Record<string, LifeState>>,
  decide: (finding: string, decision: Decision) => Promise<FindingHistory>,
): Promise<WholeResult> {
  const faults: unknown[] = [];
  let [done, skipped] = [0, 0];
  for (const [finding, state] of Object.entries(states)) {
    if (!changes(decision, state)) {
      skipped++;
      continue;
    }
    try {
      await decide(finding, decision);
      done++;
    } catch (fault) {
      if (statusOf(fault) === 409) skipped++;
      else faults.push(fault);
    }
  }
  return { done, skipped, faults };
}

function changes(decision: Decision, { status, assignee }: LifeState): boolean {
  switch (decision.act) {
    case 'acknowledge':
      return status === 'new' || status === 'reopened';
    case 'assign':
      return status !== 'closed' && assignee !== decision.assignee;
    case 'close':
      return status !== 'closed';
    case 'reopen':
      return status === 'closed';
    case 'note':
      return true;
  }
}

function statusOf(fault: unknown): unknown {
  return fault instanceof Error && 'status' in fault ? fault.status : undefined;
}
