import type { Bilingual } from '../../src/finding/finding.ts';

export const DIFFICULTIES = ['blatant', 'careful', 'slow'] as const;
/** blatant: anybody would see it; careful: stays near what is usual, over hours; slow: over days to weeks. */
export type Difficulty = (typeof DIFFICULTIES)[number];

/** A piece of wrongdoing in the season, and whom and what a finding about it would name. */
export interface SeasonLabel {
  /** `<detector or correlation>/<difficulty>/<number>`. */
  id: string;
  /** Whose matter it is; a correlation's name when `isIncident`. */
  detector: string;
  isIncident: boolean;
  difficulty: Difficulty;
  /** Of the data or of the person; '' for what concerns the platform. */
  department: string;
  /** Registry account id; '' when nobody is known. */
  actor: string;
  /** What it is about, where no line of its own tells: source, host, system. */
  source: string;
  host: string;
  system: string;
  /** First and last line, or the time over which something was held back, ms. */
  from: number;
  to: number;
  /** When lines of others were held back or changed, ms: what is found then about the same source is about this. */
  windows: readonly Window[];
  why: Bilingual;
}

export interface Window {
  from: number;
  to: number;
}
