import { timeOf, timeText } from './finding-rows.ts';

/** The score of a scope at a minute, as it is kept. */
export interface KeptScore {
  kind: string;
  id: string;
  /** ms since the Unix epoch, a whole minute. */
  minute: number;
  /** 0–100, to a tenth; 100 is calm. */
  score: number;
  /** Points of all terms, to a hundredth. */
  sum: number;
  /** 0–100, to a tenth; null when nobody watched the sources in that minute. */
  trust: number | null;
  /** When it was written, ms since the Unix epoch: the last one counts. */
  writtenAt: number;
}

/** A row of the table `posture`. */
export interface PostureRow {
  scope: string;
  id: string;
  minute: string;
  score: number;
  points: number;
  trust: number | null;
  written_at: string;
}

export function rowOfScore({ kind, id, minute, score, sum, trust, writtenAt }: KeptScore): PostureRow {
  const seconds = timeText(minute).slice(0, 19);
  return { scope: kind, id, minute: seconds, score, points: sum, trust, written_at: timeText(writtenAt) };
}

export function scoreOfRow({ scope, id, minute, score, points, trust, written_at }: PostureRow): KeptScore {
  return { kind: scope, id, minute: timeOf(minute), score, sum: points, trust, writtenAt: timeOf(written_at) };
}

/** A row of the table `asset_use`. */
export interface AssetUse {
  /** `2026-11-20`, UTC. */
  day: string;
  /** '' on a day on which nothing was used. */
  asset: string;
  department: string;
  system: string;
  person: string;
  role: string;
}
