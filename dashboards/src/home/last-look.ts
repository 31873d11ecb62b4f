/** What was there when somebody last looked at the first page. */
export interface Look {
  /** The server's time, ms since the Unix epoch. */
  at: number;
  /** Ids of silent sources. */
  silent: readonly string[];
  /** Early warnings, as `series/id`. */
  warnings: readonly string[];
}

/** As it is kept: also the look before, while what changed since is still on the page. */
interface KeptLook extends Look {
  before?: Look;
}

/** Whoever was not there for longer is told what changed. */
export const AWAY_MS = 300_000;

const nameOf = (account: string): string => `wanglou.look.${account}`;

/** The look since which changes are to be told; undefined for somebody who was here just now, or never. */
export function lookBefore(account: string, now: number): Look | undefined {
  const kept = read(account);
  if (kept === undefined || kept.at > now) return undefined;
  return now - kept.at > AWAY_MS ? plain(kept) : kept.before;
}

/** Somebody looks. @param before what is on the page still, so that loading it again does not lose it. */
export function keepLook(account: string, look: Look, before: Look | undefined): void {
  try {
    localStorage.setItem(nameOf(account), JSON.stringify({ ...look, ...(before && { before: plain(before) }) }));
  } catch {
    // A browser that refuses storage tells nothing next time.
  }
}

function read(account: string): KeptLook | undefined {
  try {
    const kept = JSON.parse(localStorage.getItem(nameOf(account)) ?? 'null') as Partial<KeptLook> | null;
    const before = kept?.before;
    if (kept === null || !isLook(kept)) return undefined;
    return before === undefined || !isLook(before) ? plain(kept) : { ...plain(kept), before };
  } catch {
    return undefined;
  }
}

function plain({ at, silent, warnings }: Look): Look {
  return { at, silent, warnings };
}

/** Anything may stand in a browser's storage. */
function isLook(look: Partial<Look>): look is Look {
  const isNames = (names: unknown): boolean => Array.isArray(names) && names.every((name) => typeof name === 'string');
  return typeof look.at === 'number' && isNames(look.silent) && isNames(look.warnings);
}
