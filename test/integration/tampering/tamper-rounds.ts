import type { StoreDifference } from '../../../src/evidence/difference.ts';
import { seeded, type Draw } from '../../verifier/tampering.ts';
import { LOG_TAMPERINGS, WHOLE_TAMPERINGS } from './other-tamperings.ts';
import { ROW_TAMPERINGS, type Draft, type Finds } from './row-tamperings.ts';
import type { SealedStore, TableName } from './sealed-store.ts';
import { sitesOf, type Site } from './sites.ts';

/** What came of one tampering. */
export interface Tried {
  kind: string;
  detected: boolean;
  located: boolean;
  /** For people, when it was missed. */
  what: string;
}

interface Done {
  kind: string;
  site?: Site;
  finds: Finds;
}

const A_ROUND = 40;

/**
 * Changes rows and records at random, at several places at a time that have nothing to do with each other, compares with the
 * seals, and undoes it. The same seed does the same.
 * @yields what came of each.
 */
export async function* someTamperings(store: SealedStore, count: number, seed: number): AsyncGenerator<Tried> {
  const sites = sitesOf(store);
  let left = count;
  for (let round = 0; left > 0; round++) {
    const tried = await rowsRound(store, sites, Math.min(left, A_ROUND), seeded(seed + round));
    left -= tried.length;
    yield* tried;
  }
}

/** Tampers with all of a table, a view or the chain, in each way once. */
export async function* wholeTamperings(store: SealedStore, seed: number): AsyncGenerator<Tried> {
  for (const [kind, apply] of Object.entries(WHOLE_TAMPERINGS)) {
    const { finds, undo } = await apply(store, seeded(seed));
    const found = await store.differences();
    await undo?.();
    await store.restore();
    yield triedOf({ kind, finds }, found);
  }
}

async function rowsRound(store: SealedStore, sites: readonly Site[], count: number, draw: Draw): Promise<Tried[]> {
  const drafts = new Map<TableName, Draft>();
  const draftOf = (table: TableName): Draft => {
    if (!drafts.has(table)) drafts.set(table, { hidden: [], rows: [...store.rows.get(table)!] });
    return drafts.get(table)!;
  };
  const taken = new Set<string>();
  const done: Done[] = [];
  const undo: (() => Promise<void>)[] = [];
  while (done.length < count) {
    if (draw(12) === 0) {
      const kinds = Object.keys(LOG_TAMPERINGS);
      const kind = kinds[draw(kinds.length)]!;
      const { streams, fits, apply } = LOG_TAMPERINGS[kind]!;
      const isOne = (one: Site): boolean =>
        one.table === 'sealed_records' && streams.includes(one.stream) && fits?.(one) !== false;
      const site = free(sites.filter(isOne), taken, draw);
      if (site === undefined) break;
      undo.push(await apply(store, site));
      done.push({ kind, site, finds: ({ in: within, seal, stream, place }) => within === 'log' && seal === site.seal && stream === site.stream && place === site.place }); // prettier-ignore
      continue;
    }
    const kinds = Object.keys(ROW_TAMPERINGS);
    const kind = kinds[draw(kinds.length)]!;
    const { tables, fits, apply } = ROW_TAMPERINGS[kind]!;
    const table = tables[draw(tables.length)]!;
    const site = free(
      sites.filter((one) => one.table === table && fits?.(one) !== false),
      taken,
      draw,
    );
    if (site === undefined) break;
    done.push({ kind: `${kind}: ${table}`, site, finds: apply(draftOf(table), site, draw) });
  }
  for (const [table, { hidden, rows }] of drafts) await store.write(table, [hidden, rows.filter((row) => row !== undefined)]); // prettier-ignore
  const found = await store.differences();
  for (const step of undo) await step();
  await store.restore();
  return done.map((one) => triedOf(one, found));
}

/** A site in whose block nothing was done yet in this round: what is found must not be another's. */
function free(sites: readonly Site[], taken: Set<string>, draw: Draw): Site | undefined {
  const nameOf = ({ stream, seal }: Site): string => `${stream}/${seal}`;
  const left = sites.filter((site) => !taken.has(nameOf(site)));
  const site = left[draw(Math.max(1, left.length))];
  if (site) taken.add(nameOf(site));
  return site;
}

function triedOf({ kind, site, finds }: Done, found: readonly StoreDifference[]): Tried {
  const located = found.some(finds);
  const near = found.filter(({ stream, seal }) => site === undefined || (stream === site.stream && (seal === site.seal || seal === 0))); // prettier-ignore
  const what = located ? '' : JSON.stringify({ site, near: near.slice(0, 6), found: found.length });
  return { kind, detected: located || near.length > 0, located, what };
}
