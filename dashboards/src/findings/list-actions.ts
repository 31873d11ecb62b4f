import type { TriageKey } from '../triage/triage.ts';

/** What the page's keys do with the list of findings. */
export interface ListActions {
  /** Goes down (1) or up (-1). */
  move: (by: number) => void;
  /** Opens or closes the finding where the keys are. */
  toggleCurrent: () => void;
  /** Acknowledges, or opens the form for closing (reopening, when it is closed) or a note, where the keys are. */
  triage: (what: TriageKey) => void;
  /** Takes the findings in that came while the list was held. */
  showNewest: () => void;
}
