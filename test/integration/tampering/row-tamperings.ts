import { randomUUID } from 'node:crypto';
import type { StoreDifference } from '../../../src/evidence/difference.ts';
import type { Draw } from '../../verifier/tampering.ts';
import { changedValue } from './changed-value.ts';
import type { Row } from './sealed-store.ts';
import type { Site } from './sites.ts';

/** A table while it is being tampered with. */
export interface Draft {
  /** Inserted before the others: the engine takes a later row of the same sort key in their place. */
  hidden: Row[];
  /** undefined: removed. */
  rows: (Row | undefined)[];
}

export type Finds = (difference: StoreDifference) => boolean;

/** One way to tamper with rows. */
export interface RowTampering {
  tables: readonly Site['table'][];
  /** Where it can be done; everywhere when left out. */
  fits?: (site: Site) => boolean;
  /** Changes the draft. @returns what has to be found. */
  apply: (draft: Draft, site: Site, draw: Draw) => Finds;
}

const SHOWN = ['findings', 'triage', 'incidents', 'audit'] as const;
const SEALED = ['events', 'sealed_records'] as const;
const KEPT = ['sealed_blocks', 'seals'] as const;
/** Columns that say where a row belongs: changed, it is missing in one place, and too much in another. */
const PLACES: ReadonlySet<string> = new Set(['partition', 'offset', 'index', 'stream', 'place', 'seal', 'block', 'number', 'from_place', 'to_place']); // prettier-ignore
const FAR = 20_000;
const CLOCKS = /(^|_)(time|at)$/;

/** At the very record. */
export function exactly({ table, seal, stream, place }: Site): Finds {
  const where = { events: 'sealed', sealed_records: 'sealed', sealed_blocks: 'chain', seals: 'chain' } as const;
  const within = table in where ? where[table as keyof typeof where] : 'table';
  return (found) => found.in === within && found.seal === seal && found.stream === stream && found.place === place;
}

/** In the block, or at the row as it stands now. */
function about(site: Site): Finds {
  return (found) =>
    (found.seal === site.seal || found.seal === 0) && (found.stream === site.stream || site.stream === '');
}

/** A row with another value; one that belongs elsewhere then belongs where nothing else is. */
function changed(row: Row, column: string, draw: Draw): Row {
  const value = row[column];
  const isPlace = PLACES.has(column) && typeof value === 'number';
  return { ...row, [column]: isPlace ? value + FAR + draw(1_000) : changedValue(column, value, draw) };
}

function isWithin({ block }: Site, place: number): boolean {
  return block.from <= place && place < block.to;
}

function columnsOf(draft: Draft, { row }: Site): string[] {
  return Object.keys(draft.rows[row]!);
}

export const ROW_TAMPERINGS: Readonly<Record<string, RowTampering>> = {
  'change a column of a row': {
    tables: [...SEALED, ...SHOWN, ...KEPT],
    apply(draft, site, draw) {
      const columns = columnsOf(draft, site);
      const column = columns[draw(columns.length)]!;
      draft.rows[site.row] = changed(draft.rows[site.row]!, column, draw);
      return PLACES.has(column) ? about(site) : exactly(site);
    },
  },
  'change a clock': {
    tables: [...SEALED, ...SHOWN, ...KEPT],
    apply(draft, site, draw) {
      const clocks = columnsOf(draft, site).filter((column) => CLOCKS.test(column));
      draft.rows[site.row] = changed(draft.rows[site.row]!, clocks[draw(clocks.length)]!, draw);
      return exactly(site);
    },
  },
  'delete a row': {
    tables: [...SEALED, ...SHOWN, ...KEPT],
    apply(draft, site) {
      draft.rows[site.row] = undefined;
      return exactly(site);
    },
  },
  'insert a copy under another id': {
    tables: ['events', ...SHOWN],
    apply(draft, site) {
      const copy = { ...draft.rows[site.row]!, id: randomUUID() };
      draft.rows.push(copy);
      if (site.table === 'events') return exactly(site);
      return ({ in: within, stream, place, seal }) => within === 'table' && stream === site.stream && seal === 0 && place === copy.id; // prettier-ignore
    },
  },
  'insert a copy of another time': {
    tables: ['events', 'triage', 'audit', 'sealed_records'],
    apply(draft, site, draw) {
      const row = draft.rows[site.row]!;
      const column = site.table === 'events' ? 'ingest_time' : 'at';
      draft.rows.push({ ...row, [column]: changedValue(column, row[column], draw) });
      return exactly(site);
    },
  },
  'hide another version behind the row': {
    // Of sealed records nobody reads what is hidden, and a sealer that was killed leaves such rows.
    tables: ['events', ...SHOWN, ...KEPT],
    apply(draft, site, draw) {
      const keys = { events: ['source', 'ingest_time', 'id'], sealed_records: ['stream', 'place'], sealed_blocks: ['stream', 'from_place', 'seal', 'block'], seals: ['number'], findings: ['id', 'revision'], incidents: ['id', 'revision'], triage: ['finding', 'at', 'id'], audit: ['at', 'id', 'phase'] }; // prettier-ignore
      const row = draft.rows[site.row]!;
      const columns = Object.keys(row).filter((column) => !keys[site.table].includes(column) && !PLACES.has(column));
      const column = columns[draw(columns.length)]!;
      draft.hidden.push(changed(row, column, draw));
      const isThere = exactly(site);
      return (found) => isThere(found) || (found.in === 'table' && found.seal === 0 && found.place === row['id']);
    },
  },
  'insert what nobody logged': {
    tables: ['events'],
    apply(draft, site, draw) {
      const { partition, offset } = draft.rows[site.row]!;
      const ways = [
        { partition: 900 + draw(60_000), offset },
        { partition, offset: 1_000_000 + draw(1_000_000) },
      ];
      const forged: Row = { ...draft.rows[site.row]!, ...ways[draw(ways.length)]!, id: randomUUID() };
      draft.rows.push(forged);
      const [stream, place] = [`events/${String(forged['partition'])}`, `${String(forged['offset'])}/${String(forged['index'])}`]; // prettier-ignore
      return (found) => found.seal === 0 && found.stream === stream && found.place === place;
    },
  },
  'swap a row with the next of its block': {
    tables: ['events', 'sealed_records'],
    fits: ({ table, block }) => table === 'events' || block.to - block.from > 1,
    apply(draft, site) {
      const columns = site.table === 'events' ? ['offset', 'index'] : ['place'];
      const row = draft.rows[site.row]!;
      const isNext = (other: Row | undefined): boolean =>
        site.table === 'events'
          ? other?.['partition'] === row['partition'] && other?.['offset'] === row['offset'] && other?.['index'] !== row['index'] // prettier-ignore
          : other?.['stream'] === row['stream'] && other?.['place'] !== row['place'] && isWithin(site, Number(other?.['place'])); // prettier-ignore
      const at = draft.rows.findIndex(isNext);
      const other = draft.rows[at]!;
      const swapped = (one: Row, two: Row): Row => ({ ...one, ...Object.fromEntries(columns.map((column) => [column, two[column]])) }); // prettier-ignore
      draft.rows[site.row] = swapped(row, other);
      draft.rows[at] = swapped(other, row);
      return ({ in: within, stream, seal, place }) =>
        within === 'sealed' && stream === site.stream && (seal === site.seal || place === String(other['place']));
    },
  },
};
