/**
 * A legal hold: what may not expire until it is released, whatever the retention says. It is about events of a range of time
 * and, where that is said, only of some assets or actors, or of an incident. Entries are only ever added; a hold is folded
 * from them, and an entry against the rules counts for nothing.
 */
export type HoldEntry = { hold: string; n: number; at: number; by: string; why: string } & (
  ({ act: 'placed' } & HoldWish) | { act: 'release-asked' | 'release-refused' | 'released' }
);

export interface HoldWish {
  /** What people call it: a case number, say. */
  name: string;
  /** Event time, ms since the Unix epoch: from ≤ time < to. */
  from: number;
  to: number;
  /** [] for all. */
  assets: readonly string[];
  /** Accounts, actors or persons; [] for all. */
  actors: readonly string[];
  /** Only the events of its findings; '' for all. */
  incident: string;
}

export interface Hold extends HoldWish {
  id: string;
  why: string;
  placedBy: string;
  placedAt: number;
  state: 'open' | 'release-asked' | 'released';
  /** Who asked for the release, and why; '' while nobody has. */
  askedBy: string;
  releaseWhy: string;
  releasedBy: string;
  releasedAt: number;
  /** Number of its last entry. */
  n: number;
}

/** All holds, oldest first. @param needsTwo whether the release takes a second person. */
export function holdsOf(entries: readonly HoldEntry[], needsTwo: boolean): Hold[] {
  const holds = new Map<string, Hold>();
  for (const entry of [...entries].sort((a, b) => a.at - b.at || a.n - b.n)) {
    const before = holds.get(entry.hold);
    const after = entry.act === 'placed' ? (before ?? placed(entry)) : before && step(before, entry, needsTwo);
    if (after) holds.set(entry.hold, after);
  }
  return [...holds.values()];
}

function placed(entry: HoldEntry & { act: 'placed' }): Hold {
  const { hold: id, n, at: placedAt, by: placedBy, why, name, from, to, assets, actors, incident } = entry;
  const open = { state: 'open', askedBy: '', releaseWhy: '', releasedBy: '', releasedAt: 0 } as const;
  return { id, n, placedAt, placedBy, why, name, from, to, assets, actors, incident, ...open };
}

function step(hold: Hold, { act, n, at, by, why }: HoldEntry, needsTwo: boolean): Hold {
  if (act === 'release-asked' && hold.state === 'open')
    return { ...hold, n, state: 'release-asked', askedBy: by, releaseWhy: why };
  if (hold.state !== 'release-asked') return hold;
  if (act === 'release-refused') return { ...hold, n, state: 'open', askedBy: '', releaseWhy: '' };
  if (act !== 'released' || (needsTwo && by === hold.askedBy)) return hold;
  return { ...hold, n, state: 'released', releasedBy: by, releasedAt: at };
}
