import type { CheckStore } from '../evidence/store-check.ts';
import { CheckQueries } from './check-queries.ts';
import type { StoreClient } from './client.ts';
import type { TableCheck } from './table-check.ts';

/** Everything that the comparison with the seals asks of the store. */
export function checkStoreOf(client: StoreClient, tables: TableCheck): CheckStore {
  const queries = new CheckQueries(client);
  return {
    leaves: (places) => queries.leaves(places),
    lines: (places) => queries.lines(places),
    records: (stream, from, to) => queries.records(stream, from, to),
    sealsAfter: (number, most) => queries.sealsAfter(number, most),
    blocks: (from, to) => queries.blocks(from, to),
    sealsWithNote: (kind) => queries.sealsWithNote(kind),
    strangeEvents: (partitions) => queries.strangeEvents(partitions),
    changedViews: () => queries.changedViews(),
    differing: (stream, records) => tables.differing(stream, records),
    strangers: (stream, waiting) => tables.strangers(stream, waiting),
  };
}
